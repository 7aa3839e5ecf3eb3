/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.h - software faults that one process puts into another (apps/inject).
 */
#ifndef GLUE_FAULT_H
#define GLUE_FAULT_H

#include <stdint.h>

enum glue_fault_kind {
	GLUE_FAULT_INSTRUCTION = 1, /* a bit of an instruction flips */
	GLUE_FAULT_BRANCH = 2,	    /* a branch goes elsewhere */
	GLUE_FAULT_POINTER = 3,	    /* a pointer in its data or heap */
	GLUE_FAULT_STACK = 4,	    /* a word of what functions keep there */
	GLUE_FAULT_HEAP = 5,	    /* a word of its heap or data */
	GLUE_FAULT_REGISTER = 6,    /* a bit of a register flips */
	GLUE_FAULT_NULL = 7,	    /* it calls address 0 */
	GLUE_FAULT_HANG = 8,	    /* it loops for ever */
	GLUE_FAULT_STORM = 9,	    /* it acknowledges its interrupt for ever, never
				     * what caused it, and says that it lives */
	GLUE_FAULT_DEAF = 10,	    /* its interrupt does not reach it any more */
	GLUE_FAULT_KINDS
};

/* GLUE_BROKER_VICTIM: what becomes of the page. */
enum glue_victim_how {
	GLUE_VICTIM_NEW = 0,   /* lend it; what was not kept is as before */
	GLUE_VICTIM_AGAIN = 1, /* it is written, or the thread is needed */
	GLUE_VICTIM_KEEP = 2,  /* the same, and the page stays as it is */
};

#define GLUE_VICTIM_PARTS 8

/* A part of its image. */
struct glue_victim_part {
	uint64_t vaddr;
	uint64_t bytes;
	uint32_t writable;
	uint32_t executable;
};

/* Where a process has what. */
struct glue_victim {
	struct glue_victim_part part[GLUE_VICTIM_PARTS];
	uint32_t parts;
	uint32_t linear; /* its heap is the arena */
	uint64_t image_end;
	uint64_t dma_vaddr; /* DMA arena */
	uint64_t dma_bytes;
};

#endif
