/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wait.c - block service: when may the driver sleep, and who must wake it.
 *
 * Every client is told first, then every ring is looked at once more; the
 * order matters, see pair [C] in glue/ring.h.
 */
#include <glue/ring_ops.h>
#include <glue/rt.h>
#include <glue/trace.h>

#include "internal.h"

/* Is there something that a poll could do now? */
static int has_work(void)
{
	uint32_t left;

	if (dddk_block.busy)
		return 0;
	if (dddk_block.flushes_due)
		return 1;
	for (left = dddk_block.serving; left; left &= left - 1) {
		struct client *client =
			&dddk_block.client[__builtin_ctz(left)];

		if (client_can_answer(client) && glue_ring_ready(&client->rx))
			return 1;
		if (client->rx.broken || client->tx.broken)
			return 1;
	}
	return 0;
}

int dddk_block_sleep_prepare(void)
{
	uint32_t left;

	for (left = dddk_block.serving; left; left &= left - 1)
		glue_ring_sleep_begin(
			&dddk_block.client[__builtin_ctz(left)].sleep);
	return !has_work();
}

void dddk_block_sleep_end(void)
{
	uint32_t left;

	for (left = dddk_block.serving; left; left &= left - 1)
		glue_ring_sleep_end(
			&dddk_block.client[__builtin_ctz(left)].sleep);
}

uint64_t dddk_block_wait(uint64_t deadline_ticks)
{
	uint64_t events;

	dddk_block_flush();
	if (dddk_block_sleep_prepare()) {
		events = glue_wait(deadline_ticks);
		glue_trace(GLUE_TRACE_DRIVER_WAKE, (uint32_t)events);
	} else {
		/* A busy client must not hide interrupts. */
		events = glue_poll(GLUE_ALL_EVENTS);
	}
	dddk_block_sleep_end();
	return events;
}
