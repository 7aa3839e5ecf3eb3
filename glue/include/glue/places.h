/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * places.h - the address plan of every process: docs/memory-map.md draws it.
 *
 * All that a small process has lies in the 2 MiB of one page table, up to the
 * end of its image; all that any process has, under one table of level 1.
 * The broker maps things there, and says in env.h what is there.
 */
#ifndef GLUE_PLACES_H
#define GLUE_PLACES_H

#define GLUE_ENV_VADDR	      0x00200000ul /* struct glue_env_page, RO */
#define GLUE_CHANS_VADDR      0x00200800ul /* its struct glue_chan_table */
#define GLUE_IPCBUF_VADDR     0x00201000ul /* IPC buffer, 1 KiB, RW */
#define GLUE_COUNTERS_VADDR   0x00201400ul /* struct glue_counter_page, RW */
#define GLUE_TRACE_VADDR      0x00202000ul /* if traced: glue_trace_page, RW */
#define GLUE_VICTIM_VADDR     0x00203000ul /* apps/inject: another's code, RW */
#define GLUE_TOOL_VADDR	      0x00207000ul /* what that runs in the other, RX */
#define GLUE_TREE_LARGE_VADDR 0x00208000ul /* a tree too large for page 1, RO */
#define GLUE_TREE_BYTES	      0x00004000ul /* at most */
#define GLUE_MMIO_VADDR	      0x00210000ul /* device pages ... */
#define GLUE_MMIO_BYTES	      0x00010000ul
#define GLUE_STACK_TOP	      0x00260000ul /* grows down, guard page below */
#define GLUE_RING_VADDR	      0x00260000ul /* channel i: + i * RING_SPAN */
#define GLUE_RING_SPAN	      0x00008000ul /* 32 KiB, at most 8 pages */
#define GLUE_IMAGE_VADDR      0x00360000ul /* program image */
#define GLUE_IMAGE_END	      0x10000000ul
#define GLUE_MMIO_LARGE_VADDR 0x10000000ul /* ... if they are more */
#define GLUE_MMIO_LARGE_BYTES 0x01000000ul
#define GLUE_LENT_SPAN	      0x04000000ul /* channel i: + i * 64 MiB */

/*
 * Between the image and IMAGE_END lie a driver's DMA arena and what clients lend,
 * each behind an unmapped page, as near to the image as there is room: the same
 * page tables serve for all. What finds no room there is at LENT_VADDR. In a
 * driver with metadata (Linux's) such memory is at DMA_BASE + its bus address
 * instead, so that address arithmetic is linear, and has meta_bytes of metadata a
 * page at META_BASE + (bus address >> 12) * meta_bytes. On the host, where the
 * sanitizers need these places themselves, tests/tests.mk names others.
 */
#define GLUE_META_BASE 0x20000000ul
#define GLUE_BUS_BITS  42 /* bus addresses that fit above META_BASE */
#ifndef GLUE_DMA_BASE
#define GLUE_LENT_VADDR 0x2000000000ul
#define GLUE_DMA_BASE	0x4000000000ul
_Static_assert(GLUE_META_BASE + (64ul << (GLUE_BUS_BITS - 12)) <=
		       GLUE_LENT_VADDR,
	       "64 bytes of metadata a page end below lent regions");
#endif

#endif
