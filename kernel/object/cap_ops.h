/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cap_ops.h - derivation rules of capabilities, as functions of their values.
 */
#ifndef OBJECT_CAP_OPS_H
#define OBJECT_CAP_OPS_H

#include <object/cdt.h>

/* cap_memory_bits - log2 of the bytes it stands for; 0: no memory. */
unsigned int cap_memory_bits(struct cap cap);

/* cap_same_object - both name the very same object (never for untypeds). */
bool cap_same_object(struct cap a, struct cap b);

/* cap_same_region - @b's object lies in what @a stands for. */
bool cap_same_region(struct cap a, struct cap b);

/* cap_starts_generation - is @derived "original" (abi.md section 16)? */
bool cap_starts_generation(struct cap derived, struct cap source);

/**
 * cap_derive - what a copy of the capability in @slot would be.
 *
 * Return: ABI_OK with *@derived, which is null for kinds that cannot be copied;
 *         ABI_REVOKE_FIRST for an untyped with children;
 *         ABI_ILLEGAL_OPERATION for an unmapped table or VSpace.
 */
enum abi_error cap_derive(const struct cte *slot, struct cap cap,
			  struct cap *derived);

/* cap_mask_rights - the capability with no more than @rights. */
struct cap cap_mask_rights(struct cap cap, unsigned int rights);

/**
 * cap_set_data - badge or guard from @data; null where that is not allowed.
 * @moving: Mutate or Rotate, which never set a badge
 */
struct cap cap_set_data(struct cap cap, uint64_t data, bool moving);

#endif
