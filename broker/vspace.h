/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vspace.h - mapping pages into a process, with page tables as they are needed.
 *
 * Also the broker's own windows: places in its address space where it sees
 * pages of others for a moment (loading an image, looking at a register) or for
 * as long as a process lives (env, counter and trace page).
 */
#ifndef BROKER_VSPACE_H
#define BROKER_VSPACE_H

#include <stdint.h>
#include <glue/err.h>

#include "account.h"

/* All windows lie in one 2 MiB region, so they need one page table. */
#define BROKER_WINDOW_BASE	   0x20000000ul
#define BROKER_WINDOW_LOAD	   (BROKER_WINDOW_BASE)		    /* 1 MiB */
#define BROKER_WINDOW_PEEK	   (BROKER_WINDOW_BASE + 0x100000)  /* 1 page */
#define BROKER_WINDOW_PCI	   (BROKER_WINDOW_BASE + 0x1000000) /* 2 MiB */
#define BROKER_WINDOW_PROCESS	   (BROKER_WINDOW_BASE + 0x110000)
#define BROKER_WINDOW_PROCESS_SPAN 0x3000u /* env, counters, trace */
#define BROKER_WINDOW_TABLE	   (BROKER_WINDOW_BASE + 0x1d0000) /* 48 pages */

/* How a page appears to its process. */
enum broker_prot {
	BROKER_RO,	  /* data, read-only */
	BROKER_RW,	  /* data */
	BROKER_RX,	  /* code */
	BROKER_DEVICE,	  /* registers: read-write, never cached */
	BROKER_DEVICE_RO, /* the same, read-only */
};

struct broker_vspace {
	uint32_t cap;			/* root slot of the VSpace */
	struct broker_account *account; /* pays for page tables */
};

/* The broker's own address space; its tables are charged to @account. */
void broker_vspace_init(struct broker_account *account);
struct broker_vspace *broker_vspace_own(void);

/**
 * broker_vspace_map - map one small frame.
 * @frame: root slot of a frame capability that is not mapped yet
 *
 * Adds the page tables that are missing. An existing mapping at @vaddr would
 * be replaced silently by the kernel: callers keep places apart.
 *
 * Return: K_OK; K_ERR_NOMEM if no table could be made, or the kernel refuses.
 */
enum k_err broker_vspace_map(struct broker_vspace *vspace, uint32_t frame,
			     uint64_t vaddr, enum broker_prot prot);

/* The same for @count frames in consecutive slots and pages. */
enum k_err broker_vspace_map_run(struct broker_vspace *vspace, uint32_t frame,
				 uint32_t count, uint64_t vaddr,
				 enum broker_prot prot);

/**
 * broker_vspace_map_copy - map copies of frames, which stay mapped elsewhere.
 * @copies: the first of @count empty slots for the copies; 0: slots are taken
 *          for @owner, and stay so if it fails
 */
enum k_err broker_vspace_map_copy(struct broker_vspace *vspace,
				  unsigned int owner, uint32_t frame,
				  uint32_t count, uint64_t vaddr,
				  enum broker_prot prot, uint32_t *copies);

/**
 * broker_frames_fill - write bytes into frames that are not mapped yet.
 * @offset: of the first byte in the run of frames
 * @code:   1: instructions; make them visible to instruction fetch
 *
 * The frames are unmapped again afterwards. Untouched bytes keep their value
 * (0 in a fresh frame).
 */
enum k_err broker_frames_fill(uint32_t frame, uint64_t offset, const void *data,
			      uint64_t bytes, int code);

#endif
