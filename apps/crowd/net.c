/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net.c - a client of a card that sends, or takes what comes, without end.
 *
 * Says its MAC address, so that the host can send to it.
 */
#include <glue/net_client.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "crowd.h"

#define LEND_EXTRA GLUE_NET_LEND_MIN /* for the library's own */

static struct glue_net net;
static struct glue_net_frame frame[GLUE_NET_FRAMES_MAX];
static const struct crowd_work *work;
static enum k_err failed;

static void frame_begin(struct glue_net_frame *f)
{
	failed = strcmp(work->what, "send") ? glue_net_fill(&net, f) :
					      glue_net_send(&net, f);
}

static void frame_ended(struct glue_net_frame *f)
{
	(*work->done)++;
	if (f->status)
		failed = f->status;
	if (!failed)
		frame_begin(f);
}

/* To nobody's address, from this client's. */
static void frame_build(struct glue_net_frame *f)
{
	static const uint8_t nobody[6] = { 0x02, 0, 0, 0, 0, 0x01 };
	uint8_t *data = f->data;

	memcpy(data, nobody, 6);
	memcpy(data + 6, glue_net_info(&net)->mac, 6);
	data[12] = 0x88; /* local experimental, IEEE 802 */
	data[13] = 0xb5;
	f->bytes = work->bytes;
}

static void frames_begin(void)
{
	const uint8_t *mac = glue_net_info(&net)->mac;
	uint32_t i;

	for (i = 0; i < work->depth && !failed; i++) {
		frame[i].data = glue_net_alloc(&net, work->bytes);
		frame[i].room = work->bytes;
		frame[i].done = frame_ended;
		if (!frame[i].data) {
			failed = K_ERR_NOMEM;
			return;
		}
		frame_build(&frame[i]);
		frame_begin(&frame[i]);
	}
	glue_net_kick(&net);
	glue_printf("mac %02x%02x%02x%02x%02x%02x\n", mac[0], mac[1], mac[2],
		    mac[3], mac[4], mac[5]);
}

enum k_err crowd_net(const struct crowd_work *wanted)
{
	uint64_t deadline = glue_deadline_ns(CROWD_PATIENCE_NS);
	uint32_t room;

	work = wanted;
	if (work->depth > GLUE_NET_FRAMES_MAX || work->bytes < 60)
		return K_ERR_RANGE;
	room = work->bytes + GLUE_NET_ALLOC_ALIGN;
	failed = glue_net_open(&net, work->service,
			       LEND_EXTRA + (uint64_t)work->depth * room,
			       deadline);
	if (!failed)
		frames_begin();
	while (!failed) {
		enum k_err err = crowd_go_on(work,
					     glue_net_wait(&net, deadline),
					     &deadline);

		failed = failed ? failed : err;
	}
	return failed;
}
