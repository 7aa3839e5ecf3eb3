/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * grammar.h - messages that make sense, messages with one flaw, and noise.
 */
#ifndef FUZZ_GRAMMAR_H
#define FUZZ_GRAMMAR_H

#include "world.h"

/* make_valid - any invocation of any kind of capability in the world. */
void make_valid(uint64_t *random, struct message *m);

/* make_irq - one for IRQControl, which only the supervisor holds; results go
 * to the CNode in slot @root, at any index. */
void make_irq(uint64_t *random, struct message *m, uint64_t root);

/* damage - change one thing about a message. */
void damage(uint64_t *random, struct message *m);

/* make_noise - random words everywhere; half of the time a slot that exists. */
void make_noise(uint64_t *random, struct message *m);

#endif
