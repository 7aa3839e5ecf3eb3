/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_source.c - the fake source of random numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glue/class.h>
#include <glue/request.h>
#include <glue/rng.h>
#include "fake/forget.h"
#include "fake/native.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "native_source.h"

struct native_source source;

static void write_some(const struct fake_piece *piece, uint32_t bytes)
{
	uint32_t i;

	for (i = 0; i < bytes; i++)
		piece->data[i] = source_byte(source.given++);
}

static void answer(const struct fake_piece *piece, uint32_t id, uint32_t bytes)
{
	write_some(piece, bytes);
	fake_virtio_end(0, id, bytes);
}

static void tell_lie(const struct fake_piece *piece, uint32_t id)
{
	uint32_t bytes = piece->bytes;

	switch (source.lie) {
	case SHORT:
		return answer(piece, id, bytes > 5 ? bytes / 3 : 1);
	case EMPTY:
		return fake_virtio_end(0, id, 0);
	case UNTOUCHED:
		return fake_virtio_end(0, id, bytes);
	case FEW:
		return fake_virtio_end(0, id, 7);
	case LAST:
		piece->data[bytes - 1] = 1;
		return fake_virtio_end(0, id, bytes);
	case HALF:
		write_some(piece, bytes / 2);
		return fake_virtio_end(0, id, bytes);
	case SILENT:
		write_some(piece, bytes);
		return fake_virtio_end(0, id, bytes / 2);
	case LONG:
		return fake_virtio_end(0, id, bytes + 1);
	case WRONG_ID:
		return fake_virtio_end(0, id + 1, bytes);
	case FAR_ID:
		return fake_virtio_end(0, 70000, bytes);
	case TWICE:
		answer(piece, id, bytes);
		return fake_virtio_end(0, id, bytes);
	case JUMP:
		return fake_virtio_jump(0, 900);
	default:
		device.status |= 64;
		return fake_virtio_config_changed();
	}
}

int source_step(void)
{
	struct fake_piece piece[FAKE_PIECES];
	uint32_t id;
	unsigned int i;

	if (source.lie == DRY || !fake_virtio_next(0, piece, &id))
		return 0;
	assert_true(piece[0].writable);
	assert_in_range(piece[0].bytes, 1, GLUE_RNG_BYTES_MAX);
	for (i = 0; i < piece[0].bytes; i++)
		assert_int_equal(piece[0].data[i], 0);
	if (source.lie == HONEST || !source.lies) {
		answer(&piece[0], id, piece[0].bytes);
		return 1;
	}
	source.lies--;
	tell_lie(&piece[0], id);
	return 1;
}

enum k_err source_start(uint64_t features)
{
	source = (struct native_source){ .lies = 1 };
	native_start(GLUE_CLASS_RNG, GLUE_REQ_DEPTH, REGION, source_step);
	native.forget = forget_requests;
	fake_virtio_start(4, features, SOURCE_ARENA);
	return native_probe();
}
