/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nettest.h - what the cases of the network test program share.
 */
#ifndef NETTEST_H
#define NETTEST_H

#include <stdint.h>
#include <glue/net_client.h>

#define NETTEST_BUFFERS	 192u /* lent for received frames */
#define NETTEST_SENDERS	 48u  /* frames being sent at a time */
#define NETTEST_ROOM	 2048u
#define NETTEST_BIG	 8u /* frames of the longest kind, for offloads */
#define NETTEST_BIG_ROOM 65536u
#define NETTEST_WAIT_NS	 20000000000ul
#define NETTEST_USAGE	 2 /* exit status: unknown words */
#define NETTEST_FAILED	 1

/* The open card, and its frames: data is set, nothing is in flight. */
extern struct glue_net nettest_net;
extern struct glue_net_frame nettest_rx[NETTEST_BUFFERS];
extern struct glue_net_frame nettest_tx[NETTEST_SENDERS];
extern struct glue_net_frame nettest_big[NETTEST_BIG];

/* A case: its arguments as numbers, 0 if missing. Return: exit status. */
typedef int nettest_case(uint64_t first, uint64_t second);
nettest_case nettest_info, nettest_send, nettest_receive, nettest_echo,
	nettest_ping, nettest_sizes, nettest_link, nettest_idle, nettest_spoof,
	nettest_groups, nettest_tso4, nettest_tso6, nettest_merged;

/* A frame from this card's address to the test's station on the wire. */
void nettest_build(struct glue_net_frame *frame, uint32_t bytes);

/* Lend the first @count receive frames, each with this done. */
enum k_err nettest_lend(unsigned int count,
			void (*done)(struct glue_net_frame *frame));

/* Ticks that all processes have run, the kernel's work for them included. */
uint64_t nettest_cpu_ticks(void);

/* One line for the test to read: what a frame took. */
struct nettest_clock {
	uint64_t ticks;
	uint64_t cpu;
};
void nettest_clock_start(struct nettest_clock *clock);
void nettest_clock_print(const struct nettest_clock *clock, const char *what,
			 uint64_t frames);

/* A run of many frames; one a program, which ends with it. */
struct nettest_run {
	uint64_t wanted; /* frames of this run */
	uint64_t begun;	 /* sent */
	uint64_t ended;	 /* sent and free again, or received */
	uint64_t failed;
};
extern struct nettest_run nettest_run;

/* One more frame of the run, which is built; inline, as it is measured. */
static inline void nettest_run_send(struct glue_net_frame *frame)
{
	nettest_run.begun++;
	if (glue_net_send(&nettest_net, frame)) {
		nettest_run.failed++;
		nettest_run.ended++;
	}
}

/* Its end. */
static inline void nettest_run_sent(const struct glue_net_frame *frame)
{
	nettest_run.ended++;
	nettest_run.failed += frame->status != K_OK;
}

/* Until all frames have ended, or nothing has for a long time. */
enum k_err nettest_run_wait(void);

/* A deadline that only a fault reaches. */
uint64_t nettest_patience(void);

/* The client's counters, in one line. */
int nettest_stats_print(void);

#endif
