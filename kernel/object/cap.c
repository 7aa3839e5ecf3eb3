/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cap.c - what may be derived from a capability, and which regions they cover.
 *
 * Three questions are answered here, all of them pure functions of capability
 * values: does a capability lie in the region of another (the base of the
 * derivation tree), what does a copy of it look like, and what do rights and
 * data do to it. Source: shared/abi.md section 16.
 */
#include <object/cap_ops.h>

/* log2 of the bytes of memory that the capability stands for. */
unsigned int cap_memory_bits(struct cap cap)
{
	switch (cap_tag(cap)) {
	case ABI_CAP_UNTYPED:
		return untyped_bits(cap);
	case ABI_CAP_FRAME:
		return frame_bits(cap);
	case ABI_CAP_ENDPOINT:
		return ABI_ENDPOINT_BITS;
	case ABI_CAP_NOTIFICATION:
		return ABI_NOTIFICATION_BITS;
	case ABI_CAP_CNODE:
		return cnode_radix(cap) + ABI_SLOT_BITS;
	case ABI_CAP_THREAD:
		return ABI_TCB_BITS;
	case ABI_CAP_PAGE_TABLE:
	case ABI_CAP_VSPACE:
	case ABI_CAP_ASID_POOL:
		return ABI_PAGE_TABLE_BITS;
	case ABI_CAP_ZOMBIE:
		if (cap_aux(cap) == ZOMBIE_TCB)
			return ABI_TCB_BITS;
		return cap_aux(cap) + ABI_SLOT_BITS;
	default:
		return 0; /* stands for no memory: reply, IRQ, control */
	}
}

/* Does the memory of @b lie inside the memory of @a? */
static bool covers(struct cap a, struct cap b)
{
	unsigned int a_bits = cap_memory_bits(a);
	unsigned int b_bits = cap_memory_bits(b);

	if (b_bits == 0 || b_bits > a_bits)
		return false;
	return (cap_addr(a) ^ cap_addr(b)) >> a_bits == 0;
}

bool cap_same_object(struct cap a, struct cap b)
{
	bool same = cap_addr(a) == cap_addr(b);

	if (cap_tag(a) != cap_tag(b))
		return false;
	switch (cap_tag(a)) {
	case ABI_CAP_NULL:
	case ABI_CAP_UNTYPED:
	case ABI_CAP_ZOMBIE:
		return false;
	case ABI_CAP_FRAME:
		return same && frame_bits(a) == frame_bits(b);
	case ABI_CAP_CNODE:
		return same && cnode_radix(a) == cnode_radix(b);
	case ABI_CAP_IRQ_HANDLER:
	case ABI_CAP_SGI_SIGNAL:
		return a.w1 == b.w1;
	default:
		return same;
	}
}

bool cap_same_region(struct cap a, struct cap b)
{
	switch (cap_tag(a)) {
	case ABI_CAP_UNTYPED:
		return covers(a, b);
	case ABI_CAP_FRAME:
		return cap_is(b, ABI_CAP_FRAME) && covers(a, b);
	case ABI_CAP_IRQ_CONTROL:
		return cap_is(b, ABI_CAP_IRQ_CONTROL) ||
		       cap_is(b, ABI_CAP_IRQ_HANDLER) ||
		       cap_is(b, ABI_CAP_SGI_SIGNAL);
	default:
		return cap_same_object(a, b);
	}
}

bool cap_starts_generation(struct cap derived, struct cap source)
{
	switch (cap_tag(derived)) {
	case ABI_CAP_ENDPOINT:
	case ABI_CAP_NOTIFICATION:
		return derived.w1 != source.w1;
	case ABI_CAP_IRQ_HANDLER:
	case ABI_CAP_SGI_SIGNAL:
		return cap_is(source, ABI_CAP_IRQ_CONTROL);
	case ABI_CAP_UNTYPED:
		return true;
	default:
		return false;
	}
}

enum abi_error cap_derive(const struct cte *slot, struct cap cap,
			  struct cap *derived)
{
	*derived = cap;
	switch (cap_tag(cap)) {
	case ABI_CAP_UNTYPED:
		return cdt_has_child(slot) ? ABI_REVOKE_FIRST : ABI_OK;
	case ABI_CAP_VSPACE:
	case ABI_CAP_PAGE_TABLE:
		return cap_asid(cap) ? ABI_OK : ABI_ILLEGAL_OPERATION;
	case ABI_CAP_FRAME:
		derived->w1 = 0;
		return ABI_OK;
	case ABI_CAP_ZOMBIE:
	case ABI_CAP_REPLY:
	case ABI_CAP_IRQ_CONTROL:
		*derived = CAP_NULL;
		return ABI_OK;
	default:
		return ABI_OK;
	}
}

struct cap cap_mask_rights(struct cap cap, unsigned int rights)
{
	switch (cap_tag(cap)) {
	case ABI_CAP_ENDPOINT:
		return cap_set_aux(cap, cap_aux(cap) & rights);
	case ABI_CAP_NOTIFICATION:
		return cap_set_aux(cap,
				   cap_aux(cap) & rights &
					   (ABI_RIGHT_READ | ABI_RIGHT_WRITE));
	case ABI_CAP_FRAME:
		/* rights sit in aux [3:2]; the other bits are kept */
		return cap_set_aux(cap, cap_aux(cap) & (rights << 2 | ~0xcu));
	default:
		return cap;
	}
}

/* Guard from CNode data; the guard's value is cut to the guard's size. */
static struct cap set_guard(struct cap cap, uint64_t data)
{
	uint64_t size = data & 63;
	uint64_t guard = data >> 6 & ((1ull << size) - 1);

	if (size + cnode_radix(cap) > 64)
		return CAP_NULL;
	cap.w1 = guard << 6 | size;
	return cap;
}

struct cap cap_set_data(struct cap cap, uint64_t data, bool moving)
{
	switch (cap_tag(cap)) {
	case ABI_CAP_ENDPOINT:
	case ABI_CAP_NOTIFICATION:
		if (moving || cap.w1 != 0)
			return CAP_NULL;
		cap.w1 = data;
		return cap;
	case ABI_CAP_CNODE:
		return set_guard(cap, data);
	default:
		return cap;
	}
}
