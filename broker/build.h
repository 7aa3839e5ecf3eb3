/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * build.h - the steps of a start: loader.c gives memory, grant.c capabilities.
 */
#ifndef BROKER_BUILD_H
#define BROKER_BUILD_H

#include "process.h"

/* loader.c: build the address space, all but the env page. */
enum k_err broker_load(struct broker_process *process);
/* loader.c: write the env page; make the page that traces go to. */
void broker_load_env(struct broker_process *process);
enum k_err broker_load_trace(struct broker_process *process);
/* loader.c: make shadow metadata for a DMA-visible region. */
enum k_err broker_load_metadata(struct broker_process *process, uint64_t paddr,
				uint64_t bytes);
void broker_metadata_forget(struct broker_process *process);

/* grant.c: make thread, CNode and VSpace. */
enum k_err broker_grant_objects(struct broker_process *process);
/* grant.c: give the capabilities of glue/env.h's slot plan. */
enum k_err broker_grant_caps(struct broker_process *process, uint32_t endpoint);
/* grant.c: set the thread going. */
enum k_err broker_grant_start(struct broker_process *process);
/* grant.c: a slot of the process's own CNode. */
struct glue_slot broker_process_slot(const struct broker_process *process,
				     unsigned int index);

#endif
