/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_net.c - the client of native_net.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/net_service.h>
#include <glue/counters.h>
#include <glue/net_client.h>
#include <glue/rt.h>
#include "fake/native.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "native_card.h"
#include "native_net.h"

struct glue_net net;
struct glue_net_frame rx[LENT], tx[SENDERS];
unsigned int received, sent;
static uint32_t last_bytes; /* of what was received */
int own_address;	    /* frames carry the client's, as source */
int garbled;		    /* the card mixes frames up as it likes */

/* --- frames --------------------------------------------------------------- */

static uint8_t byte_of(uint32_t number, uint32_t at)
{
	return (uint8_t)(number * 31 + at * 7 + (at >> 8) + 1);
}

void make(uint8_t *frame, uint32_t number, uint32_t bytes)
{
	uint32_t i;

	memcpy(frame,
	       own_address ? (const uint8_t *)"\x02\0\0\0\0\1" : net.info.mac,
	       6);
	memcpy(frame + 6,
	       own_address ? net.info.mac : (const uint8_t *)"\x02\0\0\0\0\1",
	       6);
	memcpy(frame + 12, "\x88\xb5", 2);
	if (bytes >= NUMBERED)
		memcpy(frame + 14, &number, 4);
	for (i = NUMBERED; i < bytes; i++)
		frame[i] = byte_of(number, i);
}

static void expect_made(const uint8_t *frame, uint32_t bytes)
{
	uint32_t number, i;

	assert_memory_equal(frame + 12, "\x88\xb5", 2);
	if (bytes < NUMBERED)
		return;
	memcpy(&number, frame + 14, 4);
	for (i = NUMBERED; i < bytes; i++)
		assert_int_equal(frame[i], byte_of(number, i));
}

/* --- the client ----------------------------------------------------------- */

uint64_t soon(void)
{
	return glue_deadline_ns(1000000000ul);
}

static void on_received(struct glue_net_frame *frame)
{
	if (frame->status)
		return;
	received++;
	last_bytes = frame->bytes;
	if (!garbled)
		expect_made(frame->data, frame->bytes);
	assert_memory_equal(frame->data, net.info.mac, 6);
	memset(frame->data, 0xee, frame->room);
	assert_int_equal(glue_net_fill(&net, frame), K_OK);
}

static void on_sent(struct glue_net_frame *frame)
{
	sent += frame->status == K_OK;
}

void lend(unsigned int n, uint32_t room)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		rx[i] = (struct glue_net_frame){
			.data = glue_net_alloc(&net, room),
			.room = room,
			.done = on_received,
		};
		assert_non_null(rx[i].data);
		assert_int_equal(glue_net_fill(&net, &rx[i]), K_OK);
	}
	glue_net_kick(&net);
}

static int open_card(uint64_t features)
{
	unsigned int i;

	received = sent = 0;
	own_address = garbled = 0;
	if (card_start(features))
		return 1;
	native.revives = 1;
	if (glue_net_open(&net, "net0", REGION, GLUE_FOREVER))
		return 1;
	for (i = 0; i < SENDERS; i++)
		tx[i] = (struct glue_net_frame){
			.data = glue_net_alloc(&net, ROOM), .done = on_sent
		};
	return 0;
}

int set_up(void **state)
{
	(void)state;
	return open_card(ALL);
}

int tear_down(void **state)
{
	(void)state;
	card.lies = 0;
	native_end();
	glue_net_close(&net);
	return 0;
}

void reopen(uint64_t features)
{
	tear_down(NULL);
	assert_int_equal(open_card(features), 0);
}

void interrupt(void)
{
	uint64_t events = fake.events & GLUE_EVENT_IRQ(0);

	fake.events &= ~events;
	native_run(events);
}

void settle(void)
{
	do {
		interrupt();
	} while (glue_net_wait(&net, soon()) == K_OK);
}

uint64_t bad_frames(void)
{
	return *glue_counter_add(GLUE_COUNTER_EVENT, "net dropped, malformed");
}

int arrives(uint32_t number, uint32_t bytes)
{
	static const struct card_header plain;
	static uint8_t frame[FRAME_MAX];
	unsigned int before = received;

	own_address = 0;
	make(frame, number, bytes);
	assert_true(card_send(frame, bytes, &plain));
	settle();
	return received == before + 1 && last_bytes == bytes;
}

void send_one(uint32_t number, uint32_t bytes)
{
	static const struct card_header plain;
	unsigned int before = sent;

	own_address = 1;
	make(tx[0].data, number, bytes);
	tx[0].bytes = bytes;
	assert_int_equal(glue_net_send(&net, &tx[0]), K_OK);
	settle();
	assert_int_equal(sent, before + 1);
	assert_int_equal(card.bytes, bytes);
	assert_memory_equal(card.frame, tx[0].data, bytes);
	assert_memory_equal(&card.header, &plain, sizeof(plain));
}

static unsigned int started, limit;

static void send_next(struct glue_net_frame *frame)
{
	on_sent(frame);
	if (started >= limit)
		return;
	frame->bytes = NUMBERED + (uint32_t)random() % (1514 - NUMBERED);
	own_address = 1;
	make(frame->data, started++, frame->bytes);
	assert_int_equal(glue_net_send(&net, frame), K_OK);
}

void load(unsigned int count)
{
	unsigned int i;

	card.echo = 1;
	started = sent = 0;
	limit = count;
	for (i = 0; i < SENDERS; i++) {
		tx[i].done = send_next;
		tx[i].status = K_ERR_IO;
		send_next(&tx[i]);
	}
	settle();
	assert_int_equal(started, count);
	for (i = 0; i < SENDERS; i++)
		assert_int_equal(tx[i].in_flight, 0);
	assert_int_equal(dddk_net_in_flight(), 0);
}
