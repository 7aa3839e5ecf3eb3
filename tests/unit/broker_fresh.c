/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_fresh.c - pages of zeros that come when a process touches them.
 */
#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/loader.h"
#include "../../broker/slots.h"
#include "../../broker/supervisor.h"

#define DATA (ABI_RIGHT_READ | ABI_RIGHT_WRITE)

static struct broker_fault touch(uint64_t address, uint64_t syndrome)
{
	return (struct broker_fault){ .label = ABI_FAULT_VM,
				      .length = 4,
				      .word = { 0x400000, address, 0,
						syndrome } };
}

#define NOT_MAPPED 0x92000047u /* data abort, write, level 3 translation */
#define PROTECTED  0x9200004fu

static void zeros_come_when_they_are_touched(void **state)
{
	struct broker_process *p = world_process("blk0/vblk");
	const uint64_t places[] = { 0x403000, 0x405ff8, GLUE_STACK_TOP - 4104,
				    GLUE_STACK_TOP - 16384 };
	const uint64_t others[] = { 0x406000, 0x401000, GLUE_STACK_TOP - 16385,
				    GLUE_STACK_TOP, 0 };
	uint64_t held = p->memory.bytes + p->memory.promised;
	struct broker_fault fault;

	(void)state;
	assert_int_equal(p->memory.promised, 6 * 4096);
	assert_int_equal(broker_blocks_promised() % 4096, 0);
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(fake_rights(p->vspace.cap, places[i]), 0);
		fault = touch(places[i], PROTECTED);
		assert_false(broker_fresh_touched(p, &fault));
		fault = touch(places[i], NOT_MAPPED);
		assert_true(broker_fresh_touched(p, &fault));
		assert_int_equal(fake_rights(p->vspace.cap, places[i]), DATA);
		assert_int_equal(p->memory.bytes + p->memory.promised, held);
	}
	fault = touch(0x404000, NOT_MAPPED);
	fault.word[2] = 1; /* to execute it */
	assert_false(broker_fresh_touched(p, &fault));
	for (unsigned int i = 0; i < 5; i++) {
		fault = touch(others[i], NOT_MAPPED);
		assert_false(broker_fresh_touched(p, &fault));
	}
	assert_int_equal(p->memory.promised, 2 * 4096);
}

/* What was promised is nobody else's; the end of the process frees it. */
static void promises_are_kept(void **state)
{
	struct broker_process *p = world_run("client", "");
	struct broker_fault fault = touch(0x403000, NOT_MAPPED);
	uint64_t promised = broker_blocks_promised();
	unsigned int bits = 23;
	uint32_t slots;

	(void)state;
	assert_true(promised >= 6 * 4096);
	while (bits >= BROKER_PAGE_BITS)
		if (broker_block_take(bits, true) == BROKER_BLOCK_NONE)
			bits--;
	for (slots = 4096; slots > 0; slots /= 2)
		while (broker_slots_take(BROKER_OWNER_BROKER, slots))
			;
	assert_int_equal(broker_slots_free(), 0);
	assert_int_equal(broker_blocks_free(), promised);
	assert_int_equal(broker_account_promise(&p->memory, 1), K_ERR_NOMEM);
	assert_true(broker_fresh_touched(p, &fault));
	assert_int_equal(broker_blocks_free(), promised - 4096);
	assert_int_equal(broker_blocks_promised(), promised - 4096);
	broker_supervise_exit(p, 0);
	assert_int_equal(broker_blocks_promised(), promised - 6 * 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(zeros_come_when_they_are_touched,
				       world_set_up),
		cmocka_unit_test_setup(promises_are_kept, world_set_up),
	};

	return cmocka_run_group_tests_name("broker_fresh", tests, NULL, NULL);
}
