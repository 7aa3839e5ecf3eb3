/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slots.c - a table of owners, searched from its first free slot.
 *
 * 16 bits a slot instead of a bitmap: the sweep at a process's end needs no
 * list of what it had. What lives long gathers at the low end, so that long runs
 * stay free above. When few slots are left, the smallest hole that is large
 * enough is looked for: a process that is started again finds the runs that it
 * had.
 */
#include "slots.h"

#include "log.h"

#define SCARCE 1024u

static uint16_t slot_owner[BROKER_SLOTS_MAX];
static uint32_t slot_end;
static uint32_t slot_low; /* none below it is free */
static uint32_t slot_top; /* none from here on was ever taken */
static uint32_t slot_free;

struct glue_slot broker_slot(uint64_t slot)
{
	/* The root CNode's guard fills the word, so that CPtr = slot. */
	return (struct glue_slot){ ABI_SLOT_CNODE, slot, 64 };
}

void broker_slots_init(uint64_t first, uint64_t end)
{
	slot_end = end < BROKER_SLOTS_MAX ? (uint32_t)end : BROKER_SLOTS_MAX;
	slot_free = 0;
	for (uint32_t i = 0; i < BROKER_SLOTS_MAX; i++) {
		int ours = i != 0 && i >= first && i < slot_end;

		slot_owner[i] = ours ? BROKER_OWNER_NONE : BROKER_OWNER_BOOT;
		slot_free += ours;
	}
	slot_low = slot_top = 0;
}

/* The first run of so many, or the smallest that is large enough; 0: none. */
static uint32_t slots_find(uint32_t count, int smallest)
{
	uint32_t best = 0, size = BROKER_SLOTS_MAX + 1, run = 0;

	for (uint32_t i = slot_low; i <= slot_end; i++) {
		if (i < slot_end && slot_owner[i] == BROKER_OWNER_NONE) {
			if (++run == count && !smallest)
				return i + 1 - count;
			continue;
		}
		if (run >= count && run < size) {
			best = i - run;
			size = run;
		}
		run = 0;
	}
	return best;
}

uint32_t broker_slots_take(unsigned int owner, uint32_t count)
{
	uint32_t first;

	if (count == 0 || count > slot_free)
		return 0;
	while (slot_owner[slot_low] != BROKER_OWNER_NONE)
		slot_low++; /* one is free */
	first = slots_find(count, slot_free < SCARCE);
	if (first == 0)
		return 0;
	for (uint32_t i = first; i < first + count; i++)
		slot_owner[i] = (uint16_t)owner;
	slot_free -= count;
	slot_top = first + count > slot_top ? first + count : slot_top;
	return first;
}

void broker_slots_give(uint32_t first, uint32_t count)
{
	if (first == 0)
		return;
	for (uint32_t i = first; i < first + count && i < slot_end; i++) {
		broker_check(slot_owner[i] != BROKER_OWNER_NONE);
		slot_owner[i] = BROKER_OWNER_NONE;
		slot_low = i < slot_low ? i : slot_low;
		slot_free++;
	}
}

void broker_slots_clear(uint32_t first, uint32_t count)
{
	for (uint32_t i = first; first != 0 && i < first + count; i++)
		glue_cnode_delete(broker_slot(i));
}

void broker_slots_delete(uint32_t first, uint32_t count)
{
	broker_slots_clear(first, count);
	broker_slots_give(first, count);
}

void broker_slots_empty(unsigned int owner)
{
	for (uint32_t i = 0; i < slot_top; i++)
		if (slot_owner[i] == (owner | BROKER_SLOT_FOREIGN))
			glue_cnode_delete(broker_slot(i));
}

void broker_slots_sweep(unsigned int owner)
{
	for (uint32_t i = 0; i < slot_top; i++) {
		if ((slot_owner[i] & ~BROKER_SLOT_FOREIGN) != owner)
			continue;
		if (slot_owner[i] & BROKER_SLOT_FOREIGN)
			glue_cnode_delete(broker_slot(i));
		broker_slots_give(i, 1);
	}
}

uint32_t broker_slots_free(void)
{
	return slot_free;
}
