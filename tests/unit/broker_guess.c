/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_guess.c - a process that says to the broker whatever can be said.
 *
 * Every number with words of all kinds, fault messages that the kernel never
 * sent, in any order: what its manifest line does not grant is refused, nobody
 * else notices, and when it has gone all memory is as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/fault.h"
#include "../../broker/loader.h"
#include "../../broker/slots.h"
#include "../../broker/supervisor.h"

#define ROUNDS	  200u
#define A_ROUND	  100u /* sayings of one life, at most */
#define LABEL_END 0x200u

/* `other` of the world is granted nothing; these may be asked by everybody. */
static const uint64_t everybodys[] = { GLUE_BROKER_EXIT, GLUE_BROKER_READY,
				       GLUE_BROKER_LOG };

static uint64_t state = 1;

/* xorshift64. Source: Marsaglia 2003. */
static uint64_t below(uint64_t limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % limit;
}

static uint64_t wild(void)
{
	const uint64_t words[] = { 0,
				   1,
				   below(8),
				   below(100),
				   GLUE_CHANS_MAX,
				   below(GLUE_CHANS_MAX),
				   GLUE_LOG_BYTES,
				   UINT32_MAX,
				   UINT64_MAX,
				   1ul << below(64),
				   below(UINT64_MAX),
				   GLUE_STACK_TOP - below(65536),
				   0x400000 + below(32768),
				   0x306b6c62 /* "blk0" */ };

	return words[below(sizeof(words) / sizeof(words[0]))];
}

static int may_ask(uint64_t label)
{
	for (size_t i = 0; i < sizeof(everybodys) / sizeof(everybodys[0]); i++)
		if (everybodys[i] == label)
			return 1;
	return 0;
}

/* One request. Return: does the process still live? */
static int say(struct broker_process *from, uint64_t label)
{
	struct broker_request request = {
		.label = label,
		.length = (uint32_t)below(BROKER_REQUEST_WORDS + 1),
	};
	int answered;

	for (unsigned int i = 0; i < request.length; i++)
		request.word[i] = wild();
	memset(&world_reply, 0, sizeof(world_reply));
	answered = broker_call(from, &request, &world_reply);
	if (!may_ask(label)) {
		assert_int_equal(answered, 1);
		assert_int_not_equal(world_reply.err, K_OK);
		assert_int_equal(world_reply.length, 0);
	}
	return broker_process_alive(from);
}

static int set_up(void **unused)
{
	world_set_up(unused);
	fake_map_replaces();
	return 0;
}

/* What main.c does with a message on the fault endpoint. */
static int forge(struct broker_process *from)
{
	struct broker_fault fault = { .label = below(9) };

	for (unsigned int i = 0; i < 16; i++)
		fault.word[i] = wild();
	if (below(16)) { /* as of a page that is still to come */
		fault.label = ABI_FAULT_VM;
		fault.word[1] = GLUE_STACK_TOP - 4097 - below(8192);
		fault.word[2] = 0;
		fault.word[3] = 0x92000047;
	}
	if (!broker_fresh_touched(from, &fault))
		broker_supervise_fault(from, &fault);
	return broker_process_alive(from);
}

struct before {
	uint64_t free, promised;
	uint32_t slots;
};

static struct before look(void)
{
	return (struct before){ broker_blocks_free(), broker_blocks_promised(),
				broker_slots_free() };
}

static void as_before(const struct before *before)
{
	assert_int_equal(broker_blocks_free(), before->free);
	assert_int_equal(broker_blocks_promised(), before->promised);
	assert_int_equal(broker_slots_free(), before->slots);
	assert_int_equal(world_process("blk0/vblk")->state, GLUE_PROC_READY);
	assert_int_equal(world_process("blk1/vblk")->state, GLUE_PROC_READY);
	assert_int_equal(world_process("blk0/vblk")->restarts, 0);
	assert_int_equal(world_process("shell")->state, GLUE_PROC_READY);
}

static void nothing_said_does_harm(void **unused)
{
	struct before before;

	(void)unused;
	world_drivers_ready();
	world_call(world_run("other", ""), GLUE_BROKER_EXIT, 1, 0ul);
	before = look();
	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct broker_process *p = world_run("other", "");
		int alive = 1;

		assert_non_null(p);
		for (unsigned int i = 0; alive && i < A_ROUND; i++)
			alive = below(8) ? say(p, below(LABEL_END)) : forge(p);
		if (alive)
			world_call(p, GLUE_BROKER_EXIT, 1, 0ul);
		as_before(&before);
		fake_text_clear();
	}
}

/* All numbers, one by one, and with bits that a sum might drop. */
static void every_number_is_refused(void **unused)
{
	struct broker_process *p = world_run("other", "");

	(void)unused;
	world_drivers_ready();
	for (uint64_t label = 0; label < 0x1000; label++)
		if (!may_ask(label))
			assert_true(say(p, label));
	for (unsigned int bit = 12; bit < 52; bit++)
		assert_true(say(p, GLUE_BROKER_POWEROFF | 1ul << bit));
	world_call(p, GLUE_BROKER_EXIT, 1, 0ul);
}

/* It asks for each page that was promised to it, and then for more. */
static void a_forged_fault_brings_no_more_than_promised(void **unused)
{
	struct broker_process *p = world_run("other", "");
	struct broker_fault fault = {
		.label = ABI_FAULT_VM,
		.word = { 0x400000, GLUE_STACK_TOP - 4104, 0, 0x92000047 },
	};
	uint64_t pages = p->memory.promised / BROKER_PAGE_BYTES;
	uint64_t held = p->memory.bytes + p->memory.promised;

	(void)unused;
	assert_true(pages > 0 && pages < 100);
	while (pages--)
		assert_true(broker_fresh_touched(p, &fault));
	assert_false(broker_fresh_touched(p, &fault));
	assert_int_equal(p->memory.bytes + p->memory.promised, held);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_said_does_harm, set_up),
		cmocka_unit_test_setup(every_number_is_refused, set_up),
		cmocka_unit_test_setup(
			a_forged_fault_brings_no_more_than_promised, set_up),
	};

	return cmocka_run_group_tests_name("broker_guess", tests, NULL, NULL);
}
