/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frames.c - frames: two network cards on one wire, and each frame is checked.
 *
 *	run frames CARD SEED MS PEER
 *
 * Both cards send to each other all the time. A frame says which one it is and
 * what it must hold; one that holds anything else, or was never sent, is wrong.
 * It may be lost, and come again, as a driver's death makes it: both are
 * counted. Exit status 0 only if none was wrong.
 */
#include <glue/counters.h>
#include <glue/net_client.h>
#include <glue/pattern.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "../args.h"
#include "verify.h"

#define SIDES	    2u /* the card whose driver is broken, and its peer */
#define SENDERS	    32u
#define BUFFERS	    64u
#define ROOM	    2048u
#define LENT_BYTES  (8192u + (SENDERS + BUFFERS) * ROOM)
#define ANSWER_NS   10000000000ul
#define TRY_NS	    1000000ul
#define WINDOW	    64u /* frames on their way */
#define MS_NS	    1000000ul
#define LIFE_FRAMES 64u /* each way, and a life has been looked at */
#define BYTES_MIN   64u
#define STEPS	    182u /* of 8 bytes: lengths up to 1512 */
#define HEAD_BYTES  16u	 /* Ethernet's, and two of padding */
#define SHOWN	    4u	 /* wrong frames that are told of */
#define WRONG	    1	 /* exit status */
#define USAGE	    2

enum { SEED, NAME, BYTES, DATA }; /* words behind the head */

static struct side {
	struct glue_net net;
	struct glue_net_frame tx[SENDERS], rx[BUFFERS];
	struct side *peer;
	uint64_t sent;	 /* frames, each with its number */
	uint64_t next;	 /* that is expected from the peer */
	uint64_t try_at; /* ticks: when to send though nothing arrives */
	uint64_t right, lost, again;
} side[SIDES];

static uint64_t seed, errors;
static uint64_t *done, *wrong, *failed, *checked, *at; /* counters */
static uint64_t since[SIDES]; /* right frames when this life began */
static uint64_t first;	      /* the first one that this life was given */
/* Of the first card's channel: now, and when all was last looked at. */
static uint32_t generation, judged, served;

static uint64_t name_of(const struct side *from, uint64_t number)
{
	return number << 1 | (from == &side[1]);
}

static uint64_t word_of(uint64_t name, uint32_t i)
{
	return glue_pattern_word(seed, name) + i * 0x9e3779b97f4a7c15ul;
}

static uint32_t bytes_of(uint64_t name)
{
	return BYTES_MIN +
	       8 * (uint32_t)(glue_pattern_word(~seed, name) % STEPS);
}

/* The next frame of a side. */
static void frame_write(struct side *from, struct glue_net_frame *frame)
{
	uint64_t name = name_of(from, from->sent++);
	uint8_t *data = frame->data;
	uint64_t *word = (uint64_t *)(data + HEAD_BYTES);

	memcpy(data, glue_net_info(&from->peer->net)->mac, 6);
	memcpy(data + 6, glue_net_info(&from->net)->mac, 6);
	/* Local experimental, IEEE 802: nobody else speaks it. */
	data[12] = 0x88;
	data[13] = 0xb5;
	frame->bytes = bytes_of(name);
	word[SEED] = seed;
	word[NAME] = name;
	word[BYTES] = frame->bytes;
	for (uint32_t i = DATA; i < (frame->bytes - HEAD_BYTES) / 8; i++)
		word[i] = word_of(name, i);
}

/* Is it, as a whole, one that the peer has sent? */
static int is_right(const struct side *to, const struct glue_net_frame *frame)
{
	const uint8_t *data = frame->data;
	const uint64_t *word = (const uint64_t *)(data + HEAD_BYTES);
	uint64_t name = word[NAME];

	if (frame->bytes < BYTES_MIN || word[SEED] != seed ||
	    (name & 1) != (to->peer == &side[1]) ||
	    name >> 1 >= to->peer->sent || word[BYTES] != bytes_of(name) ||
	    frame->bytes != word[BYTES] ||
	    memcmp(data, to->net.info.mac, 6) != 0 ||
	    memcmp(data + 6, to->peer->net.info.mac, 6) != 0)
		return 0;
	for (uint32_t i = DATA; i < (frame->bytes - HEAD_BYTES) / 8; i++)
		if (word[i] != word_of(name, i))
			return 0;
	return 1;
}

static void wrong_show(const struct side *to,
		       const struct glue_net_frame *frame)
{
	const uint64_t *word = (const uint64_t *)((const uint8_t *)frame->data +
						  HEAD_BYTES);

	if (++*wrong <= SHOWN)
		glue_printf("card %lu: wrong frame of %u bytes: seed %lu, "
			    "name 0x%lx, length %lu\n",
			    (unsigned long)(to - side), frame->bytes,
			    word[SEED], word[NAME], word[BYTES]);
}

static void life_begins(void)
{
	if (side[0].net.port.generation == generation)
		return;
	generation = side[0].net.port.generation;
	first = side[0].sent;
	since[0] = side[0].right;
	since[1] = side[1].right;
}

/* A later life of the first card's driver serves when it has passed on a frame
 * each way; unless it is over too, and has only left one behind. */
static void note_served(void)
{
	const struct glue_port *port = &side[0].net.port;

	if (generation == served || side[0].right == since[0] ||
	    side[1].next <= first ||
	    __atomic_load_n(&glue_chan(port->chan)->state, __ATOMIC_ACQUIRE) !=
		    GLUE_CHAN_OPEN)
		return;
	served = generation;
	*at = glue_time_ticks();
}

/* A life of the first card's driver has been looked at when enough has come. */
static void note_right(void)
{
	uint64_t least = side[0].right < side[1].right ? side[0].right :
							 side[1].right;

	*done = least;
	note_served();
	if (generation != judged && side[0].right - since[0] >= LIFE_FRAMES &&
	    side[1].right - since[1] >= LIFE_FRAMES) {
		judged = generation;
		++*checked;
	}
}

static void received(struct glue_net_frame *frame)
{
	struct side *to = frame->owner;
	uint64_t number;

	if (frame->status)
		return;
	if (is_right(to, frame)) {
		number = ((uint64_t *)((uint8_t *)frame->data +
				       HEAD_BYTES))[NAME] >>
			 1;
		if (number < to->next) {
			to->again++;
		} else {
			to->lost += number - to->next;
			to->next = number + 1;
		}
		to->right++;
		note_right();
	} else {
		wrong_show(to, frame);
	}
	errors += glue_net_fill(&to->net, frame) != K_OK;
}

static void sent(struct glue_net_frame *frame)
{
	*failed += frame->status != K_OK;
}

/* As long as the peer gets them; else one at a time, to see whether it does
 * again: what nobody takes waits in QEMU, thousands of frames if need be. */
static void send_more(struct side *from)
{
	uint64_t room = from->sent - from->peer->next;

	room = room < WINDOW ? WINDOW - room : 0;
	if (!room && glue_time_ticks() >= from->try_at)
		room = 1;
	for (unsigned int i = 0; i < SENDERS && room; i++) {
		struct glue_net_frame *frame = &from->tx[i];

		if (frame->in_flight)
			continue;
		frame_write(from, frame);
		errors += glue_net_send(&from->net, frame) != K_OK;
		from->try_at = glue_deadline_ns(TRY_NS);
		room--;
	}
}

static void frame_prepare(struct side *s, struct glue_net_frame *frame,
			  void (*end)(struct glue_net_frame *frame))
{
	frame->data = glue_net_alloc(&s->net, ROOM);
	frame->room = ROOM;
	frame->done = end;
	frame->owner = s;
}

static enum k_err side_open(struct side *s, const char *service)
{
	enum k_err err = glue_net_open(&s->net, service, LENT_BYTES,
				       glue_deadline_ns(ANSWER_NS));

	s->peer = s == side ? &side[1] : &side[0];
	for (unsigned int i = 0; i < BUFFERS && !err; i++) {
		frame_prepare(s, &s->rx[i], received);
		err = glue_net_fill(&s->net, &s->rx[i]);
	}
	return err;
}

static void traffic_begin(void)
{
	done = glue_counter_add(GLUE_COUNTER_EVENT, VERIFY_DONE);
	wrong = glue_counter_add(GLUE_COUNTER_EVENT, VERIFY_WRONG);
	failed = glue_counter_add(GLUE_COUNTER_EVENT, VERIFY_ERRORS);
	checked = glue_counter_add(GLUE_COUNTER_EVENT, VERIFY_CHECKED);
	at = glue_counter_add(GLUE_COUNTER_GAUGE, VERIFY_AT);
	generation = judged = served = side[0].net.port.generation;
	*at = glue_time_ticks();
	for (unsigned int i = 0; i < SIDES * SENDERS; i++) {
		struct side *s = &side[i / SENDERS];

		frame_prepare(s, &s->tx[i % SENDERS], sent);
	}
}

/* Until something has ended on one side, or it is time to try again. */
static enum k_err some_frames(void)
{
	struct glue_port *one = &side[0].net.port, *other = &side[1].net.port;

	life_begins();
	send_more(&side[0]);
	send_more(&side[1]);
	glue_net_kick(&side[0].net);
	glue_net_kick(&side[1].net);
	if (glue_net_poll(&side[0].net) + glue_net_poll(&side[1].net))
		return K_OK;
	if (!glue_port_serves(one) || !glue_port_serves(other))
		return K_ERR_GONE;
	if (glue_port_sleep_prepare(one) && glue_port_sleep_prepare(other))
		glue_wait_for(GLUE_PORT_EVENTS(one) | GLUE_PORT_EVENTS(other),
			      glue_deadline_ns(TRY_NS));
	glue_port_sleep_end(one);
	glue_port_sleep_end(other);
	return K_OK;
}

/* One line, for people and tests/fault. */
static int report(const char *service, enum k_err err)
{
	glue_printf("%s: %lu frames out, %lu in, %lu wrong, %lu lost, %lu "
		    "again, %lu errors: %s\n",
		    service, side[1].right, side[0].right, wrong ? *wrong : 0,
		    side[0].lost + side[1].lost, side[0].again + side[1].again,
		    errors + (failed ? *failed : 0), k_err_text(err));
	return err || *wrong ? WRONG : 0;
}

int frames_main(void)
{
	char *word[ARGS_WORDS];
	uint64_t ms, end;
	enum k_err err;

	args_cut(glue_env(), word);
	if (!glue_parse_u64(word[1], &seed) || !glue_parse_u64(word[2], &ms) ||
	    !word[3][0]) {
		glue_printf("CARD SEED MS PEER: both on one wire\n");
		return USAGE;
	}
	err = side_open(&side[0], word[0]);
	if (!err)
		err = side_open(&side[1], word[3]);
	if (!err)
		traffic_begin();
	end = glue_deadline_ns(ms * MS_NS);
	while (!err && glue_time_ticks() < end)
		err = some_frames();
	return report(word[0], err);
}
