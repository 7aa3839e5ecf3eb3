// SPDX-License-Identifier: GPL-2.0-only
/*
 * tiny.c - read-copy-update on one thread of execution.
 *
 * Stands for kernel/rcu/tiny.c. A reader never sleeps, so whenever the event
 * loop is back at its top no reader is inside: that is the grace period.
 * Callbacks run there; synchronize_rcu() called by a fiber waits for nothing,
 * because no other fiber can be inside a read section while this one runs.
 */
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <dde.h>

/* kvfree_rcu() stores the member's offset in place of a function. */
#define KFREE_OFFSET_MAX 4096

static struct rcu_head *first_callback;
static struct rcu_head **last_link = &first_callback;

void synchronize_rcu(void)
{
}
DDE_NOOP(synchronize_rcu, "no reader is inside while the caller runs");

void rcu_qs(void)
{
}
DDE_NOOP(rcu_qs, "the loop's own turn is the quiescent state");

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	head->func = func;
	head->next = NULL;
	*last_link = head;
	last_link = &head->next;
	dde_pending |= DDE_PENDING_RCU;
}
DDE_EMULATED(call_rcu);

void dde_rcu_run(void)
{
	struct rcu_head *head = first_callback;
	struct rcu_head *next;

	dde_pending &= ~DDE_PENDING_RCU;
	first_callback = NULL;
	last_link = &first_callback;
	for (; head; head = next) {
		unsigned long offset = (unsigned long)head->func;

		next = head->next;
		if (offset < KFREE_OFFSET_MAX)
			kfree((char *)head - offset);
		else
			head->func(head);
	}
}

/* All callbacks that are waiting now have run on return. */
void rcu_barrier(void)
{
	dde_rcu_run();
}
DDE_EMULATED(rcu_barrier);
