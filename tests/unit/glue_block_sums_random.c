/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_block_sums_random.c - sums under requests drawn at random.
 *
 * An honest disk that ends overlapping requests in any order, and whose driver
 * dies, is never doubted. A disk that lies, one request at a time, never gives
 * wrong data for right.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <glue/pattern.h>
#include "fake/disk.h"
#include "fake/process.h"
#include "fake/sums.h"

#define ROUNDS	100u
#define STEPS	200u
#define IN_TURN 8u  /* requests in flight */
#define PLACES	24u /* sectors, so that they often meet */

static uint64_t drawn;

static uint32_t draw(uint32_t below)
{
	return (uint32_t)(glue_pattern_word(1, drawn++) % below);
}

/* Each write is of other words than all before. */
static void request_draw(struct glue_block_request *r)
{
	static const uint8_t ops[] = {
		GLUE_BLOCK_READ,  GLUE_BLOCK_READ,   GLUE_BLOCK_READ,
		GLUE_BLOCK_WRITE, GLUE_BLOCK_WRITE,  GLUE_BLOCK_WRITE_ZEROES,
		GLUE_BLOCK_FLUSH, GLUE_BLOCK_DISCARD
	};
	uint64_t *word = r->data;

	r->op = ops[draw(sizeof(ops))];
	r->count = r->op == GLUE_BLOCK_FLUSH ? 0 : 1 + draw(8);
	r->sector = draw(PLACES);
	for (uint32_t i = 0; i < 512; i++)
		word[i] = glue_pattern_word(2, drawn++);
}

/* --- honest ----------------------------------------------------------------- */

static unsigned int pending[IN_TURN], n_pending; /* of disk_taken */
static unsigned int seen;			 /* of disk_taken */

static void pending_find(void)
{
	for (; seen < disk_n_taken; seen++)
		pending[n_pending++] = seen;
}

/* Any of them is done, with its answer or without. */
static void pending_do(int answer)
{
	unsigned int i = draw(n_pending);
	const struct glue_block_sqe *sqe = &disk_taken[pending[i]];

	pending[i] = pending[--n_pending];
	if (answer)
		disk_do(sqe);
	else
		disk_move(sqe);
}

static void driver_dies(void)
{
	while (n_pending && draw(2))
		pending_do(0);
	n_pending = 0;
	disk_die();
	glue_block_poll(&blk);
	disk_live();
	glue_block_poll(&blk);
}

static void honest_step(void)
{
	struct glue_block_request *r = &req[draw(IN_TURN)];

	if (draw(2) && !r->in_flight) {
		request_draw(r);
		assert_int_equal(glue_block_submit(&blk, r), K_OK);
		glue_block_kick(&blk);
	} else if (n_pending) {
		pending_do(1);
		glue_block_poll(&blk);
	}
	pending_find();
	if (draw(50) == 0) {
		driver_dies();
		pending_find();
	}
	assert_int_equal(disk_complaints, 0);
}

static void note_end(struct glue_block_request *r)
{
	assert_int_equal(r->status, K_OK);
}

static void test_honest_disk_is_believed(void **state)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		sums_start(state);
		n_pending = 0;
		disk_prepare(IN_TURN);
		disk_hold = 1;
		seen = disk_n_taken;
		for (unsigned int i = 0; i < IN_TURN; i++)
			req[i].done = note_end;
		for (unsigned int i = 0; i < STEPS; i++)
			honest_step();
		while (n_pending)
			pending_do(1);
		glue_block_poll(&blk);
		assert_int_equal(glue_block_in_flight(&blk), 0);
		disk_hold = 0;
		assert_int_equal(read_at(0, PLACES + 8), K_OK);
		assert_int_equal(disk_complaints, 0);
		glue_block_close(&blk);
	}
}

/* --- lying ------------------------------------------------------------------ */

static uint64_t first_word[PLACES + 8]; /* of each sector, if it is known */
static int known[PLACES + 8];
static unsigned int damaged, doubted, right;

/* Elsewhere, not at all, another bit; mostly as it should be. */
static void lie(const struct glue_block_sqe *asked)
{
	struct glue_block_sqe sqe = *asked;
	unsigned int how = draw(12);

	if (how == 0)
		sqe.sector ^= 8;
	if (how != 1 || sqe.op == GLUE_BLOCK_READ)
		disk_move(&sqe);
	if (how == 2 && sqe.op == GLUE_BLOCK_READ)
		((uint8_t *)GLUE_LENT_VADDR)[sqe.offset + draw(512)] ^= 1;
	disk_answer(sqe.tag, K_OK);
}

/* Until it has ended, in however many lives. */
static void request_run(struct glue_block_request *r)
{
	unsigned int at = disk_n_taken;

	disk_complaints = 0;
	assert_int_equal(glue_block_submit(&blk, r), K_OK);
	glue_block_kick(&blk);
	while (r->in_flight) {
		if (fake_chan(0)->state == GLUE_CHAN_LOST) {
			disk_live();
			glue_block_poll(&blk);
		}
		assert_int_equal(disk_n_taken, at + 1);
		lie(&disk_taken[at++]);
		glue_block_poll(&blk);
	}
	doubted += disk_complaints != 0;
}

static void outcome_check(const struct glue_block_request *r)
{
	const uint64_t *word = r->data;

	damaged += r->status == K_ERR_DAMAGED;
	for (uint32_t i = 0; i < r->count; i++, word += 64) {
		uint64_t s = r->sector + i;

		if (r->op == GLUE_BLOCK_DISCARD)
			known[s] = 0;
		else if (r->op == GLUE_BLOCK_WRITE_ZEROES)
			first_word[s] = 0;
		else if (r->op == GLUE_BLOCK_WRITE)
			first_word[s] = word[0];
		else if (!r->status && known[s] && ++right)
			assert_int_equal(word[0], first_word[s]);
		if (r->op == GLUE_BLOCK_WRITE ||
		    r->op == GLUE_BLOCK_WRITE_ZEROES)
			known[s] = 1;
	}
}

static void test_lies_are_not_believed(void **state)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		sums_start(state);
		memset(known, 0, sizeof(known));
		disk_prepare(1);
		req[0].done = NULL;
		disk_hold = 1;
		for (unsigned int i = 0; i < STEPS; i++) {
			request_draw(&req[0]);
			request_run(&req[0]);
			outcome_check(&req[0]);
		}
		glue_block_close(&blk);
	}
	assert_true(damaged > ROUNDS && doubted > ROUNDS);
	assert_true(right > 10 * ROUNDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_honest_disk_is_believed),
		cmocka_unit_test(test_lies_are_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
