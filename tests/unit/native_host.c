/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_host.c - the fake host of consoles (VIRTIO 1.2, 5.3).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <glue/class.h>
#include <glue/request.h>
#include "fake/forget.h"
#include "fake/native.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "native_host.h"

#define PORTS_MAX 4u
#define ASK	  2u /* queues of messages */
#define ANSWER	  3u

enum { READY, ADD, REMOVE, PORT_READY, CONSOLE, OPEN = 6, NAME = 7 };

struct native_host host;

static unsigned int queue_in(uint32_t port)
{
	return port ? 2 * port + 2 : 0;
}

/* --- messages ------------------------------------------------------------- */

static void say(uint32_t port, uint16_t event, uint32_t bytes)
{
	const struct {
		uint32_t port;
		uint16_t event, value;
		char name[8];
	} msg = { port, event, 1, "a name" };
	struct fake_piece piece[FAKE_PIECES];
	uint32_t id;

	if (!fake_virtio_next(ASK, piece, &id)) {
		host.dropped++;
		return;
	}
	assert_true(piece[0].writable && piece[0].bytes >= sizeof(msg));
	memcpy(piece[0].data, &msg, bytes);
	fake_virtio_end(ASK, id, bytes);
}

static void say_ready(uint32_t port)
{
	if (host.consoles >> port & 1)
		say(port, CONSOLE, 8);
	say(port, NAME, 16);
	say(port, OPEN, 8);
}

static void hear(uint32_t port, uint16_t event)
{
	uint32_t i;

	if (event == READY)
		for (i = 0; i < PORTS_MAX; i++)
			if (host.ports >> i & 1)
				say(i, ADD, 8);
	if (event == READY)
		return;
	if (!(host.ports >> port & 1))
		return;
	if (event == PORT_READY)
		say_ready(port);
	if (event == OPEN)
		host.opened |= 1u << port;
}

static int answer_step(void)
{
	struct fake_piece piece[FAKE_PIECES];
	uint32_t id, port;
	uint16_t event;

	if (!fake_virtio_next(ANSWER, piece, &id))
		return 0;
	assert_false(piece[0].writable);
	assert_int_equal(piece[0].bytes, 8);
	memcpy(&port, piece[0].data, 4);
	memcpy(&event, piece[0].data + 4, 2);
	fake_virtio_end(ANSWER, id, 0);
	hear(port, event);
	return 1;
}

/* --- bytes ---------------------------------------------------------------- */

static void tell_lie(unsigned int queue, uint32_t id, uint32_t bytes)
{
	switch (host.lie) {
	case EMPTY:
		return fake_virtio_end(queue, id, 0);
	case LONG:
	case WRITTEN:
		return fake_virtio_end(queue, id, bytes + 1);
	case WRONG_ID:
		return fake_virtio_end(queue, id + 100, bytes);
	case FAR_ID:
		return fake_virtio_end(queue, 70000, bytes);
	case TWICE:
		fake_virtio_end(queue, id, bytes);
		return fake_virtio_end(queue, id, bytes);
	default:
		return fake_virtio_jump(queue, 900);
	}
}

static int lies_now(enum lie first, enum lie last)
{
	if (host.lie < first || host.lie > last || !host.lies)
		return 0;
	host.lies--;
	return 1;
}

static int in_step(unsigned int queue)
{
	struct fake_piece piece[FAKE_PIECES];
	uint32_t id, i, n;

	if (!host.left_in || !fake_virtio_next(queue, piece, &id))
		return 0;
	assert_true(piece[0].writable);
	n = piece[0].bytes;
	memset(piece[0].data, 0xdd, n);
	n = host.piece < n ? host.piece : n;
	n = host.left_in < n ? (uint32_t)host.left_in : n;
	if (host.lie != WRITTEN && lies_now(EMPTY, JUMP)) {
		host.left_in -= n;
		tell_lie(queue, id, host.lie == LONG ? piece[0].bytes : n);
		return 1;
	}
	for (i = 0; i < n; i++)
		piece[0].data[i] = host_byte(host.next_in++);
	host.left_in -= n;
	fake_virtio_end(queue, id, n);
	return 1;
}

static int out_step(unsigned int queue)
{
	struct fake_piece piece[FAKE_PIECES];
	uint32_t id;

	if (host.holds || !fake_virtio_next(queue, piece, &id))
		return 0;
	assert_false(piece[0].writable);
	assert_true(piece[0].bytes <= HOST_OUT - host.n_out);
	memcpy(host.out + host.n_out, piece[0].data, piece[0].bytes);
	host.n_out += piece[0].bytes;
	if (host.lie == WRITTEN && lies_now(WRITTEN, WRITTEN))
		tell_lie(queue, id, 0);
	else
		fake_virtio_end(queue, id, 0);
	return 1;
}

/* --- the device ----------------------------------------------------------- */

static void lie_aloud(void)
{
	switch (host.lie) {
	case NO_PORT:
		return say(77, ADD, 8);
	case SHORT:
		return say(0, ADD, 3);
	case REMOVED:
		host.ports = 0;
		return say(0, REMOVE, 8);
	case CHATTER:
		return say(0, ADD, 8);
	default:
		device.status |= 64;
		return fake_virtio_config_changed();
	}
}

/* One who chatters has another question after each answer. */
static void on_notify(unsigned int queue)
{
	if (queue == ANSWER && host.lie == CHATTER && host.lies &&
	    answer_step()) {
		host.lies--;
		say(0, ADD, 8);
	}
}

int host_step(void)
{
	uint32_t port;

	if (lies_now(NO_PORT, NEEDS_RESET)) {
		lie_aloud();
		return 1;
	}
	if (device.accepted & HOST_MULTIPORT && answer_step())
		return 1;
	for (port = 0; port < PORTS_MAX; port++)
		if (out_step(queue_in(port) + 1) || in_step(queue_in(port)))
			return 1;
	return 0;
}

void host_start(uint64_t features, uint32_t ports, uint32_t consoles)
{
	host = (struct native_host){
		.ports = ports, .consoles = consoles, .piece = ~0u, .lies = 1
	};
	native_start(GLUE_CLASS_SERIAL, GLUE_REQ_DEPTH, REGION, host_step);
	native.forget = forget_serial;
	fake_virtio_start(3, features, HOST_ARENA);
	device.config[4] = PORTS_MAX;
	device.on_notify = on_notify;
}
