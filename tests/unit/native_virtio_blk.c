/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio_blk.c - the native disk driver between our client and a device
 * that works, fails, or lies.
 *
 * Client, driver and device share one host process (fake/loopback.h,
 * fake/virtio.h). The device runs when the client would sleep.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/block_service.h>
#include <dddk/service.h>
#include <glue/block_client.h>
#include <glue/broker.h>
#include <glue/rt.h>
#include "dddk/driver/internal.h"
#include "fake/loopback.h"
#include "fake/process.h"
#include "fake/virtio.h"

#define SECTORS	 2048u
#define REGION	 (2u << 20)
#define REQUESTS 32u
#define ARENA	 (64u << 10)
#define RECOVERY 2u /* resets: to quiesce, and to probe */

#define F_RO	       (1ull << 5)
#define F_BLK_SIZE     (1ull << 6)
#define F_FLUSH	       (1ull << 9)
#define F_DISCARD      (1ull << 13)
#define F_WRITE_ZEROES (1ull << 14)
#define F_EVENT	       (1ull << 29)
#define ALL	       (F_BLK_SIZE | F_FLUSH | F_DISCARD | F_WRITE_ZEROES | F_EVENT)

static uint8_t medium[SECTORS * 512];
static uint8_t last_unmap;

enum lie {
	HONEST,
	NO_STATUS,   /* the status byte is never written */
	BAD_STATUS,  /* some number */
	IO_ERROR,    /* an honest failure */
	WRONG_ID,    /* no head of a request */
	FAR_ID,	     /* beyond the queue */
	TWICE,	     /* the same request ends twice */
	LONG,	     /* more bytes than it could write */
	JUMP,	     /* the index leaps */
	SILENT,	     /* nothing happens any more, but interrupts come */
	NEEDS_RESET, /* it says so itself */
};
static enum lie lie;
static unsigned int lies; /* told so far; HONEST after `lies_most` */
static unsigned int lies_most;

/* --- the device ----------------------------------------------------------- */

static uint8_t medium_do(const uint8_t *head, const struct fake_piece *piece,
			 unsigned int n, uint32_t *written)
{
	uint32_t type;
	uint64_t sector;

	memcpy(&type, head, 4);
	memcpy(&sector, head + 8, 8);
	*written = 1;
	if (type == 4)
		return n == 2 ? 0 : 2;
	assert_int_equal(n, 3);
	if (type == 8) {
		assert_int_equal(piece[1].bytes, 20);
		memcpy(piece[1].data, "a fake disk", 12);
	} else if (type == 11 || type == 13) {
		uint32_t count;

		assert_int_equal(piece[1].bytes, 16);
		memcpy(&sector, piece[1].data, 8);
		memcpy(&count, piece[1].data + 8, 4);
		last_unmap = piece[1].data[12];
		memset(medium + sector * 512, type == 11 ? 0xdd : 0,
		       count * 512ul);
		return 0;
	} else {
		assert_true(sector * 512 + piece[1].bytes <= sizeof(medium));
		assert_int_equal(piece[1].writable, type == 0);
		if (type == 0)
			memcpy(piece[1].data, medium + sector * 512,
			       piece[1].bytes);
		else
			memcpy(medium + sector * 512, piece[1].data,
			       piece[1].bytes);
	}
	*written += piece[1].writable ? piece[1].bytes : 0;
	return 0;
}

static void tell_lie(enum lie what, uint32_t id, uint32_t bytes,
		     uint8_t *status)
{
	switch (what) {
	case NO_STATUS:
		return fake_virtio_end(0, id, bytes);
	case BAD_STATUS:
		*status = 0x55;
		return fake_virtio_end(0, id, bytes);
	case IO_ERROR:
		*status = 1;
		return fake_virtio_end(0, id, bytes);
	case WRONG_ID:
		return fake_virtio_end(0, id + 1, bytes);
	case FAR_ID:
		return fake_virtio_end(0, 70000, bytes);
	case TWICE:
		*status = 0;
		fake_virtio_end(0, id, bytes);
		return fake_virtio_end(0, id, bytes);
	case LONG:
		return fake_virtio_end(0, id, bytes + 1);
	case JUMP:
		return fake_virtio_jump(0, 900);
	case NEEDS_RESET:
		device.status |= 64;
		return fake_virtio_config_changed();
	default:
		fake.events |= GLUE_EVENT_IRQ(0);
	}
}

/* One request of the driver, answered. Returns 0 if there was none. */
static int device_step(void)
{
	struct fake_piece piece[FAKE_PIECES];
	uint32_t id, bytes;
	unsigned int n = fake_virtio_next(0, piece, &id);
	uint8_t *status;

	if (!n)
		return 0;
	status = piece[n - 1].data;
	assert_int_equal(piece[0].bytes, 16);
	assert_false(piece[0].writable);
	assert_int_equal(piece[n - 1].bytes, 1);
	assert_true(piece[n - 1].writable);
	assert_int_not_equal(*status, 0); /* poisoned */
	if (lie != HONEST && lies < lies_most) {
		bytes = 1 + (piece[1].writable ? piece[1].bytes : 0);
		if (n == 2)
			bytes = 1;
		lies++;
		tell_lie(lie, id, bytes, status);
		return 1;
	}
	*status = medium_do(piece[0].data, piece, n, &bytes);
	fake_virtio_end(0, id, bytes);
	return 1;
}

/* --- the driver's loop ---------------------------------------------------- */

static int in_driver;
static enum k_err driver_end; /* what ended the process */

static void driver_run(uint64_t events)
{
	if (in_driver)
		return;
	in_driver = 1;
	do {
		if (!driver_end)
			driver_end = dddk_driver_turn(events);
		events = fake.events & GLUE_EVENT_IRQ(0);
		fake.events &= ~events;
		dddk_service_flush();
	} while (!driver_end && (events || !dddk_service_sleep_prepare()));
	in_driver = 0;
}

static void on_signal(glue_cptr cap)
{
	if (cap == GLUE_CAP_PEER0 + 1)
		fake.events |= GLUE_EVENT_CHAN(0);
	else if (cap == GLUE_CAP_PEER0 && !in_driver)
		driver_run(GLUE_EVENT_CHAN(1));
}

/* The device works until it interrupts. Returns 0 if it has nothing to do. */
static int device_work(void)
{
	while (!(fake.events & GLUE_EVENT_IRQ(0))) {
		if (!device_step())
			return 0;
	}
	return 1;
}

/* Somebody sleeps: the driver in its probe, or the client. */
static void on_block(void)
{
	while (!(fake.events & GLUE_EVENT_CHAN(0)) && device_work() &&
	       !in_driver) {
		fake.events &= ~GLUE_EVENT_IRQ(0);
		driver_run(GLUE_EVENT_IRQ(0));
		/* What the driver's own waits have put aside is the client's. */
		fake.events |= glue_poll(GLUE_EVENT_CHAN(0));
	}
}

static void broker(struct glue_msg *msg)
{
	if (abi_info_label(msg->info) == GLUE_BROKER_CONNECT) {
		loopback_connect(GLUE_CLASS_BLOCK, GLUE_BLOCK_DEPTH, REGION);
		driver_run(GLUE_EVENT_CONTROL);
	} else if (abi_info_label(msg->info) == GLUE_BROKER_DISCONNECT) {
		fake_chan((unsigned int)msg->mr[0])->state = GLUE_CHAN_FREE;
		if (fake_chan(1)->state == GLUE_CHAN_OPEN) {
			fake_chan(1)->state = GLUE_CHAN_CLOSED;
			driver_run(GLUE_EVENT_CONTROL);
		}
	}
	msg->mr[0] = 0;
	msg->info = abi_info(K_OK, 0, 1);
}

static struct glue_block blk;

static enum k_err start(uint64_t features, uint32_t blk_size)
{
	static uint64_t now;
	uint64_t sectors = SECTORS;
	enum k_err err;

	fake_process_start();
	fake.ticks = now += 10ull * fake_env()->counter_hz;
	fake.on_call = broker;
	fake.on_signal = on_signal;
	fake.on_block = on_block;
	lie = HONEST;
	lies = 0;
	lies_most = 1;
	driver_end = K_OK;
	fake_virtio_start(2, features, ARENA);
	memcpy(device.config, &sectors, 8);
	memcpy(device.config + 20, &blk_size, 4);
	memset(device.config + 36, 0x01, 4); /* most sectors to discard */
	memset(device.config + 48, 0x01, 4); /* and to zero */
	in_driver = 1;
	err = dddk_driver_start();
	in_driver = 0;
	return err;
}

static int set_up(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(medium); i++)
		medium[i] = (uint8_t)(i * 31 >> 5);
	assert_int_equal(start(ALL, 512), K_OK);
	return glue_block_open(&blk, "blk0", REGION, GLUE_FOREVER);
}

/* --- a device that works -------------------------------------------------- */

static void test_info(void **state)
{
	(void)state;
	assert_int_equal(blk.info.sectors, SECTORS);
	assert_string_equal(blk.info.serial, "a fake disk");
	assert_string_equal(blk.info.driver, "native virtio_blk");
	assert_int_equal(blk.info.features, GLUE_BLOCK_F_FLUSH |
						    GLUE_BLOCK_F_DISCARD |
						    GLUE_BLOCK_F_ZEROES);
}

static void test_read_write(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 400 * 512, 0);

	(void)state;
	assert_int_equal(glue_block_read(&blk, 100, 400, data, GLUE_FOREVER),
			 K_OK);
	assert_memory_equal(medium + 100 * 512, data, 400 * 512);
	memset(data, 0x5a, 400 * 512);
	assert_int_equal(glue_block_write(&blk, 100, 400, data, GLUE_FOREVER),
			 K_OK);
	assert_memory_equal(medium + 100 * 512, data, 400 * 512);
	assert_int_equal(glue_block_flush(&blk, GLUE_FOREVER), K_OK);
	assert_int_equal(glue_block_write_zeroes(&blk, 100, 8, GLUE_FOREVER),
			 K_OK);
	assert_int_equal(medium[100 * 512], 0);
	assert_int_equal(last_unmap, 1);
	assert_int_equal(glue_block_discard(&blk, 200, 8, GLUE_FOREVER), K_OK);
	assert_int_equal(medium[200 * 512], 0xdd);
	assert_int_equal(last_unmap, 0);
}

static int tear_down(void **state)
{
	(void)state;
	lie = HONEST;
	driver_end = K_OK;
	fake.ticks += 10ull * fake_env()->counter_hz;
	driver_run(0); /* a last recovery, if the device was left broken */
	glue_block_close(&blk);
	return 0;
}

static struct glue_block_request req[REQUESTS];
static uint8_t *buffer[REQUESTS];
static uint8_t expected[REQUESTS];
static unsigned int ended, limit, failed;

#define SHARE (SECTORS / REQUESTS)

static void next(struct glue_block_request *r)
{
	unsigned int i = (unsigned int)(r - req), k;

	ended++;
	if (r->status) {
		failed++;
		return;
	}
	if (r->op == GLUE_BLOCK_READ)
		for (k = 0; k < r->count * 512; k += 97)
			assert_int_equal(buffer[i][k], expected[i]);
	if (ended > limit)
		return;
	r->op = random() % 2 ? GLUE_BLOCK_READ : GLUE_BLOCK_WRITE;
	r->flags = r->op == GLUE_BLOCK_WRITE && random() % 8 == 0 ?
			   GLUE_BLOCK_FUA :
			   0;
	if (r->op == GLUE_BLOCK_WRITE)
		expected[i] = (uint8_t)random();
	memset(buffer[i],
	       r->op == GLUE_BLOCK_WRITE ? expected[i] : ~expected[i],
	       SHARE * 512);
	assert_int_equal(glue_block_submit(&blk, r), K_OK);
}

static void submit_all(unsigned int more)
{
	unsigned int i;

	ended = failed = 0;
	limit = more;
	memset(medium, 0, sizeof(medium));
	for (i = 0; i < REQUESTS; i++) {
		buffer[i] = glue_block_alloc(&blk, SHARE * 512, 0);
		assert_non_null(buffer[i]);
		memset(buffer[i], 0xff, SHARE * 512);
		expected[i] = 0;
		req[i] = (struct glue_block_request){ .op = GLUE_BLOCK_READ,
						      .sector = i * SHARE,
						      .count = SHARE,
						      .data = buffer[i],
						      .done = next };
		assert_int_equal(glue_block_submit(&blk, &req[i]), K_OK);
	}
	while (glue_block_in_flight(&blk))
		assert_int_equal(glue_block_wait(&blk, GLUE_FOREVER), K_OK);
	assert_int_equal(dddk_block_in_flight(), 0);
}

static void test_32_in_flight(void **state)
{
	(void)state;
	submit_all(20000);
	assert_int_equal(ended, 20000 + REQUESTS);
	assert_int_equal(failed, 0);
	assert_true(device.queue[0].notified < ended);
}

static void test_without_event_index(void **state)
{
	(void)state;
	glue_block_close(&blk);
	assert_int_equal(start(F_FLUSH, 0), K_OK);
	assert_int_equal(glue_block_open(&blk, "blk0", REGION, GLUE_FOREVER),
			 K_OK);
	submit_all(2000);
	assert_int_equal(failed, 0);
}

/* A disk that grows, and becomes read-only, while it is open. */
static void test_config_change(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);
	uint64_t sectors = 16;

	(void)state;
	memcpy(device.config, &sectors, 8);
	fake_virtio_config_changed();
	driver_run(GLUE_EVENT_IRQ(0));
	fake.events = 0;
	assert_int_equal(glue_block_read(&blk, 15, 1, data, GLUE_FOREVER),
			 K_OK);
	assert_int_equal(glue_block_read(&blk, 16, 1, data, GLUE_FOREVER),
			 K_ERR_RANGE);
}

static void test_readonly(void **state)
{
	uint8_t *data;

	(void)state;
	glue_block_close(&blk);
	assert_int_equal(start(F_RO, 0), K_OK);
	assert_int_equal(glue_block_open(&blk, "blk0", REGION, GLUE_FOREVER),
			 K_OK);
	data = glue_block_alloc(&blk, 512, 0);
	assert_int_equal(glue_block_write(&blk, 0, 1, data, GLUE_FOREVER),
			 K_ERR_READONLY);
}

/* --- a device that fails or lies ------------------------------------------ */

/* An error for one request; the others, and the disk, go on. */
static void one_fails(enum lie what)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);

	lie = what;
	assert_int_equal(glue_block_read(&blk, 3, 1, data, GLUE_FOREVER),
			 K_ERR_IO);
	assert_int_equal(glue_block_read(&blk, 3, 1, data, GLUE_FOREVER), K_OK);
	assert_memory_equal(data, medium + 3 * 512, 512);
}

static void test_io_error(void **state)
{
	(void)state;
	one_fails(IO_ERROR);
	assert_int_equal(device.resets, 1);
}

static void test_bad_status(void **state)
{
	(void)state;
	one_fails(BAD_STATUS);
	assert_int_equal(device.resets, 1);
}

/* Lies end in a reset, an error for what was in flight, and a served disk. */
static void test_lies(void **state)
{
	static const enum lie all[] = { NO_STATUS, WRONG_ID, FAR_ID,
					LONG,	   JUMP,     NEEDS_RESET };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		glue_block_close(&blk);
		set_up(NULL);
		one_fails(all[i]);
		assert_int_equal(device.resets, 1 + RECOVERY);
		submit_all(500);
		assert_int_equal(failed, 0);
	}
}

static void test_ends_twice(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);

	(void)state;
	lie = TWICE;
	medium[0] = 0xee; /* the device wrote nothing: data stays as it is */
	glue_block_read(&blk, 3, 1, data, GLUE_FOREVER);
	driver_run(GLUE_EVENT_IRQ(0));
	assert_int_equal(device.resets, 1 + RECOVERY);
	assert_int_equal(glue_block_read(&blk, 3, 1, data, GLUE_FOREVER), K_OK);
}

/* Many in flight when the device goes mad: each ends, none with wrong data. */
static void test_lie_under_load(void **state)
{
	(void)state;
	lie = WRONG_ID;
	submit_all(20000);
	assert_int_equal(device.resets, 1 + RECOVERY);
	assert_in_range(failed, 1, REQUESTS);
	assert_int_equal(ended, REQUESTS);
}

static void test_interrupts_without_cause(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 100; i++)
		driver_run(GLUE_EVENT_IRQ(0));
	submit_all(100);
	assert_int_equal(failed, 0);
	assert_int_equal(device.resets, 1);
}

/* A device that never stops lying: the process ends, and says why. */
static void test_given_up(void **state)
{
	(void)state;
	lie = NEEDS_RESET;
	lies_most = 1000;
	submit_all(0);
	assert_int_not_equal(driver_end, K_OK);
}

/* --- a device that cannot be driven --------------------------------------- */

static void refused(const char *why, enum k_err err)
{
	in_driver = 1;
	assert_int_equal(dddk_driver_start(), err);
	in_driver = 0;
	fake.console[fake.console_bytes] = '\0';
	assert_non_null(strstr(fake.console, why));
	fake.console_bytes = 0;
}

static void test_refused(void **state)
{
	(void)state;
	device.id = 1;
	refused("device 1: this driver is for virtio device 2",
		K_ERR_UNSUPPORTED);
	device.id = 2;
	device.version = 1;
	refused("version 1", K_ERR_UNSUPPORTED);
	device.version = 2;
	device.never_resets = 1;
	refused("does not end its reset", K_ERR_TIMEOUT);
	device.never_resets = 0;
	device.refuses_features = 1;
	refused("refuses the features", K_ERR_UNSUPPORTED);
	device.refuses_features = 0;
	device.queue_max = 2;
	refused("room for 2 descriptors", K_ERR_UNSUPPORTED);
	device.queue_max = 1024;
	device.config_restless = 1;
	refused("never stands still", K_ERR_IO);
	device.config_restless = 0;
	memset(device.config + 20, 0x11, 4);
	refused("claims blocks of", K_ERR_INVALID);
	fake_env()->dma_bytes = 4096;
	refused("set dma_kib", K_ERR_NOMEM);
	fake_env()->mmio[0].bytes = 64;
	refused("too small", K_ERR_NOTFOUND);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_info),	   TEST(test_read_write),
		TEST(test_32_in_flight),   TEST(test_without_event_index),
		TEST(test_config_change),  TEST(test_readonly),
		TEST(test_io_error),	   TEST(test_bad_status),
		TEST(test_lies),	   TEST(test_ends_twice),
		TEST(test_lie_under_load), TEST(test_interrupts_without_cause),
		TEST(test_given_up),	   TEST(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
