/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.h - what workers share, and the world of objects they play with.
 *
 * The supervisor (main.c) builds a world from one untyped: a CNode of 256 slots
 * that is the CSpace of every worker, with about a hundred capabilities of all
 * kinds in it. Workers may do to it whatever they can. The supervisor holds the
 * originals elsewhere, so it can always set a worker going again, and revoking
 * the one untyped ends the world.
 */
#ifndef FUZZ_WORLD_H
#define FUZZ_WORLD_H

#include "base.h"

#define WORKERS	     6u
#define SPACES	     3u /* VSpaces; worker i lives in number i % SPACES */
#define WORLD_RADIX  8u
#define WORLD_SLOTS  (1u << WORLD_RADIX)
#define WORLD_DEPTH  64u
#define WORLD_SELF   1u /* slot of the world's own CNode */
#define SMALL_RADIX  3u /* of the CNodes inside */
#define LARGE_RADIX  8u /* some take long to delete */
#define WORLD_BITS   24u
#define TAGS	     32u
#define INSIDE_CHECK 0x100 /* in place of a label: the kernel checks itself */
#define STACK_BYTES  4096u
#define BUFFER_VADDR 0x20000000ull /* + worker * 4096 */
#define PLAY_VADDR   0x1000000000ull

/* Slots of one kind as the world began. */
struct kind {
	uint8_t n;
	uint8_t slot[31];
};

/* One worker; it and the supervisor write it, and trust nothing in it. */
struct worker {
	uint64_t random;
	uint64_t calls;	   /* made so far, in all worlds */
	uint64_t answered; /* Calls to the kernel that it answered */
	uint64_t good;	   /* of these, without error */
	uint64_t fault;	   /* faults it caused on purpose */
	uint64_t buffer;   /* vaddr of its IPC buffer */
	uint64_t checked;  /* checks of the kernel it has asked for */
	uint64_t inside;   /* label of the call it is in */
	uint64_t checks;   /* it checks the kernel after one of so many calls */
};

struct shared {
	struct worker worker[WORKERS];
	struct kind kind[TAGS];
	uint64_t good[64], bad[64]; /* answers by label */
	char stack[WORKERS][STACK_BYTES] __attribute__((aligned(16)));
};

extern struct shared shared;

/* worker_main - a worker's first function; never returns. */
_Noreturn void worker_main(struct worker *w);

/* --- supervisor only --- */

/* The world's CNode as workers address it, at depth 64; a supervisor's slot. */
extern uint64_t world_guarded;

/* world_init - once: take the untyped the worlds are made of. */
void world_init(const struct abi_boot_info *info);

/* world_build - a new world with all workers running. */
void world_build(uint64_t *random);

/* world_revive - set worker @i going again; @all: with its spaces, too. */
void world_revive(unsigned int i, bool all);

/* world_end - revoke everything and see that nothing is left. */
void world_end(void);

/* The supervisor's own call of a kernel object: the error label. */
uint64_t kernel_call(const struct message *m);

/* The same, where an error means that the fuzzer or the kernel is wrong. */
void must(const struct message *m);

#define WORDS(...)                                                             \
	.words = { __VA_ARGS__ },                                              \
	.n_words = sizeof((uint64_t[]){ __VA_ARGS__ }) / 8
#define CAPS(...)                                                              \
	.caps = { __VA_ARGS__ },                                               \
	.n_caps = sizeof((uint64_t[]){ __VA_ARGS__ }) / 8
#define MUST(cap, what, ...)                                                   \
	must(&(struct message){ .cptr = (cap), .label = (what), __VA_ARGS__ })

#endif
