/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_tcb.c - registers, spaces, life and flags of threads.
 *
 * Labels and checks: abi.md section 7.2; register order: section 10.
 */
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

#define ROOT   ABI_SLOT_CNODE
#define BUFFER 0x20000ull

static uint64_t read_registers(uint64_t thread, uint64_t flags, uint64_t count)
{
	return user_call(thread, ABI_TCB_READ_REGISTERS, WORDS(flags, count),
			 NONE);
}

static uint64_t write_registers(uint64_t thread, uint64_t flags, uint64_t count,
				uint64_t first)
{
	uint64_t words[ABI_CONTEXT_WORDS + 4] = { flags, count };
	unsigned int i;

	for (i = 0; i < ABI_CONTEXT_WORDS + 2; i++)
		words[2 + i] = first + i;
	return user_call(thread, ABI_TCB_WRITE_REGISTERS, words, 2 + count,
			 NONE);
}

/* Where each word of section 10 lies in the context. */
static const uint64_t *context_word(const struct context *c, unsigned int i)
{
	static const uint8_t x_of[] = { 0,  1,	2,  3,	4,  5,	6,  7,
					8,  16, 17, 18, 29, 30, 9,  10,
					11, 12, 13, 14, 15, 19, 20, 21,
					22, 23, 24, 25, 26, 27, 28 };

	if (i >= 3 && i < 34)
		return &c->x[x_of[i - 3]];
	switch (i) {
	case 0:
		return &c->fault_pc;
	case 1:
		return &c->sp;
	case 2:
		return &c->spsr;
	case 34:
		return &c->tpidr;
	default:
		return &c->tpidrro;
	}
}

static void registers_in_order(void **state)
{
	uint64_t thread = new_thread(100);
	struct tcb *tcb = tcb_at(thread);
	unsigned int i;

	(void)state;
	assert_error(ABI_OK, NONE, write_registers(thread, 0, 36, 0xa0000000));
	assert_int_equal(tcb->state, THREAD_INACTIVE);
	for (i = 0; i < ABI_CONTEXT_WORDS; i++) {
		if (i == 2)
			continue;
		assert_int_equal(*context_word(&tcb->context, i),
				 0xa0000000 + i);
	}
	assert_int_equal(tcb->context.spsr, 0xa0000140);
	assert_int_equal(tcb->context.pc, 0xa0000000);
	assert_int_equal(read_registers(thread, 0, 36), ABI_OK);
	assert_int_equal(user_length(), 36);
	for (i = 0; i < ABI_CONTEXT_WORDS; i++)
		assert_int_equal(user_word(i), *context_word(&tcb->context, i));
	assert_int_equal(read_registers(thread, 0, 3), ABI_OK);
	assert_int_equal(user_length(), 3);
}

static void register_errors(void **state)
{
	uint64_t thread = new_thread(100), got;
	uint64_t words[40] = { 0, 38 };

	(void)state;
	assert_error(ABI_RANGE_ERROR, WORDS(1, 36),
		     read_registers(thread, 0, 0));
	assert_error(ABI_RANGE_ERROR, WORDS(1, 36),
		     read_registers(thread, 0, 37));
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     read_registers(ABI_SLOT_TCB, 0, 36));
	got = user_call(thread, ABI_TCB_READ_REGISTERS, WORDS(0), NONE);
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	got = user_call(thread, ABI_TCB_WRITE_REGISTERS, WORDS(0, 3, 1, 2),
			NONE);
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	got = user_call(thread, ABI_TCB_WRITE_REGISTERS, WORDS(0, ~0ull, 1, 2),
			NONE);
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     write_registers(ABI_SLOT_TCB, 0, 1, 5));
	got = user_call(thread, ABI_TCB_WRITE_REGISTERS, words, 40, NONE);
	assert_error(ABI_OK, NONE, got); /* more than 36 are cut */
	got = user_call(thread, 99, NONE, NONE);
	assert_error(ABI_ILLEGAL_OPERATION, NONE, got);
}

static void resume_flag(void **state)
{
	uint64_t thread = new_thread(255);
	struct tcb *tcb = tcb_at(thread);

	(void)state;
	assert_error(ABI_OK, NONE, write_registers(thread, 1, 1, 0x8000));
	assert_int_equal(tcb->state, THREAD_RESTART);
	user_become(tcb);
	assert_int_equal(tcb->context.pc, 0x8000);
	user_become(world.root);
	assert_int_equal(read_registers(thread, 1, 1), ABI_OK);
	assert_int_equal(user_word(0), WORLD_SVC + 4); /* Yield was done */
	assert_int_equal(tcb->state, THREAD_INACTIVE);
	check_world();
}

static uint64_t copy_registers(uint64_t dst, uint64_t src, uint64_t flags)
{
	return user_call(dst, ABI_TCB_COPY_REGISTERS, WORDS(flags), WORDS(src));
}

static void registers_are_copied(void **state)
{
	uint64_t src = new_thread(100), dst = new_thread(100), ep;
	struct context *c = &tcb_at(dst)->context;

	(void)state;
	ep = new_object(ABI_OBJ_ENDPOINT, 0);
	assert_error(ABI_INVALID_CAPABILITY, WORDS(1),
		     copy_registers(dst, ep, 0));
	assert_int_equal(write_registers(src, 0, 36, 0xb0000000), ABI_OK);
	assert_error(ABI_OK, NONE, copy_registers(dst, src, 4));
	assert_int_equal(c->fault_pc, 0xb0000000);
	assert_int_equal(c->x[30], 0xb0000000 + 16);
	assert_int_equal(c->x[9], 0);
	assert_error(ABI_OK, NONE, copy_registers(dst, src, 8));
	assert_int_equal(c->x[9], 0xb0000000 + 17);
	assert_int_equal(c->tpidrro, 0xb0000000 + 35);
	assert_error(ABI_OK, NONE, copy_registers(dst, src, 2));
	assert_int_equal(tcb_at(dst)->state, THREAD_RESTART);
	assert_error(ABI_OK, NONE, copy_registers(src, dst, 1));
	assert_int_equal(tcb_at(dst)->state, THREAD_INACTIVE);
	check_world();
}

/* Into the running thread: it goes on where the copy says. */
static void registers_into_oneself(void **state)
{
	uint64_t src = new_thread(100);

	(void)state;
	assert_int_equal(write_registers(src, 0, 36, 0xb0000000), ABI_OK);
	assert_int_equal(copy_registers(ABI_SLOT_TCB, src, 12), ABI_OK);
	assert_int_equal(sched_current->context.pc, 0xb0000000);
	assert_int_equal(sched_current->context.x[19], 0xb0000000 + 24);
	assert_int_equal(fake.tpidr, 0xb0000000 + 34);
	fake.tpidr = 0x1234; /* EL0 writes it itself */
	assert_int_equal(copy_registers(src, ABI_SLOT_TCB, 8), ABI_OK);
	assert_int_equal(tcb_at(src)->context.tpidr, 0x1234);
}

static void tls_base(void **state)
{
	uint64_t thread = new_thread(100), got;

	(void)state;
	got = user_call(thread, ABI_TCB_SET_TLS_BASE, WORDS(0x7000), NONE);
	assert_error(ABI_OK, NONE, got);
	assert_int_equal(tcb_at(thread)->context.tpidr, 0x7000);
	got = user_call(ABI_SLOT_TCB, ABI_TCB_SET_TLS_BASE, WORDS(0x6000),
			NONE);
	assert_error(ABI_OK, NONE, got);
	assert_int_equal(fake.tpidr, 0x6000);
	got = user_call(thread, ABI_TCB_SET_TLS_BASE, NONE, NONE);
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
}

static void flags(void **state)
{
	uint64_t thread = new_thread(100), got;

	(void)state;
	got = user_call(thread, ABI_TCB_SET_FLAGS, WORDS(0, ~0ull), NONE);
	assert_error(ABI_OK, WORDS(1), got);
	assert_ptr_equal(fake.fpu_released, tcb_at(thread));
	got = user_call(thread, ABI_TCB_SET_FLAGS, WORDS(1, 1), NONE);
	assert_error(ABI_OK, WORDS(1), got);
	got = user_call(thread, ABI_TCB_SET_FLAGS, WORDS(1, 0), NONE);
	assert_error(ABI_OK, WORDS(0), got);
	got = user_call(thread, ABI_TCB_SET_FLAGS, WORDS(1), NONE);
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
}

static uint64_t configure(uint64_t thread, uint64_t cspace, uint64_t vspace,
			  uint64_t vaddr, uint64_t frame)
{
	return user_call(thread, ABI_TCB_CONFIGURE, WORDS(0, 0, 0, vaddr),
			 WORDS(cspace, vspace, frame));
}

static void configure_errors(void **state)
{
	uint64_t thread = new_object(ABI_OBJ_TCB, 0), vspace, frame, device;
	uint64_t empty = new_slot(), got;
	const uint64_t space = ABI_SLOT_VSPACE;

	(void)state;
	vspace = new_object(ABI_OBJ_VSPACE, 0);
	frame = new_object(ABI_OBJ_FRAME_SMALL, 0);
	device = new_slot();
	got = user_call(WORLD_UART, ABI_UNTYPED_RETYPE,
			WORDS(ABI_OBJ_FRAME_SMALL, 0, 0, 0, device, 1),
			WORDS(ROOT));
	assert_int_equal(got, ABI_OK);
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     configure(thread, ROOT, space, BUFFER, ROOT));
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     configure(thread, ROOT, space, BUFFER + 1, device));
	assert_error(ABI_REVOKE_FIRST, NONE,
		     configure(thread, ROOT, space, BUFFER, WORLD_RAM));
	assert_error(ABI_ALIGNMENT_ERROR, NONE,
		     configure(thread, empty, empty, BUFFER + 512, frame));
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     configure(thread, empty, space, BUFFER, frame));
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     configure(thread, thread, space, BUFFER, frame));
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     configure(thread, ROOT, vspace, BUFFER, frame));
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     configure(thread, ROOT, ROOT, BUFFER, frame));
	got = user_call(thread, ABI_TCB_CONFIGURE, WORDS(0, 0, 0, 0),
			WORDS(ROOT, space));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	got = user_call(thread, ABI_TCB_SET_SPACE, WORDS(0, 0), WORDS(ROOT, 3));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	got = user_call(thread, ABI_TCB_SET_IPC_BUFFER, WORDS(0), NONE);
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	assert_error(ABI_OK, NONE, configure(thread, ROOT, space, 0, empty));
	assert_null(thread_buffer(tcb_at(thread), false));
	check_world();
}

/* The TCB's copies are children of what was given: revoking takes them. */
static void own_slots_are_children(void **state)
{
	uint64_t thread = new_object(ABI_OBJ_TCB, 0);
	uint64_t cnode = new_object(ABI_OBJ_CNODE, 4);
	uint64_t frame = new_object(ABI_OBJ_FRAME_LARGE, 0);
	struct tcb *tcb = tcb_at(thread);

	(void)state;
	assert_int_equal(user_call(thread, ABI_TCB_CONFIGURE,
				   WORDS(5, 60, 0, 0x600400),
				   WORDS(cnode, ABI_SLOT_VSPACE, frame)),
			 ABI_OK);
	assert_int_equal(cnode_guard_size(tcb->slot[TCB_CSPACE].cap), 60);
	assert_int_equal(cnode_guard_size(cap_at(cnode)), 0);
	assert_int_equal(tcb->fault_handler, 5);
	assert_ptr_equal(thread_buffer(tcb, true),
			 (char *)cap_ptr(cap_at(frame)) + 0x400);
	check_world();
	assert_int_equal(cap_revoke(frame), ABI_OK);
	assert_null(thread_buffer(tcb, false));
	assert_int_equal(cap_revoke(cnode), ABI_OK);
	assert_true(cte_is_empty(&tcb->slot[TCB_CSPACE]));
	assert_false(cte_is_empty(&tcb->slot[TCB_VSPACE]));
}

static void buffer_rights(void **state)
{
	uint64_t thread = new_object(ABI_OBJ_TCB, 0);
	uint64_t frame = new_object(ABI_OBJ_FRAME_SMALL, 0);
	uint64_t ro = new_copy(frame, ABI_RIGHT_READ);
	uint64_t wo = new_copy(frame, ABI_RIGHT_WRITE);
	const struct tcb *tcb = tcb_at(thread);

	(void)state;
	assert_int_equal(user_call(thread, ABI_TCB_SET_IPC_BUFFER,
				   WORDS(BUFFER), WORDS(ro)),
			 ABI_OK);
	assert_non_null(thread_buffer(tcb, false));
	assert_null(thread_buffer(tcb, true));
	assert_int_equal(user_call(thread, ABI_TCB_SET_IPC_BUFFER,
				   WORDS(BUFFER), WORDS(wo)),
			 ABI_OK);
	assert_null(thread_buffer(tcb, false));
	assert_null(thread_buffer(tcb, true));
}

/* The slot holds the last capability of a CNode: that is not replaced. */
static void long_deletion_is_refused(void **state)
{
	uint64_t thread = new_thread(100), got;
	uint64_t cnode = new_object(ABI_OBJ_CNODE, 4);

	(void)state;
	got = user_call(thread, ABI_TCB_SET_SPACE, WORDS(0, 0, 0),
			WORDS(cnode, ABI_SLOT_VSPACE));
	assert_error(ABI_OK, NONE, got);
	assert_int_equal(cap_delete(cnode), ABI_OK);
	got = user_call(thread, ABI_TCB_SET_SPACE, WORDS(0, 0, 0),
			WORDS(ROOT, ABI_SLOT_VSPACE));
	assert_error(ABI_ILLEGAL_OPERATION, NONE, got);
	check_world();
}

static void new_space_is_loaded(void **state)
{
	uint64_t vspace = new_object(ABI_OBJ_VSPACE, 0), got;

	(void)state;
	assert_int_equal(user_call(ABI_SLOT_ASID_POOL, ABI_ASID_POOL_ASSIGN,
				   NONE, WORDS(vspace)),
			 ABI_OK);
	got = user_call(ABI_SLOT_TCB, ABI_TCB_SET_SPACE, WORDS(0, 0, 0),
			WORDS(ROOT, vspace));
	assert_error(ABI_OK, NONE, got);
	assert_int_equal(fake.root, cap_addr(cap_at(vspace)));
	assert_int_equal(cap_revoke(vspace), ABI_OK);
	assert_int_equal(cap_delete(vspace), ABI_OK);
	assert_int_equal(fake.root, 0); /* an empty address space */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(registers_in_order),
		world_test(register_errors),
		world_test(resume_flag),
		world_test(registers_are_copied),
		world_test(registers_into_oneself),
		world_test(tls_base),
		world_test(flags),
		world_test(configure_errors),
		world_test(own_slots_are_children),
		world_test(buffer_rights),
		world_test(long_deletion_is_refused),
		world_test(new_space_is_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
