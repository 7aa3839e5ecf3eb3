/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * asid.h - address space identifiers: 128 pools of 512, each a page of VSpaces.
 */
#ifndef OBJECT_ASID_H
#define OBJECT_ASID_H

#include <object/cap.h>

#define ASID_POOL_BITS 9
#define ASID_POOLS     128u

/* The pools by number, each 512 words; NULL where there is none. */
extern uint64_t *asid_pools[ASID_POOLS];
extern bool asid_pool_lost; /* a pool has been deleted at some time */

/* asid_find - physical address of the VSpace that has @asid, 0 if none. */
static inline uint64_t asid_find(uint64_t asid)
{
	const uint64_t *pool = asid_pools[asid >> ASID_POOL_BITS];

	return pool && asid ? pool[asid & ((1u << ASID_POOL_BITS) - 1)] : 0;
}

/* asid_pool_at - for core/check.c: the pool's 512 words, or NULL. */
const uint64_t *asid_pool_at(unsigned int number);

/* Boot: install pool 0, give the root task's VSpace an ASID (1). */
void asid_boot_pool(uint64_t pool_paddr);
uint64_t asid_boot_assign(uint64_t vspace_paddr);

/* asid_release - the VSpace goes; its ASID is free and the TLB clean of it. */
void asid_release(uint64_t asid, uint64_t vspace_paddr);

/* asid_pool_release - the pool goes; all its VSpaces are unassigned. */
void asid_pool_release(uint64_t first_asid, uint64_t pool_paddr);

#endif
