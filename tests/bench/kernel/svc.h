/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * svc.h - system calls as inline stubs, and the counter they are measured with.
 *
 * Only registers move here, so that what is counted is the kernel. Under
 * `-icount shift=0` PMCCNTR_EL0 counts instructions; a benchmark kernel lets
 * EL0 read it. Source: shared/abi.md section 1.
 */
#ifndef BENCH_SVC_H
#define BENCH_SVC_H

#include <abi/object.h>
#include <abi/syscall.h>

static inline uint64_t cycles(void)
{
	uint64_t value;

	__asm__ volatile("mrs %0, pmccntr_el0" : "=r"(value) : : "memory");
	return value;
}

/* A call with message words in registers; x0..x5 come back changed. */
static inline uint64_t svc6(int64_t number, uint64_t cap, uint64_t info,
			    uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3)
{
	register uint64_t x0 __asm__("x0") = cap;
	register uint64_t x1 __asm__("x1") = info;
	register uint64_t x2 __asm__("x2") = w0;
	register uint64_t x3 __asm__("x3") = w1;
	register uint64_t x4 __asm__("x4") = w2;
	register uint64_t x5 __asm__("x5") = w3;
	register int64_t x7 __asm__("x7") = number;

	__asm__ volatile("svc #0"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4),
			   "+r"(x5)
			 : "r"(x7)
			 : "memory");
	return x1;
}

/* A call whose words, if any, are whatever x2..x5 hold. */
static inline uint64_t svc2(int64_t number, uint64_t cap, uint64_t info)
{
	register uint64_t x0 __asm__("x0") = cap;
	register uint64_t x1 __asm__("x1") = info;
	register int64_t x7 __asm__("x7") = number;

	__asm__ volatile("svc #0"
			 : "+r"(x0), "+r"(x1)
			 : "r"(x7)
			 : "x2", "x3", "x4", "x5", "memory");
	return x1;
}

/* A call that changes no message word: signal, wait, yield. */
static inline void svc1(int64_t number, uint64_t cap)
{
	register uint64_t x0 __asm__("x0") = cap;
	register uint64_t x1 __asm__("x1") = 0;
	register int64_t x7 __asm__("x7") = number;

	__asm__ volatile("svc #0" : "+r"(x0), "+r"(x1) : "r"(x7) : "memory");
}

static inline void signal(uint64_t cap)
{
	svc1(ABI_SYS_SEND, cap);
}

static inline void wait(uint64_t cap)
{
	svc1(ABI_SYS_RECV, cap);
}

static inline void yield(void)
{
	svc1(ABI_SYS_YIELD, 0);
}

#endif
