/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.h - objects, threads and output of the benchmark.
 *
 * Everything lives in the root task's one CNode, looked up in one step. Workers
 * run the same image, mapped a second time in an address space of their own, so
 * that each switch to one changes TTBR0 and ASID; globals are shared memory.
 */
#ifndef BENCH_WORLD_H
#define BENCH_WORLD_H

#include <abi/bootinfo.h>
#include "svc.h"

#define ROUNDS	    20000u /* operations in one measurement */
#define WARM_ROUNDS 16u
#define PRIORITY    100u /* of the main thread */
#define UART_VADDR  0x10000000ull

/* An invocation: words and up to three capabilities. */
struct request {
	uint64_t cap, label;
	unsigned int n_caps, n_words;
	uint64_t caps[3];
	uint64_t words[6];
};

extern struct abi_ipc_buffer *ipc_buffer; /* the main thread's */
extern uint64_t untyped_cap;		  /* a large one, for scratch objects */

/* world_init - second address space, counter on, main thread's priority. */
void world_init(const struct abi_boot_info *info);

/* request_send - invoke; any error ends the benchmark with a message. */
void request_send(const struct request *r);

uint64_t slot_alloc(void);

/* object_make - retype one object; @bits where the type has a size. */
uint64_t object_make(enum abi_object_type type, unsigned int bits);

/**
 * worker_start - a thread in the second address space, FPU off.
 * @fault_handler: endpoint for its faults, or 0
 * Return: its TCB, for worker_stop.
 */
uint64_t worker_start(void (*entry)(void), unsigned int priority,
		      uint64_t fault_handler);
void worker_stop(uint64_t tcb);

/* uart_map - the UART's registers at UART_VADDR in both address spaces. */
void uart_map(void);

/* scratch_frame - a 4 KiB frame whose page table is there, not mapped. */
uint64_t scratch_frame(uint64_t *vaddr);

/* report - print `bench kernel.NAME VALUE`; both are per operation. */
void report(const char *name, uint64_t value);
_Noreturn void world_end(uint64_t status);

extern uint64_t loop_total; /* counted for ROUNDS empty loop rounds */

/*
 * Count @op, warm, ROUNDS times; the value is instructions an operation,
 * rounded, without those of the loop.
 */
#define MEASURE(op)                                                            \
	({                                                                     \
		unsigned int round_;                                           \
		uint64_t start_;                                               \
		for (round_ = 0; round_ < WARM_ROUNDS; round_++)               \
			op;                                                    \
		start_ = cycles();                                             \
		for (round_ = 0; round_ < ROUNDS; round_++)                    \
			op;                                                    \
		(cycles() - start_ - loop_total + ROUNDS / 2) / ROUNDS;        \
	})

#define NOTHING __asm__ volatile("" ::: "memory")

void bench_ipc(void);
void bench_signal(void);
void bench_irq(void);
void bench_object(void);

#endif
