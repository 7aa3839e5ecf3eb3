/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slots.h - which slots of the root CNode are in use, and by whom.
 *
 * Every capability the broker makes needs a root slot, so slots are a resource
 * like memory. Each slot has an owner number; when an owner ends, all of its
 * slots come back in one sweep. Slots that hold a capability which does not
 * descend from the owner's own memory (copies of device frames, minted
 * notification capabilities, interrupt handlers) are marked foreign: the sweep
 * deletes what is in them, everything else has gone with the memory already.
 */
#ifndef BROKER_SLOTS_H
#define BROKER_SLOTS_H

#include <stdint.h>
#include <glue/sys.h>

#define BROKER_SLOTS_MAX 8192u /* the kernel gives 2^13 */

/* Owner numbers. 0 is nobody; a process or channel adds its table index. */
enum broker_owner {
	BROKER_OWNER_NONE = 0,
	BROKER_OWNER_BROKER = 1,
	BROKER_OWNER_FINDER = 2, /* of the table that it writes */
	BROKER_OWNER_PROCESS = 0x100,
	BROKER_OWNER_ARENA = 0x200,
	BROKER_OWNER_CHANNEL = 0x400,
	BROKER_OWNER_BOOT = 0x7fff,
};

#define BROKER_SLOT_FOREIGN 0x8000u /* flag beside the owner number */

/**
 * broker_slots_init - all slots outside [first, end) belong to the kernel.
 *
 * Called once at boot. Slots at and past BROKER_SLOTS_MAX are not used.
 */
void broker_slots_init(uint64_t first, uint64_t end);

/**
 * broker_slots_take - take a run of consecutive empty slots.
 * @owner: enum broker_owner (plus index), with BROKER_SLOT_FOREIGN or not
 *
 * Return: the first slot; 0 if no such run is free.
 */
uint32_t broker_slots_take(unsigned int owner, uint32_t count);

/* Give back slots that are empty already. */
void broker_slots_give(uint32_t first, uint32_t count);

/* Delete the capabilities in a run, but keep the slots. */
void broker_slots_clear(uint32_t first, uint32_t count);

/* The same, then give the slots back. */
void broker_slots_delete(uint32_t first, uint32_t count);

/* Give back every slot of an owner; see foreign above. */
void broker_slots_sweep(unsigned int owner);
/* Delete what is foreign in them, but keep the slots. */
void broker_slots_empty(unsigned int owner);

uint32_t broker_slots_free(void);

/* Address of a root slot, as CNode operations want it. */
struct glue_slot broker_slot(uint64_t slot);

#endif
