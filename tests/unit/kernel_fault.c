/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_fault.c - every fault message word by word, and what replies do.
 *
 * Layouts: abi.md section 9. The server of the pair is the fault handler.
 */
#include <core/fault.h>
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/pair.h"

#define ALL ABI_RIGHT_ALL

/* A pair whose client reports its faults to the waiting server. */
static struct pair fault_begin(unsigned int rights)
{
	struct pair p = pair_begin(rights, ALL);

	assert_int_equal(user_call(p.client, ABI_TCB_SET_SPACE,
				   WORDS(p.send, 0, 0),
				   WORDS(ABI_SLOT_CNODE, ABI_SLOT_VSPACE)),
			 ABI_OK);
	pair_server_waits(&p);
	return p;
}

/* The server runs with this fault message of the client. */
static void assert_fault(const struct pair *p, uint64_t label,
			 const uint64_t *words, size_t n)
{
	size_t i;

	user_become(p->s);
	assert_int_equal(p->c->state, THREAD_BLOCKED_REPLY);
	assert_int_equal(user_badge(), PAIR_BADGE);
	assert_int_equal(user_info(), abi_info(label, 0, n));
	for (i = 0; i < n; i++)
		assert_int_equal(user_word((unsigned int)i), words[i]);
	check_world();
}

static void reply(uint64_t label, const uint64_t *words, size_t n)
{
	user_message(0, label, words, n, NONE);
	user_svc(ABI_SYS_REPLY);
}

/* What a client does at @pc: the context as the vectors leave it. */
static void stand_at(const struct pair *p, uint64_t pc)
{
	user_become(p->c);
	p->c->context.fault_pc = pc;
	p->c->context.pc = pc;
}

static void vm_faults(void **state)
{
	struct pair p = fault_begin(ALL);

	(void)state;
	stand_at(&p, 0x1000);
	kernel_vm_fault(0xdead000, 0xf92000046, false);
	assert_fault(&p, ABI_FAULT_VM, WORDS(0x1000, 0xdead000, 0, 0x92000046));
	reply(99, NONE); /* the content is ignored: always a restart */
	assert_int_equal(p.c->state, THREAD_RESTART);
	pair_server_waits(&p);
	user_become(p.c);
	assert_int_equal(p.c->context.pc, 0x1000);
	stand_at(&p, 0x2000);
	kernel_vm_fault(0x2000, 0x82000006, true);
	assert_fault(&p, ABI_FAULT_VM, WORDS(0x2000, 0x2000, 1, 0x82000006));
}

static void user_exceptions(void **state)
{
	struct pair p = fault_begin(ABI_RIGHT_WRITE | ABI_RIGHT_GRANT_REPLY);

	(void)state;
	stand_at(&p, 0x1000);
	p.c->context.sp = 0x8000;
	p.c->context.spsr = 0x60000140;
	kernel_user_exception(0x02000000);
	assert_fault(&p, ABI_FAULT_USER_EXCEPTION,
		     WORDS(0x1000, 0x8000, 0x60000140, 0x02000000, 0));
	reply(0, WORDS(0x3000, 0x9000, ~0ull, 77));
	assert_int_equal(p.c->state, THREAD_RESTART);
	pair_server_waits(&p);
	user_become(p.c);
	assert_int_equal(p.c->context.pc, 0x3000);
	assert_int_equal(p.c->context.sp, 0x9000);
	assert_int_equal(p.c->context.spsr, 0xf0000140);
	kernel_user_exception(1);
	user_become(p.s);
	reply(1, WORDS(0x4000));
	assert_int_equal(p.c->state, THREAD_INACTIVE);
	assert_int_equal(p.c->context.fault_pc, 0x4000);
	check_world();
}

static void tick(void)
{
	fake.take = FAKE_TIMER;
	kernel_interrupt();
}

/* It stands somewhere, not at a system call, whatever its last one was. */
static void limit_faults(void **state)
{
	struct pair p = fault_begin(ALL);

	(void)state;
	assert_int_equal(user_call(p.client, ABI_KAAL_TCB_SET_LIMIT, WORDS(1),
				   NONE),
			 ABI_OK);
	stand_at(&p, 0x1000);
	p.c->context.fault_pc = 0x800;
	tick();
	assert_ptr_equal(sched_current, p.c);
	tick();
	assert_fault(&p, ABI_KAAL_FAULT_LIMIT, WORDS(0x1000, 2));
	reply(99, WORDS(0x3000)); /* as with a VM fault: a restart */
	pair_server_waits(&p);
	user_become(p.c);
	assert_int_equal(p.c->context.pc, 0x1000);
	tick();
	assert_ptr_equal(sched_current, p.c);
	tick();
	assert_fault(&p, ABI_KAAL_FAULT_LIMIT, WORDS(0x1000, 2));
}

static void unknown_syscalls(void **state)
{
	struct pair p = fault_begin(ALL);
	uint64_t words[13] = { 0,
			       1,
			       2,
			       3,
			       4,
			       5,
			       6,
			       (uint64_t)-99,
			       WORLD_SVC,
			       0x8000,
			       WORLD_SVC + 4,
			       0x140,
			       (uint64_t)-99 };
	unsigned int i;

	(void)state;
	user_become(p.c);
	for (i = 0; i < 7; i++)
		p.c->context.x[i] = i;
	p.c->context.sp = 0x8000;
	user_svc(-99);
	assert_fault(&p, ABI_FAULT_UNKNOWN_SYSCALL, words, 13);
	for (i = 0; i < 12; i++)
		words[i] = 0x1000 + i;
	words[11] = 0x80000000;
	words[12] = 0x4444;
	reply(0, words, 13);
	pair_server_waits(&p);
	user_become(p.c);
	for (i = 0; i < 8; i++)
		assert_int_equal(p.c->context.x[i], 0x1000 + i);
	assert_int_equal(p.c->context.pc, 0x1008);
	assert_int_equal(p.c->context.sp, 0x1009);
	assert_int_equal(p.c->context.spsr, 0x80000140);
	user_svc(0);
	user_become(p.s);
	reply(3, WORDS(0xaa));
	assert_int_equal(p.c->state, THREAD_INACTIVE);
	assert_int_equal(p.c->context.x[0], 0xaa);
}

/* Each lookup failure in a fault, with its own length. */
static void cap_faults(void **state)
{
	struct pair p = fault_begin(ALL);

	(void)state;
	user_become(p.c);
	user_message(1ull << 20, 0, NONE, NONE);
	user_svc(ABI_SYS_SEND);
	assert_fault(&p, ABI_FAULT_CAP,
		     WORDS(WORLD_SVC, 1 << 20, 0, ABI_LOOKUP_GUARD, 64, 0, 52));
	reply(5, WORDS(1, 2, 3));
	assert_int_equal(p.c->state, THREAD_RESTART);
	pair_server_waits(&p);
	user_become(p.c);
	user_message(p.client, 0, NONE, NONE); /* not one to receive on */
	user_svc(ABI_SYS_RECV);
	assert_fault(&p, ABI_FAULT_CAP,
		     WORDS(WORLD_SVC, p.client, 1, ABI_LOOKUP_MISSING, 0));
}

/* The two that a CSpace with one level and 64 bits does not show. */
static void lookup_kinds(void **state)
{
	struct pair p = fault_begin(ALL);
	struct fault fault = { .type = ABI_FAULT_CAP,
			       .address = 7,
			       .detail = { ABI_LOOKUP_DEPTH, 3, 8, 0 } };

	(void)state;
	stand_at(&p, 0x1000);
	fault_raise(sched_current, &fault);
	sched_run();
	assert_fault(&p, ABI_FAULT_CAP,
		     WORDS(0x1000, 7, 0, ABI_LOOKUP_DEPTH, 3, 8));
	reply(0, NONE);
	pair_server_waits(&p);
	fault.detail[0] = ABI_LOOKUP_INVALID_ROOT;
	stand_at(&p, 0x1000);
	fault_raise(sched_current, &fault);
	sched_run();
	assert_fault(&p, ABI_FAULT_CAP,
		     WORDS(0x1000, 7, 0, ABI_LOOKUP_INVALID_ROOT));
}

static void handler_without_buffer(void **state)
{
	struct pair p = fault_begin(ALL);

	(void)state;
	assert_int_equal(user_call(p.server, ABI_TCB_SET_IPC_BUFFER, WORDS(0),
				   WORDS(0)),
			 ABI_OK);
	user_become(p.c);
	p.c->context.x[2] = 0x22;
	user_svc(55);
	user_become(p.s);
	assert_int_equal(user_info(),
			 abi_info(ABI_FAULT_UNKNOWN_SYSCALL, 0, 4));
	p.s->context.x[1] = abi_info(0, 0, 12);
	p.s->context.x[5] = 0x33;
	user_svc(ABI_SYS_REPLY);
	assert_int_equal(p.c->context.x[3], 0x33);
	assert_int_equal(p.c->context.x[4], 0);
	assert_int_equal(p.c->context.fault_pc, WORLD_SVC);
}

static void nobody_to_tell(void **state)
{
	static const unsigned int rights[] = {
		ABI_RIGHT_WRITE,
		ABI_RIGHT_READ | ABI_RIGHT_GRANT,
		ABI_RIGHT_GRANT_REPLY,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct pair p = fault_begin(rights[i]);

		stand_at(&p, 0x1000);
		kernel_vm_fault(0, 0, false);
		assert_int_equal(p.c->state, THREAD_INACTIVE);
		assert_int_equal(p.c->context.fault_pc, 0x1000);
		assert_int_equal(p.s->state, THREAD_BLOCKED_RECV);
		user_become(world.root);
	}
}

/* Nobody receives yet: the fault waits in the queue, and may be dropped. */
static void fault_waits(void **state)
{
	struct pair p = pair_begin(ALL, ALL);

	(void)state;
	assert_int_equal(user_call(p.client, ABI_TCB_SET_SPACE,
				   WORDS(p.send, 0, 0),
				   WORDS(ABI_SLOT_CNODE, ABI_SLOT_VSPACE)),
			 ABI_OK);
	stand_at(&p, 0x1000);
	kernel_vm_fault(0x5000, 6, false);
	assert_int_equal(p.c->state, THREAD_BLOCKED_SEND);
	check_world();
	pair_server_waits(&p);
	assert_fault(&p, ABI_FAULT_VM, WORDS(0x1000, 0x5000, 0, 6));
	user_become(world.root);
	assert_int_equal(user_call(p.client, ABI_TCB_SUSPEND, NONE, NONE),
			 ABI_OK);
	assert_int_equal(p.c->fault.type, ABI_FAULT_NONE);
	assert_true(cte_is_empty(&p.s->slot[TCB_CALLER]));
	check_world();
	thread_start(p.client);
	user_become(p.c);
	assert_int_equal(p.c->context.pc, 0x1000);
}

/* A reply capability saved from a fault restarts the thread as well. */
static void saved_fault_reply(void **state)
{
	struct pair p = fault_begin(ALL);
	uint64_t slot = new_slot();

	(void)state;
	stand_at(&p, 0x1000);
	kernel_user_exception(7);
	user_become(p.s);
	assert_int_equal(user_call(ABI_SLOT_CNODE, ABI_CNODE_SAVE_CALLER,
				   WORDS(slot, 64), NONE),
			 ABI_OK);
	user_message(slot, 0, WORDS(0x7000), NONE);
	user_svc(ABI_SYS_SEND);
	assert_true(cte_is_empty(slot_at(slot)));
	user_become(p.c);
	assert_int_equal(p.c->context.pc, 0x7000);
	check_world();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(vm_faults),
		world_test(user_exceptions),
		world_test(limit_faults),
		world_test(unknown_syscalls),
		world_test(cap_faults),
		world_test(lookup_kinds),
		world_test(handler_without_buffer),
		world_test(nobody_to_tell),
		world_test(fault_waits),
		world_test(saved_fault_reply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
