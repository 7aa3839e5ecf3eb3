/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic.c - the fake driver and the clients of nic.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/service.h>
#include <glue/broker.h>
#include <glue/ring_ops.h>
#include <glue/rt.h>

#include "dddk/net/internal.h"
#include "nic.h"
#include "process.h"

#define RING_BYTES 16384u

const uint8_t nic_mac[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };
const struct glue_net_info nic_info = {
	.mac = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 },
	.link = 1,
	.mtu = 1500,
	.features = GLUE_NET_F_CSUM | GLUE_NET_F_TSO4,
	.driver = "fake",
};

/* --- the driver ------------------------------------------------------------ */

struct nic_frame nic_sent[NIC_FRAMES];
unsigned int nic_n_sent, nic_commits, nic_counted, nic_room;
enum k_err nic_refuse;
uint8_t nic_unicast[DDDK_NET_CLIENTS][6];
uint8_t nic_multicast[DDDK_NET_CLIENTS * GLUE_NET_MULTICASTS][6];
struct dddk_net_filter nic_filter;
static uint8_t head_memory[DDDK_NET_WHOLE];

void *dddk_nic_head(void)
{
	return nic_room ? head_memory : NULL;
}

enum k_err dddk_nic_send(const struct dddk_net_frame *frame)
{
	struct nic_frame *sent = &nic_sent[nic_n_sent];

	if (nic_refuse)
		return nic_refuse;
	assert_true(nic_room > 0 && nic_n_sent < NIC_FRAMES);
	nic_room--;
	nic_n_sent++;
	sent->frame = *frame;
	memcpy(sent->data, head_memory, frame->head_bytes);
	if (frame->rest)
		memcpy(sent->data + frame->head_bytes, frame->rest,
		       frame->bytes - frame->head_bytes);
	/* Whoever looks at the head later must have a copy. */
	memset(head_memory, 0xee, sizeof(head_memory));
	return K_OK;
}

void dddk_nic_commit(void)
{
	nic_commits++;
}

void dddk_nic_set_filter(const struct dddk_net_filter *filter)
{
	nic_filter = *filter;
	memcpy(nic_unicast, filter->unicast, filter->n_unicast * 6ul);
	memcpy(nic_multicast, filter->multicast, filter->n_multicast * 6ul);
}

void dddk_nic_count(void)
{
	nic_counted++;
}

int nic_receive(const void *data, uint32_t bytes, unsigned int pieces)
{
	struct dddk_net_piece piece[DDDK_NET_PIECES];
	struct dddk_net_received frame = { .piece = piece,
					   .n_pieces = pieces,
					   .bytes = bytes };
	const uint8_t *from = data;
	unsigned int i;

	for (i = 0; i < pieces; i++) {
		piece[i].data = from;
		piece[i].bytes = bytes / pieces;
		if (i == pieces - 1)
			piece[i].bytes += bytes % pieces;
		from += piece[i].bytes;
	}
	return dddk_net_receive(&frame);
}

/* --- the clients ----------------------------------------------------------- */

struct glue_ring_ends nic_client[GLUE_CHANS_MAX];
struct glue_net_cqe nic_answer;
unsigned int nic_disconnects, nic_opened, nic_closed;

void nic_open_channel(unsigned int i)
{
	static const struct glue_ring_shape shape = {
		.depth = GLUE_NET_DEPTH,
		.sqe_bytes = sizeof(struct glue_net_sqe),
		.cqe_bytes = sizeof(struct glue_net_cqe),
	};
	struct glue_chan *chan = fake_chan(i);

	memset(fake_ring(i), 0, GLUE_RING_SPAN);
	glue_ring_attach(&nic_client[i], fake_ring(i), RING_BYTES, &shape, 0);
	chan->generation++;
	chan->data_vaddr = GLUE_DMA_BASE + NIC_BUS(i);
	chan->data_bus = NIC_BUS(i);
	chan->data_bytes = NIC_REGION;
	chan->ring_bytes = RING_BYTES;
	chan->depth = GLUE_NET_DEPTH;
	chan->server = 1;
	chan->class_id = GLUE_CLASS_NET;
	strcpy(chan->peer, "client");
	chan->state = GLUE_CHAN_OPEN;
}

uint8_t *nic_region(unsigned int i)
{
	return (uint8_t *)GLUE_DMA_BASE + NIC_BUS(i);
}

void nic_put(unsigned int i, const struct glue_net_sqe *sqe)
{
	struct glue_net_sqe *slot = glue_ring_slot(&nic_client[i].tx,
						   sizeof(*slot));

	*slot = *sqe;
	glue_ring_push(&nic_client[i].tx);
	glue_ring_publish(&nic_client[i].tx);
}

void nic_put_send(unsigned int i, uint32_t tag, uint32_t offset, uint32_t bytes)
{
	struct glue_net_sqe sqe = { .op = GLUE_NET_SEND,
				    .tag = tag,
				    .offset = offset,
				    .bytes = bytes };

	nic_put(i, &sqe);
}

void nic_put_fill(unsigned int i, uint32_t tag, uint32_t offset, uint32_t bytes)
{
	struct glue_net_sqe sqe = { .op = GLUE_NET_FILL,
				    .tag = tag,
				    .offset = offset,
				    .bytes = bytes };

	nic_put(i, &sqe);
}

int nic_got_answer(unsigned int i)
{
	dddk_service_flush();
	if (!glue_ring_ready(&nic_client[i].rx))
		return 0;
	glue_ring_peek(&nic_client[i].rx, &nic_answer, sizeof(nic_answer));
	glue_ring_pop(&nic_client[i].rx);
	glue_ring_release(&nic_client[i].rx);
	return 1;
}

void nic_expect(unsigned int i, uint32_t tag, enum k_err status)
{
	assert_true(nic_got_answer(i));
	assert_int_equal(nic_answer.tag, tag);
	assert_int_equal(nic_answer.status, status);
}

struct glue_net_info nic_ask_info(unsigned int i)
{
	struct glue_net_sqe sqe = { .op = GLUE_NET_INFO,
				    .tag = 4711,
				    .bytes = sizeof(struct glue_net_info) };
	struct glue_net_info info;

	nic_put(i, &sqe);
	dddk_net_poll(0);
	nic_expect(i, 4711, K_OK);
	memcpy(&info, nic_region(i), sizeof(info));
	return info;
}

void nic_build(unsigned int i, uint32_t offset, uint32_t bytes,
	       const uint8_t to[6], uint8_t seed)
{
	struct glue_net_info info = nic_ask_info(i);
	uint8_t *frame = nic_region(i) + offset;
	uint32_t k;

	memcpy(frame, to, 6);
	memcpy(frame + 6, info.mac, 6);
	for (k = 12; k < bytes; k++)
		frame[k] = (uint8_t)(seed + k * 7);
}

static void broker(struct glue_msg *msg)
{
	assert_int_equal(abi_info_label(msg->info), GLUE_BROKER_DISCONNECT);
	nic_disconnects++;
	fake_chan((unsigned int)msg->mr[0])->state = GLUE_CHAN_FREE;
	msg->info = abi_info(K_OK, 0, 0);
}

static void on_region(void *data, uint64_t bus, uint64_t bytes, int is_open)
{
	assert_int_equal((uintptr_t)data, GLUE_DMA_BASE + bus);
	assert_int_equal(bytes, NIC_REGION);
	nic_opened += is_open ? 1 : 0;
	nic_closed += is_open ? 0 : 1;
}

int nic_start(void **state)
{
	(void)state;
	fake_process_start();
	fake.on_call = broker;
	memset(&dddk_channels, 0, sizeof(dddk_channels));
	memset(&dddk_net, 0, sizeof(dddk_net));
	memset(&nic_filter, 0, sizeof(nic_filter));
	nic_n_sent = nic_commits = nic_counted = nic_disconnects = nic_opened =
		nic_closed = 0;
	nic_refuse = K_OK;
	nic_room = 1000;
	nic_open_channel(0);
	nic_open_channel(1);
	fake_map(GLUE_DMA_BASE + NIC_BUS(0), NIC_REGION);
	fake_map(GLUE_DMA_BASE + NIC_BUS(1), NIC_REGION);
	dddk_net_on_region(on_region);
	return dddk_net_start(DDDK_NET_WHOLE, &nic_info);
}
