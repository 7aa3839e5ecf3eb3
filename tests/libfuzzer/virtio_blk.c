/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_blk.c - the native disk driver, a client, and a device that libFuzzer
 * plays.
 *
 * Each byte of the input is one act: the client submits a request, or the
 * device answers honestly, lies, writes into what it may write, changes its
 * configuration, interrupts. What must hold whatever it does:
 *   - no access outside memory (AddressSanitizer), no assertion of the fakes;
 *   - each request ends, when the device works again or the driver has given up;
 *   - success of a read means that the device wrote all of it, and as long as it
 *     wrote only honest answers, that it is the medium's data.
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
static int scribbled; /* the device wrote what it was not asked for */

/* --- the client ----------------------------------------------------------- */

static void ended(struct glue_block_request *r)
{
	unsigned int i = (unsigned int)(r - req);

	open_requests &= ~(1u << i);
	if (r->status || r->op != GLUE_BLOCK_READ || scribbled)
		return;
	must(!memcmp(buffer[i], disk.medium + r->sector * 512,
		     r->count * 512ul),
	     "a read has succeeded with data that the disk does not hold");
}

static void submit(void)
{
	static const uint16_t ops[] = {
		GLUE_BLOCK_READ,  GLUE_BLOCK_READ,    GLUE_BLOCK_WRITE,
		GLUE_BLOCK_FLUSH, GLUE_BLOCK_DISCARD, GLUE_BLOCK_WRITE_ZEROES
	};
	uint8_t what = fuzz_byte();
	unsigned int i = what % REQUESTS;

	if (open_requests >> i & 1)
		return;
	req[i] = (struct glue_block_request){
		.op = ops[what / REQUESTS % 6],
		.sector = i * SHARE, /* no two overlap: order is nobody's */
		.count = 1 + fuzz_byte() % SHARE,
		.data = buffer[i],
		.done = ended,
	};
	if (req[i].op == GLUE_BLOCK_FLUSH)
		req[i].sector = req[i].count = 0;
	memset(buffer[i], STALE ^ (int)i, SHARE * 512);
	open_requests |= 1u << i;
	if (glue_block_submit(&blk, &req[i]))
		open_requests &= ~(1u << i);
}

/* --- the device ----------------------------------------------------------- */

static void reconfigure(void)
{
	device.config[fuzz_byte() % 64] = fuzz_byte();
	device.config_restless = fuzz_byte() % 8 == 0;
	fake_virtio_config_changed();
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
		disk.lie = fuzz_byte() % (NEEDS_RESET + 1);
		disk.lies_most = disk.lies + 1;
		scribbled |= disk.lie == TWICE; /* it says OK and did nothing */
		disk_step();
		break;
	case 5:
		fuzz_scribble(0);
		scribbled = 1;
		fake.events |= GLUE_EVENT_IRQ(0);
		break;
	case 6:
		reconfigure();
		break;
	default:
		fake.ticks += fake_env()->counter_hz / 4 * fuzz_byte();
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
	while (open_requests && !native.driver_end) {
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
	open_requests = 0;
	scribbled = 0;
	for (i = 0; i < REQUESTS * SHARE * 512; i++)
		disk.medium[i] = (uint8_t)(i * 31 >> 5);
	must(!disk_start(FEATURES, 512), "an honest device is refused");
	/* 4: fewer than requests, with indirect descriptors. */
	device.queue_max = fuzz_byte() % 2 ? 1024 : 4;
	must(!native_probe(), "a queue of this size is refused");
	must(!glue_block_open(&blk, "blk0", REGION, GLUE_FOREVER),
	     "the disk cannot be opened");
	for (i = 0; i < REQUESTS; i++)
		buffer[i] = glue_block_alloc(&blk, SHARE * 512, 0);
	while (fuzz_left() && !native.driver_end) {
		act();
		if (fuzz_byte() % 4) /* or more happens in one turn */
			pump();
	}
	settle();
	native_end();
	settle(); /* what a driver that ended has left to its successor */
	glue_block_close(&blk);
	return 0;
}
