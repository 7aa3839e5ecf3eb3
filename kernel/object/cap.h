/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cap.h - the capability: 16 bytes that name an object and what may be done.
 *
 * w0: tag [63:59], aux [58:48], object address [47:0]. The low 48 bits of a
 * kernel address of RAM are its physical address (arch/layout.h), so one field
 * serves both. w1 and aux depend on the tag:
 *
 *   untyped       aux: size bits [5:0], device [6]
 *                 w1: watermark / 16 [43:0], cleared steps [63:44]
 *   endpoint      aux: rights [3:0]                  w1: badge
 *   notification  aux: rights [1:0]                  w1: badge
 *   reply         aux: master [0], grant [1]         object: the caller's TCB
 *   cnode         aux: radix [5:0]                   w1: guard as CNode data
 *   frame         aux: size class [1:0], rights [3:2], device [4]
 *                 w1: ASID [63:48], vaddr [47:0]; ASID 0 is not mapped
 *   page table    aux: level [1:0]                   w1: as frame
 *   vspace        w1: ASID [63:48]                   ASID pool: w1: first ASID
 *   irq handler   w1: interrupt number               sgi: w1: sgi, target << 8
 *   zombie        aux: radix, or ZOMBIE_TCB          w1: slots left to delete
 *
 * Read next: cdt.h (how capabilities descend from each other).
 */
#ifndef OBJECT_CAP_H
#define OBJECT_CAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <abi/object.h>
#include <arch/layout.h>

struct tcb;

struct cap {
	uint64_t w0;
	uint64_t w1;
};

#define CAP_TAG_SHIFT  59
#define CAP_AUX_SHIFT  48
#define CAP_AUX_MASK   0x7ffull
#define CAP_ADDR_MASK  0xffffffffffffull
#define CAP_ASID_SHIFT 48

#define ZOMBIE_TCB 63u

/* Frame size classes, in aux [1:0]. */
enum frame_class { FRAME_SMALL = 0, FRAME_LARGE = 1, FRAME_HUGE = 2 };

static inline struct cap cap_make(enum abi_cap_tag tag, uint64_t aux,
				  uint64_t addr, uint64_t w1)
{
	return (struct cap){
		(uint64_t)tag << CAP_TAG_SHIFT | aux << CAP_AUX_SHIFT |
			(addr & CAP_ADDR_MASK),
		w1,
	};
}

static inline enum abi_cap_tag cap_tag(struct cap cap)
{
	return (enum abi_cap_tag)(cap.w0 >> CAP_TAG_SHIFT);
}

static inline bool cap_is(struct cap cap, enum abi_cap_tag tag)
{
	return cap_tag(cap) == tag;
}

static inline unsigned int cap_aux(struct cap cap)
{
	return cap.w0 >> CAP_AUX_SHIFT & CAP_AUX_MASK;
}

/* Physical address of the object (or of device memory). */
static inline uint64_t cap_addr(struct cap cap)
{
	return cap.w0 & CAP_ADDR_MASK;
}

/* The object itself, for objects that the kernel reads and writes. */
static inline void *cap_ptr(struct cap cap)
{
	return phys_to_virt(cap_addr(cap));
}

#define CAP_NULL ((struct cap){ 0, 0 })

static inline struct cap cap_frame(uint64_t paddr, enum frame_class size,
				   unsigned int rights, bool device)
{
	return cap_make(ABI_CAP_FRAME,
			size | rights << 2 | (unsigned int)device << 4, paddr,
			0);
}

static inline unsigned int frame_bits(struct cap cap)
{
	return 12 + 9 * (cap_aux(cap) & 3);
}

static inline unsigned int frame_rights(struct cap cap)
{
	return cap_aux(cap) >> 2 & 3;
}

static inline bool frame_is_device(struct cap cap)
{
	return cap_aux(cap) >> 4 & 1;
}

/* Where a frame, page table or VSpace is mapped: ASID 0 means nowhere. */
static inline uint64_t map_info(uint64_t asid, uint64_t vaddr)
{
	return asid << CAP_ASID_SHIFT | vaddr;
}

static inline uint64_t cap_asid(struct cap cap)
{
	return cap.w1 >> CAP_ASID_SHIFT;
}

static inline uint64_t cap_vaddr(struct cap cap)
{
	return cap.w1 & CAP_ADDR_MASK;
}

#include <object/cap_kinds.h>
#endif
