/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_disk.c - the fake disk, and the loop that runs driver and client.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/block_service.h>
#include <dddk/service.h>
#include <glue/broker.h>
#include <glue/rt.h>
#include "dddk/driver/internal.h"
#include "fake/loopback.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "native_disk.h"

struct native_disk disk;

/* --- the device ----------------------------------------------------------- */

static uint8_t medium_do(const uint8_t *head, const struct fake_piece *piece,
			 unsigned int n, uint32_t *written)
{
	uint32_t type;
	uint64_t sector;

	memcpy(&type, head, 4);
	memcpy(&sector, head + 8, 8);
	*written = 1;
	if (type == 4)
		return n == 2 ? 0 : 2;
	assert_int_equal(n, 3);
	if (type == 8) {
		assert_int_equal(piece[1].bytes, 20);
		memcpy(piece[1].data, "a fake disk", 12);
	} else if (type == 11 || type == 13) {
		uint32_t count;

		assert_int_equal(piece[1].bytes, 16);
		memcpy(&sector, piece[1].data, 8);
		memcpy(&count, piece[1].data + 8, 4);
		disk.last_unmap = piece[1].data[12];
		memset(disk.medium + sector * 512, type == 11 ? 0xdd : 0,
		       count * 512ul);
		return 0;
	} else {
		assert_true(sector * 512 + piece[1].bytes <=
			    sizeof(disk.medium));
		assert_int_equal(piece[1].writable, type == 0);
		if (type == 0)
			memcpy(piece[1].data, disk.medium + sector * 512,
			       piece[1].bytes);
		else
			memcpy(disk.medium + sector * 512, piece[1].data,
			       piece[1].bytes);
	}
	*written += piece[1].writable ? piece[1].bytes : 0;
	return 0;
}

static void tell_lie(enum lie what, uint32_t id, uint32_t bytes,
		     uint8_t *status)
{
	switch (what) {
	case NO_STATUS:
		return fake_virtio_end(0, id, bytes);
	case BAD_STATUS:
		*status = 0x55;
		return fake_virtio_end(0, id, bytes);
	case SHORT:
		*status = 0;
		return fake_virtio_end(0, id, bytes - 1);
	case IO_ERROR:
		*status = 1;
		return fake_virtio_end(0, id, bytes);
	case WRONG_ID:
		return fake_virtio_end(0, id + 1, bytes);
	case FAR_ID:
		return fake_virtio_end(0, 70000, bytes);
	case TWICE:
		*status = 0;
		fake_virtio_end(0, id, bytes);
		return fake_virtio_end(0, id, bytes);
	case LONG:
		return fake_virtio_end(0, id, bytes + 1);
	case JUMP:
		return fake_virtio_jump(0, 900);
	case NEEDS_RESET:
		device.status |= 64;
		return fake_virtio_config_changed();
	default:
		fake.events |= GLUE_EVENT_IRQ(0);
	}
}

int disk_step(void)
{
	struct fake_piece piece[FAKE_PIECES];
	uint32_t id, bytes;
	unsigned int n = fake_virtio_next(0, piece, &id);
	uint8_t *status;

	if (!n)
		return 0;
	status = piece[n - 1].data;
	assert_int_equal(piece[0].bytes, 16);
	assert_false(piece[0].writable);
	assert_int_equal(piece[n - 1].bytes, 1);
	assert_true(piece[n - 1].writable);
	assert_int_not_equal(*status, 0); /* poisoned */
	if (disk.lie != HONEST && disk.lies < disk.lies_most) {
		bytes = 1 + (piece[1].writable ? piece[1].bytes : 0);
		if (n == 2)
			bytes = 1;
		disk.lies++;
		tell_lie(disk.lie, id, bytes, status);
		return 1;
	}
	*status = medium_do(piece[0].data, piece, n, &bytes);
	fake_virtio_end(0, id, bytes);
	return 1;
}

/* --- the driver's loop ---------------------------------------------------- */

void disk_run(uint64_t events)
{
	if (disk.in_driver)
		return;
	disk.in_driver = 1;
	do {
		if (!disk.driver_end)
			disk.driver_end = dddk_driver_turn(events);
		events = fake.events & GLUE_EVENT_IRQ(0);
		fake.events &= ~events;
		dddk_service_flush();
	} while (!disk.driver_end && (events || !dddk_service_sleep_prepare()));
	disk.in_driver = 0;
}

static void on_signal(glue_cptr cap)
{
	if (cap == GLUE_CAP_PEER0 + 1)
		fake.events |= GLUE_EVENT_CHAN(0);
	else if (cap == GLUE_CAP_PEER0 && !disk.in_driver)
		disk_run(GLUE_EVENT_CHAN(1));
}

/* The device works until it interrupts. Returns 0 if it has nothing to do. */
static int device_work(void)
{
	while (!(fake.events & GLUE_EVENT_IRQ(0))) {
		if (!disk_step())
			return 0;
	}
	return 1;
}

/* Somebody sleeps: the driver in its probe, or the client. */
static void on_block(void)
{
	while (!(fake.events & GLUE_EVENT_CHAN(0)) && device_work() &&
	       !disk.in_driver) {
		fake.events &= ~GLUE_EVENT_IRQ(0);
		disk_run(GLUE_EVENT_IRQ(0));
		/* What the driver's own waits have put aside is the client's. */
		fake.events |= glue_poll(GLUE_EVENT_CHAN(0));
	}
}

static void broker(struct glue_msg *msg)
{
	if (abi_info_label(msg->info) == GLUE_BROKER_CONNECT) {
		loopback_connect(GLUE_CLASS_BLOCK, GLUE_BLOCK_DEPTH, REGION);
		disk_run(GLUE_EVENT_CONTROL);
	} else if (abi_info_label(msg->info) == GLUE_BROKER_DISCONNECT) {
		fake_chan((unsigned int)msg->mr[0])->state = GLUE_CHAN_FREE;
		if (fake_chan(1)->state == GLUE_CHAN_OPEN) {
			fake_chan(1)->state = GLUE_CHAN_CLOSED;
			disk_run(GLUE_EVENT_CONTROL);
		}
	}
	msg->mr[0] = 0;
	msg->info = abi_info(K_OK, 0, 1);
}

void disk_behave(uint32_t blk_size)
{
	uint64_t sectors = SECTORS;

	disk.lie = HONEST;
	device.config_restless = 0;
	memset(device.config, 0, sizeof(device.config));
	memcpy(device.config, &sectors, 8);
	memcpy(device.config + 20, &blk_size, 4);
	memset(device.config + 36, 0x01, 4); /* most sectors to discard */
	memset(device.config + 48, 0x01, 4); /* and to zero */
}

enum k_err disk_start(uint64_t features, uint32_t blk_size)
{
	static uint64_t now;

	fake_process_start();
	fake.ticks = now += 10ull * fake_env()->counter_hz;
	fake.on_call = broker;
	fake.on_signal = on_signal;
	fake.on_block = on_block;
	disk.lies = 0;
	disk.lies_most = 1;
	disk.driver_end = K_OK;
	fake_virtio_start(2, features, ARENA);
	disk_behave(blk_size);
	return disk_probe_again();
}

enum k_err disk_probe_again(void)
{
	enum k_err err;

	disk.in_driver = 1;
	err = dddk_driver_start();
	disk.in_driver = 0;
	return err;
}
