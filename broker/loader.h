/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loader.h - the memory of a process, and its capabilities: what it begins with,
 * what comes later.
 *
 * All of it is paid by the process's account; closing that takes it all back.
 * Read next: broker/loader.c, grant.c
 */
#ifndef BROKER_LOADER_H
#define BROKER_LOADER_H

#include "fault.h"
#include "process.h"

/* Build the address space, all but the env page. */
enum k_err broker_load(struct broker_process *process);
/* Zeroed pages at a place in the process. */
enum k_err broker_load_pages(struct broker_process *process, uint64_t vaddr,
			     uint32_t count, enum broker_prot prot);
/* Frames of others at a place in the process, which pays only for tables. */
enum k_err broker_load_shown(struct broker_process *process, uint32_t frame,
			     uint32_t count, uint64_t vaddr,
			     enum broker_prot prot);
/* Write the env page; make the page that traces go to. */
void broker_load_env(struct broker_process *process);
enum k_err broker_load_trace(struct broker_process *process);

/* Does it see lent memory and its arena at their bus addresses? */
int broker_process_is_linear(const struct broker_process *process);

/* metadata.c: make shadow metadata for a DMA-visible region; forget all. */
enum k_err broker_load_metadata(struct broker_process *process, uint64_t paddr,
				uint64_t bytes);
void broker_metadata_forget(struct broker_process *process);

/**
 * broker_fresh_promise - zeroed, writable pages that come when they are touched.
 * @start: page-aligned
 *
 * Of more than BROKER_FRESH_MAX pieces the last ones come at once.
 *
 * Return: K_OK; K_ERR_NOMEM: there is not so much beside what is promised.
 */
enum k_err broker_fresh_promise(struct broker_process *process, uint64_t start,
				uint32_t pages);

/* Was it the first touch of a promised page, and is that there now? */
int broker_fresh_touched(struct broker_process *process,
			 const struct broker_fault *fault);

/* grant.c: capabilities, from nothing to the first instruction. */

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
