/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_net.c - the native network driver, a client, and a card that libFuzzer
 * plays.
 *
 * Each byte of the input is one act: the client sends or lends, or the card
 * sends, lies, writes any header or into its rings, changes its configuration,
 * interrupts. What must hold whatever it does:
 *   - no access outside memory (AddressSanitizer), no assertion of the fakes;
 *   - each frame of the client ends, when the card works again, in a next life of
 *     the driver if it has ended;
 *   - what a client receives is what the card wrote, and what the card hears is
 *     what the client sent, in order and each once, as long as the card kept to
 *     its buffers; nothing is lost or fails as long as it was honest;
 *   - a lie that cannot be overlooked ends the driver, and frames still arrive.
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
static int lied;	 /* or has changed what it is */
/* A frame consists of its number. For the guest: the next one's, the last's, and
 * how long each was, 0 if the card said something about it. */
static uint8_t number, last_number;
static uint32_t length[256];
static unsigned int received_frames;
/* From the guest: so many were taken, and heard; and how long they were. */
static unsigned int n_sent, n_heard;
static uint32_t sent_length[256];
static unsigned int tx_number[SENDERS];

/* --- the client ----------------------------------------------------------- */

static void lend(struct glue_net_frame *frame)
{
	if (frame->in_flight)
		return;
	memset(frame->data, STALE, frame->room);
	must(!glue_net_fill(&net, frame), "a buffer is not taken");
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
	must(!length[data[14]] || frame->bytes == length[data[14]],
	     "a frame of another length");
	last_number = data[14];
	received_frames++;
	lend(frame);
}

static void sent(struct glue_net_frame *frame)
{
	must(lied || !frame->status, "an honest card's frame has failed");
}

static void send(uint8_t what)
{
	struct glue_net_frame *frame = &tx[what % SENDERS];

	if (frame->in_flight)
		return;
	frame->bytes = 15 + fuzz_byte() * 5u;
	memset(frame->data, (uint8_t)n_sent, frame->bytes);
	memcpy(frame->data, "\x02\0\0\0\0\1", 6);
	memcpy((uint8_t *)frame->data + 6, net.info.mac, 6);
	sent_length[n_sent % 256] = frame->bytes;
	if (!glue_net_send(&net, frame))
		tx_number[what % SENDERS] = n_sent++;
	else
		must(lied, "a good frame is refused");
}

/* The card has heard a frame: the next, or a later one if some were lost. */
static void heard(void)
{
	unsigned int n = n_heard;
	uint32_t i;

	if (scribbled)
		return;
	while (n < n_sent && (uint8_t)n != card.frame[14])
		n++;
	must(n < n_sent && (lied || n == n_heard), "a frame that nobody sent");
	must(card.bytes == sent_length[n % 256], "it was sent longer");
	for (i = 14; i < card.bytes; i++)
		must(card.frame[i] == (uint8_t)n, "parts of other frames");
	must(!memcmp(card.frame + 6, net.info.mac, 6), "from somebody else");
	must(!card.header.flags && !card.header.gso_type,
	     "offloads that nobody asked for");
	n_heard = n + 1;
}

/* --- the card ------------------------------------------------------------- */

/* So many bytes of the next number, to the client or to some group. */
static void card_sends(uint32_t bytes, int to_client,
		       const struct card_header *header)
{
	static uint8_t frame[FRAME_MAX];

	memset(frame, ++number, bytes);
	memcpy(frame, to_client ? net.info.mac : frame, 6);
	card_send(frame, bytes, header);
}

static void card_acts(int with_header)
{
	struct card_header header = { 0 };
	uint32_t bytes = 14 + fuzz_byte() * 8u, i;

	for (i = 0; i < 10 && with_header; i++)
		((uint8_t *)&header)[i] = fuzz_byte();
	length[(uint8_t)(number + 1)] = with_header ? 0 : bytes;
	card_sends(bytes, fuzz_byte() % 4, &header);
}

static void reconfigure(void)
{
	lied = 1;
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
		return card_acts(what % 8 == 3);
	case 4:
		lied = 1;
		card.lie = fuzz_byte() % LIES;
		card.lies = 1 + fuzz_byte() % 4;
		if (card.lie == MISSING || card.lie >= WRONG_ID) {
			card.lies *= (unsigned int)may_scribble;
			card.scribbled = scribbled |= may_scribble;
		}
		return;
	case 5:
		if (!may_scribble)
			return card_acts(0);
		fuzz_scribble(what / 8 % 3);
		card.scribbled = scribbled = lied = 1;
		fake.events |= GLUE_EVENT_IRQ(0);
		return;
	case 6:
		return reconfigure();
	default:
		card.ack = fuzz_byte() % 2;
		card_step();
		/* It is silent, with something to do. */
		lied |= fake_virtio_waiting(1) || fake_virtio_waiting(2);
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

/* A next life of the driver, with a card that behaves: it sends again what has
 * not been answered, heard or not. */
static void live_again(void)
{
	unsigned int i;

	card.lies = 0;
	device.config_restless = 0;
	memcpy(device.config, CARD_MAC, 6);
	device.config[10] = 0xdc;
	device.config[11] = 5;
	lied = 1;
	for (i = 0; i < SENDERS; i++)
		if (tx[i].in_flight && tx_number[i] < n_heard)
			n_heard = tx_number[i];
	native_live_again();
}

/* --- one run -------------------------------------------------------------- */

/* Has a frame not ended, or not gone out? */
static int any_sent(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < SENDERS; i++)
		n += tx[i].in_flight;
	return n > 0 || (!lied && n_heard != n_sent);
}

/* Has the driver taken all that was received, and given its buffers back? One
 * whose client lends few takes a frame at each look, and a last one later. */
static int all_taken(void)
{
	return fake_virtio_open(0) == device.queue[0].entries;
}

/* The card behaves again: all that was sent ends, and the driver has seen all
 * that the card has said. */
static void settle(void)
{
	unsigned int rounds = 0;

	card.lies = 0;
	device.config_restless = 0;
	do {
		if (native.driver_end)
			live_again();
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
	} while (any_sent() || (!all_taken() && rounds < 100));
	must(scribbled || native.driver_end || all_taken(),
	     "a frame lies in the ring for ever");
}

/* Whatever was: a card that behaves is heard by a client that listens. */
static void arrive(void)
{
	const struct card_header plain = { 0 };
	unsigned int before = received_frames, i;

	memcpy(device.config, CARD_MAC, 6);
	device.config[6] = 1;
	fake_virtio_config_changed();
	for (i = 0; i < 10 && received_frames == before; i++) {
		length[(uint8_t)(number + 1)] = 100;
		card_sends(100, 1, &plain);
		while (card_step())
			continue;
		fake.events |= GLUE_EVENT_IRQ(0);
		fake.ticks += fake_env()->counter_hz / 100;
		pump();
	}
	must(received_frames != before, "it does not receive any more");
}

static void client_open(void)
{
	unsigned int i;

	must(!glue_net_open(&net, "net0", REGION, GLUE_FOREVER),
	     "the card cannot be opened");
	for (i = 0; i < SENDERS; i++)
		tx[i] = (struct glue_net_frame){
			.data = glue_net_alloc(&net, ROOM), .done = sent
		};
	for (i = 0; i < n_lent; i++) {
		rx[i] = (struct glue_net_frame){
			.data = glue_net_alloc(&net, net.info.fill_bytes),
			.room = net.info.fill_bytes,
			.done = received,
		};
		lend(&rx[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	uint8_t features;

	fuzz_input(data, bytes);
	scribbled = lied = 0;
	number = last_number = 0;
	n_sent = n_heard = 0;
	features = fuzz_byte();
	may_scribble = features / 2 % 2;
	n_lent = features / 4 % 2 ? LENT : 8;
	must(!card_start(features % 2 ? ALL | F_MTU : F_MAC | features * 256u),
	     "an honest card is refused");
	device.queue_max = fuzz_byte() % 2 ? 1024 : 8; /* used again soon */
	must(!native_probe(), "queues of this size are refused");
	client_open();
	card.on_heard = heard;
	fuzz_begin();
	while (fuzz_left()) {
		act();
		if (fuzz_byte() % 4) /* or more happens in one turn */
			pump();
		if (native.driver_end)
			live_again();
	}
	settle();
	if (!scribbled && !native.driver_end)
		arrive();
	fuzz_graves = card.graves;
	fuzz_noticed();
	if (native.driver_end)
		live_again();
	glue_net_close(&net);
	return 0;
}
