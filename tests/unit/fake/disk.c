/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * disk.c - the fake disk of disk.h: a ring's server end and some bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <glue/broker.h>
#include <glue/ring_ops.h>
#include <glue/rt.h>

#include "disk.h"
#include "process.h"

uint8_t disk_medium[DISK_SECTORS * 512];
struct glue_block_info disk_info;
int disk_hold;
enum k_err disk_next_status, disk_connect_err, disk_complaint_err;
unsigned int disk_disconnects, disk_reconnects;
uint64_t disk_complaints, disk_complaint_at;
struct glue_block_sqe disk_taken[4096];
unsigned int disk_n_taken;
struct glue_block blk;
struct glue_block_request req[DISK_DEPTH + 1];
unsigned int done_order[DISK_DEPTH + 1], n_done;

static uint8_t *region;
static struct glue_ring_ends driver;
static unsigned int n_answered;

void disk_answer(uint32_t tag, uint32_t status)
{
	struct glue_block_cqe *cqe = glue_ring_slot(&driver.tx, sizeof(*cqe));

	assert_true(glue_ring_space(&driver.tx));
	*cqe = (struct glue_block_cqe){ .tag = tag, .status = status };
	glue_ring_push(&driver.tx);
	glue_ring_publish(&driver.tx);
	if (glue_ring_peer_sleeps(&driver.sleep))
		fake.events |= GLUE_EVENT_CHAN(0);
}

void disk_move(const struct glue_block_sqe *sqe)
{
	uint8_t *data = region + sqe->offset;
	uint8_t *medium = disk_medium + sqe->sector * 512;

	if (sqe->op == GLUE_BLOCK_INFO)
		memcpy(data, &disk_info, sizeof(disk_info));
	else if (sqe->op == GLUE_BLOCK_READ)
		memcpy(data, medium, sqe->count * 512ul);
	else if (sqe->op == GLUE_BLOCK_WRITE)
		memcpy(medium, data, sqe->count * 512ul);
	else if (sqe->op == GLUE_BLOCK_WRITE_ZEROES)
		memset(medium, 0, sqe->count * 512ul);
}

static void answer_next(void)
{
	const struct glue_block_sqe *sqe = &disk_taken[n_answered++];

	if (disk_next_status == K_OK)
		disk_move(sqe);
	disk_answer(sqe->tag, disk_next_status);
	disk_next_status = K_OK;
}

void disk_do(const struct glue_block_sqe *sqe)
{
	disk_move(sqe);
	disk_answer(sqe->tag, K_OK);
	n_answered = disk_n_taken;
}

static void driver_take(void)
{
	glue_ring_sleep_end(&driver.sleep);
	while (glue_ring_ready(&driver.rx)) {
		glue_ring_peek(&driver.rx, &disk_taken[disk_n_taken++],
			       sizeof(disk_taken[0]));
		glue_ring_pop(&driver.rx);
	}
	glue_ring_release(&driver.rx);
	assert_false(driver.rx.broken);
}

void disk_run(void)
{
	do {
		driver_take();
		while (!disk_hold && n_answered < disk_n_taken)
			answer_next();
		glue_ring_sleep_begin(&driver.sleep);
	} while (glue_ring_ready(&driver.rx));
}

static void on_signal(glue_cptr cap)
{
	assert_int_equal(cap, GLUE_CAP_PEER0);
	disk_run();
}

static void driver_attach(void)
{
	struct glue_ring_shape shape = { DISK_DEPTH,
					 sizeof(struct glue_block_sqe),
					 sizeof(struct glue_block_cqe) };

	assert_int_equal(glue_ring_attach(&driver, fake_ring(0), 8192, &shape,
					  1),
			 0);
	glue_ring_sleep_begin(&driver.sleep);
}

static void connect(struct glue_msg *msg)
{
	struct glue_chan *chan = fake_chan(0);

	region = fake_map(GLUE_LENT_VADDR, DISK_REGION);
	*chan = (struct glue_chan){ .generation = 1,
				    .data_vaddr = GLUE_LENT_VADDR,
				    .data_bytes = DISK_REGION,
				    .ring_bytes = 8192,
				    .depth = DISK_DEPTH,
				    .class_id = GLUE_CLASS_BLOCK,
				    .state = GLUE_CHAN_OPEN };
	driver_attach();
	msg->info = abi_info(K_OK, 0, 1);
	msg->mr[0] = 0;
}

static void complaint(struct glue_msg *msg)
{
	disk_complaints |= 1ul << msg->mr[1];
	if (disk_complaint_err &&
	    (!disk_complaint_at || fake.ticks < disk_complaint_at))
		msg->info = abi_info(disk_complaint_err, 0, 0);
	else if (fake_chan(0)->state != GLUE_CHAN_OPEN)
		msg->info = abi_info(K_ERR_INVALID, 0, 0);
	else
		disk_die();
}

static void broker(struct glue_msg *msg)
{
	uint64_t op = abi_info_label(msg->info);

	msg->info = abi_info(K_OK, 0, 0);
	if (op == GLUE_BROKER_DISCONNECT)
		disk_disconnects++;
	else if (op == GLUE_BROKER_RECONNECT)
		disk_reconnects++;
	else if (op == GLUE_BROKER_COMPLAIN)
		complaint(msg);
	else if (disk_connect_err)
		msg->info = abi_info(disk_connect_err, 0, 0);
	else
		connect(msg);
}

void disk_die(void)
{
	fake_chan(0)->state = GLUE_CHAN_LOST;
	n_answered = disk_n_taken;
	fake.events |= GLUE_EVENT_CONTROL;
}

void disk_live(void)
{
	driver_attach();
	fake_chan(0)->generation++;
	fake_chan(0)->state = GLUE_CHAN_OPEN;
	fake.events |= GLUE_EVENT_CONTROL;
}

void disk_start(void)
{
	unsigned int i;

	fake_process_start();
	fake.on_call = broker;
	fake.on_signal = on_signal;
	disk_n_taken = n_answered = 0;
	disk_disconnects = disk_reconnects = 0;
	disk_complaints = disk_complaint_at = 0;
	disk_hold = 0;
	disk_next_status = disk_connect_err = disk_complaint_err = K_OK;
	disk_info = (struct glue_block_info){ .sectors = DISK_SECTORS,
					      .logical_bytes = 512,
					      .physical_bytes = 512,
					      .max_sectors = 256,
					      .max_discard_sectors = 1024,
					      .max_zeroes_sectors = 100,
					      .features = GLUE_BLOCK_F_FLUSH |
							  GLUE_BLOCK_F_DISCARD |
							  GLUE_BLOCK_F_ZEROES,
					      .serial = "disk-one",
					      .driver = "fake" };
	for (i = 0; i < sizeof(disk_medium); i++)
		disk_medium[i] = (uint8_t)(i >> 9 ^ i);
}

int disk_start_open(void **state)
{
	(void)state;
	disk_start();
	return glue_block_open(&blk, "blk0", DISK_REGION, GLUE_FOREVER);
}

uint64_t soon(void)
{
	return fake.ticks + 1000;
}

static void done(struct glue_block_request *r)
{
	done_order[n_done++] = (unsigned int)(r - req);
}

void disk_prepare(unsigned int n)
{
	uint8_t *data = glue_block_alloc(&blk, (uint64_t)n * 4096, 0);
	unsigned int i;

	assert_non_null(data);
	n_done = 0;
	for (i = 0; i < n; i++)
		req[i] = (struct glue_block_request){ .op = GLUE_BLOCK_READ,
						      .sector = i * 8,
						      .count = 8,
						      .data = data + i * 4096ul,
						      .done = done };
}
