/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_blk.c - the native disk driver, a client, and a device that libFuzzer
 * plays.
 *
 * Each byte of the input is one act: the client submits a request, or the
 * device answers honestly, lies, writes into what it may write, changes its
 * configuration, interrupts. What must hold whatever it does:
 *   - no access outside memory (AddressSanitizer), no assertion of the fakes;
 *   - each request ends, when the device works again or the driver has ended;
 *   - the device is asked for what a client asks for and still waits for;
 *   - success means that the device has done it and said so, since it was asked;
 *     what was read is the medium's data, what was written the medium has;
 *   - nothing fails as long as the device has been honest, and a lie that cannot
 *     be overlooked ends the driver, whose next life serves.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <dddk/service.h>
#include <glue/block_client.h>
#include <glue/rt.h>
#include "fake/native.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "fuzz.h"
#include "native_disk.h"

#define REQUESTS 8u
#define SHARE	 16u /* sectors of a request */
#define STALE	 0xa5u
#define FEATURES (ALL | F_INDIRECT)

static struct glue_block blk;
static struct glue_block_request req[REQUESTS];
static uint8_t *buffer[REQUESTS];
static unsigned int open_requests;
static int lied; /* or changed what it is */
/* It has said that something is done which is not, in a way that nobody can
 * know: for one request twice; or the status of one that was done too little, and
 * that it had ended whole under another's number, or with its ring scribbled. */
static int said_twice, said_short, mixed_up;

/* What the device has been asked for and has done, by request; and the medium
 * as that makes it. */
static unsigned int done_requests, done_flushes;
static uint8_t medium[REQUESTS * SHARE * 512];

/* --- the model ------------------------------------------------------------ */

static int is_excused(void)
{
	return said_twice || (said_short && mixed_up);
}

/* Its place in the types of the protocol (VIRTIO 1.2, 5.2.6). */
static uint32_t type_of(const struct glue_block_request *r)
{
	static const uint8_t types[] = { [GLUE_BLOCK_READ] = 0,
					 [GLUE_BLOCK_WRITE] = 1,
					 [GLUE_BLOCK_FLUSH] = 4,
					 [GLUE_BLOCK_DISCARD] = 11,
					 [GLUE_BLOCK_WRITE_ZEROES] = 13 };

	return types[r->op];
}

/* A flush has no sectors that would tell which it is: they are counted. */
static unsigned int flushes_open(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < REQUESTS; i++)
		n += open_requests >> i & 1 && req[i].op == GLUE_BLOCK_FLUSH;
	return n;
}

static void answered(uint32_t type, uint64_t sector, int is_done)
{
	unsigned int i;

	if (type == 8) /* its name, for the driver */
		return;
	if (type == 4) {
		must(flushes_open() > 0, "a flush that nobody waits for");
		done_flushes += is_done != 0;
		return;
	}
	i = (unsigned int)(sector / SHARE) % REQUESTS;
	must(open_requests >> i & 1, "the device has what its client has back");
	must(type == type_of(&req[i]), "the device is asked for another thing");
	if (!is_done)
		return;
	done_requests |= 1u << i;
	if (type == 1)
		memcpy(medium + req[i].sector * 512, buffer[i],
		       req[i].count * 512);
	if (type > 8)
		memset(medium + req[i].sector * 512, type == 11 ? 0xdd : 0,
		       req[i].count * 512);
	must(!memcmp(medium + i * SHARE * 512, disk.medium + i * SHARE * 512,
		     SHARE * 512),
	     "other sectors have changed than a client says");
}

/* --- the client ----------------------------------------------------------- */

/* Has the device done this one? It is said once. */
static int take_done(unsigned int i)
{
	int is_done = done_requests >> i & 1;

	if (req[i].op == GLUE_BLOCK_FLUSH && !req[i].status) {
		is_done = done_flushes > 0;
		done_flushes -= is_done != 0;
	}
	done_requests &= ~(1u << i);
	return is_done;
}

static void ended(struct glue_block_request *r)
{
	unsigned int i = (unsigned int)(r - req);
	int is_done = take_done(i);

	must(open_requests >> i & 1, "a request has ended twice");
	open_requests &= ~(1u << i);
	must(lied || !r->status, "an honest device's request has failed");
	if (r->status || is_excused())
		return;
	must(is_done, "success that the device has not spoken of");
	must(r->op != GLUE_BLOCK_READ ||
		     !memcmp(buffer[i], medium + r->sector * 512,
			     r->count * 512ul),
	     "a read has succeeded with data that the disk does not hold");
}

static void submit(void)
{
	static const uint16_t ops[] = {
		GLUE_BLOCK_READ,  GLUE_BLOCK_READ,    GLUE_BLOCK_WRITE,
		GLUE_BLOCK_FLUSH, GLUE_BLOCK_DISCARD, GLUE_BLOCK_WRITE_ZEROES
	};
	uint8_t what = fuzz_byte(), at = fuzz_byte();
	unsigned int i = what % REQUESTS;

	if (open_requests >> i & 1)
		return;
	req[i] = (struct glue_block_request){
		.op = ops[what / REQUESTS % 6],
		.sector = i * SHARE + at % 4, /* no two overlap */
		.count = 1 + at / 4 % (SHARE - 3),
		.data = buffer[i],
		.done = ended,
	};
	if (req[i].op == GLUE_BLOCK_FLUSH)
		req[i].sector = req[i].count = 0;
	memset(buffer[i], STALE ^ what, SHARE * 512);
	open_requests |= 1u << i;
	if (glue_block_submit(&blk, &req[i])) {
		must(lied, "a good request is refused");
		open_requests &= ~(1u << i);
	}
}

/* --- the device ----------------------------------------------------------- */

static void reconfigure(void)
{
	device.config[fuzz_byte() % 64] = fuzz_byte();
	device.config_restless = fuzz_byte() % 8 == 0;
	lied = 1;
	fake_virtio_config_changed();
}

static void lie(enum lie what)
{
	unsigned int told = disk.lies;

	disk.lie = what;
	disk.lies_most = told + 1;
	disk.bad_status = 1 + fuzz_byte() % 16;
	disk_step();
	if (disk.lies == told)
		return;
	lied = 1;
	said_twice |= what == TWICE;
	said_short |= what == SHORT;
	mixed_up |= what == WRONG_ID;
	if (what == NO_STATUS || what == FAR_ID || what == LONG ||
	    what == JUMP || what == TWICE || what == NEEDS_RESET)
		fuzz_grave();
}

static void act(void)
{
	switch (fuzz_byte() % 8) {
	case 0:
	case 1:
		submit();
		break;
	case 2:
	case 3:
		disk.lie = HONEST;
		disk_step();
		break;
	case 4:
		lie(fuzz_byte() % (NEEDS_RESET + 1));
		break;
	case 5:
		fuzz_scribble(0);
		mixed_up = lied = 1;
		fake.events |= GLUE_EVENT_IRQ(0);
		break;
	case 6:
		reconfigure();
		break;
	default:
		fake.ticks += fake_env()->counter_hz / 4 * fuzz_byte();
		lied |= open_requests != 0; /* it is silent */
		fake.events |= GLUE_EVENT_IRQ(0);
	}
}

/* The driver takes notice, and then the client. */
static void pump(void)
{
	uint64_t events = fake.events & GLUE_EVENT_IRQ(0);

	glue_block_kick(&blk);
	fake.events &= ~events;
	native_run(events);
	glue_block_poll(&blk);
}

/* --- one run -------------------------------------------------------------- */

/* The device behaves again: all that is open ends. */
static void settle(void)
{
	unsigned int rounds = 0;

	disk_behave(512);
	while (open_requests) {
		if (native.driver_end)
			native_live_again();
		must(rounds++ < 10000, "a request never ends");
		fake.ticks += fake_env()->counter_hz;
		while (disk_step())
			continue;
		fake.events |= GLUE_EVENT_IRQ(0);
		pump();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	unsigned int i;

	fuzz_input(data, bytes);
	open_requests = done_requests = done_flushes = 0;
	lied = said_twice = said_short = mixed_up = 0;
	for (i = 0; i < sizeof(medium); i++)
		medium[i] = disk.medium[i] = (uint8_t)(i * 31 >> 5);
	disk.on_answer = answered;
	must(!disk_start(FEATURES, 512), "an honest device is refused");
	/* 4: fewer than requests, with indirect descriptors. */
	device.queue_max = fuzz_byte() % 2 ? 1024 : 4;
	must(!native_probe(), "a queue of this size is refused");
	fuzz_begin();
	must(!glue_block_open(&blk, "blk0", REGION, GLUE_FOREVER),
	     "the disk cannot be opened");
	for (i = 0; i < REQUESTS; i++)
		buffer[i] = glue_block_alloc(&blk, SHARE * 512, 0);
	while (fuzz_left()) {
		act();
		if (fuzz_byte() % 4) /* or more happens in one turn */
			pump();
		if (native.driver_end) {
			disk_behave(512);
			native_live_again();
		}
	}
	settle();
	fuzz_noticed();
	native_end();
	glue_block_close(&blk);
	return 0;
}
