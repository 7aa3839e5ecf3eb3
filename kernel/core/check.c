/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.c - invariants of the whole kernel state, found without any memory.
 *
 * The kernel keeps no list of its objects. But each capability stands in the
 * derivation list (object/cdt.c), except each TCB's reply master and its child;
 * each object has a capability there; and capabilities of one object stand side
 * by side. So one walk along the list meets every object exactly once, at the
 * first of its capabilities, and needs no mark and no stack.
 *
 * The walk also proves that the list is complete, by counting: every occupied
 * slot of every CNode, TCB and interrupt line must be in it. And it proves that
 * no two objects share memory, by order: Retype puts new objects right behind
 * the untyped, from higher and higher addresses, so inside an untyped addresses
 * fall from slot to slot. They rise only where a boot capability begins, and
 * deletion can only make such places fewer. Threads: check_thread.c; address
 * spaces: check_space.c.
 */
#include <core/arch.h>
#include <core/check.h>
#include <object/cap_ops.h>
#include <object/irq.h>

static struct {
	uint64_t caps;	   /* in the list */
	uint64_t occupied; /* slots found in CNodes, TCBs, interrupt lines */
	uint64_t handlers; /* interrupt lines that a capability names */
	uint64_t rises;
} count;
static uint64_t rises_allowed = ~0ull;

void check_that(bool holds, const char *what, const void *object, uint64_t got,
		uint64_t want)
{
	if (!holds)
		kernel_panic(what, object, got, want);
}

void check_forget(void)
{
	rises_allowed = ~0ull;
}

/* Does no earlier capability name the object of @slot? */
static bool is_first(const struct cte *slot)
{
	return !cap_same_object(slot->prev->cap, slot->cap);
}

static uint64_t end_of(struct cap cap)
{
	return cap_addr(cap) + (1ull << cap_memory_bits(cap));
}

/* --- the list: links, and the order of memory --- */

static void check_links(const struct cte *slot, const struct cte *prev)
{
	check_that(slot->prev == prev, "check: derivation list, link back",
		   slot, (uintptr_t)slot->prev, (uintptr_t)prev);
	check_that(!cte_is_empty(slot), "check: empty slot in derivation list",
		   slot, slot->cap.w0, slot->cap.w1);
	check_that(!cap_is(slot->cap, ABI_CAP_REPLY),
		   "check: reply capability in the common list", slot,
		   slot->cap.w0, slot->cap.w1);
	count.caps++;
}

/* @slot stands right behind @outer, an untyped whose memory it lies in. */
static void check_cut(const struct cte *outer, const struct cte *slot)
{
	uint64_t used = cap_addr(outer->cap) + untyped_watermark(outer->cap);

	check_that(cdt_is_ancestor(outer, slot),
		   "check: untyped is no ancestor of what lies in it", slot,
		   outer->cap.w0, slot->cap.w0);
	check_that(end_of(slot->cap) <= used,
		   "check: object above its untyped's watermark", slot,
		   end_of(slot->cap), used);
}

/* @last is the nearest slot before @slot that stands for memory, or NULL. */
static void check_order(const struct cte *last, const struct cte *slot)
{
	struct cap cap = slot->cap;
	unsigned int bits = cap_memory_bits(cap);

	check_that((cap_addr(cap) & ((1ull << bits) - 1)) == 0,
		   "check: object is not aligned", slot, cap.w0, bits);
	if (!last || cap_same_object(last->cap, cap))
		return;
	if (cap_is(last->cap, ABI_CAP_UNTYPED) &&
	    cap_same_region(last->cap, cap))
		check_cut(last, slot);
	else if (end_of(cap) > cap_addr(last->cap))
		count.rises++;
}

/* --- what holds slots: every occupied one must be in the list --- */

static void check_reply(const struct cte *slot)
{
	const struct tcb *tcb = cap_ptr(slot->cap);
	const struct cte *master = &tcb->slot[TCB_REPLY];

	check_that(cap_is(master->cap, ABI_CAP_REPLY) &&
			   cap_ptr(master->cap) == (const void *)tcb,
		   "check: reply capability without its master", slot,
		   slot->cap.w0, master->cap.w0);
	if (slot == master) {
		check_that(!slot->prev && cap_aux(slot->cap) & REPLY_MASTER,
			   "check: reply master", slot, slot->cap.w0,
			   (uintptr_t)slot->prev);
		return;
	}
	check_that(slot->prev == master && cte_next(master) == slot &&
			   !cte_next(slot),
		   "check: reply capability is not its master's child", slot,
		   (uintptr_t)slot->prev, (uintptr_t)cte_next(master));
	check_that(!(cap_aux(slot->cap) & REPLY_MASTER) &&
			   tcb->state == THREAD_BLOCKED_REPLY,
		   "check: reply capability, but its thread does not wait",
		   slot, slot->cap.w0, tcb->state);
}

static void check_slots(const struct cte *slots, uint64_t n)
{
	uint64_t i;

	for (i = 0; i < n; i++) {
		if (cte_is_empty(&slots[i]))
			check_that(!slots[i].prev && !slots[i].next,
				   "check: empty slot with links", &slots[i],
				   (uintptr_t)slots[i].prev, slots[i].next);
		else if (cap_is(slots[i].cap, ABI_CAP_REPLY))
			check_reply(&slots[i]);
		else
			count.occupied++;
	}
}

/* A zombie's slots from its count on are empty, or hold the zombie itself. */
static void check_zombie(const struct cte *slot)
{
	const struct cte *slots = cap_ptr(slot->cap);
	bool tcb = cap_aux(slot->cap) == ZOMBIE_TCB;
	uint64_t i, n = tcb ? TCB_SLOTS : 1ull << cap_aux(slot->cap);

	check_that(slot->cap.w1 <= n, "check: zombie counts too many slots",
		   slot, slot->cap.w1, n);
	for (i = slot->cap.w1; i < n; i++)
		check_that(cte_is_empty(&slots[i]) || &slots[i] == slot,
			   "check: zombie has passed an occupied slot",
			   &slots[i], i, slot->cap.w1);
	check_slots(slots, n);
	if (tcb)
		check_dead_tcb(cap_ptr(slot->cap));
}

/* The object of @slot is met for the first time. */
static void check_object(const struct cte *slot)
{
	struct cap cap = slot->cap;

	switch (cap_tag(cap)) {
	case ABI_CAP_CNODE:
		check_slots(cap_ptr(cap), 1ull << cnode_radix(cap));
		break;
	case ABI_CAP_THREAD:
		check_slots(cap_ptr(cap), TCB_SLOTS);
		check_tcb(cap_ptr(cap));
		break;
	case ABI_CAP_ZOMBIE:
		check_zombie(slot);
		break;
	case ABI_CAP_ENDPOINT:
		check_endpoint(cap_ptr(cap));
		break;
	case ABI_CAP_NOTIFICATION:
		check_notification(cap_ptr(cap));
		break;
	case ABI_CAP_IRQ_HANDLER:
		check_that(irq_is_issued(cap.w1),
			   "check: handler of a line that is not issued", slot,
			   cap.w1, 0);
		count.handlers++;
		break;
	default:
		break;
	}
}

static void check_irqs(void)
{
	uint64_t issued = 0;
	unsigned int irq;

	for (irq = 0; irq < IRQ_LIMIT; irq++) {
		issued += irq_is_issued(irq);
		check_slots(irq_slot(irq), 1);
		check_that(irq_is_issued(irq) || cte_is_empty(irq_slot(irq)),
			   "check: free line with a notification",
			   irq_slot(irq), irq, 0);
	}
	check_that(issued == count.handlers,
		   "check: issued lines and their capabilities", NULL, issued,
		   count.handlers);
}

static void check_list(void)
{
	const struct cte *slot, *prev = &cdt_first, *last = NULL;

	for (slot = check_first(); slot; slot = cte_next(slot)) {
		check_links(slot, prev);
		if (cap_memory_bits(slot->cap)) {
			check_order(last, slot);
			last = slot;
		}
		check_space_mark(slot, is_first(slot));
		if (is_first(slot))
			check_object(slot);
		prev = slot;
	}
	check_that(count.rises <= rises_allowed,
		   "check: objects out of order, so they may overlap",
		   &cdt_first, count.rises, rises_allowed);
	rises_allowed = count.rises;
}

static void check_vspaces(void)
{
	const struct cte *slot;

	for (slot = check_first(); slot; slot = cte_next(slot)) {
		if (cap_is(slot->cap, ABI_CAP_VSPACE) && is_first(slot))
			check_space_vspace(slot);
	}
}

uint64_t check_kernel(void)
{
	count.caps = count.occupied = count.handlers = count.rises = 0;
	check_threads_begin();
	check_space_begin();
	check_list();
	check_irqs();
	check_that(count.occupied == count.caps,
		   "check: occupied slots, and slots in the list", &cdt_first,
		   count.occupied, count.caps);
	check_threads_end();
	check_vspaces();
	check_space_end();
	arch_check_kernel_map();
	return count.caps;
}
