/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dddk_net_buffers.c - the net service's buffers while frames come in: those
 * that still lie in the ring, bad ones among them, and when a driver is told to
 * pause; what of it is counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/service.h>
#include <glue/counters.h>
#include "dddk/net/internal.h"
#include "fake/nic.h"
#include "fake/process.h"

static const uint8_t other[6] = { 0x52, 0x55, 0x0a, 0x00, 0x02, 0x02 };
static uint8_t frame[600];
static uint8_t long_frame[1515];

/* Channel 1 leaves, so that channel 0 has the card for itself. */
static int start_alone(void **state)
{
	int err = nic_start(state);

	memcpy(frame, nic_mac, 6);
	memcpy(long_frame, nic_mac, 6);
	fake_chan(1)->state = GLUE_CHAN_CLOSED;
	dddk_net_poll(GLUE_EVENT_CONTROL);
	return err;
}

/* All into the same memory; their tags count from @first. */
static void lend(uint32_t first, uint32_t count)
{
	for (; count; count--)
		nic_put_fill(0, first++, 4096, 2048);
}

static void expect_all(uint32_t first, uint32_t count)
{
	for (; count; count--)
		nic_expect(0, first++, K_OK);
}

/* No poll comes between: the service looks into the ring by itself. */
static void test_buffers_out_of_the_ring(void **state)
{
	unsigned int i;

	(void)state;
	lend(0, DDDK_NET_PLENTY + 1);
	dddk_net_poll(0);
	/* Seen when they become short, at the 2nd frame... */
	lend(DDDK_NET_PLENTY + 1, 100);
	for (i = 0; i < 40; i++)
		assert_int_equal(nic_receive(frame, 60, 1), 1);
	expect_all(0, 40);
	for (; i < DDDK_NET_PLENTY + 101; i++)
		nic_receive(frame, 60, 1);
	expect_all(40, DDDK_NET_PLENTY + 61);
	/* ... and when there is none. */
	lend(500, 1);
	nic_receive(frame, 60, 1);
	nic_expect(0, 500, K_OK);
	assert_int_equal(dddk_net.client[0].stats.dropped_no_buffer, 0);
}

/* Nothing is written to a buffer before it has been checked. */
static void test_bad_buffers_in_the_ring(void **state)
{
	static const struct {
		struct glue_net_sqe sqe;
		enum k_err err;
	} bad[] = {
		{ { .op = GLUE_NET_FILL, .bytes = 100 }, K_ERR_INVALID },
		{ { .op = GLUE_NET_FILL,
		    .bytes = 2048,
		    .offset = NIC_REGION - 60 },
		  K_ERR_RANGE },
		{ { .op = GLUE_NET_FILL, .bytes = 2048, .rsvd = 1 },
		  K_ERR_INVALID },
		{ { .op = GLUE_NET_RECALL }, K_OK },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint64_t lost = dddk_net.client[0].stats.dropped_no_buffer;

		nic_put(0, &bad[i].sqe);
		nic_receive(frame, 60, 1);
		assert_false(nic_got_answer(0));
		assert_int_equal(dddk_net.client[0].stats.dropped_no_buffer,
				 lost + 1);
		dddk_net_poll(0);
		nic_expect(0, 0, bad[i].err);
	}
}

/* A driver under load is to pause when its only client has few buffers. */
static void test_pause_while_buffers_are_short(void **state)
{
	(void)state;
	assert_int_equal(nic_receive(frame, 60, 1), -1); /* it has none */
	lend(0, DDDK_NET_PLENTY + 1);
	dddk_net_poll(0);
	assert_int_equal(nic_receive(frame, 60, 1), 1);
	assert_int_equal(nic_receive(frame, 60, 1), 0);
	frame[5] ^= 1; /* nobody's */
	assert_int_equal(nic_receive(frame, 60, 1), 1);
	frame[5] ^= 1;
	assert_int_equal(nic_receive(frame, 13, 1), 1);
	/* Of several clients none may hold back the others' frames. */
	nic_open_channel(1);
	dddk_net_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(nic_receive(frame, 60, 1), 1);
}

static uint64_t counted(const char *name)
{
	return *glue_counter_add(GLUE_COUNTER_EVENT, name);
}

/* What the shell shows of the whole card. */
static void test_card_counts_on_the_page(void **state)
{
	(void)state;
	lend(0, 1);
	dddk_net_poll(0);
	nic_receive(frame, 600, 1);
	nic_receive(frame, 60, 1); /* no buffer */
	frame[5] ^= 1;
	nic_receive(frame, 60, 1); /* nobody's */
	frame[5] ^= 1;
	nic_put_fill(0, 1, 4096, 1514);
	dddk_net_poll(0);
	nic_receive(long_frame, 1515, 1);
	nic_expect(0, 0, K_OK);
	nic_build(0, 8192, 1000, other, 1);
	nic_put_send(0, 2, 8192, 1000);
	nic_region(0)[16384 + 6] = 0x02; /* a foreign source */
	nic_put_send(0, 3, 16384, 60);
	dddk_net_poll(0);
	assert_int_equal(counted("net received frames"), 4);
	assert_int_equal(counted("net received bytes"), 600 + 60 + 60 + 1515);
	assert_int_equal(counted("net dropped, no buffer"), 1);
	assert_int_equal(counted("net dropped, nobody's"), 1);
	assert_int_equal(counted("net dropped, too long"), 1);
	assert_int_equal(counted("net sent frames"), 1);
	assert_int_equal(counted("net sent bytes"), 1000);
	assert_int_equal(counted("net refused"), 1);
}

#define TEST_ALONE(f) cmocka_unit_test_setup(f, start_alone)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ALONE(test_buffers_out_of_the_ring),
		TEST_ALONE(test_bad_buffers_in_the_ring),
		TEST_ALONE(test_pause_while_buffers_are_short),
		TEST_ALONE(test_card_counts_on_the_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
