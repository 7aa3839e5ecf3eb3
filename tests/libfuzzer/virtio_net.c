/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_net.c - the native network driver, a client, and a card that libFuzzer
 * plays.
 *
 * Each byte of the input is one act: the client sends or lends, or the card
 * sends, lies, writes any header or into its rings, changes its configuration,
 * interrupts. What must hold whatever it does:
 *   - no access outside memory (AddressSanitizer), no assertion of the fakes;
 *   - each frame of the client ends, when the card works again or the driver has
 *     given up;
 *   - what a client receives is what the card wrote, as long as the card kept to
 *     its buffers.
 */
#include <stdint.h>
#include <string.h>

#include <glue/net_client.h>
#include <glue/rt.h>
#include "fake/native.h"
#include "fake/process.h"
#include "fuzz.h"
#include "native_card.h"

#define LENT	80u /* or 8: more than is plenty for the service, or less */
#define SENDERS 4u
#define ROOM	4096u
#define STALE	0xeeu

static struct glue_net net;
static struct glue_net_frame rx[LENT], tx[SENDERS];
static unsigned int n_lent;
static int may_scribble; /* in half of the inputs */
static int scribbled;	 /* the card may have mixed up its buffers */
/* A frame for the guest consists of its number: the next one's, the last's. */
static uint8_t number, last_number;

/* --- the client ----------------------------------------------------------- */

static void lend(struct glue_net_frame *frame)
{
	if (frame->in_flight)
		return;
	memset(frame->data, STALE, frame->room);
	glue_net_fill(&net, frame);
}

static void received(struct glue_net_frame *frame)
{
	const uint8_t *data = frame->data;
	uint32_t i;

	if (frame->status || scribbled || frame->bytes <= 14)
		return;
	for (i = 14; i < frame->bytes; i++)
		must(data[i] == data[14], "parts of two frames in one");
	must(data[14] > last_number, "an old frame once more");
	last_number = data[14];
}

static void send(uint8_t what)
{
	struct glue_net_frame *frame = &tx[what % SENDERS];

	if (frame->in_flight)
		return;
	frame->bytes = 14 + fuzz_byte() * 6u;
	memset(frame->data, STALE, frame->bytes);
	memcpy((uint8_t *)frame->data + 6, net.info.mac, 6);
	glue_net_send(&net, frame);
}

/* --- the card ------------------------------------------------------------- */

static void card_sends(int with_header)
{
	static uint8_t frame[FRAME_MAX];
	struct card_header header = { 0 };
	uint32_t bytes = 14 + fuzz_byte() * 8u, i;

	if (with_header)
		for (i = 0; i < 10; i++)
			((uint8_t *)&header)[i] = fuzz_byte();
	memset(frame, ++number, bytes);
	memcpy(frame, fuzz_byte() % 4 ? net.info.mac : frame, 6);
	card_send(frame, bytes, &header);
}

static void reconfigure(void)
{
	device.config[fuzz_byte() % 16] = fuzz_byte();
	device.config_restless = fuzz_byte() % 8 == 0;
	fake_virtio_config_changed();
}

static void act(void)
{
	uint8_t what = fuzz_byte();

	switch (what % 8) {
	case 0:
		return send(what / 8);
	case 1:
		return lend(&rx[fuzz_byte() % n_lent]);
	case 2:
	case 3:
		return card_sends(what % 8 == 3);
	case 4:
		card.lie = fuzz_byte() % LIES;
		card.lies = 1 + fuzz_byte() % 4;
		if (card.lie == MISSING || card.lie >= WRONG_ID) {
			card.lies *= (unsigned int)may_scribble;
			card.scribbled = scribbled |= may_scribble;
		}
		return;
	case 5:
		if (!may_scribble)
			return card_sends(0);
		fuzz_scribble(what / 8 % 3);
		card.scribbled = scribbled = 1;
		fake.events |= GLUE_EVENT_IRQ(0);
		return;
	case 6:
		return reconfigure();
	default:
		card.ack = fuzz_byte();
		card_step();
		fake.ticks += fake_env()->counter_hz / 8 * fuzz_byte();
		fake.events |= GLUE_EVENT_IRQ(0);
	}
}

/* The driver takes notice, and then the client. */
static void pump(void)
{
	uint64_t events = fake.events & GLUE_EVENT_IRQ(0);

	glue_net_kick(&net);
	fake.events &= ~events;
	native_run(events);
	glue_net_poll(&net);
}

/* --- one run -------------------------------------------------------------- */

static int any_sent(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < SENDERS; i++)
		n += tx[i].in_flight;
	return n > 0;
}

/* The card behaves again: all that was sent ends. */
static void settle(void)
{
	unsigned int rounds = 0;

	card.lies = 0;
	device.config_restless = 0;
	while (any_sent() && !native.driver_end) {
		must(rounds++ < 1000, "a frame never ends");
		fake.ticks += fake_env()->counter_hz;
		/* One whose ring is out of step asks for a reset some day. */
		if (scribbled && rounds > 100) {
			device.status |= 64;
			fake_virtio_config_changed();
		}
		while (card_step())
			continue;
		fake.events |= GLUE_EVENT_IRQ(0);
		pump();
	}
}

static void client_open(void)
{
	unsigned int i;

	must(!glue_net_open(&net, "net0", REGION, GLUE_FOREVER),
	     "the card cannot be opened");
	for (i = 0; i < SENDERS; i++)
		tx[i] = (struct glue_net_frame){ .data = glue_net_alloc(&net,
									ROOM) };
	for (i = 0; i < n_lent; i++) {
		rx[i] = (struct glue_net_frame){
			.data = glue_net_alloc(&net, ROOM),
			.room = ROOM,
			.done = received,
		};
		lend(&rx[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	uint8_t features;

	fuzz_input(data, bytes);
	scribbled = 0;
	number = last_number = 0;
	features = fuzz_byte();
	may_scribble = features / 2 % 2;
	n_lent = features / 4 % 2 ? LENT : 8;
	must(!card_start(features % 2 ? ALL | F_MTU : F_MAC | features * 256u),
	     "an honest card is refused");
	device.queue_max = fuzz_byte() % 2 ? 1024 : 8; /* used again soon */
	must(!native_probe(), "queues of this size are refused");
	client_open();
	while (fuzz_left() && !native.driver_end) {
		act();
		if (fuzz_byte() % 4) /* or more happens in one turn */
			pump();
	}
	settle();
	memcpy(device.config, CARD_MAC, 6); /* for a successor */
	device.config[10] = 0xdc;
	device.config[11] = 5;
	native_end();
	glue_net_close(&net);
	return 0;
}
