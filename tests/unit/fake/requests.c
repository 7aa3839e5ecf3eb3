/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * requests.c - the fake driver and the clients of requests.h.
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

#include "dddk/channels/channels.h"
#include "process.h"
#include "requests.h"

#define DEPTH GLUE_REQ_DEPTH

static const struct dddk_req_rule rules[] = {
	{ .op = OP_WAIT, .max_arg = 100 },
	{ .op = OP_WRITE, .flags = 3, .min_bytes = 4, .max_bytes = 64 },
	{ .op = OP_TAKE, .max_arg = 100, .owner = DDDK_REQ_TAKES },
	{ .op = OP_KEEP, .owner = DDDK_REQ_KEEPS },
	{ 0 },
};
static const struct dddk_req_class made_up = {
	.class_id = GLUE_CLASS_GPIO,
	.info_bytes = 24,
	.rules = rules,
};
const struct dddk_req_class *const requests_class = &made_up;

/* --- the driver ----------------------------------------------------------- */

struct dddk_req given[8192];
unsigned int n_given, n_cancelled, clients_in, clients_out;
uint32_t cancelled[8192];
enum k_err refuse;
int at_once, cancel_at_once;

static enum k_err submit(void *drv, const struct dddk_req *req)
{
	assert_ptr_equal(drv, given);
	if (refuse)
		return refuse;
	assert_true(n_given < 8192);
	given[n_given++] = *req;
	if (at_once)
		dddk_req_complete(req->token, K_OK, req->bytes);
	return K_OK;
}

static void cancel(void *drv, uint32_t token)
{
	assert_ptr_equal(drv, given);
	assert_true(n_cancelled < 8192);
	cancelled[n_cancelled++] = token;
	if (cancel_at_once)
		dddk_req_complete(token, K_ERR_GONE, 0);
}

static void client_changed(void *drv, uint32_t index, int opened)
{
	assert_ptr_equal(drv, given);
	assert_true(index < GLUE_CHANS_MAX);
	clients_in += opened ? 1 : 0;
	clients_out += opened ? 0 : 1;
}

static const struct dddk_req_ops ops = { submit, cancel, client_changed };

/* --- the clients ---------------------------------------------------------- */

static struct glue_ring_ends client[GLUE_CHANS_MAX];
static uint32_t class_id;
struct glue_req_cqe last;
unsigned int disconnects;

void open_channel(unsigned int i)
{
	const struct glue_ring_shape shape = { DEPTH,
					       sizeof(struct glue_req_sqe),
					       sizeof(struct glue_req_cqe) };

	memset(fake_ring(i), 0, GLUE_RING_SPAN);
	glue_ring_attach(&client[i], fake_ring(i), 4096, &shape, 0);
	*fake_chan(i) = (struct glue_chan){
		.generation = fake_chan(i)->generation + 1,
		.data_vaddr = DATA(i),
		.data_bytes = REGION,
		.ring_bytes = 4096,
		.depth = DEPTH,
		.server = 1,
		.class_id = class_id,
		.peer = "client",
		.state = GLUE_CHAN_OPEN,
	};
}

void put(unsigned int i, struct glue_req_sqe sqe)
{
	*(struct glue_req_sqe *)glue_ring_slot(&client[i].tx,
					       sizeof(sqe)) = sqe;
	glue_ring_push(&client[i].tx);
	glue_ring_publish(&client[i].tx);
}

void put_wait(unsigned int i, uint32_t tag)
{
	put(i, (struct glue_req_sqe){ .op = OP_WAIT, .tag = tag });
}

void put_cancel(unsigned int i, uint32_t tag, uint32_t victim)
{
	put(i, (struct glue_req_sqe){
		       .op = GLUE_REQ_CANCEL, .tag = tag, .arg = victim });
}

int got_answer(unsigned int i)
{
	dddk_service_flush();
	if (!glue_ring_ready(&client[i].rx))
		return 0;
	glue_ring_peek(&client[i].rx, &last, sizeof(last));
	glue_ring_pop(&client[i].rx);
	glue_ring_release(&client[i].rx);
	return 1;
}

void expect_answer(unsigned int i, uint32_t tag, enum k_err status)
{
	assert_true(got_answer(i));
	assert_int_equal(last.tag, tag);
	assert_int_equal(last.status, status);
}

static void broker(struct glue_msg *msg)
{
	assert_int_equal(abi_info_label(msg->info), GLUE_BROKER_DISCONNECT);
	disconnects++;
	fake_chan((unsigned int)msg->mr[0])->state = GLUE_CHAN_FREE;
	msg->info = abi_info(K_OK, 0, 0);
}

void requests_serve(const struct dddk_req_class *class, const void *info)
{
	class_id = class->class_id;
	fake_process_start();
	fake.on_call = broker;
	memset(&dddk_channels, 0, sizeof(dddk_channels));
	n_given = n_cancelled = clients_in = clients_out = disconnects = 0;
	refuse = K_OK;
	at_once = cancel_at_once = 0;
	fake_map(DATA(0), REGION);
	fake_map(DATA(1), REGION);
	open_channel(0);
	open_channel(1);
	dddk_req_start(class, &ops, given, info);
}

int requests_start(void **state)
{
	(void)state;
	requests_serve(&made_up, "the info of this class.");
	return 0;
}
