/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio_net_lies.c - the native network driver and a card that lies.
 *
 * A frame that makes no sense is dropped, and counted; any other lie ends the
 * driver, and its next life sends what was not. No old byte is ever received. The client: native_net.c; the card: native_card.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/net_service.h>
#include <glue/counters.h>
#include <glue/net_client.h>
#include <glue/rt.h>
#include "fake/native.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "native_card.h"
#include "native_net.h"
#include "native_virtio.h"

static void tell(enum lie lie, unsigned int times)
{
	card.lie = lie;
	card.lies = times;
}

static void test_bad_frames(void **state)
{
	enum lie lie;

	(void)state;
	lend(LENT, ROOM);
	for (lie = SHORT_HEADER; lie <= BAD_SIZE; lie++) {
		uint64_t before = bad_frames();
		uint32_t i;

		for (i = 0; i < 300; i++) {
			tell(lie, 1);
			assert_false(arrives(i, 100));
		}
		assert_int_equal(bad_frames(), before + 300);
		assert_true(arrives(1, 100));
	}
	assert_int_equal(device.resets, 1);
}

/* A frame that claims every buffer there is, with more of them ended than one
 * frame may have: nothing beyond the most is looked at. */
static void test_claims_all_buffers(void **state)
{
	uint8_t frame[100];
	const struct card_header header = { 0 };
	uint64_t before = bad_frames();
	unsigned int i;

	(void)state;
	lend(LENT, ROOM);
	tell(MANY_BUFFERS, 1);
	for (i = 0; i < DDDK_NET_PIECES + 40; i++) {
		make(frame, i, sizeof(frame));
		assert_true(card_send(frame, sizeof(frame), &header));
	}
	native_run(GLUE_EVENT_IRQ(0));
	assert_int_equal(bad_frames(), before + 1);
	assert_int_equal(device.resets, 1);
	settle();
	assert_true(arrives(1, 100));
}

/* Old bytes in a buffer are no frame, whatever was agreed upon. */
static void test_unwritten(void **state)
{
	static const uint64_t features[] = { ALL, F_MAC, F_MAC | F_EVENT };
	unsigned int i, k;

	(void)state;
	for (i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		reopen(features[i]);
		lend(LENT, ROOM);
		for (k = 0; k < 400; k++) {
			tell(UNWRITTEN, k % 2);
			assert_int_equal(arrives(k, 100), k % 2 == 0);
		}
	}
}

/* Other lies end the driver: what was under way its next life sends. */
static void test_ends(void **state)
{
	enum lie lie;

	(void)state;
	for (lie = LONG; lie <= NEEDS_RESET; lie++) {
		reopen(ALL);
		lend(LENT, ROOM);
		settle();
		tell(lie, 1);
		if (lie == COMMAND_FAR)
			card_status(3); /* to be acknowledged */
		load(500);
		assert_int_equal(card.lies, 0);
		assert_int_equal(device.resets, 1 + RECOVERY);
		assert_int_equal(sent, 500);
		assert_int_equal(native.lives, 1);
		card.echo = 0;
		assert_true(arrives(1, 1514));
		settle();
		assert_true(card.commands[1] >= 2); /* its addresses again */
	}
}

/* Lies of all kinds amid frames: no old byte, no frame that never ends. */
static void test_lies_under_load(void **state)
{
	unsigned int round;

	(void)state;
	for (round = 0; round < 200; round++) {
		reopen(random() % 2 ? ALL : ALL & ~F_EVENT);
		lend(LENT, ROOM);
		settle();
		tell(1 + (enum lie)random() % (LIES - 1),
		     (unsigned int)random() % 4);
		garbled = card.lie == MISSING || card.lie >= WRONG_ID;
		load(200);
		card.lies = 0;
	}
}

static void test_interrupts_without_cause(void **state)
{
	unsigned int i;

	(void)state;
	lend(LENT, ROOM);
	for (i = 0; i < 100; i++)
		native_run(GLUE_EVENT_IRQ(0));
	assert_true(arrives(1, 100));
	assert_int_equal(device.resets, 1);
}

/* The address and the size of the card may change, ours not. */
static void test_config_change(void **state)
{
	unsigned int i;

	(void)state;
	lend(LENT, ROOM);
	for (i = 0; i < 1000; i++) {
		device.config[(unsigned int)random() % 12] = (uint8_t)random();
		device.config[6] |= 1;
		fake_virtio_config_changed();
		settle();
	}
	assert_int_equal(glue_net_refresh(&net, soon()), K_OK);
	assert_memory_equal(net.info.mac, CARD_MAC, 6);
	assert_int_equal(net.info.mtu, 1500);
	assert_true(arrives(1, 100));
}

/* Commands are a matter of the card alone. */
static void test_hung_command(void **state)
{
	(void)state;
	native_pass(1000);
	native_expect(K_OK, "");
	native_pass(500);
	native_expect(K_ERR_TIMEOUT,
		      "queue 2: it has owed an answer for 1000 ms");
}

static void send_into_silence(unsigned int i)
{
	own_address = 1;
	make(tx[i].data, i, 100);
	tx[i].bytes = 100;
	assert_int_equal(glue_net_send(&net, &tx[i]), K_OK);
	glue_net_kick(&net);
}

/* A wire may hold frames back for a while. */
static void test_hung_wire(void **state)
{
	(void)state;
	lend(LENT, ROOM);
	settle();
	send_into_silence(0);
	native_pass(9000);
	native_expect(K_OK, "");
	assert_true(arrives(1, 100));
	native_pass(11000);
	native_expect(K_OK, "");
	send_into_silence(1);
	native_pass(10500);
	native_expect(K_ERR_TIMEOUT,
		      "queue 1: it has owed an answer for 10000 ms");
}

static void test_refused(void **state)
{
	(void)state;
	tear_down(NULL);
	assert_int_equal(card_start(ALL | F_MTU), K_OK);
	virtio_refused(65536, 1);
	device.offered &= ~F_MAC;
	native_refused(K_ERR_UNSUPPORTED, "lacks feature bits 0x20");
	device.offered |= F_MAC;
	assert_int_equal(native_probe(), K_OK);
	assert_int_equal(glue_net_open(&net, "net0", REGION, GLUE_FOREVER),
			 K_OK);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_bad_frames),	    TEST(test_claims_all_buffers),
		TEST(test_unwritten),	    TEST(test_ends),
		TEST(test_lies_under_load), TEST(test_interrupts_without_cause),
		TEST(test_config_change),   TEST(test_hung_command),
		TEST(test_hung_wire),	    TEST(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
