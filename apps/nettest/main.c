/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - nettest: a client of the net class that does what a test asks.
 *
 *	run nettest SERVICE CASE [NUMBER [NUMBER]]
 *
 * It opens the card, runs one case, prints what came of it in lines that begin
 * with "nettest:", and ends. The host's end of the wire is the test's
 * (tests/tools/wire.py). Read next: traffic.c, cases.c, offload.c
 */
#include <glue/broker_client.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "../args.h"
#include "nettest.h"

#define LENT_BYTES                                                             \
	(8192u + (NETTEST_BUFFERS + NETTEST_SENDERS) * NETTEST_ROOM +          \
	 NETTEST_BIG * NETTEST_BIG_ROOM)

#define SETTLE_NS     1000000ul
#define SETTLE_ROUNDS 100u
#define SETTLE_TICKS  200u /* the timer service takes 50 for a wait */

struct glue_net nettest_net;
struct glue_net_frame nettest_rx[NETTEST_BUFFERS];
struct glue_net_frame nettest_tx[NETTEST_SENDERS];
struct glue_net_frame nettest_big[NETTEST_BIG];

struct nettest_run nettest_run;

static const struct {
	const char *name;
	nettest_case *run;
} cases[] = {
	{ "info", nettest_info },     { "send", nettest_send },
	{ "echo", nettest_echo },     { "receive", nettest_receive },
	{ "ping", nettest_ping },     { "sizes", nettest_sizes },
	{ "link", nettest_link },     { "idle", nettest_idle },
	{ "spoof", nettest_spoof },   { "groups", nettest_groups },
	{ "tso4", nettest_tso4 },     { "tso6", nettest_tso6 },
	{ "merged", nettest_merged },
};

void nettest_build(struct glue_net_frame *frame, uint32_t bytes)
{
	static const uint8_t station[6] = { 0x02, 0, 0, 0, 0, 0x01 };
	uint8_t *data = frame->data;

	memcpy(data, station, 6);
	memcpy(data + 6, glue_net_info(&nettest_net)->mac, 6);
	/* Local experimental, IEEE 802: nobody else speaks it. */
	data[12] = 0x88;
	data[13] = 0xb5;
	frame->bytes = bytes;
}

enum k_err nettest_lend(unsigned int count,
			void (*done)(struct glue_net_frame *frame))
{
	enum k_err err = K_OK;
	unsigned int i;

	for (i = 0; i < count && i < NETTEST_BUFFERS && !err; i++) {
		nettest_rx[i].done = done;
		err = glue_net_fill(&nettest_net, &nettest_rx[i]);
	}
	glue_net_kick(&nettest_net);
	return err;
}

uint64_t nettest_patience(void)
{
	return glue_deadline_ns(NETTEST_WAIT_NS);
}

enum k_err nettest_run_wait(void)
{
	enum k_err err = K_OK;

	while (nettest_run.ended < nettest_run.wanted && !err)
		err = glue_net_wait(&nettest_net, nettest_patience());
	return err;
}

/* Of the processes from this index on; the broker is number 0. */
static uint64_t cpu_ticks_from(unsigned int i, uint32_t but)
{
	struct glue_process_info p;
	uint64_t sum = 0;

	for (; !glue_broker_process(i, &p); i++)
		if (p.pid != but && p.cpu_ticks != ~0ul)
			sum += p.cpu_ticks;
	return sum;
}

uint64_t nettest_cpu_ticks(void)
{
	return cpu_ticks_from(0, ~0u);
}

/* Others may still be starting, which is not to be counted: wait until they
 * sleep, all but the broker and the timer service, who work for us. */
static void others_settle(void)
{
	uint32_t own = glue_env()->pid;
	uint64_t now = cpu_ticks_from(1, own), before;
	unsigned int left = SETTLE_ROUNDS;

	do {
		before = now;
		glue_wait(glue_deadline_ns(SETTLE_NS));
		now = cpu_ticks_from(1, own);
	} while (now - before > SETTLE_TICKS && --left);
}

/* A call, so that a profile can begin with it (tests/bench/net_rows.py). */
static __attribute__((noinline)) void clock_mark(struct nettest_clock *clock)
{
	clock->ticks = glue_time_ticks();
}

void nettest_clock_start(struct nettest_clock *clock)
{
	uint64_t before = nettest_cpu_ticks(), now = nettest_cpu_ticks();

	/* Looking takes time itself, which is not the frames'. */
	clock->cpu = now + (now - before);
	clock_mark(clock);
}

void nettest_clock_print(const struct nettest_clock *clock, const char *what,
			 uint64_t frames)
{
	uint64_t ticks = glue_time_ticks() - clock->ticks;
	uint64_t cpu = nettest_cpu_ticks() - clock->cpu;

	if (frames == 0)
		frames = 1;
	glue_printf("nettest: %s: %lu frames, %lu ns each, %lu ns of CPU\n",
		    what, frames, glue_ticks_to_ns(ticks) / frames,
		    glue_ticks_to_ns(cpu) / frames);
}

int nettest_stats_print(void)
{
	struct glue_net_stats stats;
	enum k_err err = glue_net_stats(&nettest_net, &stats,
					nettest_patience());

	if (err) {
		glue_printf("nettest: stats: %s\n", k_err_text(err));
		return NETTEST_FAILED;
	}
	glue_printf("nettest: sent %lu, received %lu, no buffer %lu, "
		    "too long %lu, refused %lu\n",
		    stats.sent_frames, stats.received_frames,
		    stats.dropped_no_buffer, stats.dropped_too_long,
		    stats.refused);
	return 0;
}

static void places_make(struct glue_net_frame *frame, unsigned int count,
			uint32_t room)
{
	for (; count; count--, frame++) {
		frame->data = glue_net_alloc(&nettest_net, room);
		frame->room = room;
	}
}

static void frames_prepare(void)
{
	places_make(nettest_rx, NETTEST_BUFFERS, NETTEST_ROOM);
	places_make(nettest_tx, NETTEST_SENDERS, NETTEST_ROOM);
	places_make(nettest_big, NETTEST_BIG, NETTEST_BIG_ROOM);
}

static int case_run(nettest_case *run, const char *service, uint64_t first,
		    uint64_t second)
{
	enum k_err err;
	int status;

	others_settle(); /* not while open, without a buffer for what comes */
	err = glue_net_open(&nettest_net, service, LENT_BYTES,
			    nettest_patience());
	if (err) {
		glue_printf("nettest: %s: %s\n", service, k_err_text(err));
		return NETTEST_FAILED;
	}
	frames_prepare();
	status = run(first, second);
	glue_net_close(&nettest_net);
	return status;
}

int glue_program_main(const struct glue_env *env)
{
	uint64_t first = 0, second = 0;
	char *word[ARGS_WORDS];
	unsigned int i;

	args_cut(env, word);
	glue_parse_u64(word[2], &first);
	glue_parse_u64(word[3], &second);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!strcmp(word[1], cases[i].name))
			return case_run(cases[i].run, word[0], first, second);
	glue_printf("nettest: no case \"%s\": apps/nettest/main.c lists them\n",
		    word[1]);
	return NETTEST_USAGE;
}
