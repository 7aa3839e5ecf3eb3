/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_notification.c - the table of states in abi.md section 8, and binding.
 */
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/pair.h"

#define ALL  ABI_RIGHT_ALL
#define INFO abi_info(0x123, 0, 2)

struct scene {
	uint64_t ntfn, one, two; /* plain; badges 1 and 2 */
	uint64_t waiter, other;
	struct tcb *w, *o;
};

static struct scene scene_begin(void)
{
	struct scene s;

	s.ntfn = new_object(ABI_OBJ_NOTIFICATION, 0);
	s.one = new_badged(s.ntfn, ABI_RIGHT_WRITE, 1);
	s.two = new_badged(s.ntfn, ABI_RIGHT_WRITE, 2);
	s.waiter = new_thread(255);
	s.other = new_thread(255);
	s.w = tcb_at(s.waiter);
	s.o = tcb_at(s.other);
	thread_start(s.waiter);
	thread_start(s.other);
	return s;
}

static void signal_cap(uint64_t cptr)
{
	user_message(cptr, 0, NONE, NONE);
	user_svc(ABI_SYS_SEND);
}

/* @tcb waits or polls with known words in x1 and the message registers. */
static void wait_on(struct tcb *tcb, uint64_t cptr, int64_t number)
{
	user_become(tcb);
	user_message(cptr, 0x123, WORDS(21, 22), NONE);
	user_svc(number);
}

static void assert_only_badge(const struct tcb *tcb, uint64_t badge)
{
	assert_int_equal(tcb->state, THREAD_RUNNING);
	assert_int_equal(tcb->context.x[0], badge);
	assert_int_equal(tcb->context.x[1], INFO);
	assert_int_equal(tcb->context.x[2], 21);
	assert_int_equal(tcb->context.x[3], 22);
}

static void idle_then_active(void **state)
{
	struct scene s = scene_begin();

	(void)state;
	wait_on(s.w, s.ntfn, ABI_SYS_NBRECV);
	assert_only_badge(s.w, 0);
	signal_cap(s.one);
	signal_cap(s.two);
	signal_cap(s.ntfn); /* badge 0 adds nothing */
	check_world();
	wait_on(s.w, s.ntfn, ABI_SYS_RECV);
	assert_only_badge(s.w, 3);
	wait_on(s.w, s.ntfn, ABI_SYS_NBRECV);
	assert_only_badge(s.w, 0);
	signal_cap(s.ntfn); /* active with an empty word */
	wait_on(s.w, s.ntfn, ABI_SYS_RECV);
	assert_only_badge(s.w, 0);
	assert_ptr_equal(sched_current, s.w);
}

static void waiters_in_order(void **state)
{
	struct scene s = scene_begin();

	(void)state;
	wait_on(s.w, s.ntfn, ABI_SYS_RECV);
	wait_on(s.o, s.ntfn, ABI_SYS_RECV);
	assert_ptr_equal(sched_current, world.root);
	check_world();
	signal_cap(s.one);
	assert_only_badge(s.w, 1);
	assert_int_equal(s.o->state, THREAD_BLOCKED_NTFN);
	check_world();
	signal_cap(s.two);
	assert_only_badge(s.o, 2);
	signal_cap(s.two);
	wait_on(s.w, s.ntfn, ABI_SYS_NBRECV);
	assert_only_badge(s.w, 2);
}

static void call_on_a_notification(void **state)
{
	struct scene s = scene_begin();
	uint64_t ro = new_copy(s.ntfn, ABI_RIGHT_READ);
	uint64_t got = user_call(s.one, 55, WORDS(1, 2, 3, 4), NONE);

	(void)state;
	assert_error(ABI_OK, NONE, got);
	assert_int_equal(user_word(3), 4);
	got = user_call(ro, 0, NONE, NONE);
	assert_error(ABI_INVALID_CAPABILITY, WORDS(0), got);
	signal_cap(ro);			   /* dropped silently */
	wait_on(s.w, s.one, ABI_SYS_RECV); /* no Read: a fault, no handler */
	assert_int_equal(s.w->state, THREAD_INACTIVE);
}

static uint64_t bind(uint64_t thread, uint64_t ntfn)
{
	return user_call(thread, ABI_TCB_BIND_NOTIFICATION, NONE, WORDS(ntfn));
}

static void binding_errors(void **state)
{
	struct scene s = scene_begin();
	uint64_t second = new_object(ABI_OBJ_NOTIFICATION, 0);
	uint64_t wo = new_copy(second, ABI_RIGHT_WRITE);

	(void)state;
	assert_error(ABI_TRUNCATED_MESSAGE, NONE,
		     user_call(s.waiter, ABI_TCB_BIND_NOTIFICATION, NONE,
			       NONE));
	assert_error(ABI_ILLEGAL_OPERATION, NONE, bind(s.waiter, s.waiter));
	assert_error(ABI_ILLEGAL_OPERATION, NONE, bind(s.waiter, wo));
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     user_call(s.waiter, ABI_TCB_UNBIND_NOTIFICATION, NONE,
			       NONE));
	assert_error(ABI_OK, NONE, bind(s.waiter, s.ntfn));
	assert_error(ABI_ILLEGAL_OPERATION, NONE, bind(s.waiter, second));
	assert_error(ABI_ILLEGAL_OPERATION, NONE, bind(s.other, s.ntfn));
	wait_on(s.o, second, ABI_SYS_RECV);
	user_become(world.root);
	assert_int_equal(user_call(s.waiter, ABI_TCB_UNBIND_NOTIFICATION, NONE,
				   NONE),
			 ABI_OK);
	assert_error(ABI_ILLEGAL_OPERATION, NONE, bind(s.waiter, second));
	check_world();
}

static void others_may_not_wait_on_a_bound_one(void **state)
{
	struct scene s = scene_begin();

	(void)state;
	assert_int_equal(bind(s.waiter, s.ntfn), ABI_OK);
	wait_on(s.w, s.ntfn, ABI_SYS_RECV);
	assert_int_equal(s.w->state, THREAD_BLOCKED_NTFN);
	wait_on(s.o, s.ntfn, ABI_SYS_NBRECV);
	assert_int_equal(s.o->state, THREAD_INACTIVE);
	signal_cap(s.two);
	assert_only_badge(s.w, 2);
}

/* A receive on an endpoint ends by the signal, before or after. */
static void bound_receive(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t ntfn = new_object(ABI_OBJ_NOTIFICATION, 0);
	uint64_t four = new_badged(ntfn, ABI_RIGHT_WRITE, 4);

	(void)state;
	assert_int_equal(bind(p.server, ntfn), ABI_OK);
	wait_on(p.s, p.recv, ABI_SYS_RECV);
	assert_int_equal(p.s->state, THREAD_BLOCKED_RECV);
	signal_cap(four);
	assert_only_badge(p.s, 4);
	check_world();
	signal_cap(four);
	pair_client_sends(&p, ABI_SYS_SEND, 1, WORDS(5), NONE);
	wait_on(p.s, p.recv, ABI_SYS_NBRECV);
	assert_only_badge(p.s, 4); /* the signal first, then the sender */
	wait_on(p.s, p.recv, ABI_SYS_NBRECV);
	assert_int_equal(p.s->context.x[0], PAIR_BADGE);
	check_world();
}

static void bound_senders_are_not_woken(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t ntfn = new_object(ABI_OBJ_NOTIFICATION, 0);

	(void)state;
	assert_int_equal(bind(p.client, ntfn), ABI_OK);
	pair_client_sends(&p, ABI_SYS_CALL, 1, NONE, NONE);
	signal_cap(ntfn);
	assert_int_equal(p.c->state, THREAD_BLOCKED_SEND);
	pair_server_waits(&p);
	assert_int_equal(p.c->state, THREAD_BLOCKED_REPLY);
	user_become(world.root);
	signal_cap(ntfn);
	assert_int_equal(p.c->state, THREAD_BLOCKED_REPLY);
	check_world();
}

static void binding_dies_with_either(void **state)
{
	struct scene s = scene_begin();
	uint64_t second = new_object(ABI_OBJ_NOTIFICATION, 0);

	(void)state;
	assert_int_equal(bind(s.waiter, s.ntfn), ABI_OK);
	assert_int_equal(bind(s.other, second), ABI_OK);
	assert_int_equal(cap_delete(second), ABI_OK);
	assert_null(s.o->bound);
	assert_int_equal(cap_delete(s.waiter), ABI_OK);
	assert_int_equal(bind(s.other, s.ntfn), ABI_OK);
	check_world();
}

static void waiters_restart_when_it_goes(void **state)
{
	struct scene s = scene_begin();

	(void)state;
	wait_on(s.w, s.ntfn, ABI_SYS_RECV);
	wait_on(s.o, s.ntfn, ABI_SYS_RECV);
	user_become(world.root);
	assert_int_equal(cap_revoke(s.ntfn), ABI_OK);
	assert_int_equal(s.w->state, THREAD_BLOCKED_NTFN);
	assert_int_equal(cap_delete(s.ntfn), ABI_OK);
	assert_int_equal(s.w->state, THREAD_RESTART);
	assert_int_equal(s.o->state, THREAD_RESTART);
	check_world();
}

static void suspend_leaves_the_queue(void **state)
{
	struct scene s = scene_begin();

	(void)state;
	wait_on(s.w, s.ntfn, ABI_SYS_RECV);
	wait_on(s.o, s.ntfn, ABI_SYS_RECV);
	user_become(world.root);
	assert_int_equal(user_call(s.waiter, ABI_TCB_SUSPEND, NONE, NONE),
			 ABI_OK);
	check_world();
	signal_cap(s.one);
	assert_only_badge(s.o, 1);
	thread_start(s.waiter);
	user_become(s.w);
	assert_int_equal(s.w->context.pc, WORLD_SVC);
	assert_int_equal(s.w->context.x[0], s.ntfn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(idle_then_active),
		world_test(waiters_in_order),
		world_test(call_on_a_notification),
		world_test(binding_errors),
		world_test(others_may_not_wait_on_a_bound_one),
		world_test(bound_receive),
		world_test(bound_senders_are_not_woken),
		world_test(binding_dies_with_either),
		world_test(waiters_restart_when_it_goes),
		world_test(suspend_leaves_the_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
