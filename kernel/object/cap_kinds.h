/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cap_kinds.h - makers and readers for the kernel-object kinds of capability.
 *
 * Split off from cap.h (which says what each field means) and included by it.
 */
#ifndef OBJECT_CAP_KINDS_H
#define OBJECT_CAP_KINDS_H

#include <object/cap.h>

static inline struct cap cap_set_aux(struct cap cap, unsigned int aux)
{
	cap.w0 = (cap.w0 & ~(CAP_AUX_MASK << CAP_AUX_SHIFT)) |
		 (uint64_t)aux << CAP_AUX_SHIFT;
	return cap;
}

/* A watermark is a multiple of 16, so 44 bits of w1 hold it. */
#define UNTYPED_UNIT_BITS     4u
#define UNTYPED_CLEARED_SHIFT 44u
#define UNTYPED_CLEARED_MAX   0xfffffull

/* w1 of an untyped; cleared: see untyped.c */
static inline uint64_t untyped_fill(uint64_t watermark, uint64_t cleared)
{
	return cleared << UNTYPED_CLEARED_SHIFT |
	       watermark >> UNTYPED_UNIT_BITS;
}

static inline uint64_t untyped_watermark(struct cap cap)
{
	return cap.w1 << (64 - UNTYPED_CLEARED_SHIFT) >>
	       (64 - UNTYPED_CLEARED_SHIFT - UNTYPED_UNIT_BITS);
}

static inline uint64_t untyped_cleared(struct cap cap)
{
	return cap.w1 >> UNTYPED_CLEARED_SHIFT;
}

static inline struct cap cap_untyped(uint64_t paddr, unsigned int bits,
				     bool device, uint64_t watermark)
{
	return cap_make(ABI_CAP_UNTYPED, bits | (unsigned int)device << 6,
			paddr, untyped_fill(watermark, 0));
}

static inline unsigned int untyped_bits(struct cap cap)
{
	return cap_aux(cap) & 63;
}

static inline bool untyped_is_device(struct cap cap)
{
	return cap_aux(cap) >> 6 & 1;
}

static inline struct cap cap_endpoint(const void *ep, unsigned int rights,
				      uint64_t badge)
{
	return cap_make(ABI_CAP_ENDPOINT, rights, virt_to_phys(ep), badge);
}

static inline struct cap cap_notification(const void *ntfn, unsigned int rights,
					  uint64_t badge)
{
	return cap_make(ABI_CAP_NOTIFICATION, rights, virt_to_phys(ntfn),
			badge);
}

/* ABI_RIGHT_* of an endpoint or notification capability. */
static inline unsigned int cap_rights(struct cap cap)
{
	return cap_aux(cap) & 0xf;
}

#define REPLY_MASTER 1u
#define REPLY_GRANT  2u

static inline struct cap cap_reply(const struct tcb *caller, unsigned int flags)
{
	return cap_make(ABI_CAP_REPLY, flags, virt_to_phys(caller), 0);
}

static inline struct cap cap_cnode(const void *slots, unsigned int radix,
				   uint64_t guard_data)
{
	return cap_make(ABI_CAP_CNODE, radix, virt_to_phys(slots), guard_data);
}

static inline unsigned int cnode_radix(struct cap cap)
{
	return cap_aux(cap) & 63;
}

/* Number of guard bits; the guard's value is guard_data >> 6. */
static inline unsigned int cnode_guard_size(struct cap cap)
{
	return cap.w1 & 63;
}

static inline uint64_t cnode_guard(struct cap cap)
{
	return cap.w1 >> 6;
}

static inline struct cap cap_thread(const struct tcb *tcb)
{
	return cap_make(ABI_CAP_THREAD, 0, virt_to_phys(tcb), 0);
}

static inline struct cap cap_page_table(uint64_t paddr)
{
	return cap_make(ABI_CAP_PAGE_TABLE, 0, paddr, 0);
}

static inline struct cap cap_vspace(uint64_t paddr, uint64_t asid)
{
	return cap_make(ABI_CAP_VSPACE, 0, paddr, map_info(asid, 0));
}

static inline struct cap cap_asid_pool(uint64_t paddr, uint64_t first_asid)
{
	return cap_make(ABI_CAP_ASID_POOL, 0, paddr, first_asid);
}

static inline struct cap cap_irq_handler(unsigned int irq)
{
	return cap_make(ABI_CAP_IRQ_HANDLER, 0, 0, irq);
}

static inline struct cap cap_sgi_signal(unsigned int sgi, uint64_t target)
{
	return cap_make(ABI_CAP_SGI_SIGNAL, 0, 0, target << 8 | sgi);
}

static inline struct cap cap_zombie(uint64_t paddr, unsigned int kind,
				    uint64_t slots)
{
	return cap_make(ABI_CAP_ZOMBIE, kind, paddr, slots);
}

/* Without object or data: IRQControl, ASIDControl, Domain. */
static inline struct cap cap_control(enum abi_cap_tag tag)
{
	return cap_make(tag, 0, 0, 0);
}

#endif
