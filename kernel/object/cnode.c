/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cnode.c - CNode invocations: copy, mint, move, mutate, rotate, delete, revoke.
 *
 * A CNode is an array of slots and nothing else; all state of a slot is the
 * capability and its place in the derivation tree. The invoked capability is
 * the root from which the destination (or only) slot is found. All of these
 * check completely before they change a slot. Source: shared/abi.md 7.1.
 */
#include <core/arch.h>
#include <core/thread.h>
#include <object/cap_ops.h>
#include <object/delete.h>
#include <object/objects.h>

/* The four ways to fill a slot from another one. */
struct transfer {
	bool moving;   /* the source slot becomes empty */
	bool masks;    /* Copy, Mint: rights argument at word 4 */
	bool has_data; /* Mint, Mutate: data is the last word */
	unsigned int length;
};

static const struct transfer *transfer_kind(uint64_t label)
{
	static const struct transfer kinds[] = {
		[ABI_CNODE_COPY - ABI_CNODE_COPY] = { false, true, false, 5 },
		[ABI_CNODE_MINT - ABI_CNODE_COPY] = { false, true, true, 6 },
		[ABI_CNODE_MOVE - ABI_CNODE_COPY] = { true, false, false, 4 },
		[ABI_CNODE_MUTATE - ABI_CNODE_COPY] = { true, false, true, 5 },
	};

	return &kinds[label - ABI_CNODE_COPY];
}

/* What arrives in the destination; ABI_OK with a capability, or an error. */
static enum abi_error transfer_cap(struct call *call,
				   const struct transfer *kind, struct cte *src,
				   struct cap *cap)
{
	enum abi_error err = ABI_OK;

	*cap = src->cap;
	if (kind->masks)
		*cap = cap_mask_rights(*cap, call_arg(call, 4) & ABI_RIGHT_ALL);
	if (kind->has_data)
		*cap = cap_set_data(*cap, call_arg(call, kind->length - 1),
				    kind->moving);
	if (!kind->moving)
		err = cap_derive(src, *cap, cap);
	if (err)
		return err;
	return cap->w0 == 0 ? ABI_ILLEGAL_OPERATION : ABI_OK;
}

static enum abi_error transfer(struct call *call, struct cte *dst)
{
	const struct transfer *kind = transfer_kind(call->label);
	struct cte *src;
	struct cap cap;
	enum abi_error err;

	err = call_find_slot(call, call_extra(call, 0), call_arg(call, 2),
			     call_arg(call, 3), true, &src);
	if (err)
		return err;
	if (cte_is_empty(src))
		return call_fail_missing(call, true, call_arg(call, 3));
	if (call->length < kind->length)
		return ABI_TRUNCATED_MESSAGE;
	err = transfer_cap(call, kind, src, &cap);
	if (err)
		return err;
	if (kind->moving)
		cdt_move(dst, src, cap);
	else
		cdt_insert_copy(dst, cap, src);
	return ABI_OK;
}

struct rotation {
	struct cte *dst, *pivot, *src;
	struct cap to_dst, to_pivot;
};

static enum abi_error find_rotation(struct call *call, struct cte *dst,
				    struct rotation *r)
{
	enum abi_error err;

	r->dst = dst;
	err = call_find_slot(call, call_extra(call, 1), call_arg(call, 6),
			     call_arg(call, 7), true, &r->src);
	if (err)
		return err;
	err = call_find_slot(call, call_extra(call, 0), call_arg(call, 3),
			     call_arg(call, 4), true, &r->pivot);
	if (err)
		return err;
	if (r->pivot == r->src || r->pivot == dst)
		return ABI_ILLEGAL_OPERATION;
	if (dst != r->src && !cte_is_empty(dst))
		return ABI_DELETE_FIRST;
	if (cte_is_empty(r->src))
		return call_fail_missing(call, true, call_arg(call, 7));
	if (cte_is_empty(r->pivot))
		return call_fail_missing(call, false, call_arg(call, 4));
	r->to_pivot = cap_set_data(r->src->cap, call_arg(call, 5), true);
	r->to_dst = cap_set_data(r->pivot->cap, call_arg(call, 2), true);
	if (r->to_pivot.w0 == 0 || r->to_dst.w0 == 0)
		return ABI_ILLEGAL_OPERATION;
	return ABI_OK;
}

static enum abi_error rotate(struct call *call, struct cte *dst)
{
	struct rotation r;
	enum abi_error err;

	if (!call_has(call, 8, 2))
		return ABI_TRUNCATED_MESSAGE;
	err = find_rotation(call, dst, &r);
	if (err)
		return err;
	if (dst == r.src) {
		cdt_swap(r.src, r.to_dst, r.pivot, r.to_pivot);
	} else {
		cdt_move(dst, r.pivot, r.to_dst);
		cdt_move(r.pivot, r.src, r.to_pivot);
	}
	return ABI_OK;
}

static enum abi_error cancel_badged(struct cte *slot)
{
	struct cap cap = slot->cap;

	if (!cap_is(cap, ABI_CAP_ENDPOINT) || cap_rights(cap) != ABI_RIGHT_ALL)
		return ABI_ILLEGAL_OPERATION;
	if (cap.w1)
		endpoint_cancel_badged(cap_ptr(cap), cap.w1);
	return ABI_OK;
}

static enum abi_error save_caller(struct call *call, struct cte *slot)
{
	struct cte *caller = &call->caller->slot[TCB_CALLER];

	if (!cte_is_empty(slot))
		return ABI_DELETE_FIRST;
	if (!cte_is_empty(caller))
		cdt_move(slot, caller, caller->cap);
	return ABI_OK;
}

/* Labels with a destination and a source. */
static enum abi_error fill_slot(struct call *call, struct cte *slot)
{
	if (call->label == ABI_CNODE_ROTATE)
		return rotate(call, slot);
	if (!call_has(call, 4, 1))
		return ABI_TRUNCATED_MESSAGE;
	if (!cte_is_empty(slot))
		return ABI_DELETE_FIRST;
	return transfer(call, slot);
}

enum abi_error cnode_invoke(struct call *call)
{
	struct cte *slot;
	enum abi_error err;

	if (call->label < ABI_CNODE_REVOKE ||
	    call->label > ABI_CNODE_SAVE_CALLER)
		return ABI_ILLEGAL_OPERATION;
	if (call->length < 2)
		return ABI_TRUNCATED_MESSAGE;
	err = call_find_slot(call, call->cap, call_arg(call, 0),
			     call_arg(call, 1), false, &slot);
	if (err)
		return err;
	switch (call->label) {
	case ABI_CNODE_REVOKE:
		return slot_revoke(slot);
	case ABI_CNODE_DELETE:
		return slot_delete(slot);
	case ABI_CNODE_CANCEL_BADGED_SENDS:
		return cancel_badged(slot);
	case ABI_CNODE_SAVE_CALLER:
		return save_caller(call, slot);
	default:
		return fill_slot(call, slot);
	}
}
