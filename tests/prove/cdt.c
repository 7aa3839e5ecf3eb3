/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cdt.c - contracts of kernel/object/cdt.c: who is whose ancestor.
 *
 * Only an original capability has descendants; those of a badged endpoint or
 * notification carry its badge and were not minted on their own. The list's
 * pointers are integers with flags in them, which WP's memory model does not
 * follow: see README.md.
 */
#include <object/cap_ops.h>
#include "accessors.h"

/* clang-format off */

/*@ assigns \nothing; */
bool cap_same_region(struct cap a, struct cap b);

/*@ assigns \nothing; */
bool cap_same_object(struct cap a, struct cap b);

/*@ requires \valid_read(slot);
    assigns \nothing;
    ensures original: \result <==> (slot->next & 1) != 0; */
static bool cte_original(const struct cte *slot);

/*@ requires \valid_read(slot);
    assigns \nothing;
    ensures empty: \result <==> slot->cap.w0 == 0; */
static bool cte_is_empty(const struct cte *slot);

#define Badged(c) (Tag(c) == ABI_CAP_ENDPOINT || Tag(c) == ABI_CAP_NOTIFICATION)

/*@ requires \valid_read(a) && \valid_read(b);
    assigns \nothing;
    ensures original: \result ==> (a->next & 1) != 0;
    ensures badge: \result && Badged(a->cap) && a->cap.w1 != 0 ==>
	b->cap.w1 == a->cap.w1;
    ensures first: \result && Badged(a->cap) && a->cap.w1 != 0 ==>
	(b->next & 2) == 0; */
bool cdt_is_ancestor(const struct cte *a, const struct cte *b);

/*@ requires \valid(slot);
    assigns *slot;
    ensures empty: slot->cap.w0 == 0 && slot->next == 0;
    ensures unlinked: slot->prev == \null; */
static void clear_slot(struct cte *slot);

#include <object/cdt.c>
