/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * input.c - bytes of the line to the clients' reads.
 *
 * They wait in a queue until somebody reads; the oldest read gets them. When
 * the queue is full the driver stops receiving, and goes on when it is nearly
 * empty again: each stop costs a few accesses to the device.
 */
#include "internal.h"

#define QUEUE_BYTES 2048u
#define GO_ON_ROOM  (QUEUE_BYTES - QUEUE_BYTES / 4)

static struct {
	uint8_t queue[QUEUE_BYTES];
	uint32_t head, tail; /* grow; next to take, next to fill */
	int full;	     /* the driver was left without room */
} input;

uint32_t dddk_serial_room(void)
{
	return QUEUE_BYTES - (input.tail - input.head);
}

static uint32_t queue_take(uint8_t *data, uint32_t bytes)
{
	uint32_t n;

	for (n = 0; n < bytes && input.head != input.tail; n++)
		data[n] = input.queue[input.head++ % QUEUE_BYTES];
	return n;
}

static void reads_answer(void)
{
	const struct dddk_req *read;

	while (input.head != input.tail &&
	       (read = dddk_req_first(DDDK_SERIAL_READS)))
		dddk_req_first_end(DDDK_SERIAL_READS, K_OK,
				   queue_take(read->data, read->bytes));
}

void dddk_serial_reads_serve(void)
{
	reads_answer();
	if (!input.full || dddk_serial_room() < GO_ON_ROOM)
		return;
	input.full = 0;
	dddk_serial_driver->receive();
}

void dddk_serial_errors(uint32_t overrun, uint32_t is_break, uint32_t parity,
			uint32_t framing)
{
	dddk_serial_stats.overruns += overrun != 0;
	dddk_serial_stats.breaks += is_break != 0;
	dddk_serial_stats.parity_errors += parity && !is_break;
	dddk_serial_stats.frame_errors += framing && !is_break;
}

void dddk_serial_input(const uint8_t *data, uint32_t bytes)
{
	for (; bytes && dddk_serial_room(); bytes--) {
		input.queue[input.tail++ % QUEUE_BYTES] = *data++;
		dddk_serial_stats.received++;
	}
	dddk_serial_stats.overruns += bytes;
	reads_answer();
	input.full = !dddk_serial_room();
}
