/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clients.c - the fake driver and the clients of clients.h.
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
#include <glue/ring_ops.h>
#include <glue/rt.h>

#include "dddk/block/internal.h"
#include "clients.h"
#include "process.h"

static const struct glue_ring_shape shape = {
	.depth = DEPTH,
	.sqe_bytes = sizeof(struct glue_block_sqe),
	.cqe_bytes = sizeof(struct glue_block_cqe),
};

const struct glue_block_info disk = {
	.sectors = 1000,
	.logical_bytes = 512,
	.features = GLUE_BLOCK_F_FLUSH | GLUE_BLOCK_F_DISCARD,
	.driver = "fake",
};

struct dddk_block_req given[1024];
unsigned int n_given, n_commits, room;
enum k_err refuse;
int at_once;

static enum k_err submit(void *drv, const struct dddk_block_req *req)
{
	assert_ptr_equal(drv, given);
	if (refuse)
		return refuse;
	if (room == 0)
		return K_ERR_BUSY;
	room--;
	assert_true(n_given < 1024);
	given[n_given++] = *req;
	if (at_once) {
		room++;
		dddk_block_complete(req->token, K_OK);
	}
	return K_OK;
}

static void commit(void *drv)
{
	assert_ptr_equal(drv, given);
	n_commits++;
}

const struct dddk_block_ops ops = { submit, commit };

void end(unsigned int i, enum k_err status)
{
	room++;
	dddk_block_complete(given[i].token, status);
}

struct glue_ring_ends client[GLUE_CHANS_MAX];
static uint32_t last_tag, last_status;
unsigned int disconnects, last_disconnect;
unsigned int opened, closed;

void open_channel(unsigned int i)
{
	struct glue_chan *chan = fake_chan(i);

	memset(fake_ring(i), 0, GLUE_RING_SPAN);
	glue_ring_attach(&client[i], fake_ring(i), 4096, &shape, 0);
	chan->generation++;
	chan->data_vaddr = GLUE_DMA_BASE + BUS(i);
	chan->data_bus = BUS(i);
	chan->data_bytes = REGION;
	chan->ring_bytes = 4096;
	chan->depth = DEPTH;
	chan->server = 1;
	chan->class_id = GLUE_CLASS_BLOCK;
	strcpy(chan->peer, "client");
	chan->state = GLUE_CHAN_OPEN;
}

void put(unsigned int i, const struct glue_block_sqe *sqe)
{
	struct glue_block_sqe *slot = glue_ring_slot(&client[i].tx,
						     sizeof(*slot));

	*slot = *sqe;
	glue_ring_push(&client[i].tx);
	glue_ring_publish(&client[i].tx);
}

void put_read(unsigned int i, uint32_t tag)
{
	struct glue_block_sqe sqe = {
		.op = GLUE_BLOCK_READ, .tag = tag, .sector = tag, .count = 1
	};

	put(i, &sqe);
}

int got_answer(unsigned int i)
{
	struct glue_block_cqe cqe;

	dddk_service_flush();
	if (!glue_ring_ready(&client[i].rx))
		return 0;
	glue_ring_peek(&client[i].rx, &cqe, sizeof(cqe));
	glue_ring_pop(&client[i].rx);
	glue_ring_release(&client[i].rx);
	last_tag = cqe.tag;
	last_status = cqe.status;
	return 1;
}

void expect_answer(unsigned int i, uint32_t tag, enum k_err status)
{
	assert_true(got_answer(i));
	assert_int_equal(last_tag, tag);
	assert_int_equal(last_status, status);
}

static void broker(struct glue_msg *msg)
{
	assert_int_equal(abi_info_label(msg->info), GLUE_BROKER_DISCONNECT);
	disconnects++;
	last_disconnect = (unsigned int)msg->mr[0];
	fake_chan(last_disconnect)->state = GLUE_CHAN_FREE;
	msg->info = abi_info(K_OK, 0, 0);
}

static void on_region(const struct dddk_block_region *region, int is_open)
{
	assert_int_equal((uintptr_t)region->data, GLUE_DMA_BASE + region->bus);
	assert_int_equal(region->bytes, REGION);
	opened += is_open ? 1 : 0;
	closed += is_open ? 0 : 1;
}

int clients_start(void **state)
{
	(void)state;
	fake_process_start();
	fake.on_call = broker;
	memset(&dddk_block, 0, sizeof(dddk_block));
	memset(&dddk_channels, 0, sizeof(dddk_channels));
	n_given = n_commits = disconnects = opened = closed = 0;
	refuse = K_OK;
	at_once = 0;
	room = 1000;
	open_channel(0);
	open_channel(1);
	fake_map(GLUE_DMA_BASE + BUS(0), REGION);
	fake_map(GLUE_DMA_BASE + BUS(1), REGION);
	dddk_block_on_region(on_region);
	return dddk_block_start(&ops, given, &disk);
}
