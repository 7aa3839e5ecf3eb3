/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * suite.h - what a conformance test works with: calls, threads, expectations.
 *
 * Every object of a test is cut from one arena, which is revoked after the
 * test; so each test also is one more trial of Revoke. All code runs at
 * priority MAIN unless a thread was made with another one.
 */
#ifndef TESTS_ABI_SUITE_H
#define TESTS_ABI_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include "abi.h"

#define MAIN	    100u
#define PAGE	    4096ul
#define ARENA_BITS  25u
#define THREADS_MAX 8u
#define MB(n)	    ((u64)(n) << 20)

/* --- words and calls --- */

struct words {
	unsigned int n;
	u64 w[40];
};
#define M(...)                                                                 \
	((struct words){ sizeof((u64[]){ __VA_ARGS__ }) / 8, { __VA_ARGS__ } })
#define NONE ((struct words){ 0, { 0 } })

struct reply {
	u64 badge, info;
	struct words mr;
};

struct reply trap(int64_t number, u64 x0, u64 info, const struct words *mr);
struct reply call(u64 cap, u64 label, struct words caps, struct words args);
struct reply send(int64_t number, u64 cap, u64 label, struct words caps,
		  struct words args);
struct reply receive(int64_t number, u64 cap);
void reply(u64 label, struct words mr);
static inline u64 label_of(struct reply r)
{
	return r.info >> 12;
}
struct ipc_buffer *buffer(void); /* of the thread that asks */

/* --- expectations: each is one check, named "section what" --- */

void expect(const char *what, u64 error, struct words want, struct reply got);
void expect_fault(const char *what, u64 label, struct words want,
		  struct reply got);
void equal(const char *what, u64 got, u64 want);
void truth(const char *what, bool holds);
/* try - must succeed; for set-up. */
struct reply try(const char *what, struct reply got);

/* --- objects --- */

extern const struct boot_info *info;
extern u64 arena, next_slot;
u64 slot_new(void);
u64 make(u64 type, u64 bits);
u64 make_many(u64 type, u64 bits, unsigned int n); /* returns the first slot */
struct reply retype(u64 untyped, u64 type, u64 bits, u64 slot, u64 n);
struct reply copy(u64 dst, u64 src, u64 rights);
struct reply mint(u64 dst, u64 src, u64 rights, u64 data);
u64 copied(u64 src, u64 rights); /* a new slot with a copy */
u64 minted(u64 src, u64 rights, u64 data);
struct reply on_slot(u64 label, u64 slot); /* DELETE, REVOKE, ... */
bool occupied(u64 slot);
u64 image_frame(const void *address); /* slot of the frame behind a variable */
u64 device_page(u64 paddr);	      /* slot of a new device frame, 0 */
extern u64 device_parent;	      /* the untyped it was cut from */
bool map_tables(u64 vspace, u64 vaddr);
struct reply map(u64 frame, u64 vspace, u64 vaddr, u64 rights, u64 attr);

/* --- threads: share our CSpace and VSpace, faults go to `ep` --- */

struct thread {
	u64 tcb, ep;
	char *stack_top;
	struct ipc_buffer *ipc;
};

struct thread thread_new(unsigned int priority);
void thread_start(const struct thread *t, const void *pc, struct words x);
void thread_regs(const struct thread *t, u64 regs[REGS]);
/* A C function on the thread's stack; it ends by returning. */
void thread_run(const struct thread *t, void (*fn)(u64, u64, u64), u64 a, u64 b,
		u64 c);
/* Run a piece of start.S until it faults; the fault message. */
struct reply thread_fault(const struct thread *t, const void *pc,
			  struct words x);
/* One system call as a thread of its own. */
struct job {
	int64_t number;
	u64 cap, label;
	struct words caps, args;
	struct reply got;
	volatile bool done;
};
void job_start(const struct thread *t, struct job *job);
bool faulted_with(struct reply fault, u64 label, u64 address);
void off(u64 status) __attribute__((noreturn));
void print(const char *text);
void print_number(u64 value);

/* --- start.S: one instruction, then brk --- */

extern const char snip_svc[], snip_svc_next[], snip_load[], snip_store[],
	snip_jump[], snip_undefined[], snip_brk[], snip_fpu[], snip_count[],
	thread_exit[], image_start[];

/* All registers around an svc. x, v, nzcv, tpidr go in and come out. */
struct machine {
	u64 x[31];
	u64 sp;
	u64 nzcv, tpidr;
	u64 v[64];
	u64 saved[24];
};
void machine_svc(struct machine *m);

/* --- time: the physical counter --- */

static inline u64 now(void)
{
	u64 t;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(t));
	return t;
}
static inline u64 ticks_per_ms(void)
{
	u64 f;

	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(f));
	return f / 1000;
}
void spin_ms(unsigned int ms);

#endif
