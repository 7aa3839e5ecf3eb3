/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_sched.c - who runs: the table of abi.md section 14.
 */
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

#define SLICE 5u

/* Threads named by letters; the root thread is lowered to @root_priority. */
static struct tcb *a, *b, *c;
static uint64_t slot_a, slot_b, slot_c;

static uint64_t set_priority(uint64_t thread, uint64_t priority)
{
	return user_call(thread, ABI_TCB_SET_PRIORITY, WORDS(priority),
			 WORDS(ABI_SLOT_TCB));
}

static void begin(unsigned int root, unsigned int pa, unsigned int pb,
		  unsigned int pc)
{
	slot_a = new_thread(pa);
	slot_b = new_thread(pb);
	slot_c = new_thread(pc);
	a = tcb_at(slot_a);
	b = tcb_at(slot_b);
	c = tcb_at(slot_c);
	assert_int_equal(set_priority(ABI_SLOT_TCB, root), ABI_OK);
}

static void yield(void)
{
	user_svc(ABI_SYS_YIELD);
	check_world();
}

static void tick(void)
{
	fake.take = FAKE_TIMER;
	kernel_interrupt();
	check_world();
}

static void higher_runs_at_once(void **state)
{
	(void)state;
	begin(100, 101, 102, 100);
	thread_start(slot_c); /* waits its turn at 100 */
	user_message(slot_a, ABI_TCB_RESUME, NONE, NONE);
	user_svc(ABI_SYS_CALL);
	assert_ptr_equal(sched_current, a);
	assert_ptr_equal(fake.loaded, a);
	user_message(slot_b, ABI_TCB_RESUME, NONE, NONE);
	user_svc(ABI_SYS_CALL);
	assert_ptr_equal(sched_current, b);
	user_message(slot_b, ABI_TCB_SUSPEND, NONE, NONE);
	user_svc(ABI_SYS_CALL);
	assert_ptr_equal(sched_current, a);
	user_message(slot_a, ABI_TCB_SUSPEND, NONE, NONE);
	user_svc(ABI_SYS_CALL); /* the preempted root is before c */
	assert_ptr_equal(sched_current, world.root);
	yield();
	assert_ptr_equal(sched_current, c);
}

static void equal_goes_to_the_tail(void **state)
{
	(void)state;
	begin(100, 100, 100, 100);
	thread_start(slot_a);
	thread_start(slot_b);
	thread_start(slot_c);
	assert_ptr_equal(sched_current, world.root);
	yield();
	assert_ptr_equal(sched_current, a);
	yield();
	assert_ptr_equal(sched_current, b);
	yield();
	assert_ptr_equal(sched_current, c);
	yield();
	assert_ptr_equal(sched_current, world.root);
}

static void lower_waits(void **state)
{
	(void)state;
	begin(100, 50, 60, 50);
	thread_start(slot_a);
	thread_start(slot_b);
	thread_start(slot_c);
	yield();
	assert_ptr_equal(sched_current, world.root);
	user_message(ABI_SLOT_TCB, ABI_TCB_SUSPEND, NONE, NONE);
	user_svc(ABI_SYS_CALL);
	assert_ptr_equal(sched_current, b);
	user_message(slot_b, ABI_TCB_SUSPEND, NONE, NONE);
	user_svc(ABI_SYS_CALL);
	assert_ptr_equal(sched_current, c); /* woken last: at the head */
}

static void slices(void **state)
{
	unsigned int i, round;

	(void)state;
	begin(100, 100, 90, 90);
	thread_start(slot_a);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < SLICE; i++) {
			assert_ptr_equal(sched_current, world.root);
			tick();
		}
		for (i = 0; i < SLICE; i++) {
			assert_ptr_equal(sched_current, a);
			tick();
		}
	}
	assert_int_equal(fake.rearmed, 4 * SLICE);
	assert_int_equal(fake.deactivated[FAKE_TIMER], 4 * SLICE);
}

static void idle_until_woken(void **state)
{
	uint64_t ntfn, handler, got;

	(void)state;
	ntfn = new_object(ABI_OBJ_NOTIFICATION, 0);
	handler = new_slot();
	got = user_call(ABI_SLOT_IRQ_CONTROL, ABI_IRQ_CONTROL_GET,
			WORDS(40, handler, 64), WORDS(ABI_SLOT_CNODE));
	assert_int_equal(got, ABI_OK);
	got = user_call(handler, ABI_IRQ_HANDLER_SET_NOTIFICATION, NONE,
			WORDS(ntfn));
	assert_int_equal(got, ABI_OK);
	user_message(ntfn, 0, NONE, NONE);
	user_svc(ABI_SYS_RECV);
	assert_ptr_equal(sched_current, &sched_idle);
	assert_int_equal(fake.root, 0);
	tick();
	assert_ptr_equal(sched_current, &sched_idle);
	fake.take = 40;
	kernel_interrupt();
	assert_ptr_equal(sched_current, world.root);
	assert_int_equal(fake.root, (uint64_t)world.vspace);
	assert_int_equal(fake.asid, 1);
}

static void priority_checks(void **state)
{
	uint64_t weak, ep, got;

	(void)state;
	begin(255, 10, 10, 10);
	weak = slot_b;
	ep = new_object(ABI_OBJ_ENDPOINT, 0);
	got = user_call(weak, ABI_TCB_SET_MC_PRIORITY, WORDS(20),
			WORDS(ABI_SLOT_TCB));
	assert_error(ABI_OK, NONE, got);
	got = user_call(slot_a, ABI_TCB_SET_PRIORITY, WORDS(21), WORDS(weak));
	assert_error(ABI_RANGE_ERROR, WORDS(0, 20), got);
	got = user_call(slot_a, ABI_TCB_SET_PRIORITY, WORDS(21), WORDS(ep));
	assert_error(ABI_INVALID_CAPABILITY, WORDS(1), got);
	got = user_call(slot_a, ABI_TCB_SET_PRIORITY, WORDS(1ull << 32),
			WORDS(weak));
	assert_error(ABI_RANGE_ERROR, WORDS(0, 20), got);
	got = user_call(slot_a, ABI_TCB_SET_SCHED_PARAMS, WORDS(21, 1),
			WORDS(weak));
	assert_error(ABI_RANGE_ERROR, WORDS(0, 20), got);
	got = user_call(slot_a, ABI_TCB_SET_SCHED_PARAMS, WORDS(1, 21),
			WORDS(weak));
	assert_error(ABI_RANGE_ERROR, WORDS(0, 20), got);
	assert_int_equal(a->mcp, 255);
	got = user_call(slot_a, ABI_TCB_SET_SCHED_PARAMS, WORDS(1, 20),
			WORDS(weak)); /* its own MCP is no bound */
	assert_error(ABI_OK, NONE, got);
	assert_int_equal(a->mcp, 1);
	assert_int_equal(a->priority, 20);
	got = user_call(slot_a, ABI_TCB_SET_SCHED_PARAMS, WORDS(1),
			WORDS(weak));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	got = user_call(slot_a, ABI_TCB_SET_PRIORITY, WORDS(1), NONE);
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
}

static void priority_moves_queues(void **state)
{
	(void)state;
	begin(100, 50, 50, 50);
	thread_start(slot_a);
	thread_start(slot_b);
	assert_int_equal(set_priority(slot_a, 0), ABI_OK);
	check_world();
	user_message(slot_b, ABI_TCB_SET_PRIORITY, WORDS(200),
		     WORDS(ABI_SLOT_TCB));
	user_svc(ABI_SYS_CALL);
	assert_ptr_equal(sched_current, b);
	user_message(slot_b, ABI_TCB_SET_PRIORITY, WORDS(100),
		     WORDS(ABI_SLOT_TCB));
	user_svc(ABI_SYS_CALL); /* current chosen anew: it is at the head */
	assert_ptr_equal(sched_current, b);
	user_message(slot_b, ABI_TCB_SET_PRIORITY, WORDS(99),
		     WORDS(ABI_SLOT_TCB));
	user_svc(ABI_SYS_CALL);
	assert_ptr_equal(sched_current, world.root);
	check_world();
	assert_int_equal(set_priority(slot_c, 255), ABI_OK); /* inactive */
	assert_ptr_equal(sched_current, world.root);
}

/* Many wake in one system call: all are queued and the best one runs. */
static void several_woken(void **state)
{
	uint64_t ep;

	(void)state;
	begin(255, 200, 210, 150);
	ep = new_object(ABI_OBJ_ENDPOINT, 0);
	thread_start(slot_a);
	thread_start(slot_b);
	assert_int_equal(set_priority(ABI_SLOT_TCB, 180), ABI_OK);
	assert_ptr_equal(sched_current, b);
	user_message(ep, 0, NONE, NONE);
	user_svc(ABI_SYS_SEND);
	assert_ptr_equal(sched_current, a);
	user_message(ep, 0, NONE, NONE);
	user_svc(ABI_SYS_SEND);
	assert_ptr_equal(sched_current, world.root);
	user_message(ABI_SLOT_CNODE, ABI_CNODE_DELETE, WORDS(ep, 64), NONE);
	user_svc(ABI_SYS_CALL);
	check_world();
	assert_ptr_equal(sched_current, b);
	assert_int_equal(b->context.pc, WORLD_SVC);
}

/* Woken and suspended in one go: by deleting the thread that was woken. */
static void woken_thread_goes(void **state)
{
	(void)state;
	begin(100, 100, 100, 100);
	thread_start(slot_a);
	thread_start(slot_b);
	assert_int_equal(cap_delete(slot_a), ABI_OK);
	check_world();
	yield();
	assert_ptr_equal(sched_current, b);
}

static void all_priorities(void **state)
{
	unsigned int i;
	uint64_t slots[64];

	(void)state;
	for (i = 0; i < 64; i++) {
		slots[i] = new_thread((i * 37 + 5) % 64 * 4 + i % 4);
		thread_start(slots[i]);
	}
	check_world();
	for (i = 255; i > 0; i--) {
		assert_int_equal(set_priority(ABI_SLOT_TCB, i), ABI_OK);
		while (sched_current != world.root) {
			assert_true(sched_current->priority >= i);
			thread_suspend(sched_current);
			sched_run();
		}
	}
	check_world();
}

static void cpu_time(void **state)
{
	uint64_t first, got;

	(void)state;
	begin(255, 1, 1, 1);
	got = user_call(slot_a, ABI_KAAL_TCB_CPU_TIME, NONE, NONE);
	assert_error(ABI_OK, WORDS(0), got);
	assert_int_equal(user_call(ABI_SLOT_TCB, ABI_KAAL_TCB_CPU_TIME, NONE,
				   NONE),
			 ABI_OK);
	first = user_word(0);
	fake.counter += 1000;
	got = user_call(ABI_SLOT_TCB, ABI_TCB_SET_SPACE, WORDS(0, 0, 0),
			WORDS(ABI_SLOT_CNODE, ABI_SLOT_VSPACE));
	assert_int_equal(got, ABI_OK);
	assert_int_equal(user_call(ABI_SLOT_TCB, ABI_KAAL_TCB_CPU_TIME, NONE,
				   NONE),
			 ABI_OK);
	assert_true(user_word(0) >= first + 1000);
}

static void set_limit(uint64_t slot, uint64_t ticks)
{
	assert_int_equal(user_call(slot, ABI_KAAL_TCB_SET_LIMIT, WORDS(ticks),
				   NONE),
			 ABI_OK);
}

/* The current thread has a limit of two ticks and no fault handler. */
static void ends_at_third_tick(struct tcb *tcb)
{
	tick();
	tick();
	assert_ptr_equal(sched_current, tcb);
	tick();
	assert_int_equal(tcb->state, THREAD_INACTIVE);
	assert_int_equal(tcb->context.fault_pc, tcb->context.pc);
	assert_ptr_equal(sched_current, world.root);
}

/* One that is above all others: only another thread's turn ends its own. */
static void turn_has_a_limit(void **state)
{
	unsigned int i;

	(void)state;
	begin(100, 101, 102, 90);
	set_limit(slot_a, 2);
	thread_start(slot_a);
	ends_at_third_tick(a);
	thread_start(slot_a);
	tick();
	yield(); /* to nobody */
	tick();
	assert_ptr_equal(sched_current, a);
	tick();
	assert_ptr_equal(sched_current, world.root);
	thread_start(slot_a);
	tick();
	tick();
	thread_start(slot_b);
	assert_ptr_equal(sched_current, b);
	for (i = 0; i < 4 * SLICE; i++)
		tick(); /* it has no limit */
	assert_ptr_equal(sched_current, b);
	user_message(slot_b, ABI_TCB_SUSPEND, NONE, NONE);
	user_svc(ABI_SYS_CALL);
	assert_ptr_equal(sched_current, a);
	ends_at_third_tick(a);
	set_limit(slot_a, 0);
	thread_start(slot_a);
	for (i = 0; i < 4 * SLICE; i++)
		tick();
	assert_ptr_equal(sched_current, a);
}

/* Who shares the processor, if only by slices, has turns of a slice. */
static void equals_end_turns(void **state)
{
	unsigned int i;

	(void)state;
	begin(100, 100, 90, 90);
	set_limit(slot_a, SLICE);
	thread_start(slot_a);
	for (i = 0; i < 8 * SLICE; i++)
		tick();
	assert_int_equal(a->state, THREAD_RUNNING);
	set_limit(slot_a, SLICE - 1);
	for (i = 0; i < 2 * SLICE; i++)
		tick();
	assert_int_equal(a->state, THREAD_INACTIVE);
}

static void limit_checks(void **state)
{
	uint64_t got;

	(void)state;
	begin(255, 1, 1, 1);
	got = user_call(slot_a, ABI_KAAL_TCB_SET_LIMIT, NONE, NONE);
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	got = user_call(ABI_SLOT_VSPACE, ABI_KAAL_TCB_SET_LIMIT, WORDS(1),
			NONE);
	assert_error(ABI_ILLEGAL_OPERATION, NONE, got);
	assert_int_equal(a->turn_limit, 0);
	set_limit(slot_a, ~0ull);
	assert_int_equal(a->turn_limit, ~0ull);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(higher_runs_at_once),
		world_test(equal_goes_to_the_tail),
		world_test(lower_waits),
		world_test(slices),
		world_test(idle_until_woken),
		world_test(priority_checks),
		world_test(priority_moves_queues),
		world_test(several_woken),
		world_test(woken_thread_goes),
		world_test(all_priorities),
		world_test(cpu_time),
		world_test(turn_has_a_limit),
		world_test(equals_end_turns),
		world_test(limit_checks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
