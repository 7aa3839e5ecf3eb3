/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_ring.c - the rings: order, wrap-around, hostile indices, lost wake-ups.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <glue/ring_ops.h>

#define DEPTH 8u

struct sqe {
	uint64_t a, b, c, d;
};

struct cqe {
	uint64_t a, b;
};

static const struct glue_ring_shape shape = {
	.depth = DEPTH,
	.sqe_bytes = sizeof(struct sqe),
	.cqe_bytes = sizeof(struct cqe),
};

/* On the heap and of exact size: the sanitizer guards both ends. */
static uint8_t *memory;
static struct glue_ring_side *side;
static struct glue_ring_ends client, server;

static int set_up(void **state)
{
	uint64_t bytes = glue_ring_bytes(&shape);

	(void)state;
	memory = aligned_alloc(64, bytes);
	memset(memory, 0, bytes);
	side = (struct glue_ring_side *)memory;
	glue_ring_attach(&client, memory, bytes, &shape, 0);
	glue_ring_attach(&server, memory, bytes, &shape, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(memory);
	return 0;
}

static int put(uint64_t value)
{
	struct sqe *slot;

	if (!glue_ring_space(&client.tx))
		return 0;
	slot = glue_ring_slot(&client.tx, sizeof(*slot));
	*slot = (struct sqe){ value, value + 1, value + 2, value + 3 };
	glue_ring_push(&client.tx);
	glue_ring_publish(&client.tx);
	return 1;
}

static int get(uint64_t *value)
{
	struct sqe sqe;

	if (!glue_ring_ready(&server.rx))
		return 0;
	glue_ring_peek(&server.rx, &sqe, sizeof(sqe));
	glue_ring_pop(&server.rx);
	glue_ring_release(&server.rx);
	assert_int_equal(sqe.d, sqe.a + 3);
	*value = sqe.a;
	return 1;
}

/* Both ends, as if `count` entries had gone through already. */
static void pretend_progress(uint32_t count)
{
	client.tx.next = client.tx.seen = count;
	server.rx.next = server.rx.seen = count;
	side[0].produced = count;
	side[1].consumed = count;
}

static void test_shapes(void **state)
{
	struct glue_ring_shape bad = shape;

	(void)state;
	assert_int_equal(glue_ring_bytes(&shape), 128 + 8 * 48);
	bad.depth = 0;
	assert_int_equal(glue_ring_bytes(&bad), 0);
	bad.depth = 7;
	assert_int_equal(glue_ring_bytes(&bad), 0);
	bad.depth = 1;
	assert_int_equal(glue_ring_bytes(&bad), 0);
	bad.depth = 2 * GLUE_RING_DEPTH_MAX;
	assert_int_equal(glue_ring_bytes(&bad), 0);
	bad = shape;
	bad.sqe_bytes = 12;
	assert_int_equal(glue_ring_bytes(&bad), 0);
	bad = shape;
	bad.cqe_bytes = 0;
	assert_int_equal(glue_ring_bytes(&bad), 0);
}

static void test_attach_refuses_small_memory(void **state)
{
	struct glue_ring_ends ends = { .tx.depth = 77 };

	(void)state;
	assert_int_equal(glue_ring_attach(&ends, memory,
					  glue_ring_bytes(&shape) - 1, &shape,
					  0),
			 K_ERR_INVALID);
	assert_int_equal(ends.tx.depth, 77);
}

static void test_full_and_empty(void **state)
{
	uint64_t value;
	unsigned int i;

	(void)state;
	assert_false(get(&value));
	for (i = 0; i < DEPTH; i++)
		assert_true(put(i * 10));
	assert_false(put(99));
	assert_int_equal(client.tx.broken, 0);
	for (i = 0; i < DEPTH; i++) {
		assert_true(get(&value));
		assert_int_equal(value, i * 10);
	}
	assert_false(get(&value));
	assert_true(put(5));
}

/* Every start in reach of the wrap, every fill level. */
static void test_indices_wrap(void **state)
{
	uint32_t start;
	unsigned int level, i;
	uint64_t value;

	(void)state;
	for (start = 0u - 2 * DEPTH; start != 2 * DEPTH; start++) {
		for (level = 1; level <= DEPTH; level++) {
			pretend_progress(start);
			for (i = 0; i < level; i++)
				assert_true(put(start + i));
			for (i = 0; i < level; i++) {
				assert_true(get(&value));
				assert_int_equal((uint32_t)value, start + i);
			}
			assert_false(get(&value));
		}
	}
}

static void test_completions_go_the_other_way(void **state)
{
	struct cqe *slot = glue_ring_slot(&server.tx, sizeof(*slot));
	struct cqe cqe;

	(void)state;
	*slot = (struct cqe){ 42, 43 };
	glue_ring_push(&server.tx);
	assert_int_equal(glue_ring_ready(&client.rx), 0);
	glue_ring_publish(&server.tx);
	assert_int_equal(glue_ring_ready(&client.rx), 1);
	glue_ring_peek(&client.rx, &cqe, sizeof(cqe));
	assert_int_equal(cqe.a, 42);
	assert_int_equal(cqe.b, 43);
}

/* Any index the peer writes: at most depth entries, or broken; never both,
 * and never an access outside (the sanitizer would see it). */
static void test_garbage_from_producer(void **state)
{
	uint32_t word, ready, i;
	struct sqe sqe;

	(void)state;
	for (i = 0; i < 200000; i++) {
		word = i < 64 ? i - 32 : (uint32_t)random() * 2654435761u;
		free(memory);
		set_up(state);
		side[0].produced = word;
		ready = glue_ring_ready(&server.rx);
		assert_int_equal(ready, word <= DEPTH ? word : 0);
		assert_int_equal(server.rx.broken, word > DEPTH);
		for (; ready; ready--) {
			glue_ring_peek(&server.rx, &sqe, sizeof(sqe));
			glue_ring_pop(&server.rx);
		}
	}
}

static void test_garbage_from_consumer(void **state)
{
	uint32_t word, i, space;

	(void)state;
	for (i = 0; i < 100; i++) {
		word = (uint32_t)random() | 0x40000000;
		pretend_progress(100);
		client.tx.broken = 0;
		while (put(i))
			;
		side[1].consumed = word;
		space = glue_ring_space(&client.tx);
		assert_int_equal(space, 0);
		assert_true(client.tx.broken);
	}
}

/* A consumer that steps back claims room to be used; that harms only it. */
static void test_consumer_steps_back(void **state)
{
	(void)state;
	pretend_progress(100);
	while (put(1))
		;
	side[1].consumed = 104;
	assert_int_equal(glue_ring_space(&client.tx), 4);
	while (put(1))
		;
	side[1].consumed = 102;
	assert_int_equal(glue_ring_space(&client.tx), 0);
	assert_true(client.tx.broken);
}

static void test_broken_stays_broken(void **state)
{
	uint64_t value;

	(void)state;
	side[0].produced = 1000;
	assert_false(get(&value));
	side[0].produced = 1;
	assert_false(get(&value));
	side[1].consumed = 1000;
	glue_ring_refresh_space(&client.tx);
	side[1].consumed = 0;
	assert_false(put(1));
}

/* What was copied stays, whatever the peer writes afterwards. */
static void test_peek_copies(void **state)
{
	struct sqe sqe;

	(void)state;
	put(7);
	assert_int_equal(glue_ring_ready(&server.rx), 1);
	glue_ring_peek(&server.rx, &sqe, sizeof(sqe));
	memset(memory + GLUE_RING_HEADER_BYTES, 0xff, sizeof(sqe));
	assert_int_equal(sqe.a, 7);
	assert_int_equal(sqe.d, 10);
}

static void test_one_signal_per_sleep(void **state)
{
	(void)state;
	assert_false(glue_ring_peer_sleeps(&client.sleep));
	glue_ring_sleep_begin(&server.sleep);
	assert_true(glue_ring_peer_sleeps(&client.sleep));
	assert_false(glue_ring_peer_sleeps(&client.sleep));
	glue_ring_sleep_end(&server.sleep);
	assert_false(glue_ring_peer_sleeps(&client.sleep));
	glue_ring_sleep_begin(&server.sleep);
	assert_true(glue_ring_peer_sleeps(&client.sleep));
}

static void test_sleep_number_is_never_awake(void **state)
{
	(void)state;
	server.sleep.count = UINT32_MAX;
	glue_ring_sleep_begin(&server.sleep);
	assert_int_not_equal(side[1].sleeping, 0);
	glue_ring_sleep_end(&server.sleep);
	server.sleep.count = UINT32_MAX - 2;
	glue_ring_sleep_begin(&server.sleep);
	assert_int_not_equal(side[1].sleeping, 0);
}

/*
 * Lost wake-ups, 1: the real functions, step by step, in every order. Sleeper:
 * announce, look, wait if nothing is there. Publisher: publish, signal if the
 * sleeper says so. `order` has a bit per step: 1 the publisher's.
 */
static int wakes_up(unsigned int order)
{
	int sleeper = 0, publisher = 0, found = 0, signal = 0;
	unsigned int i;
	uint64_t value;

	for (i = 0; i < 4; i++, order >>= 1) {
		if (order & 1) {
			if (publisher++ == 0)
				put(1);
			else
				signal = glue_ring_peer_sleeps(&client.sleep);
		} else {
			if (sleeper++ == 0)
				glue_ring_sleep_begin(&server.sleep);
			else
				found = glue_ring_ready(&server.rx) != 0;
		}
	}
	glue_ring_sleep_end(&server.sleep);
	get(&value);
	return found || signal;
}

static void test_no_order_loses_a_wake_up(void **state)
{
	unsigned int order;
	int round;

	(void)state;
	for (round = 0; round < 3; round++)
		for (order = 0; order < 16; order++)
			if (__builtin_popcount(order) == 2)
				assert_true(wakes_up(order));
}

/*
 * Lost wake-ups, 2: the machine may delay each side's store past its load.
 * Model: a side's steps are STORE (into its store buffer), FENCE (drains it),
 * LOAD (of the other's variable), and DRAIN may happen at any time. With
 * fences no order ends with both loads seeing 0; without, one does - which
 * also shows that the model can find the fault.
 */
struct model {
	int memory[2];
	int buffered[2];
	int step[2];
	int loaded[2];
};

static int explore(struct model m, int fenced);

static int step_side(struct model m, int i, int fenced)
{
	switch (m.step[i]) {
	case 0:
		m.buffered[i] = 1;
		break;
	case 1:
		if (fenced && m.buffered[i]) {
			m.memory[i] = 1;
			m.buffered[i] = 0;
		}
		break;
	default:
		m.loaded[i] = m.memory[!i];
		break;
	}
	m.step[i]++;
	return explore(m, fenced);
}

/* Number of orders in which neither side sees the other's store. */
static int explore(struct model m, int fenced)
{
	int i, lost = 0;

	if (m.step[0] == 3 && m.step[1] == 3)
		return !m.loaded[0] && !m.loaded[1];
	for (i = 0; i < 2; i++) {
		struct model drained = m;

		if (m.step[i] < 3)
			lost += step_side(m, i, fenced);
		if (m.buffered[i]) {
			drained.memory[i] = 1;
			drained.buffered[i] = 0;
			lost += explore(drained, fenced);
		}
	}
	return lost;
}

static void test_fences_are_needed_and_enough(void **state)
{
	struct model start = { 0 };

	(void)state;
	assert_int_equal(explore(start, 1), 0);
	assert_true(explore(start, 0) > 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_shapes),
		TEST(test_attach_refuses_small_memory),
		TEST(test_full_and_empty),
		TEST(test_indices_wrap),
		TEST(test_completions_go_the_other_way),
		TEST(test_garbage_from_producer),
		TEST(test_garbage_from_consumer),
		TEST(test_consumer_steps_back),
		TEST(test_broken_stays_broken),
		TEST(test_peek_copies),
		TEST(test_one_signal_per_sleep),
		TEST(test_sleep_number_is_never_awake),
		TEST(test_no_order_loses_a_wake_up),
		TEST(test_fences_are_needed_and_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
