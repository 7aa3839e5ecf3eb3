/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inject.h - what one process needs to put faults into another, for a while.
 */
#ifndef BROKER_INJECT_H
#define BROKER_INJECT_H

#include "message.h"

/* At boot: nothing is lent. */
void broker_inject_init(void);

/**
 * broker_inject_lend - serve GLUE_BROKER_VICTIM.
 * @from: gets the capability and the page
 * @p:    another process, which is alive
 *
 * Return: as glue/broker.h says.
 */
enum k_err broker_inject_lend(struct broker_process *from,
			      struct broker_process *p, uint64_t page,
			      uint64_t how, struct broker_reply *reply);

#endif
