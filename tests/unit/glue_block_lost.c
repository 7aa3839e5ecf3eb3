/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_block_lost.c - the block client when its driver dies and lives again:
 * what is unanswered is sent again, in order, whatever the client has missed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glue/rt.h>
#include "fake/disk.h"
#include "fake/process.h"

#define HELD 5u

/* So many reads that the driver has taken and not answered. */
static unsigned int hold_some(void)
{
	disk_prepare(HELD);
	disk_hold = 1;
	for (unsigned int i = 0; i < HELD; i++)
		assert_int_equal(glue_block_submit(&blk, &req[i]), K_OK);
	glue_block_kick(&blk);
	assert_int_equal(n_done, 0);
	return disk_n_taken;
}

/* All of them again, in the order of their submission, and answered. */
static void expect_replay(unsigned int taken)
{
	disk_hold = 0;
	assert_int_equal(glue_block_poll(&blk), 0);
	assert_int_equal(disk_n_taken - taken, HELD);
	assert_int_equal(glue_block_poll(&blk), HELD);
	for (unsigned int i = 0; i < HELD; i++) {
		assert_int_equal(disk_taken[taken + i].sector, req[i].sector);
		assert_int_equal(req[i].status, K_OK);
	}
}

static void test_unanswered_is_sent_again(void **state)
{
	unsigned int taken = hold_some();

	(void)state;
	disk_die();
	assert_int_equal(glue_block_poll(&blk), 0);
	assert_int_equal(disk_reconnects, 1);
	assert_int_equal(glue_block_poll(&blk), 0);
	assert_int_equal(disk_reconnects, 1);
	disk_live();
	expect_replay(taken);
}

/* Put into the ring, but not shown yet: a kick must not show it to nobody. */
static void test_put_and_not_shown(void **state)
{
	struct glue_ring_side *mine = (void *)GLUE_RING_VADDR;

	(void)state;
	disk_prepare(HELD);
	for (unsigned int i = 0; i < HELD; i++)
		assert_int_equal(glue_block_submit(&blk, &req[i]), K_OK);
	disk_die();
	assert_int_equal(glue_block_poll(&blk), 0);
	glue_block_kick(&blk);
	assert_int_equal(mine->produced, 0);
	assert_int_equal(mine->consumed, 0);
	disk_live();
	expect_replay(disk_n_taken);
}

/* The second life ends before the client has seen it. */
static void test_a_life_passes_unseen(void **state)
{
	unsigned int taken = hold_some();

	(void)state;
	disk_die();
	glue_block_poll(&blk);
	for (unsigned int life = 2; life < 5; life++) {
		disk_live();
		disk_die();
		/* It may not sleep: no event will come. */
		assert_int_equal(glue_block_sleep_prepare(&blk), 0);
		glue_block_sleep_end(&blk);
		assert_int_equal(glue_block_poll(&blk), 0);
		assert_int_equal(disk_reconnects, life);
		assert_int_equal(glue_block_sleep_prepare(&blk), 1);
		glue_block_sleep_end(&blk);
	}
	disk_live();
	expect_replay(taken);
}

/* The second life dies with what it was just sent. */
static void test_dies_during_replay(void **state)
{
	unsigned int taken = hold_some();

	(void)state;
	disk_die();
	glue_block_poll(&blk);
	disk_live();
	glue_block_poll(&blk);
	assert_int_equal(disk_n_taken - taken, HELD);
	disk_die();
	assert_int_equal(glue_block_poll(&blk), 0);
	assert_int_equal(disk_reconnects, 2);
	disk_live();
	expect_replay(taken + HELD);
}

/* It has spoilt the ring and died of it before anybody has looked. */
static void test_dies_behind_a_broken_ring(void **state)
{
	struct glue_ring_side *side = (void *)GLUE_RING_VADDR;
	unsigned int taken = hold_some();

	(void)state;
	side[1].produced += 1000;
	disk_die();
	assert_int_equal(glue_block_poll(&blk), 0);
	assert_int_equal(disk_reconnects, 1);
	disk_live();
	expect_replay(taken);
}

/* It cheats with its index, and that shows when a request is submitted: what the
 * client gets is no error, its request waits for the next life. */
static void test_broken_at_submit(void **state)
{
	struct glue_ring_side *side = (void *)GLUE_RING_VADDR;

	(void)state;
	disk_prepare(1);
	blk.port.sq.seen = blk.port.sq.next - DISK_DEPTH; /* it must look */
	side[1].consumed += 1000;
	assert_int_equal(glue_block_submit(&blk, &req[0]), K_OK);
	assert_true(req[0].in_flight);
	assert_int_equal(disk_complaints, 1ul << GLUE_COMPLAINT_RING);
	disk_live();
	assert_int_equal(glue_block_wait(&blk, GLUE_FOREVER), K_OK);
	assert_int_equal(req[0].status, K_OK);
}

/* It breaks the ring, and the broker has just heard this client. */
static void test_broken_twice(void **state)
{
	struct glue_ring_side *side = (void *)GLUE_RING_VADDR;
	unsigned int taken = hold_some();

	(void)state;
	disk_complaint_err = K_ERR_BUSY;
	disk_complaint_at = fake.ticks + 10ul * fake_env()->counter_hz;
	side[1].produced += 1000;
	glue_block_poll(&blk);
	assert_true(fake.ticks >= disk_complaint_at);
	disk_live();
	expect_replay(taken);
}

/* Nothing comes for as long as its channel says; then it is said once. */
static void test_silence_is_a_complaint(void **state)
{
	unsigned int taken = hold_some();
	uint64_t begin = fake.ticks;

	(void)state;
	fake_chan(0)->patience = 20;
	assert_int_equal(glue_block_wait(&blk, glue_deadline_ns(1900000000)),
			 K_ERR_TIMEOUT);
	assert_int_equal(disk_complaints, 0);
	assert_int_equal(glue_block_wait(&blk, glue_deadline_ns(5000000000)),
			 K_ERR_TIMEOUT);
	assert_int_equal(disk_complaints, 1u << GLUE_COMPLAINT_SILENT);
	assert_int_equal(disk_reconnects, 1);
	assert_true(fake.ticks - begin > 6ul * 62500000);
	disk_live();
	expect_replay(taken);
}

/* Given up: every request ends. */
static void test_never_comes_back(void **state)
{
	(void)state;
	hold_some();
	disk_die();
	glue_block_poll(&blk);
	fake_chan(0)->state = GLUE_CHAN_CLOSED;
	assert_int_equal(glue_block_wait(&blk, soon()), K_ERR_GONE);
	for (unsigned int i = 0; i < HELD; i++)
		assert_int_equal(req[i].status, K_ERR_GONE);
}

/* What was sent into the old rings might not fit. */
static void test_comes_back_with_other_rings(void **state)
{
	(void)state;
	hold_some();
	disk_die();
	glue_block_poll(&blk);
	fake_chan(0)->depth /= 2;
	disk_live();
	assert_int_equal(glue_block_poll(&blk), 0);
	for (unsigned int i = 0; i < HELD; i++)
		assert_int_equal(req[i].status, K_ERR_GONE);
}

#define OPEN(f) cmocka_unit_test_setup(f, disk_start_open)

int main(void)
{
	const struct CMUnitTest tests[] = {
		OPEN(test_unanswered_is_sent_again),
		OPEN(test_put_and_not_shown),
		OPEN(test_a_life_passes_unseen),
		OPEN(test_dies_during_replay),
		OPEN(test_dies_behind_a_broken_ring),
		OPEN(test_broken_at_submit),
		OPEN(test_broken_twice),
		OPEN(test_silence_is_a_complaint),
		OPEN(test_never_comes_back),
		OPEN(test_comes_back_with_other_rings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
