/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_disk.c - the fake disk.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/block_service.h>
#include "fake/native.h"
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
		*status = disk.bad_status;
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

static void answered(const struct fake_piece *piece, int is_done)
{
	uint32_t type;
	uint64_t sector;

	memcpy(&type, piece[0].data, sizeof(type));
	memcpy(&sector, piece[type < 11 ? 0 : 1].data + (type < 11 ? 8 : 0),
	       sizeof(sector));
	if (disk.on_answer)
		disk.on_answer(type, sector, is_done);
}

int disk_step(void)
{
	struct fake_piece piece[FAKE_PIECES];
	uint32_t id, bytes, written;
	unsigned int n, open = fake_virtio_open(0);
	uint8_t *status;

	if (open > disk.most_open)
		disk.most_open = open;
	n = fake_virtio_next(0, piece, &id);
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
		if (piece[1].writable && disk.lie <= IO_ERROR)
			medium_do(piece[0].data, piece, n, &written);
		answered(piece, 0);
		tell_lie(disk.lie, id, bytes, status);
		return 1;
	}
	*status = medium_do(piece[0].data, piece, n, &bytes);
	answered(piece, *status == 0);
	fake_virtio_end(0, id, bytes);
	return 1;
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
	native_start(GLUE_CLASS_BLOCK, GLUE_BLOCK_DEPTH, REGION, disk_step);
	disk.lies = 0;
	disk.lies_most = 1;
	disk.bad_status = 0x55;
	disk.most_open = 0;
	fake_virtio_start(2, features, ARENA);
	disk_behave(blk_size);
	return native_probe();
}
