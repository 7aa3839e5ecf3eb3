/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_memory.c - slots, blocks and accounts on the fake kernel.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../broker/account.h"
#include "../../broker/blocks.h"
#include "../../broker/slots.h"
#include "broker_fake.h"

#define MIB (1024ul * 1024)

static int set_up(void **state)
{
	const struct abi_boot_info *info;

	(void)state;
	fake_reset(4 * MIB);
	info = fake_boot_info();
	broker_slots_init(info->empty.start, info->empty.end);
	broker_blocks_init(info);
	return 0;
}

static void slots_come_in_runs(void **state)
{
	uint32_t free = broker_slots_free(), a, b;

	(void)state;
	a = broker_slots_take(BROKER_OWNER_BROKER, 10);
	b = broker_slots_take(BROKER_OWNER_PROCESS, 1);
	assert_true(a >= fake_boot_info()->empty.start);
	assert_int_equal(b, a + 10);
	assert_int_equal(broker_slots_free(), free - 11);
	broker_slots_give(a + 2, 3);
	assert_int_equal(broker_slots_take(BROKER_OWNER_BROKER, free), 0);
	assert_int_equal(broker_slots_take(BROKER_OWNER_BROKER, 0), 0);
	/* All that is left in one piece, then only the hole of three. */
	assert_int_not_equal(broker_slots_take(BROKER_OWNER_BROKER, free - 11),
			     0);
	assert_int_equal(broker_slots_take(BROKER_OWNER_BROKER, 4), 0);
	assert_int_equal(broker_slots_take(BROKER_OWNER_BROKER, 3), a + 2);
	broker_slots_sweep(BROKER_OWNER_PROCESS);
	assert_int_equal(broker_slots_take(BROKER_OWNER_BROKER, 1), b);
}

static void blocks_split_and_merge(void **state)
{
	int small, large, rest[64], n = 0;

	(void)state;
	assert_int_equal(broker_blocks_total(), 4 * MIB);
	assert_int_equal(broker_blocks_free(), 4 * MIB);
	small = broker_block_take(12, true);
	assert_int_not_equal(small, BROKER_BLOCK_NONE);
	assert_int_equal(broker_blocks_free(), 4 * MIB - 4096);
	assert_int_equal(broker_block_take(22, true), BROKER_BLOCK_NONE);
	large = broker_block_take(21, true);
	assert_int_equal(broker_block(large)->paddr % (2 * MIB), 0);
	broker_block_give(large);
	broker_block_give(small);
	/* Now all of it in one piece again: halves merge when needed. */
	large = broker_block_take(22, true);
	assert_int_equal(broker_block(large)->paddr, FAKE_RAM_BASE);
	assert_int_equal(broker_blocks_free(), 0);
	assert_int_equal(broker_block_take(12, true), BROKER_BLOCK_NONE);
	broker_block_give(large);
	while (n < 64 && (rest[n] = broker_block_take(16, true)) >= 0)
		n++;
	assert_int_equal(n, 64);
	for (int i = 0; i < 64; i += 2)
		broker_block_give(rest[i]);
	assert_int_equal(broker_block_take(17, true), BROKER_BLOCK_NONE);
	assert_int_equal(broker_blocks_free(), 2 * MIB);
	for (int i = 1; i < 64; i += 2)
		broker_block_give(rest[i]);
	assert_int_not_equal(broker_block_take(22, true), BROKER_BLOCK_NONE);
}

static void nothing_overlaps(void **state)
{
	static uint8_t used[1024];
	int block;
	unsigned int bits = 12;

	(void)state;
	memset(used, 0, sizeof(used));
	while ((block = broker_block_take(bits, true)) >= 0) {
		uint64_t page = (broker_block(block)->paddr - FAKE_RAM_BASE) /
				4096;

		for (uint64_t i = 0; i < 1ul << (bits - 12); i++)
			assert_int_equal(used[page + i]++, 0);
		bits = bits == 16 ? 12 : bits + 1;
	}
}

static void device_pages_are_found_by_address(void **state)
{
	uint32_t a = broker_block_device_frame(FAKE_DEVICE_BASE, BROKER_PAGE_BITS);
	uint32_t b = broker_block_device_frame(FAKE_DEVICE_BASE + 4096, BROKER_PAGE_BITS);

	(void)state;
	assert_int_not_equal(a, 0);
	assert_int_not_equal(b, 0);
	assert_int_not_equal(a, b);
	assert_int_equal(broker_block_device_frame(FAKE_DEVICE_BASE, BROKER_PAGE_BITS), a);
	/* RAM, and what no untyped covers, is no device. */
	assert_int_equal(broker_block_device_frame(FAKE_RAM_BASE, BROKER_PAGE_BITS), 0);
	assert_int_equal(broker_block_device_frame(0x8000000000ul, BROKER_PAGE_BITS), 0);
	assert_int_equal(broker_blocks_free(), 4 * MIB);
}

static void registers_are_no_ram(void **state)
{
	(void)state;
	for (int split = 0; split < 2; split++) {
		assert_true(broker_block_covers_device(0, 256 * MIB));
		assert_true(broker_block_covers_device(FAKE_DEVICE_BASE, 1));
		assert_true(broker_block_covers_device(FAKE_DEVICE_BASE - 4096,
						       3 * 4096));
		assert_false(broker_block_covers_device(256 * MIB - 1, 2));
		assert_false(broker_block_covers_device(FAKE_RAM_BASE, 1));
		assert_false(broker_block_covers_device(FAKE_RAM_BASE - 1, 2));
		broker_block_device_frame(FAKE_DEVICE_BASE, 12);
	}
}

/* What is less than a page is of no use; the rest is there all the same. */
static void pieces_of_pages_at_boot(void **state)
{
	struct abi_boot_info info = *fake_boot_info();
	uint64_t ram = info.untyped.end - 1 - info.untyped.start;

	(void)state;
	info.untyped_list[ram + 1] = info.untyped_list[ram];
	info.untyped_list[ram + 1].size_bits = 11;
	info.untyped_list[ram + 1].paddr = 0x90000000;
	info.untyped.end++;
	broker_blocks_init(&info);
	assert_int_equal(broker_blocks_total(), 4 * MIB);
	assert_int_equal(broker_blocks_free(), 4 * MIB);
}

static void accounts_give_everything_back(void **state)
{
	uint32_t slots = broker_slots_free(), first;
	struct broker_account account;
	uint64_t paddr;

	(void)state;
	for (unsigned int round = 0; round < 20; round++) {
		broker_account_open(&account, BROKER_OWNER_PROCESS + 3);
		assert_int_equal(broker_account_pages(&account,
						      ABI_OBJ_FRAME_SMALL, 300,
						      &first),
				 K_OK);
		assert_int_equal(account.bytes, 300 * 4096);
		assert_int_equal(broker_account_region(&account, 5 * 4096,
						       &paddr, &first),
				 K_OK);
		assert_int_equal(paddr % 0x8000, 0);
		assert_int_equal(account.bytes, 305 * 4096);
		broker_account_close(&account);
		assert_int_equal(account.bytes, 0);
		assert_int_equal(broker_blocks_free(), 4 * MIB);
	}
	assert_int_equal(broker_slots_free(), slots);
}

static void fragmented_memory_still_serves_pages(void **state)
{
	int held[1024], n = 0;
	struct broker_account account;
	uint32_t first;

	(void)state;
	while ((held[n] = broker_block_take(12, true)) >= 0)
		n++;
	for (int i = 0; i < n; i += 2)
		broker_block_give(held[i]);
	broker_account_open(&account, BROKER_OWNER_PROCESS);
	assert_int_equal(broker_account_pages(&account, ABI_OBJ_FRAME_SMALL,
					      (uint32_t)n / 4, &first),
			 K_OK);
	broker_account_close(&account);
	assert_int_equal(broker_account_pages(&account, ABI_OBJ_FRAME_SMALL,
					      (uint32_t)n, &first),
			 K_ERR_NOMEM);
	broker_account_close(&account);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(slots_come_in_runs, set_up),
		cmocka_unit_test_setup(blocks_split_and_merge, set_up),
		cmocka_unit_test_setup(nothing_overlaps, set_up),
		cmocka_unit_test_setup(device_pages_are_found_by_address,
				       set_up),
		cmocka_unit_test_setup(registers_are_no_ram, set_up),
		cmocka_unit_test_setup(pieces_of_pages_at_boot, set_up),
		cmocka_unit_test_setup(accounts_give_everything_back, set_up),
		cmocka_unit_test_setup(fragmented_memory_still_serves_pages,
				       set_up),
	};

	return cmocka_run_group_tests_name("broker_memory", tests, NULL, NULL);
}
