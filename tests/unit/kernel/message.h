/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * message.h - random messages that mostly make sense, for kernel_random.c.
 *
 * The label fits the capability; slots, addresses and numbers come from small
 * ranges, so that calls meet each other's objects. All from one sequence.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "tests/unit/kernel/world.h"

#define SLOTS 80u /* of the root CNode are in play */

struct message {
	uint64_t cptr, label;
	uint64_t words[12], caps[3];
	unsigned int n_words, n_caps;
};

extern uint64_t random_state; /* the seed, not 0; then where it stands */

uint64_t random_word(void);
uint64_t below(uint64_t limit);
bool one_in(uint64_t n);

/* A slot of the root CNode with this kind of capability, or any slot. */
uint64_t slot_of(enum abi_cap_tag tag);
uint64_t empty_slot(void);
uint64_t any_vaddr(void);

/* A message for the capability in m->cptr, or one that fits nothing. */
void make_message(struct message *m);
void make_nonsense(struct message *m);

#endif
