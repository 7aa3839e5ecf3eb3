/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_delete.c - deletion in every shape, interrupted at every step.
 *
 * The kernel lets interrupts in after each 100 units of work. The tests run
 * each shape 100 times, each time with the count begun one unit later, so that
 * every step is once the last before an interrupt, and check the whole world
 * in each such moment.
 */
#include <core/invoke.h>
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

#define ROOT   ABI_SLOT_CNODE
#define PHASES 100u

/* Put the capability of root slot @src into slot @index of a CNode. */
static void put_into(uint64_t cnode, uint64_t index, uint64_t src)
{
	unsigned int radix = cnode_radix(cap_at(cnode));

	assert_int_equal(user_call(cnode, ABI_CNODE_MOVE,
				   WORDS(index, radix, src, 64), WORDS(ROOT)),
			 ABI_OK);
}

static void copy_into(uint64_t cnode, uint64_t index, uint64_t src)
{
	unsigned int radix = cnode_radix(cap_at(cnode));

	assert_int_equal(user_call(cnode, ABI_CNODE_COPY,
				   WORDS(index, radix, src, 64, 15),
				   WORDS(ROOT)),
			 ABI_OK);
}

static uint64_t cut_untyped(unsigned int bits)
{
	return new_object(ABI_OBJ_UNTYPED, bits);
}

static uint64_t cut(uint64_t untyped, enum abi_object_type type,
		    unsigned int bits)
{
	uint64_t slot = new_slot();

	assert_int_equal(user_call(untyped, ABI_UNTYPED_RETYPE,
				   WORDS(type, bits, 0, 0, slot, 1),
				   WORDS(ROOT)),
			 ABI_OK);
	return slot;
}

/* Begin the kernel's count of work @phase units later than it stands. */
static void set_phase(unsigned int phase)
{
	fake.pending_always = false;
	while (phase--)
		preempt_due();
	fake.pending_always = true;
	user_restart_hook = check_world;
}

/* Everything has gone but what the world began with. */
static void revoke_all(void)
{
	uint64_t i;

	assert_int_equal(cap_revoke(WORLD_RAM), ABI_OK);
	fake.pending_always = false;
	for (i = WORLD_FREE; i < 1ul << WORLD_RADIX; i++)
		assert_true(cte_is_empty(slot_at(i)));
	assert_false(cdt_has_child(slot_at(WORLD_RAM)));
	check_world();
	world.next_slot = WORLD_FREE;
}

/* The deletion is complete: no object is left half-deleted anywhere. */
static void assert_no_zombies(void)
{
	unsigned int i;

	check_world();
	for (i = 0; i < check_n_objects; i++)
		assert_false(check_objects[i].zombie);
}

static void for_each_phase(void (*shape)(void))
{
	unsigned int phase;

	world.scan = 100;
	for (phase = 0; phase < PHASES; phase++) {
		set_phase(phase);
		shape();
		revoke_all();
	}
}

/* A CNode with an endpoint, a thread with its own CSpace, and CNodes in it. */
static void tree_shape(void)
{
	uint64_t a = new_object(ABI_OBJ_CNODE, 3);
	uint64_t b = new_object(ABI_OBJ_CNODE, 6);
	uint64_t c = new_object(ABI_OBJ_CNODE, 2);
	uint64_t ep = new_object(ABI_OBJ_ENDPOINT, 0);
	uint64_t tcb = new_thread(100);

	assert_int_equal(user_call(tcb, ABI_TCB_SET_SPACE, WORDS(0, 0, 0),
				   WORDS(c, ABI_SLOT_VSPACE)),
			 ABI_OK);
	put_into(c, 0, b);
	copy_into(a, 6, ep);
	copy_into(c, 3, tcb);
	put_into(a, 0, c);
	put_into(a, 7, tcb);
	assert_int_equal(cap_delete(a), ABI_OK);
	assert_true(cte_is_empty(slot_at(a)));
	assert_no_zombies();
}

static void trees(void **state)
{
	(void)state;
	for_each_phase(tree_shape);
}

/* A holds the last capability of B and B that of A. */
static void cycle_shape(void)
{
	uint64_t ut_a = cut_untyped(10), ut_b = cut_untyped(10);
	uint64_t a = cut(ut_a, ABI_OBJ_CNODE, 2);
	uint64_t b = cut(ut_b, ABI_OBJ_CNODE, 3);

	put_into(a, 0, new_object(ABI_OBJ_CNODE, 4));
	copy_into(b, 5, a);
	put_into(a, 2, b);
	assert_int_equal(cap_delete(a), ABI_OK);
	check_world();
	/* the root of this deletion is a slot of A, which B will give up */
	assert_int_equal(cap_revoke(ut_b), ABI_OK);
	check_world();
	assert_null(check_object_find(ABI_CAP_CNODE, cap_ptr(cap_at(ut_b))));
	assert_int_equal(cap_revoke(ut_a), ABI_OK);
	check_world();
	assert_null(check_object_find(ABI_CAP_CNODE, cap_ptr(cap_at(ut_a))));
}

static void cycles(void **state)
{
	(void)state;
	for_each_phase(cycle_shape);
}

/* The same with slot 0 as the root, where the zombie would have been parked. */
static void cycle_at_zero_shape(void)
{
	uint64_t ut_a = cut_untyped(12), ut_b = cut_untyped(10);
	uint64_t a = cut(ut_a, ABI_OBJ_TCB, 0);
	uint64_t b = cut(ut_b, ABI_OBJ_CNODE, 1);

	copy_into(b, 0, a);
	assert_int_equal(user_call(a, ABI_TCB_SET_SPACE, WORDS(0, 0, 0),
				   WORDS(b, ABI_SLOT_VSPACE)),
			 ABI_OK);
	assert_int_equal(cap_delete(b), ABI_OK);
	assert_int_equal(cap_delete(a), ABI_OK);
	check_world();
	assert_int_equal(cap_revoke(ut_b), ABI_OK);
	check_world();
	assert_int_equal(cap_revoke(ut_a), ABI_OK);
}

static void cycles_at_zero(void **state)
{
	(void)state;
	for_each_phase(cycle_at_zero_shape);
}

/* A CNode whose last capability lies in itself, with others inside. */
static void self_shape(void)
{
	uint64_t ut = cut_untyped(12);
	uint64_t a = cut(ut, ABI_OBJ_CNODE, 3);
	uint64_t b = cut(ut, ABI_OBJ_CNODE, 2);
	uint64_t c = new_object(ABI_OBJ_CNODE, 1);

	put_into(b, 0, c);
	copy_into(b, 3, a);
	put_into(a, 1, b);
	put_into(a, 7, new_object(ABI_OBJ_ENDPOINT, 0));
	copy_into(a, 4, a);
	assert_int_equal(cap_delete(a), ABI_OK);
	check_world();
	assert_int_equal(cap_revoke(ut), ABI_OK);
	check_world();
	assert_false(cdt_has_child(slot_at(ut)));
}

static void self_references(void **state)
{
	(void)state;
	for_each_phase(self_shape);
}

/* The untyped's own slot is in a CNode made from it. */
static void untyped_in_its_own_node(void **state)
{
	uint64_t ut = cut_untyped(12), node;

	(void)state;
	node = cut(ut, ABI_OBJ_CNODE, 2);
	put_into(node, 0, ut);
	assert_int_equal(user_call(node, ABI_CNODE_REVOKE, WORDS(0, 2), NONE),
			 ABI_OK);
	assert_true(cte_is_empty(slot_at(node)));
	check_world();
}

static void restart_counts(void)
{
	static unsigned int n;

	if (n++ % 16 == 0)
		check_world();
}

/* 10,000 CNodes one in the other; recursion would need megabytes of stack. */
static void deep_chain(void **state)
{
	uint64_t outer = new_slot(), inner = new_slot(), at;
	unsigned int i;

	(void)state;
	world.scan = 64;
	for (i = 0; i < 10000; i++) {
		at = new_object(ABI_OBJ_CNODE, 1);
		world.next_slot--;
		if (i > 0)
			put_into(at, i / 3 % 2, inner);
		assert_int_equal(cap_move(inner, at), ABI_OK);
	}
	assert_int_equal(cap_move(outer, inner), ABI_OK);
	check_world();
	fake.pending_always = true;
	user_restart_hook = restart_counts;
	assert_int_equal(cap_delete(outer), ABI_OK);
	assert_true(user_restarts > 100);
	assert_no_zombies();
	revoke_all();
}

/* Threads that hold each other's last capability through their CSpaces. */
static void chain_of_threads(void **state)
{
	uint64_t first = new_slot(), tcb, cnode;
	unsigned int i;

	(void)state;
	world.scan = 64;
	for (i = 0; i < 100; i++) {
		tcb = new_object(ABI_OBJ_TCB, 0);
		cnode = new_object(ABI_OBJ_CNODE, 1);
		world.next_slot -= 2;
		if (i > 0)
			put_into(cnode, i % 2, first);
		assert_int_equal(user_call(tcb, ABI_TCB_SET_SPACE,
					   WORDS(0, 0, 0),
					   WORDS(cnode, ABI_SLOT_VSPACE)),
				 ABI_OK);
		assert_int_equal(cap_delete(cnode), ABI_OK);
		assert_int_equal(cap_move(first, tcb), ABI_OK);
	}
	fake.pending_always = true;
	user_restart_hook = check_world;
	assert_int_equal(cap_delete(first), ABI_OK);
	assert_no_zombies();
	revoke_all();
}

static void deleting_oneself(void **state)
{
	uint64_t thread = new_thread(255), root_copy;
	struct tcb *tcb = tcb_at(thread);

	(void)state;
	root_copy = new_copy(ABI_SLOT_CNODE, 15);
	thread_start(thread);
	user_become(tcb);
	user_message(root_copy, ABI_CNODE_DELETE, WORDS(thread, 64), NONE);
	user_svc(ABI_SYS_CALL);
	assert_ptr_equal(sched_current, world.root);
	assert_true(cte_is_empty(slot_at(thread)));
	check_world();
}

/* The caller's CSpace goes while it deletes: it stops with a fault later. */
static void deleting_ones_own_cspace(void **state)
{
	uint64_t thread = new_thread(255), cnode = new_object(ABI_OBJ_CNODE, 4);
	struct tcb *tcb = tcb_at(thread);

	(void)state;
	copy_into(cnode, 1, cnode);
	copy_into(cnode, 2, WORLD_FREE);
	assert_int_equal(user_call(thread, ABI_TCB_SET_SPACE, WORDS(0, 60, 0),
				   WORDS(cnode, ABI_SLOT_VSPACE)),
			 ABI_OK);
	thread_start(thread);
	user_become(tcb);
	assert_int_equal(user_call(1, ABI_CNODE_REVOKE, WORDS(1, 4), NONE),
			 ABI_OK);
	user_become(world.root);
	assert_int_equal(cap_delete(thread), ABI_OK);
	assert_int_equal(cap_revoke(cnode), ABI_OK);
	user_become(tcb);
	user_message(1, ABI_CNODE_REVOKE, WORDS(1, 4), NONE);
	user_svc(ABI_SYS_CALL);
	assert_int_equal(tcb->state, THREAD_INACTIVE);
	assert_ptr_equal(sched_current, world.root);
	check_world();
}

/* The step after which nothing is left is never followed by a restart. */
static void no_restart_after_the_end(void)
{
	uint64_t cnode = new_object(ABI_OBJ_CNODE, 6);

	user_restart_hook = NULL;
	user_message(ROOT, ABI_CNODE_DELETE, WORDS(cnode, 64), NONE);
	sched_current->context.fault_pc = WORLD_SVC;
	sched_current->context.pc = WORLD_SVC + 4;
	user_enter(ABI_SYS_CALL);
	assert_int_equal(cte_is_empty(slot_at(cnode)),
			 sched_current->context.pc == WORLD_SVC + 4);
}

static void restarts_end(void **state)
{
	(void)state;
	for_each_phase(no_restart_after_the_end);
}

/* A zombie is visible, but good for nothing but Delete. */
static void zombies_are_useless(void **state)
{
	uint64_t cnode = new_object(ABI_OBJ_CNODE, 8), dst = new_slot(), got;

	(void)state;
	fake.pending_after = 1;
	user_message(ROOT, ABI_CNODE_DELETE, WORDS(cnode, 64), NONE);
	sched_current->context.fault_pc = WORLD_SVC;
	user_enter(ABI_SYS_CALL);
	assert_int_equal(cap_tag(cap_at(cnode)), ABI_CAP_ZOMBIE);
	got = user_call(cnode, ABI_CNODE_DELETE, WORDS(0, 8), NONE);
	assert_error(ABI_INVALID_CAPABILITY, WORDS(0), got);
	got = cap_copy(dst, cnode, 15);
	assert_error(ABI_ILLEGAL_OPERATION, NONE, got);
	got = user_call(ROOT, ABI_CNODE_COPY, WORDS(dst, 64, 0, 8, 15),
			WORDS(cnode));
	assert_error(ABI_FAILED_LOOKUP, WORDS(1, ABI_LOOKUP_INVALID_ROOT), got);
	user_message(cnode, 0, NONE, NONE);
	sched_current->context.x[0] = cnode;
	user_svc(ABI_SYS_DEBUG_CAP_IDENTIFY);
	assert_int_equal(user_badge(), ABI_CAP_ZOMBIE);
	assert_int_equal(cap_move(dst, cnode), ABI_OK);
	check_world();
	assert_int_equal(cap_delete(dst), ABI_OK);
	check_world();
}

/* A deletion given up half-way, whose zombie ends up in another dying node. */
static void abandoned_shape(void)
{
	uint64_t inner = new_object(ABI_OBJ_CNODE, 1);
	uint64_t outer = new_object(ABI_OBJ_CNODE, 2);

	put_into(inner, 0, new_object(ABI_OBJ_CNODE, 1));
	user_message(ROOT, ABI_CNODE_DELETE, WORDS(inner, 64), NONE);
	sched_current->context.fault_pc = WORLD_SVC;
	user_enter(ABI_SYS_CALL);
	check_world();
	if (!cte_is_empty(slot_at(inner)))
		put_into(outer, 3, inner);
	check_world();
	assert_int_equal(cap_delete(outer), ABI_OK);
	assert_true(cte_is_empty(slot_at(outer)));
	assert_no_zombies();
}

static void abandoned_deletions(void **state)
{
	(void)state;
	for_each_phase(abandoned_shape);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(abandoned_deletions),
		world_test(trees),
		world_test(cycles),
		world_test(cycles_at_zero),
		world_test(self_references),
		world_test(untyped_in_its_own_node),
		world_test(deep_chain),
		world_test(chain_of_threads),
		world_test(deleting_oneself),
		world_test(deleting_ones_own_cspace),
		world_test(restarts_end),
		world_test(zombies_are_useless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
