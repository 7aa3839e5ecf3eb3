/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory.h - the steps of building a process, each of which takes memory.
 */
#ifndef FUZZ_MEMORY_H
#define FUZZ_MEMORY_H

#include "base.h"

#define MEMORY_BITS 23u /* of the untyped the process is built from */

/* One object of the process, and what is done with it. */
struct step {
	const char *name;
	uint8_t type, size_bits;
	uint8_t bits;	   /* log2 of its bytes */
	void (*use)(void); /* after Retype; NULL: nothing */
};

extern const struct step steps[];
extern const unsigned int n_steps;

/* Slots: the untyped, and that of step @i. */
extern uint64_t memory_untyped, memory_slots;

/* steps_run - everything is built: does the process run? */
void steps_run(void);

/* --- calls, by memory.c --- */

/* An invocation's answer. */
struct answer {
	uint64_t error, length, word;
};

struct answer ask(const struct message *m);

/* ask, where anything but success ends the test. */
void must(const struct message *m);

/* The test has failed: say what and with which numbers. */
_Noreturn void fail(const char *what, uint64_t got, uint64_t want);

#define WORDS(...)                                                             \
	.words = { __VA_ARGS__ },                                              \
	.n_words = sizeof((uint64_t[]){ __VA_ARGS__ }) / 8
#define CAPS(...)                                                              \
	.caps = { __VA_ARGS__ },                                               \
	.n_caps = sizeof((uint64_t[]){ __VA_ARGS__ }) / 8
#define MUST(cap, what, ...)                                                   \
	must(&(struct message){ .cptr = (cap), .label = (what), __VA_ARGS__ })
#define ASK(cap, what, ...)                                                    \
	ask(&(struct message){ .cptr = (cap), .label = (what), __VA_ARGS__ })

#endif
