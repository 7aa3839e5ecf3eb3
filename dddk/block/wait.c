/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wait.c - block service: when may the driver sleep, and who must wake it.
 *
 * A client is either `awake` - its ring is looked at in each poll - or armed:
 * its sleep word is set, so it signals when it submits, and the event makes it
 * awake again. An armed client's ring need not be looked at: had it submitted,
 * the signal would be there. So a turn of the loop that only serves interrupts
 * touches no ring of an idle client, and a signal costs no store to disarm:
 * the client knows that it has signalled this sleep already.
 * Order: announce first, then look once more; pair [C] in glue/ring.h.
 */
#include <glue/ring_ops.h>
#include <glue/rt.h>
#include <glue/trace.h>

#include "internal.h"

/* Returns 0, and leaves the client awake, if it has something for us. */
static int arm_client(struct client *client)
{
	glue_ring_sleep_begin(&client->sleep);
	if (!client_ready(client) && !client->rx.broken && !client->tx.broken)
		return 1;
	glue_ring_sleep_end(&client->sleep);
	return 0;
}

int dddk_block_sleep_prepare(void)
{
	uint32_t left;

	/* A completion will end this; until then nothing could be taken. */
	if (dddk_block.busy)
		return 1;
	for (left = dddk_block.awake; left; left &= left - 1) {
		unsigned int index = (unsigned int)__builtin_ctz(left);

		if (arm_client(&dddk_block.client[index]))
			dddk_block.awake &= ~(1u << index);
	}
	return !dddk_block.awake && !dddk_block.flushes_due;
}

uint64_t dddk_block_wait(uint64_t deadline_ticks)
{
	uint64_t events;

	dddk_block_flush();
	/* A busy client must not hide interrupts: without sleep, still look. */
	if (!dddk_block_sleep_prepare())
		return glue_poll(GLUE_ALL_EVENTS);
	events = glue_wait(deadline_ticks);
	glue_trace(GLUE_TRACE_DRIVER_WAKE, (uint32_t)events);
	return events;
}
