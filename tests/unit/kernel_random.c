/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_random.c - 100,000 random kernel entries, the world checked after each.
 *
 * A few threads share a small CSpace and make calls that are mostly sensible:
 * the label fits the capability, slots and addresses come from small ranges, so
 * that things meet. Interrupts come at random, and a preempted call may never
 * be taken up again. Each round of 400 ends with the deletion of everything.
 *
 * The seed is printed; KTEST_SEED=n runs another one, KTEST_STEPS=n more steps.
 */
#include <stdio.h>
#include <stdlib.h>
#include <core/invoke.h>
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/message.h"

#define STEPS_DEFAULT 100000u
#define ROUND	      400u
#define THREADS	      5u
#define WORK_UNITS    100u /* between two looks at the interrupts */

static uint64_t seed = 20260401, step;

/* Where a capability that comes with a message shall go. */
static void set_receive_slot(void)
{
	struct abi_ipc_buffer *buffer = thread_buffer(sched_current, true);

	if (!buffer)
		return;
	buffer->receive_cnode = ABI_SLOT_CNODE;
	buffer->receive_index = empty_slot();
	buffer->receive_depth = 64;
}

static int64_t any_call(void)
{
	static const int64_t numbers[] = {
		ABI_SYS_CALL, ABI_SYS_CALL,   ABI_SYS_CALL,  ABI_SYS_CALL,
		ABI_SYS_SEND, ABI_SYS_NBSEND, ABI_SYS_YIELD,
	};

	return numbers[below(7)];
}

static int64_t any_ipc(void)
{
	static const int64_t numbers[] = {
		ABI_SYS_CALL,	ABI_SYS_SEND,
		ABI_SYS_NBSEND, ABI_SYS_RECV,
		ABI_SYS_NBRECV, ABI_SYS_REPLY_RECV,
		ABI_SYS_REPLY,	7,
	};

	return numbers[below(8)];
}

static void enter_by_message(void)
{
	static const enum abi_cap_tag kinds[] = {
		ABI_CAP_UNTYPED,     ABI_CAP_UNTYPED,	   ABI_CAP_CNODE,
		ABI_CAP_CNODE,	     ABI_CAP_CNODE,	   ABI_CAP_THREAD,
		ABI_CAP_FRAME,	     ABI_CAP_PAGE_TABLE,   ABI_CAP_IRQ_CONTROL,
		ABI_CAP_IRQ_HANDLER, ABI_CAP_ASID_CONTROL, ABI_CAP_ASID_POOL,
		ABI_CAP_ENDPOINT,    ABI_CAP_ENDPOINT,	   ABI_CAP_NOTIFICATION,
		ABI_CAP_REPLY,	     ABI_CAP_ENDPOINT,	   ABI_CAP_ENDPOINT,
		ABI_CAP_ENDPOINT,
	};
	struct message m = { .cptr = slot_of(kinds[below(19)]) };
	enum abi_cap_tag tag = cap_tag(cap_at(m.cptr));
	bool ipc = tag == ABI_CAP_ENDPOINT || tag == ABI_CAP_NOTIFICATION;

	make_message(&m);
	if (one_in(10))
		make_nonsense(&m);
	set_receive_slot();
	user_message(m.cptr, m.label, m.words, m.n_words, m.caps, m.n_caps);
	if (one_in(10)) { /* once, and perhaps never again */
		sched_current->context.fault_pc = WORLD_SVC;
		user_short_ways = one_in(2);
		user_enter(any_call());
	} else {
		user_short_ways = one_in(2);
		user_svc(ipc ? any_ipc() : any_call());
	}
}

static void enter_by_event(void)
{
	switch (below(4)) {
	case 0:
		kernel_vm_fault(any_vaddr(), 0x92000046, false);
		break;
	case 1:
		kernel_user_exception(0x02000000);
		break;
	case 2:
		fake.take = 40 + (unsigned int)below(4);
		kernel_interrupt();
		break;
	default:
		fake.take = FAKE_TIMER;
		kernel_interrupt();
	}
}

/* Everybody waits: as if somebody outside resumed a thread. */
static void wake_somebody(void)
{
	struct tcb *tcb = world.root;
	uint64_t slot = slot_of(ABI_CAP_THREAD);

	if (cap_is(cap_at(slot), ABI_CAP_THREAD))
		tcb = tcb_at(slot);
	thread_restart(tcb);
	sched_run();
}

/* Make the interrupt's turn come with the @unit-th unit of work from now. */
static void aim_interrupt(unsigned int unit)
{
	uint64_t checks = fake.pending_checks;

	fake.pending_always = false;
	while (fake.pending_checks == checks)
		preempt_due();
	for (; unit < WORK_UNITS; unit++)
		preempt_due();
	fake.pending_always = true;
}

static void one_step(void)
{
	fake.pending_always = false;
	if (one_in(3))
		aim_interrupt(1 + (unsigned int)below(8));
	if (sched_current == &sched_idle)
		wake_somebody();
	else if (one_in(12))
		enter_by_event();
	else
		enter_by_message();
}

static void begin_round(void)
{
	unsigned int i;
	uint64_t thread;

	world.scan = SLOTS + 8;
	for (i = 0; i < THREADS; i++) {
		thread = new_thread(254 + i % 2);
		thread_start(thread);
	}
	new_objects(ABI_OBJ_ENDPOINT, 0, 2);
	new_objects(ABI_OBJ_NOTIFICATION, 0, 2);
	new_objects(ABI_OBJ_CNODE, 2, 2);
	thread = new_objects(ABI_OBJ_PAGE_TABLE, 0, 3);
	for (i = 0; i < 3; i++)
		user_call(thread + i, ABI_PAGE_TABLE_MAP, WORDS(0, 0),
			  WORDS(ABI_SLOT_VSPACE));
	new_objects(ABI_OBJ_FRAME_SMALL, 0, 2);
	user_message(ABI_SLOT_TCB, ABI_TCB_SET_PRIORITY, WORDS(254),
		     WORDS(ABI_SLOT_TCB));
	user_svc(ABI_SYS_CALL);
}

static void random_entries(void **state)
{
	const char *steps_text = getenv("KTEST_STEPS");
	const char *seed_text = getenv("KTEST_SEED");
	uint64_t steps = STEPS_DEFAULT;

	(void)state;
	if (steps_text)
		steps = strtoull(steps_text, NULL, 0);
	if (seed_text)
		seed = strtoull(seed_text, NULL, 0);
	random_state = seed | 1;
	for (step = 0; step < steps; step++) {
		if (step % ROUND == 0) {
			if (step)
				world_end(NULL);
			world_begin(NULL);
			begin_round();
		}
		one_step();
		check_world();
	}
	world_end(NULL);
}

static int say_where(void **state)
{
	(void)state;
	printf("kernel_random: seed %lu, ended at step %lu\n", seed, step);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(random_entries, say_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
