/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_card.c - the fake network card of native_card.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <glue/env.h>
#include <glue/net.h>
#include <glue/rt.h>
#include "dddk/driver/internal.h"
#include "dddk/net/internal.h"
#include "fake/native.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "native_card.h"

#define RX     0u
#define TX     1u
#define CTRL   2u
#define BUFFER 2048u
#define PIECES 40u

struct native_card card;
_Static_assert(sizeof(struct card_header) == 12, "VIRTIO 1.2, 5.1.6");

/* Is this the lie of the moment? Then it is told. */
static int lies(enum lie what)
{
	if (card.lie != what || card.lies == 0)
		return 0;
	card.lies--;
	card.graves += what >= LONG && what <= NEEDS_RESET;
	return 1;
}

/* --- to the guest --------------------------------------------------------- */

static uint32_t buffers_for(uint32_t bytes)
{
	uint32_t all = bytes + (uint32_t)sizeof(struct card_header);

	return device.accepted & F_MERGED ? (all + BUFFER - 1) / BUFFER : 1;
}

static void header_lie(struct card_header *header)
{
	if (lies(NO_BUFFERS))
		header->buffers = 0;
	if (lies(MANY_BUFFERS))
		header->buffers = 0xffff;
	if (lies(MISSING))
		header->buffers++;
	if (lies(BAD_CSUM))
		*header = (struct card_header){ .flags = 1,
						.csum_start = 0xffff,
						.csum_offset = 0xffff,
						.buffers = header->buffers };
	if (card.lie == BAD_KIND || card.lie == BAD_SIZE) {
		header->flags = 1;
		header->csum_offset = 16;
	}
	if (lies(BAD_KIND))
		header->gso_type = 77;
	if (lies(BAD_SIZE))
		header->gso_type = GLUE_NET_GSO_TCP4;
}

/* One buffer has been used. */
static void use(uint32_t id, uint32_t bytes)
{
	if (lies(SHORT_HEADER))
		bytes = sizeof(struct card_header) - 1;
	if (lies(SHORT_FRAME))
		bytes = sizeof(struct card_header) + GLUE_NET_MIN_BYTES - 1;
	if (lies(LONG))
		bytes = BUFFER + 1;
	if (lies(FAR_ID))
		id = 70000;
	if (lies(WRONG_ID))
		id ^= 1;
	if (lies(TWICE))
		fake_virtio_end(RX, id, bytes);
	if (lies(JUMP))
		return fake_virtio_jump(RX, 900);
	fake_virtio_end(RX, id, bytes);
}

/* The next buffer gets some bytes. */
static uint32_t fill(uint32_t *id, const uint8_t *from, uint32_t bytes)
{
	struct fake_piece piece[FAKE_PIECES];

	assert_int_equal(fake_virtio_next(RX, piece, id), 1);
	assert_true(piece[0].writable);
	assert_int_equal(piece[0].bytes, BUFFER);
	if (bytes > BUFFER)
		bytes = BUFFER;
	if (!lies(UNWRITTEN))
		memcpy(piece[0].data, from, bytes);
	return bytes;
}

int card_send(const uint8_t *frame, uint32_t bytes,
	      const struct card_header *header)
{
	static uint8_t all[FRAME_MAX + sizeof(*header)];
	uint32_t n = buffers_for(bytes), total = bytes + sizeof(*header);
	uint32_t id[PIECES], length[PIECES], at, i;
	struct card_header own = *header;

	if (fake_virtio_waiting(RX) < n)
		return 0;
	assert_true(n <= PIECES);
	own.buffers = (uint16_t)n;
	header_lie(&own);
	memcpy(all, &own, sizeof(own));
	memcpy(all + sizeof(own), frame, bytes);
	for (i = 0, at = 0; i < n; at += length[i++])
		length[i] = fill(&id[i], all + at, total - at);
	for (i = 0; i < n; i++)
		use(id[i], length[i]);
	return 1;
}

/* --- from the guest ------------------------------------------------------- */

static void hear(const struct fake_piece *piece, unsigned int n)
{
	uint32_t at = piece[0].bytes - (uint32_t)sizeof(card.header);

	assert_true(piece[0].bytes >= sizeof(card.header) + GLUE_NET_MIN_BYTES);
	assert_false(piece[0].writable);
	memcpy(&card.header, piece[0].data, sizeof(card.header));
	memcpy(card.frame, piece[0].data + sizeof(card.header), at);
	if (n > 1) {
		assert_int_equal(n, 2);
		assert_false(piece[1].writable);
		assert_true(at + piece[1].bytes <= FRAME_MAX);
		memcpy(card.frame + at, piece[1].data, piece[1].bytes);
		at += piece[1].bytes;
	}
	card.bytes = at;
	card.heard++;
	if (card.on_heard)
		card.on_heard();
}

/* Back to where it came from. */
static void send_back(void)
{
	static uint8_t back[FRAME_MAX];

	memcpy(back, card.frame, card.bytes);
	memcpy(back, card.frame + 6, 6);
	memcpy(back + 6, "\x02\x00\x00\x00\x00\x01", 6);
	card.lost += !card_send(back, card.bytes, &card.header);
}

static int sent_step(void)
{
	struct fake_piece piece[FAKE_PIECES];
	uint32_t id;
	unsigned int n = fake_virtio_next(TX, piece, &id);

	if (!n)
		return 0;
	hear(piece, n);
	if (lies(SENT_TWICE))
		fake_virtio_end(TX, id, 0);
	fake_virtio_end(TX, lies(SENT_FAR) ? id + 1 : id, lies(SENT_LONG));
	if (card.echo)
		send_back();
	return 1;
}

/* --- commands ------------------------------------------------------------- */

static int command_step(void)
{
	struct fake_piece piece[FAKE_PIECES];
	uint32_t id;
	unsigned int class_id, n = fake_virtio_next(CTRL, piece, &id);

	if (!n)
		return 0;
	assert_int_equal(n, 2);
	assert_true(!piece[0].writable && piece[1].writable);
	assert_int_equal(piece[1].bytes, 1);
	assert_true(*piece[1].data || card.scribbled); /* poisoned */
	class_id = piece[0].data[0];
	assert_true(class_id < 8 && piece[0].bytes <= 1024);
	memcpy(card.command[class_id], piece[0].data, piece[0].bytes);
	card.command_bytes[class_id] = piece[0].bytes;
	card.commands[class_id]++;
	*piece[1].data = card.ack;
	fake_virtio_end(CTRL, lies(COMMAND_FAR) ? id + 1 : id, 1);
	return 1;
}

/* Nothing happens until the driver's own timer: frames that it has left for
 * later. One that has set none is not called. */
static int idle(void)
{
	uint64_t at = dddk_driver_wake_at();

	if (native.in_driver || at == GLUE_FOREVER ||
	    at > fake.ticks + fake_env()->counter_hz / 1000)
		return 0;
	if (at > fake.ticks)
		fake.ticks = at;
	native_run(0);
	return 0;
}

int card_step(void)
{
	if (!native.driver_end && lies(NEEDS_RESET)) {
		device.status |= 64;
		fake_virtio_config_changed();
		return 1;
	}
	return command_step() || sent_step() || idle();
}

/* --- the card ------------------------------------------------------------- */

void card_status(uint16_t status)
{
	memcpy(device.config + 6, &status, sizeof(status));
	fake_virtio_config_changed();
}

static void forget(void)
{
	memset(&dddk_net, 0, sizeof(dddk_net));
}

enum k_err card_start(uint64_t features)
{
	uint16_t mtu = 9000;

	forget();
	memset(&dddk_channels, 0, sizeof(dddk_channels));
	native_start(GLUE_CLASS_NET, 128, REGION, card_step);
	native.forget = forget;
	fake_virtio_start(1, features, ARENA);
	card = (struct native_card){ .lie = HONEST };
	memcpy(device.config, CARD_MAC, 6);
	device.config[6] = 1;
	memcpy(device.config + 10, &mtu, sizeof(mtu));
	return native_probe();
}
