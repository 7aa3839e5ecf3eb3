/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * space.c - contracts of address arithmetic: indices, zombies, regions.
 *
 * A slot index stays inside its CNode, a zombie counts no more slots than its
 * object has, and a region that covers another holds all of its bytes.
 */
#include <core/arch.h>
#include <core/lookup.h>
#include <object/cap_ops.h>
#include "accessors.h"
#include "powers.h"

/* clang-format off */

/*@ assigns \nothing;
    ensures size: \result == (cap.w1 & 63); */
static unsigned int cnode_guard_size(struct cap cap);

/*@ assigns \nothing;
    ensures guard: \result == cap.w1 >> 6; */
static uint64_t cnode_guard(struct cap cap);

/*@ requires left <= 64;
    assigns \nothing;
    ensures none: (cnode.w1 & 63) == 0 ==> \result;
    ensures long: (cnode.w1 & 63) > left ==> !\result; */
static bool guard_matches(struct cap cnode, uint64_t cptr, unsigned int left);

#include <core/lookup.c>
#include <object/delete.c>

/*@ requires kind: Aux(zombie) == ZOMBIE_TCB || Aux(zombie) < 43;
    assigns \nothing;
    ensures tcb: Aux(zombie) == ZOMBIE_TCB ==> \result == TCB_SLOTS;
    ensures cnode: Aux(zombie) != ZOMBIE_TCB ==>
	\result == (1 << Aux(zombie)); */
static uint64_t zombie_capacity(struct cap zombie);

/*@ assigns \nothing;
    ensures long: \result <==> Tag(cap) == ABI_CAP_CNODE ||
	Tag(cap) == ABI_CAP_THREAD || Tag(cap) == ABI_CAP_ZOMBIE; */
static bool cap_is_long(struct cap cap);
