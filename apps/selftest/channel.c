/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * channel.c - probes that misuse a block channel: garbage, bad requests, too
 * many clients.
 *
 * They bypass glue's client library, which would refuse most of this itself,
 * and write the ring memory as a hostile process could.
 */
#include <glue/block.h>
#include <glue/broker_client.h>
#include <glue/print.h>
#include <glue/ring_ops.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <glue/sys.h>

#include "probe.h"

#define LEND_BYTES 65536u
#define SETTLE_NS  500000000ul /* a driver answers far sooner */
#define ANSWER_NS  5000000000ul

struct raw {
	unsigned int chan;
	struct glue_ring_ends ends;
	uint64_t sectors; /* of the disk, by its own account */
};

/* The address plan puts channel i's rings there (glue/places.h). */
static void *ring_memory(unsigned int chan)
{
	return (void *)(GLUE_RING_VADDR + chan * GLUE_RING_SPAN);
}

/* Connect, and attach to the rings without glue's block client. */
static int raw_open(struct raw *raw, const char *disk)
{
	const struct glue_chan *chan;
	struct glue_ring_shape shape = {
		.sqe_bytes = sizeof(struct glue_block_sqe),
		.cqe_bytes = sizeof(struct glue_block_cqe),
	};
	enum k_err err;

	err = glue_broker_connect(disk, LEND_BYTES, &raw->chan);
	if (!err) {
		chan = glue_chan(raw->chan);
		shape.depth = chan->depth;
		err = glue_ring_attach(&raw->ends, ring_memory(raw->chan),
				       chan->ring_bytes, &shape, 0);
	}
	if (err)
		glue_printf("probe: %s: %s\n", disk, k_err_text(err));
	return !err;
}

/* Put one entry into the ring, wake the driver, take its answer. */
static enum k_err raw_ask(struct raw *raw, const struct glue_block_sqe *sqe)
{
	uint64_t deadline = glue_deadline_ns(ANSWER_NS);
	struct glue_block_cqe cqe;

	memcpy(glue_ring_slot(&raw->ends.tx, sizeof(*sqe)), sqe, sizeof(*sqe));
	glue_ring_push(&raw->ends.tx);
	glue_ring_publish(&raw->ends.tx);
	glue_sys_signal(GLUE_CAP_PEER0 + raw->chan);
	while (!glue_ring_ready(&raw->ends.rx)) {
		if (glue_time_ticks() > deadline)
			return K_ERR_TIMEOUT;
		glue_ring_sleep_begin(&raw->ends.sleep);
		if (!glue_ring_ready(&raw->ends.rx))
			glue_wait(deadline);
		glue_ring_sleep_end(&raw->ends.sleep);
	}
	glue_ring_peek(&raw->ends.rx, &cqe, sizeof(cqe));
	glue_ring_pop(&raw->ends.rx);
	glue_ring_release(&raw->ends.rx);
	return cqe.tag == sqe->tag ? cqe.status : K_ERR_PROTOCOL;
}

/* --- bad requests ------------------------------------------------------- */

static const struct {
	const char *what;
	struct glue_block_sqe sqe; /* sector is added to the disk's end
					* where past_end says so           */
	int past_end;
} bad[] = {
	{ "read at the end", { .op = GLUE_BLOCK_READ, .count = 1 }, 1 },
	{ "read across 2^64",
	  { .op = GLUE_BLOCK_READ, .count = 8, .sector = UINT64_MAX - 3 },
	  0 },
	{ "write at the end", { .op = GLUE_BLOCK_WRITE, .count = 1 }, 1 },
	{ "count 0", { .op = GLUE_BLOCK_READ }, 0 },
	{ "count 2^32 - 1", { .op = GLUE_BLOCK_READ, .count = UINT32_MAX }, 0 },
	{ "unaligned buffer",
	  { .op = GLUE_BLOCK_READ, .count = 1, .offset = 3 },
	  0 },
	{ "buffer past the region",
	  { .op = GLUE_BLOCK_READ, .count = 1, .offset = LEND_BYTES },
	  0 },
	{ "buffer across the end",
	  { .op = GLUE_BLOCK_READ, .count = 2, .offset = LEND_BYTES - 512 },
	  0 },
	{ "buffer across 2^64",
	  { .op = GLUE_BLOCK_READ, .count = 8, .offset = UINT64_MAX - 511 },
	  0 },
	{ "unknown operation", { .op = 99, .count = 1 }, 0 },
	{ "unknown flags",
	  { .op = GLUE_BLOCK_READ, .flags = 0xf0, .count = 1 },
	  0 },
	{ "discard past the end", { .op = GLUE_BLOCK_DISCARD, .count = 1 }, 1 },
};

/* The one good request: also shows that the raw ring works at all. */
static int sectors_ask(struct raw *raw)
{
	struct glue_block_sqe sqe = { .op = GLUE_BLOCK_INFO, .count = 1 };
	const struct glue_block_info *info;
	enum k_err err = raw_ask(raw, &sqe);

	info = (const void *)(glue_chan(raw->chan)->data_vaddr);
	raw->sectors = info->sectors;
	if (err)
		glue_printf("probe: info: %s\n", k_err_text(err));
	return !err;
}

/* Each bad request must be answered, with an error. */
int probe_requests(char *disk, char *second, char *third)
{
	struct glue_block_sqe sqe;
	int broke = PROBE_HELD;
	struct raw raw;
	enum k_err err;
	uint32_t i;

	(void)second;
	(void)third;
	if (!raw_open(&raw, disk) || !sectors_ask(&raw))
		return PROBE_USAGE;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		sqe = bad[i].sqe;
		sqe.tag = 1000 + i;
		if (bad[i].past_end)
			sqe.sector = raw.sectors;
		err = raw_ask(&raw, &sqe);
		glue_printf("probe: %s: %s\n", bad[i].what, k_err_text(err));
		if (err == K_OK || err == K_ERR_TIMEOUT)
			broke = PROBE_BROKE;
	}
	return broke;
}

/* --- garbage ------------------------------------------------------------ */

/* xorshift64: any stream of bits does. Source: Marsaglia 2003. */
static uint64_t noise(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Noise everywhere, indices included; or in the entries, all published. */
static void garbage_fill(struct raw *raw, int indices, uint64_t seed)
{
	volatile uint64_t *word = ring_memory(raw->chan);
	uint64_t bytes = glue_chan(raw->chan)->ring_bytes, i;

	for (i = GLUE_RING_HEADER_BYTES / sizeof(*word);
	     i < bytes / sizeof(*word); i++)
		word[i] = noise(&seed);
	for (i = 0; indices && i < GLUE_RING_HEADER_BYTES / sizeof(*word); i++)
		word[i] = noise(&seed);
	if (indices)
		return;
	raw->ends.tx.next += glue_ring_space(&raw->ends.tx);
	glue_ring_publish(&raw->ends.tx);
}

/* The driver must close this channel, or answer, but never suffer. */
int probe_garbage(char *disk, char *kind, char *seed)
{
	uint64_t value = 1, deadline;
	struct raw raw;

	if (*seed && (!glue_parse_u64(seed, &value) || !value))
		return PROBE_USAGE;
	if (!raw_open(&raw, disk))
		return PROBE_USAGE;
	garbage_fill(&raw, !strcmp(kind, "indices"), value);
	glue_sys_signal(GLUE_CAP_PEER0 + raw.chan);
	deadline = glue_deadline_ns(SETTLE_NS);
	while (glue_time_ticks() < deadline)
		glue_wait(deadline);
	glue_printf("probe: garbage sent, channel is %s\n",
		    __atomic_load_n(&glue_chan(raw.chan)->state,
				    __ATOMIC_ACQUIRE) == GLUE_CHAN_OPEN ?
			    "open" :
			    "closed");
	return PROBE_HELD;
}

/* --- full rings --------------------------------------------------------- */

/* As many questions as there is room for. */
static void ring_fill(struct raw *raw)
{
	struct glue_block_sqe sqe = { .op = GLUE_BLOCK_INFO, .count = 1 };

	while (glue_ring_space(&raw->ends.tx)) {
		sqe.tag++;
		memcpy(glue_ring_slot(&raw->ends.tx, sizeof(sqe)), &sqe,
		       sizeof(sqe));
		glue_ring_push(&raw->ends.tx);
	}
	glue_ring_publish(&raw->ends.tx);
	glue_sys_signal(GLUE_CAP_PEER0 + raw->chan);
}

static uint64_t answers_take(struct raw *raw)
{
	uint64_t answers = 0;

	for (; glue_ring_ready(&raw->ends.rx); answers++)
		glue_ring_pop(&raw->ends.rx);
	glue_ring_release(&raw->ends.rx);
	return answers;
}

/* Asks without end for @ms; `hears`: and takes the answers. */
static int ring_press(const char *what, const char *disk, const char *ms,
		      int hears)
{
	uint64_t hold, deadline, answers = 0;
	struct raw raw;

	if (!glue_parse_u64(ms, &hold) || !raw_open(&raw, disk))
		return PROBE_USAGE;
	glue_printf("probe: %s begins\n", what);
	deadline = glue_deadline_ns(hold * 1000000);
	while (glue_time_ticks() < deadline) {
		ring_fill(&raw);
		if (hears)
			answers += answers_take(&raw);
	}
	glue_printf("probe: %s: %lu answers, channel is %s at the end\n", what,
		    answers,
		    __atomic_load_n(&glue_chan(raw.chan)->state,
				    __ATOMIC_ACQUIRE) == GLUE_CHAN_OPEN ?
			    "open" :
			    "closed");
	return PROBE_HELD;
}

int probe_deaf(char *disk, char *ms, char *third)
{
	(void)third;
	return ring_press("deaf", disk, ms, 0);
}

int probe_flood(char *disk, char *ms, char *third)
{
	(void)third;
	return ring_press("flood", disk, ms, 1);
}

/* --- many clients ------------------------------------------------------- */

/* Open up to @count channels, hold them for @ms, end. */
int probe_clients(char *disk, char *count, char *ms)
{
	uint64_t wanted, hold, deadline, opened;
	enum k_err err = K_OK;
	unsigned int chan;

	if (!glue_parse_u64(count, &wanted) || !glue_parse_u64(ms, &hold))
		return PROBE_USAGE;
	for (opened = 0; opened < wanted && !err; opened += !err)
		err = glue_broker_connect(disk, 4096, &chan);
	glue_printf("probe: %lu channels open, then: %s\n", opened,
		    k_err_text(err));
	deadline = glue_deadline_ns(hold * 1000000);
	while (glue_time_ticks() < deadline)
		glue_wait(deadline);
	return PROBE_HELD;
}
