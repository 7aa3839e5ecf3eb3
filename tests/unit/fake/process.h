/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.h - a KaaL process on the host: its address plan, a fake kernel.
 *
 * Maps the pages that glue expects at their fixed addresses, and stands in for
 * glue/sys: signals are counted, a wait that would block lets the test make
 * something happen, calls to the broker go to a function of the test.
 * Only one such process exists; start it anew in each test.
 */
#ifndef FAKE_PROCESS_H
#define FAKE_PROCESS_H

#include <stdint.h>
#include <glue/env.h>
#include <glue/sys.h>

struct fake_kernel {
	uint64_t events;	   /* badge word of the own notification */
	uint64_t ticks;		   /* the counter */
	uint64_t timer;		   /* armed deadline, 0 none */
	uint64_t period;	   /* 0: once */
	unsigned int signals[128]; /* by capability slot */
	unsigned int waits;
	unsigned int polls;
	unsigned int timer_calls;
	unsigned int acks;
	int irq_masked; /* interrupt 0 has come and is not acknowledged */
	int in_client;	/* who waits is another process: it has none */
	char console[8192];
	unsigned int console_bytes;
	/* Called when a wait finds no event. Must make one, or set a timer
	 * before; a wait that nothing can end fails the test. */
	void (*on_block)(void);
	void (*on_signal)(glue_cptr cap);
	/* A Recv on the timer service's endpoint. */
	void (*on_recv)(struct glue_msg *msg);
	/* Broker calls; answers in @msg. */
	void (*on_call)(struct glue_msg *msg);
};

extern struct fake_kernel fake;
extern struct abi_ipc_buffer fake_ipc_buffer;

/* Everything mapped and zeroed, env filled in, counters at 0. */
void fake_process_start(void);

/* The process's own pages, writable here. */
struct glue_env *fake_env(void);
struct glue_chan *fake_chan(unsigned int index);
void *fake_ring(unsigned int index);

/* Let channel @index's ring window show the same memory as @other's. */
void fake_ring_alias(unsigned int index, unsigned int other);

/* Memory at @vaddr, for lent regions; lasts until the next start. */
void *fake_map(uint64_t vaddr, uint64_t bytes);

/* The same memory at two places, as client and driver see a lent region. */
void fake_map_twice(uint64_t vaddr, uint64_t other, uint64_t bytes);

#endif
