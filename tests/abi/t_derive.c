/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_derive.c - section 16: what copies become, and what Revoke takes with it.
 */
#include "sections.h"
#include "suite.h"

static void revoke(const char *what, u64 slot)
{
	expect(what, OK, NONE, on_slot(REVOKE, slot));
	truth(what, occupied(slot));
}

static void badges(u64 type)
{
	u64 e = make(type, 0), c1 = copied(e, ALL), c2 = copied(c1, ALL);
	u64 b = minted(e, ALL, 5), bc = copied(b, ALL), b2 = minted(e, ALL, 5);
	u64 other = minted(c1, ALL, 7);

	revoke("16 Revoke of a copy", c1);
	truth("16 copies of copies are siblings",
	      occupied(c2) && occupied(other));
	revoke("16 Revoke of the later badged", b2);
	truth("16 the earlier one stays", occupied(b) && occupied(bc));
	revoke("16 Revoke of a badged", b);
	truth("16 its copy goes", !occupied(bc));
	truth("16 one minted apart with the same badge stays", occupied(b2));
	expect("16 Mint on a badged", ILLEGAL, NONE, mint(bc, b, ALL, 9));
	expect("16 Mint on a badged, badge 0", ILLEGAL, NONE,
	       mint(bc, b, ALL, 0));
	expect("16 Mutate", ILLEGAL, NONE,
	       call(MY_CNODE, MUTATE, M(MY_CNODE), M(bc, 64, e, 64, 1)));
	expect("16 Move of a badged", OK, NONE,
	       call(MY_CNODE, MOVE, M(MY_CNODE), M(bc, 64, b, 64)));
	revoke("16 Revoke of the original", e);
	truth("16 all descendants go", !occupied(c1) && !occupied(c2) &&
					       !occupied(bc) && !occupied(b2) &&
					       !occupied(other));
}

static void rights(void)
{
	u64 ep = make(ENDPOINT, 0), ntfn = make(NOTIFICATION, 0);
	u64 r = copied(ep, READ), r2 = copied(r, ALL), w = copied(ntfn, READ);

	expect("8 Send without Write", INVALID_CAPABILITY, M(0),
	       call(r, 0, NONE, NONE));
	expect("16 rights never grow", INVALID_CAPABILITY, M(0),
	       call(r2, 0, NONE, NONE));
	expect("8 Signal without Write", INVALID_CAPABILITY, M(0),
	       call(w, 0, NONE, NONE));
	expect("7.1 rights beyond bit 3 are ignored", OK, NONE,
	       copy(slot_new(), ep, 0xffff0000));
}

static void guards(void)
{
	u64 node = make(CNODE, 4), ep = make(ENDPOINT, 0), g = slot_new();

	expect("16 Mint of a CNode: guard", OK, NONE,
	       mint(g, node, 0, 0x2a << 6 | 6));
	expect("16 the guard counts", OK, NONE,
	       call(g, COPY, M(MY_CNODE), M(0x2a << 4 | 1, 10, ep, 64, ALL)));
	expect("16 the guard counts", LOOKUP, M(0, GUARD, 10, 0x2a, 6),
	       call(g, DELETE, NONE, M(0x2b << 4 | 1, 10)));
	expect("16 guard and radix above 64", ILLEGAL, NONE,
	       mint(slot_new(), node, ALL, 61));
	expect("16 guard and radix of 64", OK, NONE,
	       mint(slot_new(), node, ALL, 60));
	expect("16 Mutate of a CNode: guard 0", OK, NONE,
	       call(MY_CNODE, MUTATE, M(MY_CNODE),
		    M(slot_new(), 64, g, 64, 0)));
	expect("16 the guard is gone", OK, NONE,
	       call(next_slot - 1, DELETE, NONE, M(1, 4)));
	expect("16 guard value is cut to its size", OK, NONE,
	       mint(slot_new(), node, ALL, 0xffull << 6 | 2));
	expect("16 guard value is cut to its size", OK, NONE,
	       call(next_slot - 1, DELETE, NONE, M(0x31, 6)));
}

void test_derive(void)
{
	badges(ENDPOINT);
	badges(NOTIFICATION);
	rights();
	guards();
}

static void same_objects(const char *what, u64 object)
{
	u64 c1 = copied(object, ALL), c2 = copied(c1, 0);

	revoke(what, c1);
	truth(what, occupied(c2));
	revoke(what, object);
	truth(what, !occupied(c1) && !occupied(c2));
}

static void not_derivable(void)
{
	u64 s = slot_new();

	expect("16 copy of an unassigned VSpace", ILLEGAL, NONE,
	       copy(s, make(VSPACE, 0), ALL));
	expect("16 copy of an unmapped page table", ILLEGAL, NONE,
	       copy(s, make(PAGE_TABLE, 0), ALL));
	expect("16 copy of IRQControl", ILLEGAL, NONE,
	       copy(s, IRQ_CONTROL, ALL));
	expect("16 Move of IRQControl", OK, NONE,
	       call(MY_CNODE, MOVE, M(MY_CNODE), M(s, 64, IRQ_CONTROL, 64)));
	expect("16 Move of IRQControl back", OK, NONE,
	       call(MY_CNODE, MOVE, M(MY_CNODE), M(IRQ_CONTROL, 64, s, 64)));
}

/* Untypeds: a child's child goes with the grandparent. */
static void nested(void)
{
	u64 a = make(UNTYPED, 14), b = slot_new(), ep = slot_new();
	u64 c = slot_new(), frame = slot_new();

	try("13 nested", retype(a, UNTYPED, 13, b, 1));
	try("13 nested", retype(b, ENDPOINT, 0, ep, 1));
	try("13 nested", retype(a, FRAME, 0, frame, 1));
	try("16 copy", copy(c, ep, ALL));
	revoke("16 Revoke of the inner untyped", b);
	truth("16 Revoke of the inner untyped",
	      !occupied(ep) && !occupied(c) && occupied(frame));
	try("13 nested again", retype(b, ENDPOINT, 0, ep, 1));
	revoke("16 Revoke of the outer untyped", a);
	truth("16 Revoke of the outer untyped",
	      !occupied(ep) && !occupied(b) && !occupied(frame));
	expect("13 whole again", OK, NONE, retype(a, UNTYPED, 14, b, 1));
}

void test_derive_memory(void)
{
	u64 vspace = make(VSPACE, 0);

	same_objects("16 TCB", make(TCB, 0));
	same_objects("16 CNode", make(CNODE, 3));
	same_objects("16 frame", make(FRAME, 0));
	same_objects("16 large frame", make(LARGE_FRAME, 0));
	try("7.4 Assign", call(MY_POOL, ASSIGN, M(vspace), NONE));
	same_objects("16 VSpace", vspace);
	same_objects("16 ASIDControl", ASID_CONTROL);
	same_objects("16 Domain", DOMAIN);
	not_derivable();
	nested();
}
