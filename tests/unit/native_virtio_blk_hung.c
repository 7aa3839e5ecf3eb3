/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio_blk_hung.c - the native disk driver and a disk that stops
 * answering, or is slow; and the driver's own end.
 *
 * What the watch of dddk/virtio/watch.c takes for which. Time passes in steps,
 * in each of which the driver may look; what plays the disk: native_disk.c;
 * the client: native_blk.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/dma.h>
#include <dddk/driver.h>
#include <glue/block_client.h>
#include <glue/rt.h>
#include "dddk/driver/internal.h"
#include "fake/native.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "native_blk.h"

#define STALL_MS 1000u

/* Submit to a device that does not answer, for the time being. */
static void start_silent(struct glue_block_request *r)
{
	r->data = r->data ? r->data : glue_block_alloc(&blk, 512, 0);
	assert_int_equal(glue_block_submit(&blk, r), K_OK);
	glue_block_kick(&blk);
}

/* As many ends as an index has numbers, and one request open: no stall. */
static void test_no_stall_after_65536(void **state)
{
	struct glue_block_request last = { .op = GLUE_BLOCK_READ, .count = 1 };
	unsigned int i;

	(void)state;
	last.data = glue_block_alloc(&blk, 512, 0);
	for (i = 0; i < 65536; i++)
		assert_int_equal(glue_block_read(&blk, 3, 1, last.data,
						 GLUE_FOREVER),
				 K_OK);
	assert_int_equal(glue_block_submit(&blk, &last), K_OK);
	glue_block_kick(&blk);
	native_pass(STALL_MS - 10);
	native_expect(K_OK, "");
	assert_int_equal(glue_block_wait(&blk, GLUE_FOREVER), K_OK);
	assert_int_equal(last.status, K_OK);
}

/* A request that the device never answers; the client's is left unanswered. */
static void test_hung(void **state)
{
	static struct glue_block_request last = { .op = GLUE_BLOCK_READ,
						  .count = 1 };

	(void)state;
	start_silent(&last);
	native_pass(STALL_MS);
	native_expect(K_OK, "");
	native_pass(STALL_MS / 2);
	native_expect(K_ERR_TIMEOUT,
		      "queue 0: it has owed an answer for 1000 ms");
	assert_int_equal(glue_block_in_flight(&blk), 1);
	assert_int_equal(last.status, K_OK);
}

/* The manifest's word counts, not ours. */
static void test_stall_ms(void **state)
{
	static struct glue_block_request last = { .op = GLUE_BLOCK_READ,
						  .count = 1 };

	(void)state;
	fake_env()->stall_ms = 5000;
	start_silent(&last);
	native_pass(5000);
	native_expect(K_OK, "");
	native_pass(2500);
	native_expect(K_ERR_TIMEOUT, "for 5000 ms");
}

/* The machine stood still, as long as it likes: the disk had no time either. */
static void test_machine_stands_still(void **state)
{
	static struct glue_block_request last = { .op = GLUE_BLOCK_READ,
						  .count = 1 };
	unsigned int i;

	(void)state;
	start_silent(&last);
	for (i = 0; i < 3; i++) {
		fake.ticks += 1000ul * fake_env()->counter_hz;
		native_run(0);
	}
	native_expect(K_OK, "");
	assert_int_equal(glue_block_wait(&blk, GLUE_FOREVER), K_OK);
	assert_int_equal(last.status, K_OK);
}

/* A flush may take longer, and what waits behind it with it; not for ever. */
static void test_slow_flush(void **state)
{
	static struct glue_block_request flush = { .op = GLUE_BLOCK_FLUSH },
					 read = { .op = GLUE_BLOCK_READ,
						  .count = 1 };

	(void)state;
	start_silent(&flush);
	start_silent(&read);
	native_pass(9 * STALL_MS);
	native_expect(K_OK, "");
	while (glue_block_in_flight(&blk))
		assert_int_equal(glue_block_wait(&blk, GLUE_FOREVER), K_OK);
	assert_int_equal(flush.status, K_OK);
	assert_int_equal(read.status, K_OK);
	start_silent(&flush);
	native_pass(11 * STALL_MS);
	native_expect(K_ERR_TIMEOUT, "for 10000 ms");
}

/* As slow as can be, and never nothing for all the time. */
static void test_slow_but_living(void **state)
{
	static struct glue_block_request row[10];
	unsigned int i;

	(void)state;
	for (i = 0; i < 10; i++) {
		row[i] = (struct glue_block_request){ .op = GLUE_BLOCK_READ,
						      .count = 1 };
		start_silent(&row[i]);
	}
	for (i = 0; i < 10; i++) {
		native_pass(STALL_MS - 100);
		native_expect(K_OK, "");
		assert_int_equal(disk_step(), 1);
	}
	native_pass(STALL_MS);
	glue_block_poll(&blk);
	assert_int_equal(glue_block_in_flight(&blk), 0);
}

/* Each request waits in a long row; new ones come as old ones end. */
static void test_slow_row(void **state)
{
	static struct glue_block_request row[10];
	unsigned int i;

	(void)state;
	for (i = 0; i < 50; i++) {
		struct glue_block_request *r = &row[i % 10];

		assert_int_equal(i >= 10 && !disk_step(), 0);
		native_run(GLUE_EVENT_IRQ(0));
		glue_block_poll(&blk);
		assert_false(r->in_flight);
		r->op = GLUE_BLOCK_READ;
		r->count = 1;
		start_silent(r);
		native_pass(i < 10 ? 0 : STALL_MS - 300);
		native_expect(K_OK, "");
	}
	while (glue_block_in_flight(&blk))
		assert_int_equal(glue_block_wait(&blk, GLUE_FOREVER), K_OK);
}

static void forget(struct glue_block_request *lost)
{
	start_silent(lost);
	disk.lie = SILENT;
	assert_int_equal(disk_step(), 1);
	disk.lie = HONEST;
}

/* Requests are answered for so long. */
static void read_for(unsigned int ms)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);
	unsigned int i;

	for (i = 0; i < ms / 100 && !native.driver_end; i++) {
		assert_int_equal(glue_block_read(&blk, 3, 1, data,
						 GLUE_FOREVER),
				 K_OK);
		native_pass(100);
	}
}

static void test_left_out(void **state)
{
	static struct glue_block_request lost = { .op = GLUE_BLOCK_READ,
						  .count = 1 };

	(void)state;
	forget(&lost);
	read_for(STALL_MS);
	native_expect(K_OK, "");
	read_for(STALL_MS);
	native_expect(K_ERR_TIMEOUT, "owed an answer for 1000 ms");
}

/* A flush may be left out for longer. */
static void test_flush_left_out(void **state)
{
	static struct glue_block_request lost = { .op = GLUE_BLOCK_FLUSH };

	(void)state;
	forget(&lost);
	read_for(10 * STALL_MS);
	native_expect(K_OK, "");
	read_for(STALL_MS);
	native_expect(K_ERR_TIMEOUT, "owed an answer for 10000 ms");
}

/* It has answered, and no interrupt came: the next look finds it. */
static void test_lost_interrupt(void **state)
{
	static struct glue_block_request last = { .op = GLUE_BLOCK_READ,
						  .count = 1 };

	(void)state;
	start_silent(&last);
	assert_int_equal(disk_step(), 1);
	fake.events = 0;
	native_run(0);
	glue_block_poll(&blk);
	assert_int_equal(glue_block_in_flight(&blk), 1);
	native_pass(STALL_MS / 2);
	glue_block_poll(&blk);
	assert_int_equal(glue_block_in_flight(&blk), 0);
	native_expect(K_OK, "");
}

/* The device has ended one, no interrupt comes, and the broker asks. */
static enum k_err unheard(void)
{
	static struct glue_block_request r; /* the last one stays in flight */

	r = (struct glue_block_request){ .op = GLUE_BLOCK_READ, .count = 1 };
	start_silent(&r);
	assert_int_equal(disk_step(), 1);
	fake.events = 0;
	native_run(GLUE_EVENT_CONTROL);
	if (native.driver_end)
		return native.driver_end;
	assert_int_equal(glue_block_wait(&blk, GLUE_FOREVER), K_OK);
	return K_OK;
}

/* Twice is served and forgiven, if an interrupt comes then. */
static void test_interrupts_lost(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(unheard(), K_OK);
		assert_int_equal(unheard(), K_OK);
		assert_int_equal(glue_block_read(&blk, 3, 1, data,
						 GLUE_FOREVER),
				 K_OK);
	}
	for (i = 0; i < 100; i++)
		native_run(GLUE_EVENT_CONTROL);
	assert_int_equal(unheard(), K_OK);
	assert_int_equal(unheard(), K_OK);
	assert_int_equal(unheard(), K_ERR_IO);
	native_expect(K_ERR_IO, "its interrupts are lost: 3 times");
}

/* Nothing is with the device: nobody is woken to look. */
static void test_no_look_at_nothing(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);

	(void)state;
	assert_int_equal(glue_block_read(&blk, 3, 1, data, GLUE_FOREVER), K_OK);
	native_pass(STALL_MS);
	assert_int_equal(dddk_driver_wake_at(), GLUE_FOREVER);
}

/* --- the end that somebody asks for --------------------------------------- */

static struct glue_block_request asked[8];

/* Writes with the device; the driver is not woken by what it does. */
static void start_writes(void)
{
	unsigned int i;

	for (i = 0; i < 8; i++) {
		asked[i] = (struct glue_block_request){ .op = GLUE_BLOCK_WRITE,
							.sector = 100 + i,
							.count = 1 };
		asked[i].flags = i == 7 ? GLUE_BLOCK_FUA : 0;
		asked[i].data = glue_block_alloc(&blk, 512, 0);
		memset(asked[i].data, 0x70 + (int)i, 512);
		start_silent(&asked[i]);
	}
}

/* Return: the status that the process ends with. */
static int stop(enum k_err why)
{
	int status = native_stop(why);

	while (glue_block_poll(&blk))
		;
	return status;
}

/* What the device has is ended, with its flush; what comes then is not. */
static void test_stop(void **state)
{
	static struct glue_block_request late = { .op = GLUE_BLOCK_READ,
						  .count = 1 };
	unsigned int i;

	(void)state;
	start_writes();
	native.in_driver = 1;
	start_silent(&late);
	assert_int_equal(stop(K_OK), 0);
	for (i = 0; i < 8; i++) {
		assert_false(asked[i].in_flight);
		assert_int_equal(asked[i].status, K_OK);
		assert_int_equal(disk.medium[(100 + i) * 512], 0x70 + i);
	}
	assert_true(late.in_flight);
	assert_int_equal(device.status, 0);
	native_expect(K_ERR_GONE, "stopped: success");
}

/* A device that does not answer is not waited for beyond the manifest's word. */
static void test_stop_has_a_limit(void **state)
{
	uint64_t begin;

	(void)state;
	start_writes();
	disk.lie = SILENT;
	disk.lies_most = 1000;
	begin = fake.ticks;
	stop(K_OK);
	assert_in_range(fake.ticks - begin,
			fake_env()->counter_hz / 1000ul * STALL_MS,
			fake_env()->counter_hz / 1000ul * (STALL_MS + 10));
	assert_int_equal(device.status, 0);
	assert_int_equal(glue_block_in_flight(&blk), 8);
}

/* A driver that ends for a fault of its device's leaves the rest as it is. */
static void test_end_for_a_reason(void **state)
{
	(void)state;
	start_writes();
	dddk_driver_end(K_ERR_TIMEOUT);
	assert_int_equal(stop(K_ERR_TIMEOUT), K_ERR_TIMEOUT);
	assert_int_equal(glue_block_in_flight(&blk), 8);
	assert_int_equal(device.status, 0);
}

static void (*device_works)(void);

static void work_or_stop(void)
{
	device_works();
	if (!fake.events)
		fake.events = GLUE_EVENT_STOP;
}

/* The program leaves its device at rest when somebody asks it to end. */
static void test_program_ends(void **state)
{
	(void)state;
	native.in_driver = 1;
	fake.in_client = 0;
	device_works = fake.on_block;
	fake.on_block = work_or_stop;
	dddk_dma_reset();
	assert_int_equal(glue_program_main(glue_env()), 0);
	assert_int_equal(device.resets, 3);
	assert_int_equal(device.status, 0);
	native.in_driver = 0;
	native.driver_end = K_ERR_GONE;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_no_stall_after_65536),
		TEST(test_hung),
		TEST(test_stall_ms),
		TEST(test_machine_stands_still),
		TEST(test_slow_flush),
		TEST(test_slow_but_living),
		TEST(test_slow_row),
		TEST(test_left_out),
		TEST(test_flush_left_out),
		TEST(test_lost_interrupt),
		TEST(test_interrupts_lost),
		TEST(test_no_look_at_nothing),
		TEST(test_stop),
		TEST(test_stop_has_a_limit),
		TEST(test_end_for_a_reason),
		TEST(test_program_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
