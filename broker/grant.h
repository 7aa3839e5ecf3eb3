/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * grant.h - the capabilities of a process, from nothing to the first instruction.
 */
#ifndef BROKER_GRANT_H
#define BROKER_GRANT_H

#include "process.h"

/* Make thread, CNode and VSpace. */
enum k_err broker_grant_objects(struct broker_process *process);
/* Give the capabilities of glue/env.h's slot plan. */
enum k_err broker_grant_caps(struct broker_process *process, uint32_t endpoint);
/* Set the thread going. */
enum k_err broker_grant_start(struct broker_process *process);
/* Raise GLUE_EVENT_STOP. */
enum k_err broker_grant_stop(struct broker_process *process);
/* A slot of the process's own CNode. */
struct glue_slot broker_process_slot(const struct broker_process *process,
				     unsigned int index);

#endif
