/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letters.c - the generators behind the letters of the grammar.
 *
 * Each draws from a small range, so that calls meet each other's objects; what
 * each letter means: grammar.c.
 */
#include "letters.h"

/* --- slots --- */

/* Seldom the few first ones, on which the whole world hangs. */
uint64_t any_slot(uint64_t *random)
{
	uint64_t slot = below(random, WORLD_SLOTS);

	return slot < 3 && !one_in(random, 16) ? slot + 64 : slot;
}

static uint64_t kind_slot(uint64_t *random, const struct kind *kind)
{
	return kind->slot[below(random, kind->n) % sizeof(kind->slot)];
}

uint64_t slot_of(uint64_t *random, enum abi_cap_tag tag)
{
	const struct kind *kind = &shared.kind[tag % TAGS];
	unsigned int i;
	uint64_t slot;

	if (kind->n && !one_in(random, 3)) {
		slot = kind_slot(random, kind);
		if (cap_tag_of(slot) == tag)
			return slot;
	}
	for (i = 0; i < 6; i++) {
		slot = any_slot(random);
		if (cap_tag_of(slot) == tag)
			return slot;
	}
	return kind->n ? kind_slot(random, kind) : slot;
}

uint64_t empty_slot(uint64_t *random)
{
	uint64_t slot = 0;
	unsigned int i;

	for (i = 0; i < 6; i++) {
		slot = any_slot(random);
		if (cap_tag_of(slot) == ABI_CAP_NULL)
			break;
	}
	return slot;
}

/* --- numbers --- */

static uint64_t any_vaddr(uint64_t *random)
{
	uint64_t vaddr = PLAY_VADDR | below(random, 8) << 12;

	if (one_in(random, 3)) /* room for large pages */
		vaddr = PLAY_VADDR | below(random, 3) << 21;
	if (one_in(random, 6))
		vaddr |= below(random, 2) << 30;
	if (one_in(random, 12))
		vaddr ^= below(random, 512) << 39;
	if (one_in(random, 16))
		vaddr |= below(random, 4096);
	return vaddr;
}

/* Never a number that, as x7 of some thread, would stop the machine or write
 * to its console: the run would end or flood. */
uint64_t any_word(uint64_t *random)
{
	switch (below(random, 8)) {
	case 0:
		return random_word(random);
	case 1:
		return any_vaddr(random);
	case 2:
		return any_slot(random);
	case 3:
		return 1ull << below(random, 64);
	case 4:
		return (1ull << below(random, 64)) - 1;
	case 5:
		return 0;
	default:
		return below(random, 70);
	}
}

void add(struct message *m, uint64_t word)
{
	if (m->n_words < COUNT(m->words))
		m->words[m->n_words++] = word;
}

/* A slot address under the invoked CNode, which may be a small one. */
static void add_slot(uint64_t *random, struct message *m, uint64_t slot)
{
	bool small = m->cptr != WORLD_SELF;

	uint64_t radix = one_in(random, 2) ? SMALL_RADIX : LARGE_RADIX;

	add(m, small ? below(random, 1u << SMALL_RADIX) : slot);
	add(m, small ? radix : WORLD_DEPTH);
}

static void add_retype(uint64_t *random, struct message *m)
{
	static const uint8_t often[] = { ABI_OBJ_CNODE,	      ABI_OBJ_TCB,
					 ABI_OBJ_UNTYPED,     ABI_OBJ_ENDPOINT,
					 ABI_OBJ_UNTYPED,     ABI_OBJ_CNODE,
					 ABI_OBJ_NOTIFICATION };
	uint64_t type = one_in(random, 2) ? often[below(random, COUNT(often))] :
					    below(random, ABI_OBJ_COUNT);
	uint64_t bits = one_in(random, 3) ? 5 + below(random, 5) : SMALL_RADIX;
	bool many = one_in(random, 5);

	if (type == ABI_OBJ_UNTYPED)
		bits = ABI_UNTYPED_MIN_BITS + below(random, 14);
	add(m, type);
	add(m, bits);
	add(m, WORLD_SELF);
	add(m, many || one_in(random, 2) ? 0 : WORLD_DEPTH);
	add(m, many ? below(random, 16) : empty_slot(random));
	add(m, 1 + below(random, many ? 200 : 3));
}

static void add_registers(uint64_t *random, struct message *m)
{
	unsigned int i, n = 1 + (unsigned int)below(random, 36);

	add(m, n);
	for (i = 0; i < n; i++)
		add(m, any_word(random));
}

static void add_queue(uint64_t *random, struct message *m)
{
	add(m, slot_of(random, one_in(random, 2) ? ABI_CAP_ENDPOINT :
						   ABI_CAP_NOTIFICATION));
	add(m, WORLD_DEPTH);
}

static void add_long(uint64_t *random, struct message *m)
{
	static const uint8_t tags[] = { ABI_CAP_CNODE, ABI_CAP_CNODE,
					ABI_CAP_THREAD, ABI_CAP_UNTYPED,
					ABI_CAP_ZOMBIE };
	uint64_t slot = slot_of(random, tags[below(random, COUNT(tags))]);

	add(m, slot == WORLD_SELF ? slot + 1 : slot);
	add(m, WORLD_DEPTH);
}

static void add_number(uint64_t *random, struct message *m, char letter)
{
	switch (letter) {
	case 'e':
		add(m, slot_of(random, ABI_CAP_ENDPOINT));
		break;
	case 'r':
		add(m, one_in(random, 3) ? below(random, 16) : 15);
		break;
	case 'g':
		add(m, one_in(random, 2) ? 0 : below(random, 4) << 6 | 1);
		break;
	case 'a':
	case 'f':
		add(m, below(random, 8));
		break;
	case 'o':
		add(m, 1 + below(random, 4096));
		break;
	case 'p':
		add(m, 90 + below(random, 20));
		break;
	case 'i':
		add(m, below(random, one_in(random, 4) ? 1100 : 16));
		break;
	case 'b':
		add(m, BUFFER_VADDR + (below(random, 4 * WORKERS) << 10));
		break;
	case 'n':
		add(m, below(random, 16));
		break;
	case '0':
		add(m, 0);
		break;
	default:
		add(m, any_word(random));
	}
}

void add_letter(uint64_t *random, struct message *m, char letter)
{
	switch (letter) {
	case 'E':
		add_slot(random, m, empty_slot(random));
		break;
	case 'X':
		add_slot(random, m, any_slot(random));
		break;
	case 'P':
		add_slot(random, m, slot_of(random, ABI_CAP_ENDPOINT));
		break;
	case 'S':
		add(m, any_slot(random));
		add(m, WORLD_DEPTH);
		break;
	case 'K':
		add(m, empty_slot(random));
		add(m, WORLD_DEPTH);
		break;
	case 'L':
		add_long(random, m);
		break;
	case 'J':
		add_queue(random, m);
		break;
	case 'R':
		add_retype(random, m);
		break;
	case 'Q':
		add_registers(random, m);
		break;
	case 'v':
		add(m, any_vaddr(random));
		break;
	default:
		add_number(random, m, letter);
	}
}

uint64_t cap_letter(uint64_t *random, char letter)
{
	static const struct {
		char letter;
		enum abi_cap_tag tag;
	} tags[] = {
		{ 'N', ABI_CAP_CNODE },	  { 'T', ABI_CAP_THREAD },
		{ 'F', ABI_CAP_FRAME },	  { 'V', ABI_CAP_VSPACE },
		{ 'U', ABI_CAP_UNTYPED }, { 'n', ABI_CAP_NOTIFICATION },
	};
	unsigned int i;

	for (i = 0; i < COUNT(tags); i++) {
		if (tags[i].letter == letter)
			return slot_of(random, tags[i].tag);
	}
	return WORLD_SELF;
}
