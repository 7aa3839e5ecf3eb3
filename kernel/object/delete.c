/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * delete.c - deletion: last capabilities, zombies, revocation.
 *
 * Deleting the last capability to a CNode or TCB means deleting every slot in
 * it, each of which may be the last capability to another CNode, and so on; an
 * attacker chooses the shape. It must be done without recursion, in small steps
 * with chances for interrupts in between, and at each of these moments the
 * kernel must be whole. So the capability turns into a zombie: it still guards
 * the object's memory in the derivation tree, but nobody can use it, and it
 * counts the slots that are left, from the last down to the first.
 *
 * One slot, the root of the deletion, always holds the zombie being worked on.
 * When a slot of the dying object `outer` holds the last capability to another
 * object `inner`, the work turns inward, and three capabilities rotate:
 *
 *     root      : outer zombie      ->  inner zombie
 *     outer slot: inner capability  ->  what inner[0] held
 *     inner[0]  : something         ->  outer zombie
 *
 * Then inner is emptied from its end; its slot 0 comes last, and when only that
 * is left, the outer zombie in it moves back to the root and goes on. Nothing
 * is ever unreachable from the root, each object turns inward at most once, and
 * a step costs constant time. If the root slot itself lies inside `inner`, inner
 * must outlive it: its zombie is parked in one of inner's own slots, where the
 * revocation of its untyped will find it.
 */
#include <core/arch.h>
#include <core/sched.h>
#include <core/thread.h>
#include <core/trace.h>
#include <object/asid.h>
#include <object/delete.h>
#include <object/endpoint.h>
#include <object/irq.h>
#include <object/notification.h>
#include <object/vspace.h>

static bool cap_is_long(struct cap cap)
{
	return cap_is(cap, ABI_CAP_CNODE) || cap_is(cap, ABI_CAP_THREAD) ||
	       cap_is(cap, ABI_CAP_ZOMBIE);
}

bool slot_is_long(const struct cte *slot)
{
	return cap_is_long(slot->cap) && cdt_is_final(slot);
}

static void end_thread(struct tcb *tcb)
{
	notification_unbind(tcb);
	thread_suspend(tcb);
	arch_fpu_release(tcb, false);
}

static void end_notification(struct notification *ntfn)
{
	if (ntfn->bound)
		notification_unbind(ntfn->bound);
	notification_cancel_all(ntfn);
}

/* The last capability of a kind without slots goes. */
static void finalise_simple(struct cap cap)
{
	switch (cap_tag(cap)) {
	case ABI_CAP_ENDPOINT:
		endpoint_cancel_all(cap_ptr(cap));
		break;
	case ABI_CAP_NOTIFICATION:
		end_notification(cap_ptr(cap));
		break;
	case ABI_CAP_IRQ_HANDLER:
		irq_release((unsigned int)cap.w1);
		break;
	case ABI_CAP_PAGE_TABLE:
		page_table_unmap(cap);
		break;
	case ABI_CAP_VSPACE:
		asid_release(cap_asid(cap), cap_addr(cap));
		break;
	case ABI_CAP_ASID_POOL:
		asid_pool_release(cap.w1, cap_addr(cap));
		break;
	default:
		break;
	}
}

/*
 * First step of a deletion: end the object and empty the slot, or turn the
 * capability into a zombie. Returns whether the slot is empty now.
 */
static bool finalise(struct cte *slot)
{
	struct cap cap = slot->cap;
	bool final = cdt_is_final(slot);

	trace(TRACE_DELETE, cap_tag(cap), cap_addr(cap));
	if (cap_is(cap, ABI_CAP_FRAME))
		frame_unmap(cap);
	else if (final && cap_is(cap, ABI_CAP_THREAD))
		end_thread(cap_ptr(cap));
	else if (final)
		finalise_simple(cap);
	if (!final || !cap_is_long(cap)) {
		cdt_remove(slot);
		return true;
	}
	if (cap_is(cap, ABI_CAP_THREAD))
		slot->cap = cap_zombie(cap_addr(cap), ZOMBIE_TCB, TCB_SLOTS);
	else
		slot->cap = cap_zombie(cap_addr(cap), cnode_radix(cap),
				       1ull << cnode_radix(cap));
	return false;
}

static uint64_t zombie_capacity(struct cap zombie)
{
	return cap_aux(zombie) == ZOMBIE_TCB ? TCB_SLOTS :
					       1ull << cap_aux(zombie);
}

/* Exchange an occupied slot with one that may be empty. */
static void exchange(struct cte *full, struct cte *other)
{
	if (cte_is_empty(other))
		cdt_move(other, full, full->cap);
	else
		cdt_swap(full, other->cap, other, full->cap);
}

/* inner holds the root slot: leave its zombie in one of its own slots. */
static void park_inner(struct cte *root, struct cte *end, struct cte *inner)
{
	exchange(end, root == inner ? inner + 1 : inner);
}

/* @end, a slot of the dying object, holds the zombie of another object. */
static void turn_inward(struct cte *root, struct cte *end)
{
	struct cte *inner = cap_ptr(end->cap);
	bool last = root->cap.w1 == 1;

	if (root >= inner && root < inner + zombie_capacity(end->cap)) {
		park_inner(root, end, inner);
	} else if (end->cap.w1 == 0) {
		cdt_remove(end);
	} else if (last) {
		cdt_remove(root);
		cdt_move(root, end, end->cap);
	} else {
		cdt_swap(root, end->cap, end, root->cap);
		exchange(end, inner);
	}
}

/* One step of emptying the zombie in @root; it may end with @root empty. */
static void reduce(struct cte *root)
{
	uint64_t left = root->cap.w1;
	struct cte *end = (struct cte *)cap_ptr(root->cap) + left - 1;

	if (left == 0)
		cdt_remove(root);
	else if (end == root || cte_is_empty(end))
		root->cap.w1 = left - 1;
	else if (cap_is(end->cap, ABI_CAP_ZOMBIE) || !finalise(end))
		turn_inward(root, end);
}

enum abi_error slot_delete(struct cte *slot)
{
	if (cte_is_empty(slot))
		return ABI_OK;
	if (!cap_is(slot->cap, ABI_CAP_ZOMBIE) && finalise(slot))
		return ABI_OK;
	for (;;) {
		reduce(slot);
		if (cte_is_empty(slot))
			return ABI_OK;
		if (preempt_due())
			return CALL_PREEMPTED;
	}
}

void slot_delete_simple(struct cte *slot)
{
	if (!cte_is_empty(slot))
		finalise(slot);
}

enum abi_error slot_revoke(struct cte *slot)
{
	enum abi_error err;

	while (cdt_has_child(slot)) {
		if (preempt_due())
			return CALL_PREEMPTED;
		err = slot_delete(cte_next(slot));
		if (err)
			return err;
	}
	return ABI_OK;
}
