/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wait.c - when may the driver sleep, and who must wake it; publishing answers.
 *
 * A client is either `awake` - its ring is looked at in each poll - or armed:
 * its sleep word is set, so it signals when it submits, and the event makes it
 * awake again. An armed client's ring need not be looked at: had it submitted,
 * the signal would be there. So a turn of the loop that only serves interrupts
 * touches no ring of an idle client, and a signal costs no store to disarm:
 * the client knows that it has signalled this sleep already.
 * Order: announce first, then look once more; pair [C] in glue/ring.h.
 */
#include <dddk/service.h>
#include <glue/rt.h>
#include <glue/sys.h>
#include <glue/trace.h>

#include "channels.h"

/* Returns 0, and leaves the client awake, if it has something for us. */
static int arm_channel(struct dddk_channel *channel)
{
	glue_ring_sleep_begin(&channel->sleep);
	if (!dddk_channel_ready(channel) && !dddk_channel_broken(channel))
		return 1;
	glue_ring_sleep_end(&channel->sleep);
	return 0;
}

int dddk_service_sleep_prepare(void)
{
	uint32_t left;

	/* A completion will end this; until then nothing could be taken. */
	if (dddk_channels.busy)
		return 1;
	for (left = dddk_channels.awake; left; left &= left - 1) {
		unsigned int index = (unsigned int)__builtin_ctz(left);

		if (arm_channel(&dddk_channels.channel[index]))
			dddk_channels.awake &= ~(1u << index);
	}
	return !dddk_channels.awake && !dddk_channels.due;
}

/* Show a client its answers, and wake it if it sleeps. */
static inline void show(uint32_t index)
{
	struct dddk_channel *channel = &dddk_channels.channel[index];

	glue_ring_publish(&channel->tx);
	if (glue_ring_peer_sleeps(&channel->sleep)) {
		glue_trace_keep(GLUE_TRACE_SERVICE_SIGNAL, index);
		glue_sys_signal(GLUE_CAP_PEER0 + index);
	}
}

/*
 * Of clients woken together the kernel lets one run first (the last woken), and
 * where the device answers at once it goes on until an answer comes late. So
 * another begins each time: the mask is turned until its bit is the lowest.
 */
void dddk_service_flush(void)
{
	uint32_t from = dddk_channels.first, unseen = dddk_channels.unseen;
	uint32_t left = unseen >> from | unseen << (-from % GLUE_CHANS_MAX);
	uint32_t index;

	dddk_channels.unseen = 0;
	if (left & (left - 1))
		dddk_channels.first = (from + (uint32_t)__builtin_ctz(left) +
				       1) %
				      GLUE_CHANS_MAX;
	for (; left; left &= left - 1) {
		index = from + (uint32_t)__builtin_ctz(left);
		show(index % GLUE_CHANS_MAX);
	}
}
_Static_assert(GLUE_CHANS_MAX == 32, "a bit of a mask each");

uint64_t dddk_service_wait(uint64_t deadline_ticks)
{
	uint64_t events;

	dddk_service_flush();
	/* A busy client must not hide interrupts: without sleep, still look. */
	if (!dddk_service_sleep_prepare())
		return glue_poll(GLUE_ALL_EVENTS);
	events = glue_wait(deadline_ticks);
	glue_trace_keep(GLUE_TRACE_DRIVER_WAKE, (uint32_t)events);
	return events;
}
