/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * same.h - proof that a structure of the waist and one below it are the same.
 *
 * The waist's headers have plain C types, ours below have their own; requests
 * pass by pointer because these agree, field by field.
 */
#ifndef KIT_SAME_H
#define KIT_SAME_H

#include <stddef.h>

#define SAME(kit, other, field)                                                \
	_Static_assert(offsetof(struct kit, field) ==                          \
			       offsetof(struct other, field),                  \
		       #field)

#endif
