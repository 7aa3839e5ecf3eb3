/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letters.h - words and capabilities for the letters of the grammar.
 */
#ifndef FUZZ_LETTERS_H
#define FUZZ_LETTERS_H

#include "world.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

uint64_t any_slot(uint64_t *random);
uint64_t any_word(uint64_t *random);

/* A slot that probably holds this kind; an empty one. */
uint64_t slot_of(uint64_t *random, enum abi_cap_tag tag);
uint64_t empty_slot(uint64_t *random);

/* add - append a word, if there is room. */
void add(struct message *m, uint64_t word);

/* add_letter - append the words that a letter stands for. */
void add_letter(uint64_t *random, struct message *m, char letter);

/* cap_letter - the capability that a letter stands for. */
uint64_t cap_letter(uint64_t *random, char letter);

#endif
