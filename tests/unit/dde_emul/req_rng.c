// SPDX-License-Identifier: BSD-2-Clause
/*
 * req_rng.c - the rng class over Linux's hw_random core and a made-up source.
 *
 * The source can fail and can keep its reader waiting; clients come in great
 * number, take requests back and use a token again at once.
 */
#include <linux/delay.h>
#include <linux/hw_random.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <glue/rng.h>
#include <dde.h>
#include "check.h"
#include "fake_request.h"

#define RANDOM	  0x5a /* every byte of the source */
#define UNTOUCHED 0x11

static DECLARE_WAIT_QUEUE_HEAD(gate);
static bool closed, reader_waits;
static int failure;
static u8 data[2][GLUE_RNG_BYTES_MAX + 2];

static int source_read(struct hwrng *rng, void *to, size_t bytes, bool wait)
{
	if (failure)
		return failure;
	if (closed) {
		reader_waits = true;
		wait_event(gate, !closed);
		reader_waits = false;
	}
	memset(to, RANDOM, bytes);
	return bytes;
}

static struct hwrng source = { .name = "check", .read = source_read };

static void gate_set(bool is_closed)
{
	closed = is_closed;
	wake_up_all(&gate);
}

/* Into an odd address; the byte in front and behind are nobody's. */
static void ask(unsigned int token, u8 *to, unsigned int bytes)
{
	struct kit_req req = { .op = GLUE_RNG_READ,
			       .token = token,
			       .bytes = bytes,
			       .data = to + 1 };

	memset(to, UNTOUCHED, sizeof(data[0]));
	fake_request(&req);
}

static bool filled(const u8 *to, unsigned int bytes)
{
	return to[0] == UNTOUCHED && !memchr_inv(to + 1, RANDOM, bytes) &&
	       !memchr_inv(to + 1 + bytes, UNTOUCHED,
			   sizeof(data[0]) - 1 - bytes);
}

static bool untouched(const u8 *to)
{
	return !memchr_inv(to, UNTOUCHED, sizeof(data[0]));
}

static void served(void)
{
	ask(1, data[0], GLUE_RNG_BYTES_MAX);
	CHECK(fake_req_wait(1) == KIT_OK);
	CHECK(fake_req_value[1] == GLUE_RNG_BYTES_MAX);
	CHECK(filled(data[0], GLUE_RNG_BYTES_MAX));
	ask(1, data[0], 1);
	CHECK(fake_req_wait(1) == KIT_OK && filled(data[0], 1));
}

/* All bytes or none: what came before the failure is not given either. */
static void source_fails(void)
{
	failure = -EIO;
	ask(2, data[0], 1000);
	CHECK(fake_req_wait(2) == KIT_ERR_IO && !fake_req_value[2]);
	CHECK(untouched(data[0]));
	failure = -ETIMEDOUT;
	ask(2, data[0], 1000);
	CHECK(fake_req_wait(2) == KIT_ERR_TIMEOUT && untouched(data[0]));
	failure = 0;
	ask(2, data[0], 1000);
	CHECK(fake_req_wait(2) == KIT_OK && filled(data[0], 1000));
}

static void source_waits(void)
{
	gate_set(true);
	ask(3, data[0], 1000);
	while (!reader_waits)
		msleep(1);
	CHECK(fake_req_status[3] == FAKE_OPEN);
}

/* Answered at once; what the source says later goes to nobody, also if the
 * token has become another request's. */
static void taken_back_while_it_is_read(void)
{
	source_waits();
	fake_req_cancel(3);
	CHECK(fake_req_status[3] == KIT_ERR_GONE);
	ask(3, data[1], 2000);
	gate_set(false);
	CHECK(fake_req_wait(3) == KIT_OK && filled(data[1], 2000));
	CHECK(untouched(data[0]));
}

static void taken_back_before_its_turn(void)
{
	source_waits();
	ask(4, data[1], 10);
	fake_req_cancel(4);
	CHECK(fake_req_status[4] == KIT_ERR_GONE);
	gate_set(false);
	CHECK(fake_req_wait(3) == KIT_OK && filled(data[0], 1000));
	msleep(8);
	CHECK(fake_req_status[4] == KIT_ERR_GONE && untouched(data[1]));
}

/* As many as there are tokens, a third of them taken back. */
static void every_token(void)
{
	unsigned int token;

	gate_set(true);
	for (token = 0; token < KIT_REQ_TOKENS; token++)
		ask(token, data[0], 64);
	for (token = 0; token < KIT_REQ_TOKENS; token += 3)
		fake_req_cancel(token);
	gate_set(false);
	for (token = 0; token < KIT_REQ_TOKENS; token++)
		CHECK(fake_req_wait(token) ==
		      (token % 3 ? KIT_OK : KIT_ERR_GONE));
}

static void check_req_rng(void)
{
	const struct glue_rng_info *info = (const void *)fake_req_info;

	CHECK(dde_class_rng.start() == -ENODEV);
	CHECK(!hwrng_register(&source));
	CHECK(!dde_class_rng.start() && fake_req_class == KIT_CLASS_RNG);
	CHECK(!strcmp(info->driver, "linux check"));
	CHECK(!strcmp(info->name, kit_device()->node));
	served();
	source_fails();
	taken_back_while_it_is_read();
	taken_back_before_its_turn();
	every_token();
	hwrng_unregister(&source);
	ask(5, data[0], 200);
	CHECK(fake_req_wait(5) != KIT_OK && untouched(data[0]));
	ask(5, data[0], 200);
	CHECK(fake_req_wait(5) == KIT_ERR_NOTFOUND && untouched(data[0]));
}
CHECK_GROUP(req_rng);
