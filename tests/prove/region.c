/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * region.c - contract of covers(): what a region holds lies inside it.
 *
 * For two capabilities to memory, aligned to its size as retype makes all of
 * it, the answer is yes only if every byte of the second belongs to the
 * first. The derivation tree rests on this.
 */
#include <object/cap_ops.h>
#include "accessors.h"
#include "region.h"

/* clang-format off */

/*@ logic integer MemoryBits(struct cap c) =
	Tag(c) == ABI_CAP_UNTYPED ? (Aux(c) & 63) :
	Tag(c) == ABI_CAP_FRAME ? 12 + 9 * (Aux(c) & 3) :
	Tag(c) == ABI_CAP_ENDPOINT ? 4 :
	Tag(c) == ABI_CAP_NOTIFICATION ? 5 :
	Tag(c) == ABI_CAP_CNODE ? (Aux(c) & 63) + 5 :
	Tag(c) == ABI_CAP_THREAD ? 11 :
	Tag(c) == ABI_CAP_PAGE_TABLE || Tag(c) == ABI_CAP_VSPACE ||
	Tag(c) == ABI_CAP_ASID_POOL ? 12 :
	Tag(c) == ABI_CAP_ZOMBIE ? (Aux(c) == 63 ? 11 : Aux(c) + 5) : 0; */

#define Placed(c)	(0 <= MemoryBits(c) < 48 && \
	multiple(Addr(c), 1 << MemoryBits(c)))
#define Holds(a, b)	(Addr(a) <= Addr(b) && Addr(b) + \
	(1 << MemoryBits(b)) <= Addr(a) + (1 << MemoryBits(a)))

/*@ requires WORD(cap.w0);
    assigns \nothing;
    ensures bits: \result == MemoryBits(cap); */
unsigned int cap_memory_bits(struct cap cap);

#include <object/cap.c>

/*@ requires placed_a: Placed(a);
    requires placed_b: Placed(b);
    requires word: WORD(a.w0) && WORD(b.w0);
    assigns \nothing;
    ensures inside: \result ==> MemoryBits(b) != 0 && Holds(a, b); */
static bool covers(struct cap a, struct cap b);
