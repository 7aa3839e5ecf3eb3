/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic_pair.c - the client, the service and the mirror of nic_pair.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/service.h>
#include <glue/broker.h>
#include <glue/net_client.h>
#include <glue/ring_ops.h>
#include <glue/rt.h>
#include "dddk/net/internal.h"
#include "nic.h"
#include "nic_pair.h"
#include "process.h"

#define BUS 0x48000000ul

struct glue_net pair_net;
int pair_mirror_off;
enum k_err pair_connect_err;
unsigned int pair_class, pair_depth;
static int in_driver;

/* --- the driver's side ---------------------------------------------------- */

/* The device turns a frame round: it comes back to its source. */
static void mirror(struct nic_frame *sent)
{
	static const uint8_t other[6] = { 2, 2, 2, 2, 2, 2 };

	memcpy(sent->data, sent->data + 6, 6);
	memcpy(sent->data + 6, other, 6);
	/* The first piece has all of the Ethernet header. */
	nic_receive(sent->data, sent->frame.bytes,
		    sent->frame.bytes < 60 ? 1 : 1 + random() % 3);
}

static void device_step(unsigned int i)
{
	struct nic_frame *sent = &nic_sent[i];

	nic_room++;
	if (!pair_mirror_off)
		mirror(sent);
	if (sent->frame.token != DDDK_NET_NO_TOKEN)
		dddk_net_complete(sent->frame.token, K_OK);
}

static void driver_turn(uint64_t events)
{
	unsigned int i;

	in_driver = 1;
	do {
		dddk_net_poll(events);
		events = 0;
		for (i = 0; i < nic_n_sent; i++)
			device_step(i);
		nic_n_sent = 0;
		dddk_service_flush();
	} while (!dddk_service_sleep_prepare());
	in_driver = 0;
}

static void on_signal(glue_cptr cap)
{
	if (cap == GLUE_CAP_PEER0 + 1) {
		fake.events |= GLUE_EVENT_CHAN(0);
		return;
	}
	assert_int_equal(cap, GLUE_CAP_PEER0);
	assert_false(in_driver);
	driver_turn(GLUE_EVENT_CHAN(1));
}

/* --- the broker ----------------------------------------------------------- */

static void connect(struct glue_msg *msg)
{
	struct glue_chan chan = { .generation = 1,
				  .data_bytes = PAIR_REGION,
				  .ring_bytes = 16384,
				  .depth = pair_depth,
				  .class_id = (uint16_t)pair_class,
				  .state = GLUE_CHAN_OPEN };

	fake_map_twice(GLUE_LENT_VADDR, GLUE_DMA_BASE + BUS, PAIR_REGION);
	fake_ring_alias(1, 0);
	chan.data_vaddr = GLUE_LENT_VADDR;
	*fake_chan(0) = chan;
	chan.data_vaddr = GLUE_DMA_BASE + BUS;
	chan.data_bus = BUS;
	chan.server = 1;
	*fake_chan(1) = chan;
	driver_turn(GLUE_EVENT_CONTROL);
	msg->mr[0] = 0;
}

static void broker(struct glue_msg *msg)
{
	enum k_err err = K_OK;

	if (abi_info_label(msg->info) == GLUE_BROKER_CONNECT)
		err = pair_connect_err;
	else if (abi_info_label(msg->info) == GLUE_BROKER_DISCONNECT)
		nic_disconnects++;
	if (abi_info_label(msg->info) == GLUE_BROKER_CONNECT && !err)
		connect(msg);
	msg->info = abi_info(err, 0, 1);
}

int pair_start(void **state)
{
	nic_start(state);
	fake_process_start();
	memset(&dddk_channels, 0, sizeof(dddk_channels));
	memset(&dddk_net, 0, sizeof(dddk_net));
	fake.on_call = broker;
	fake.on_signal = on_signal;
	in_driver = pair_mirror_off = 0;
	pair_connect_err = K_OK;
	pair_class = GLUE_CLASS_NET;
	pair_depth = GLUE_NET_DEPTH;
	nic_n_sent = nic_disconnects = 0;
	nic_room = 100;
	return dddk_net_start(DDDK_NET_WHOLE, &nic_info);
}

int pair_start_open(void **state)
{
	pair_start(state);
	return glue_net_open(&pair_net, "net0", PAIR_REGION, GLUE_FOREVER);
}

uint64_t pair_soon(void)
{
	return fake.ticks + 1000;
}

struct glue_net_frame pair_rx[PAIR_BUFFERS];
unsigned int pair_received;
uint32_t pair_expected[1u << 16];

static void rx_done(struct glue_net_frame *frame)
{
	if (frame->status)
		return;
	assert_int_equal(frame->bytes, pair_expected[pair_received]);
	assert_memory_equal(frame->data, glue_net_info(&pair_net)->mac, 6);
	pair_received++;
	assert_int_equal(glue_net_fill(&pair_net, frame), K_OK);
}

void pair_lend(unsigned int count)
{
	unsigned int i;

	pair_received = 0;
	for (i = 0; i < count; i++) {
		pair_rx[i] = (struct glue_net_frame){
			.data = glue_net_alloc(&pair_net, 2048),
			.room = 2048,
			.done = rx_done,
		};
		assert_non_null(pair_rx[i].data);
		assert_int_equal(glue_net_fill(&pair_net, &pair_rx[i]), K_OK);
	}
}

void pair_make(struct glue_net_frame *frame, uint32_t bytes)
{
	if (!frame->data)
		frame->data = glue_net_alloc(&pair_net, 2048);
	assert_non_null(frame->data);
	memset(frame->data, 0xfe, 6);
	memcpy((uint8_t *)frame->data + 6, glue_net_info(&pair_net)->mac, 6);
	frame->bytes = bytes;
}
