/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inject.h - software faults put into running processes (GLUE_BROKER_FAULT).
 *
 * To see what a driver's death does to others, it has to go wrong first, in the
 * ways in which programs do. The same seed does the same to the same process.
 */
#ifndef BROKER_INJECT_H
#define BROKER_INJECT_H

#include "fault.h"

void broker_inject_init(void);

/**
 * broker_inject - put a fault into a process that is alive.
 * @kind: enum glue_fault_kind
 *
 * Prints what is changed, where. A changed instruction is announced once more
 * when the process comes to it.
 *
 * Return: K_ERR_INVALID: no such kind; K_ERR_NOTFOUND: the process has nothing
 *         of that kind; K_ERR_BUSY: it waits for the broker, or another fault
 *         is just being put in.
 */
enum k_err broker_inject(struct broker_process *process, uint64_t kind,
			 uint64_t seed);

/* Is it an injected fault that has come to be run? Then the process goes on. */
int broker_inject_met(struct broker_process *process,
		      const struct broker_fault *fault);

#endif
