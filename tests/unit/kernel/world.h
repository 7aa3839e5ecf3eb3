/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.h - a small machine for kernel tests, and the user threads in it.
 *
 * A world has a root CNode of 4096 slots (CPtr = slot number), a root thread of
 * priority 255, 8 MiB of RAM as one untyped capability and two device untypeds.
 * Tests act as user threads: they set registers and the IPC buffer and enter
 * the kernel with user_enter(). Boot memory is allocated piece by piece, so
 * that AddressSanitizer sees the kernel leave one of them.
 *
 * world_end() deletes everything by the kernel's own means and checks that
 * nothing is left; so each test is a test of deletion, too.
 */
#ifndef WORLD_H
#define WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <abi/kaal.h>
#include <abi/object.h>
#include <abi/syscall.h>
#include <core/entry.h>
#include <core/sched.h>
#include <core/thread.h>
#include <object/asid.h>
#include <object/cdt.h>
#include <object/delete.h>
#include <object/endpoint.h>
#include <object/irq.h>
#include <object/notification.h>
#include <object/tcb.h>
#include "tests/unit/kernel/fake_arch.h"

#define WORLD_RADIX	   12u
#define WORLD_RAM_BITS	   23u
#define WORLD_RAM	   16u /* slot of the RAM untyped */
#define WORLD_DEVICE	   17u /* slot of a device untyped of 2^32 bytes */
#define WORLD_UART	   18u /* slot of a device untyped of one page */
#define WORLD_FREE	   20u /* first free slot */
#define WORLD_DEVICE_PADDR 0x100000000ull
#define WORLD_UART_PADDR   0x9000000ull
#define WORLD_SVC	   0x400000ull /* where the user's svc stands */

struct world {
	char *ram;	   /* 2^WORLD_RAM_BITS, aligned to its size */
	struct cte *slots; /* the root CNode */
	struct tcb *root;
	uint64_t *vspace, *pool;
	struct abi_ipc_buffer *buffer; /* of the root thread */
	uint64_t next_slot;	       /* next one that new_*() will use */
	uint64_t scan; /* root slots that check_world() looks at */
};

extern struct world world;

int world_begin(void **state);
int world_end(void **state);

/* Every test runs twice: by the general way, and with core/fastpath.c. */
struct CMUnitTest world_case(const char *name, CMUnitTestFunction f, bool fast);
#define world_test(f) world_case(#f, f, false), world_case(#f " fast", f, true)

/* --- acting as the current thread --- */

#define WORDS(...)                                                             \
	((const uint64_t[]){ __VA_ARGS__ }),                                   \
		(sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8)
#define NONE NULL, 0
/* The IPC buffer as the current thread sees it. */
struct abi_ipc_buffer *user_buffer(void);

/* Put a message into the current thread's registers and buffer. */
void user_message(uint64_t cptr, uint64_t label, const uint64_t *words,
		  size_t n_words, const uint64_t *caps, size_t n_caps);

/* Enter the kernel once (short ways: as the vectors do); until it is done. */
extern bool user_short_ways;
void user_enter(int64_t number);
void user_svc(int64_t number);

/* How often the last svc was restarted; called at each restart if not NULL. */
extern uint64_t user_restarts;
extern void (*user_restart_hook)(void);

/* Call a kernel object: returns the error label. */
uint64_t user_call(uint64_t cptr, uint64_t label, const uint64_t *words,
		   size_t n_words, const uint64_t *caps, size_t n_caps);

/* The message the current thread has got. */
uint64_t user_word(unsigned int i);
uint64_t user_length(void);

#define user_badge() (sched_current->context.x[0])
#define user_info()  (sched_current->context.x[1])

/* A call that must end in @error with exactly these message words. */
void assert_error(uint64_t error, const uint64_t *words, size_t n_words,
		  uint64_t got);

/* Yield until @tcb, of the current thread's priority, is the current one. */
void user_become(struct tcb *tcb);

/* --- objects, made by Retype from WORLD_RAM into the next free slots --- */

uint64_t new_object(enum abi_object_type type, unsigned int size_bits);
uint64_t new_objects(enum abi_object_type type, unsigned int size_bits,
		     unsigned int count);

/* A thread in the root CSpace and VSpace with its own IPC buffer; inactive. */
uint64_t new_thread(unsigned int priority);
void thread_start(uint64_t slot);

static inline struct cte *slot_at(uint64_t cptr)
{
	return &world.slots[cptr];
}

static inline struct cap cap_at(uint64_t cptr)
{
	return world.slots[cptr].cap;
}

static inline struct tcb *tcb_at(uint64_t cptr)
{
	return cap_ptr(cap_at(cptr));
}

/* CNode operations on root slots; they return the error label. */
uint64_t cap_copy(uint64_t dst, uint64_t src, uint64_t rights);
uint64_t cap_mint(uint64_t dst, uint64_t src, uint64_t rights, uint64_t data);
uint64_t cap_move(uint64_t dst, uint64_t src);
uint64_t cap_delete(uint64_t slot);
uint64_t cap_revoke(uint64_t slot);
/* In a fresh slot. */
uint64_t new_copy(uint64_t src, uint64_t rights);
uint64_t new_badged(uint64_t src, uint64_t rights, uint64_t badge);

static inline uint64_t new_slot(void)
{
	return world.next_slot++;
}

#endif
