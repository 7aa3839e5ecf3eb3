/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_untyped.c - retype: errors in order, watermark, reset, clean memory.
 *
 * Rules and numbers: abi.md section 13.
 */
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

#define ROOT ABI_SLOT_CNODE

static uint64_t retype(uint64_t untyped, uint64_t type, uint64_t size_bits,
		       uint64_t offset, uint64_t num)
{
	return user_call(untyped, ABI_UNTYPED_RETYPE,
			 WORDS(type, size_bits, 0, 0, offset, num),
			 WORDS(ROOT));
}

static uint64_t retype_at(uint64_t root, uint64_t index, uint64_t depth)
{
	return user_call(WORLD_RAM, ABI_UNTYPED_RETYPE,
			 WORDS(ABI_OBJ_ENDPOINT, 0, index, depth, 0, 1),
			 WORDS(root));
}

static void argument_errors(void **state)
{
	uint64_t free = world.next_slot, got;

	(void)state;
	got = user_call(WORLD_RAM, 2, NONE, NONE);
	assert_error(ABI_ILLEGAL_OPERATION, NONE, got);
	got = user_call(WORLD_RAM, 1, WORDS(99, 99, 0, 0, 0), WORDS(ROOT));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	got = user_call(WORLD_RAM, 1, WORDS(99, 99, 0, 0, 0, 0), NONE);
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	assert_error(ABI_INVALID_ARGUMENT, WORDS(0),
		     retype(WORLD_RAM, 10, 99, 9999, 0));
	assert_error(ABI_RANGE_ERROR, WORDS(0, 47),
		     retype(WORLD_RAM, ABI_OBJ_TCB, 64, 9999, 0));
	assert_error(ABI_RANGE_ERROR, WORDS(0, 47),
		     retype(WORLD_RAM, ABI_OBJ_UNTYPED, 48, 9999, 0));
	assert_error(ABI_RANGE_ERROR, WORDS(0, 47),
		     retype(WORLD_RAM, ABI_OBJ_CNODE, 43, 9999, 0));
	assert_error(ABI_INVALID_ARGUMENT, WORDS(1),
		     retype(WORLD_RAM, ABI_OBJ_CNODE, 0, 9999, 0));
	assert_error(ABI_INVALID_ARGUMENT, WORDS(1),
		     retype(WORLD_RAM, ABI_OBJ_UNTYPED, 3, 9999, 0));
	assert_error(ABI_RANGE_ERROR, WORDS(0, 4095),
		     retype(WORLD_RAM, ABI_OBJ_TCB, 63, 4096, 0));
	assert_error(ABI_RANGE_ERROR, WORDS(1, 256),
		     retype(WORLD_RAM, ABI_OBJ_TCB, 0, 4095, 0));
	assert_error(ABI_RANGE_ERROR, WORDS(1, 256),
		     retype(WORLD_RAM, ABI_OBJ_TCB, 0, 4095, 257));
	assert_error(ABI_RANGE_ERROR, WORDS(1, 1),
		     retype(WORLD_RAM, ABI_OBJ_TCB, 0, 4095, 2));
	assert_error(ABI_DELETE_FIRST, NONE,
		     retype(WORLD_RAM, ABI_OBJ_UNTYPED, 47, 15, 2));
	assert_error(ABI_NOT_ENOUGH_MEMORY, WORDS(1 << WORLD_RAM_BITS),
		     retype(WORLD_RAM, ABI_OBJ_UNTYPED, 24, free, 1));
	check_world();
}

static void destination_errors(void **state)
{
	uint64_t ep = new_object(ABI_OBJ_ENDPOINT, 0);

	(void)state;
	assert_error(ABI_FAILED_LOOKUP, WORDS(0, ABI_LOOKUP_MISSING, 0),
		     retype_at(ep, 0, 0));
	assert_error(ABI_FAILED_LOOKUP, WORDS(0, ABI_LOOKUP_INVALID_ROOT),
		     retype_at(ep, 0, 1));
	assert_error(ABI_RANGE_ERROR, WORDS(1, 64), retype_at(ROOT, ep, 65));
	assert_error(ABI_FAILED_LOOKUP, WORDS(0, ABI_LOOKUP_MISSING, 64),
		     retype_at(ROOT, ep, 64));
	assert_error(ABI_FAILED_LOOKUP, WORDS(0, ABI_LOOKUP_GUARD, 64, 0, 52),
		     retype_at(ROOT, 1ull << 50, 64));
	assert_error(ABI_DELETE_FIRST, NONE,
		     retype(WORLD_RAM, ABI_OBJ_TCB, 0, ep, 1));
}

static void into_a_node_below(void **state)
{
	uint64_t node = new_object(ABI_OBJ_CNODE, 3);
	const struct cte *slots = cap_ptr(cap_at(node));

	(void)state;
	assert_int_equal(retype_at(ROOT, node, 64), ABI_OK);
	assert_int_equal(cap_tag(slots[0].cap), ABI_CAP_ENDPOINT);
	assert_error(ABI_DELETE_FIRST, NONE, retype_at(ROOT, node, 64));
	assert_int_equal(cap_delete(node), ABI_OK);
}

static void device_memory(void **state)
{
	uint64_t slot = new_slot(), type;

	(void)state;
	for (type = 1; type < ABI_OBJ_COUNT; type++) {
		if (type == ABI_OBJ_FRAME_HUGE || type == ABI_OBJ_FRAME_SMALL ||
		    type == ABI_OBJ_FRAME_LARGE)
			continue;
		assert_error(ABI_INVALID_ARGUMENT, WORDS(1),
			     retype(WORLD_DEVICE, type, 5, slot, 1));
	}
	assert_error(ABI_NOT_ENOUGH_MEMORY, WORDS(4096),
		     retype(WORLD_UART, ABI_OBJ_TCB, 0, slot, 3));
	assert_int_equal(retype(WORLD_UART, ABI_OBJ_FRAME_SMALL, 0, slot, 1),
			 ABI_OK);
	assert_true(frame_is_device(cap_at(slot)));
	assert_int_equal(cap_addr(cap_at(slot)), WORLD_UART_PADDR);
	slot = new_slot();
	assert_int_equal(retype(WORLD_DEVICE, ABI_OBJ_UNTYPED, 30, slot, 1),
			 ABI_OK);
	assert_true(untyped_is_device(cap_at(slot)));
	assert_int_equal(fake.cleared, 0);
	check_world();
}

static void watermark_rises(void **state)
{
	uint64_t untyped = new_object(ABI_OBJ_UNTYPED, 13);
	uint64_t base = cap_addr(cap_at(untyped));
	uint64_t ep = new_slot(), frame = new_slot(), slot = new_slot();

	(void)state;
	assert_int_equal(retype(untyped, ABI_OBJ_ENDPOINT, 0, ep, 1), ABI_OK);
	assert_int_equal(cap_addr(cap_at(ep)), base);
	assert_error(ABI_NOT_ENOUGH_MEMORY, WORDS(8192 - 16),
		     retype(untyped, ABI_OBJ_FRAME_SMALL, 0, frame, 2));
	assert_int_equal(retype(untyped, ABI_OBJ_FRAME_SMALL, 0, frame, 1),
			 ABI_OK);
	assert_int_equal(cap_addr(cap_at(frame)), base + 4096);
	assert_error(ABI_NOT_ENOUGH_MEMORY, WORDS(0),
		     retype(untyped, ABI_OBJ_ENDPOINT, 0, slot, 1));
	assert_int_equal(cap_delete(ep), ABI_OK);
	assert_error(ABI_NOT_ENOUGH_MEMORY, WORDS(0),
		     retype(untyped, ABI_OBJ_ENDPOINT, 0, slot, 1));
	assert_int_equal(cap_delete(frame), ABI_OK);
	assert_int_equal(retype(untyped, ABI_OBJ_FRAME_SMALL, 0, slot, 2),
			 ABI_OK);
	assert_int_equal(cap_addr(cap_at(slot)), base);
	world.next_slot += 2;
	check_world();
}

static void defaults_of_new_caps(void **state)
{
	uint64_t slot;

	(void)state;
	slot = new_object(ABI_OBJ_ENDPOINT, 60);
	assert_int_equal(cap_rights(cap_at(slot)), ABI_RIGHT_ALL);
	assert_int_equal(cap_at(slot).w1, 0);
	slot = new_object(ABI_OBJ_NOTIFICATION, 0);
	assert_int_equal(cap_rights(cap_at(slot)), 3);
	slot = new_object(ABI_OBJ_CNODE, 5);
	assert_int_equal(cnode_radix(cap_at(slot)), 5);
	assert_int_equal(cap_at(slot).w1, 0);
	slot = new_object(ABI_OBJ_FRAME_LARGE, 0);
	assert_int_equal(frame_bits(cap_at(slot)), 21);
	assert_int_equal(frame_rights(cap_at(slot)), 3);
	assert_int_equal(cap_at(slot).w1, 0);
	slot = new_object(ABI_OBJ_UNTYPED, 4);
	assert_int_equal(cap_at(slot).w1, 0);
	slot = new_object(ABI_OBJ_TCB, 0);
	assert_int_equal(tcb_at(slot)->state, THREAD_INACTIVE);
	assert_int_equal(tcb_at(slot)->priority, 0);
	assert_int_equal(tcb_at(slot)->mcp, 0);
}

static void assert_zero(uint64_t slot, uint64_t bytes)
{
	const char *memory = cap_ptr(cap_at(slot));
	uint64_t i;

	for (i = 0; i < bytes; i++)
		assert_int_equal(memory[i], 0);
}

/* New memory is zero, also when it was used and given back. */
static void memory_is_zero(void **state)
{
	uint64_t round, large, ut, small;

	(void)state;
	for (round = 0; round < 2; round++) {
		ut = new_object(ABI_OBJ_UNTYPED, 21);
		small = new_slot();
		assert_int_equal(retype(ut, ABI_OBJ_FRAME_SMALL, 0, small, 5),
				 ABI_OK);
		world.next_slot += 4;
		assert_zero(small, 5 * 4096);
		large = new_object(ABI_OBJ_FRAME_LARGE, 0);
		assert_zero(large, 1 << 21);
		memset(cap_ptr(cap_at(small)), 0x55, 5 * 4096);
		memset(cap_ptr(cap_at(large)), 0x55, 1 << 21);
		assert_int_equal(cap_revoke(WORLD_RAM), ABI_OK);
	}
}

/* With an interrupt always pending each call still gets one step further. */
static void clearing_is_preemptible(void **state)
{
	uint64_t slot = new_slot();

	(void)state;
	fake.pending_always = true;
	assert_int_equal(retype(WORLD_RAM, ABI_OBJ_FRAME_LARGE, 0, slot, 3),
			 ABI_OK);
	assert_true(user_restarts > 8);
	assert_true(fake.cleared <= 3 << 21);
	assert_zero(slot, 3 << 21);
	world.next_slot += 2;
	check_world();
}

/* Begin to make a large frame and give up after the first step of clearing. */
static void abandon_large_frame(uint64_t slot)
{
	fake.pending_after = fake.pending_checks + 1;
	user_message(WORLD_RAM, ABI_UNTYPED_RETYPE,
		     WORDS(ABI_OBJ_FRAME_LARGE, 0, 0, 0, slot, 1), WORDS(ROOT));
	sched_current->context.fault_pc = WORLD_SVC;
	user_enter(ABI_SYS_CALL);
	assert_int_equal(sched_current->context.pc, WORLD_SVC);
	assert_true(cte_is_empty(slot_at(slot)));
	check_world();
}

/* What was cleared behind the children says nothing about their own memory. */
static void progress_ends_with_the_children(void **state)
{
	uint64_t frames, large = new_slot();

	(void)state;
	frames = new_objects(ABI_OBJ_FRAME_SMALL, 0, 40);
	memset(cap_ptr(cap_at(frames)), 0x55, 40 * 4096);
	abandon_large_frame(large);
	assert_int_equal(cap_revoke(WORLD_RAM), ABI_OK);
	assert_int_equal(retype(WORLD_RAM, ABI_OBJ_FRAME_LARGE, 0, large, 1),
			 ABI_OK);
	assert_zero(large, 1 << 21);
}

/* Half of the clearing is for another type, then the first comes back. */
static void progress_survives_other_retypes(void **state)
{
	uint64_t ep = new_slot(), large = new_slot();

	(void)state;
	abandon_large_frame(large);
	assert_int_equal(retype(WORLD_RAM, ABI_OBJ_UNTYPED, 4, ep, 1), ABI_OK);
	assert_int_equal(retype(WORLD_RAM, ABI_OBJ_FRAME_LARGE, 0, large, 1),
			 ABI_OK);
	assert_int_equal(cap_addr(cap_at(large)),
			 (uint64_t)world.ram + (1 << 21));
	assert_zero(large, 1 << 21);
	check_world();
}

static void smallest_and_whole(void **state)
{
	uint64_t whole = new_slot(), part = new_slot();

	(void)state;
	assert_int_equal(retype(WORLD_RAM, ABI_OBJ_UNTYPED, WORLD_RAM_BITS,
				whole, 1),
			 ABI_OK);
	assert_int_equal(retype(whole, ABI_OBJ_UNTYPED, 4, part, 256), ABI_OK);
	assert_error(ABI_NOT_ENOUGH_MEMORY, WORDS(0),
		     retype(WORLD_RAM, ABI_OBJ_UNTYPED, 4, part + 256, 1));
	check_world();
	assert_int_equal(cap_revoke(whole), ABI_OK);
	assert_true(cte_is_empty(slot_at(part + 255)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(argument_errors),
		world_test(destination_errors),
		world_test(into_a_node_below),
		world_test(device_memory),
		world_test(watermark_rises),
		world_test(defaults_of_new_caps),
		world_test(memory_is_zero),
		world_test(clearing_is_preemptible),
		world_test(progress_ends_with_the_children),
		world_test(progress_survives_other_retypes),
		world_test(smallest_and_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
