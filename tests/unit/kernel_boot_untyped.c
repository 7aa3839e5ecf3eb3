/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_boot_untyped.c - handing memory on: slots, boot info, and overflow.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <abi/bootinfo.h>
#include <boot/root_task.h>
#include <object/cdt.h>

#define SLOTS 512u

static struct cte slots[SLOTS];
static struct abi_boot_info info;
static struct root root;
static struct ranges devices, memory;

/* Stands in for object/cdt.c, which has tests of its own. */
void cdt_insert_root(struct cte *slot, struct cap cap)
{
	assert_true(cte_is_empty(slot));
	slot->cap = cap;
}

static int fresh(void **state)
{
	(void)state;
	memset(slots, 0, sizeof(slots));
	memset(&info, 0, sizeof(info));
	memset(&devices, 0, sizeof(devices));
	memset(&memory, 0, sizeof(memory));
	root = (struct root){ .cnode = slots, .info = &info, .next_slot = 30 };
	return 0;
}

/* Each list entry describes the capability in its slot, all in order. */
static void check_slots(void)
{
	uint64_t i, count = info.untyped.end - info.untyped.start;
	bool ram_seen = false;
	struct cap cap;

	assert_int_equal(info.untyped.start, 30);
	assert_int_equal(info.untyped.end, root.next_slot);
	for (i = 0; i < count; i++) {
		cap = slots[30 + i].cap;
		assert_int_equal(cap_tag(cap), ABI_CAP_UNTYPED);
		assert_int_equal(cap_addr(cap), info.untyped_list[i].paddr);
		assert_int_equal(untyped_bits(cap),
				 info.untyped_list[i].size_bits);
		assert_int_equal(untyped_is_device(cap),
				 info.untyped_list[i].is_device);
		assert_int_equal(untyped_watermark(cap),
				 1ull << untyped_bits(cap));
		assert_false(ram_seen && info.untyped_list[i].is_device);
		ram_seen |= !info.untyped_list[i].is_device;
	}
	assert_true(cte_is_empty(&slots[30 + count]));
}

static void test_devices_then_memory(void **state)
{
	(void)state;
	ranges_add(&devices, 0, 0x8000000);
	ranges_add(&memory, 0x40000000, 0x50000000);
	ranges_add(&memory, 0x60000800, 0x60001000);
	root_hand_on(&root, &devices, &memory);
	check_slots();
	assert_int_equal(info.untyped.end - info.untyped.start, 3);
	assert_int_equal(root.lost_bytes, 0);
}

/* Ragged device space leaves 100 places for RAM; what is over is counted. */
static void test_overflow(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < RANGES_MAX; i++) {
		ranges_add(&devices, i * 0x100000 + 0x1000,
			   i * 0x100000 + 0x8000);
		ranges_add(&memory, (1ull << 32) + i * 0x100000 + 0x1000,
			   (1ull << 32) + i * 0x100000 + 0x4000);
	}
	root_hand_on(&root, &devices, &memory);
	check_slots();
	assert_int_equal(info.untyped.end - info.untyped.start,
			 ABI_BOOT_UNTYPEDS_MAX);
	assert_int_equal(root.lost_bytes, ranges_bytes(&memory) - 50 * 0x3000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_devices_then_memory, fresh),
		cmocka_unit_test_setup(test_overflow, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
