/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc.c - calls, replies, yields and faults between two address spaces.
 *
 * Client and server have one priority. Words beyond the fourth lie ready in the
 * IPC buffers: the benchmark itself neither writes nor reads them.
 */
#include "world.h"

#define UNMAPPED_ADDRESS 0x7000000000ull

static uint64_t endpoint;
static uint64_t info; /* of call and reply */

static void server(void)
{
	svc2(ABI_SYS_RECV, endpoint, 0);
	for (;;)
		svc2(ABI_SYS_REPLY_RECV, endpoint, info);
}

static void bench_call(const char *name, unsigned int words)
{
	uint64_t tcb, cap = endpoint;

	info = abi_info(1, 0, words);
	tcb = worker_start(server, PRIORITY, 0);
	report(name, MEASURE(svc2(ABI_SYS_CALL, cap, abi_info(1, 0, words))));
	worker_stop(tcb);
}

static void yielder(void)
{
	for (;;)
		yield();
}

static void faulter(void)
{
	for (;;)
		(void)*(volatile uint64_t *)UNMAPPED_ADDRESS;
}

/* The main thread is the handler; each reply lets the load fault again. */
static void bench_fault(void)
{
	uint64_t cap = endpoint;
	uint64_t tcb = worker_start(faulter, PRIORITY, cap);

	svc2(ABI_SYS_RECV, cap, 0);
	report("vmfault_resume", MEASURE(svc2(ABI_SYS_REPLY_RECV, cap, 0)));
	worker_stop(tcb);
}

void bench_ipc(void)
{
	uint64_t tcb;

	endpoint = object_make(ABI_OBJ_ENDPOINT, 0);
	report("null_syscall", MEASURE(svc1(ABI_SYS_BENCH_NULL, 0)));
	bench_call("call_replyrecv_0mr", 0);
	bench_call("call_replyrecv_4mr", 4);
	bench_call("call_replyrecv_10mr", 10);
	tcb = worker_start(yielder, PRIORITY, 0);
	report("yield_pair", MEASURE(yield()));
	worker_stop(tcb);
	bench_fault();
}
