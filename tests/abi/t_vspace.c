/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vspace.c - section 12: mapping frames of all sizes, rights, stale mappings.
 *
 * A probe thread touches the addresses; its fault says what happened.
 */
#include "sections.h"
#include "suite.h"

#define AT    0x600000000000ull
#define THERE 0x680000000000ull /* under no table of AT's */
#define TABLE 39 /* MR2 of a failed Map: the level that is missing */

static struct thread probe;

/* Does the access go through? */
static bool can(const void *snippet, u64 vaddr)
{
	struct reply r = thread_fault(&probe, snippet, M(vaddr, 0x1234));

	return label_of(r) == USER_EXCEPTION;
}

static bool can_run(u64 vaddr)
{
	struct reply r = thread_fault(&probe, snip_jump, M(vaddr));

	return label_of(r) == USER_EXCEPTION && r.mr.w[0] == vaddr;
}

static void missing_tables(u64 frame, u64 large)
{
	u64 level[3], i;

	for (i = 0; i < 3; i++) {
		expect("12 Map: which table is missing", LOOKUP,
		       M(0, MISSING, TABLE - 9 * i),
		       map(frame, MY_VSPACE, AT, 3, 1));
		level[i] = make(PAGE_TABLE, 0);
		expect("12 PageTable_Map", OK, NONE,
		       call(level[i], TABLE_MAP, M(MY_VSPACE), M(AT + 4, 0)));
	}
	expect("12 PageTable_Map: none missing", DELETE_FIRST, NONE,
	       call(make(PAGE_TABLE, 0), TABLE_MAP, M(MY_VSPACE), M(AT, 0)));
	expect("12 PageTable_Map: mapped already", INVALID_CAPABILITY, M(0),
	       call(level[0], TABLE_MAP, M(MY_VSPACE), M(AT, 0)));
	expect("12 Map of a large frame over a table", LOOKUP,
	       M(0, MISSING, 12), map(large, MY_VSPACE, AT, 3, 1));
}

static void map_errors(u64 frame, u64 large)
{
	u64 loose = make(VSPACE, 0);

	expect("12 Map: two words", TRUNCATED, NONE,
	       call(frame, PAGE_MAP, M(MY_VSPACE), M(AT, 3)));
	expect("12 Map: no VSpace", TRUNCATED, NONE,
	       call(frame, PAGE_MAP, NONE, M(AT, 3, 1)));
	expect("12 Map: wrong capability", INVALID_CAPABILITY, M(1),
	       map(frame, MY_CNODE, AT, 3, 1));
	expect("12 Map: VSpace without ASID", INVALID_CAPABILITY, M(1),
	       map(frame, loose, AT, 3, 1));
	expect("12 Map: alignment", ALIGNMENT, NONE,
	       map(frame, MY_VSPACE, AT + 8, 3, 1));
	expect("12 Map: alignment before the top", ALIGNMENT, NONE,
	       map(frame, MY_VSPACE, ~0ull, 3, 1));
	expect("12 Map: alignment, large", ALIGNMENT, NONE,
	       map(large, MY_VSPACE, AT + PAGE, 3, 1));
	expect("12 Map: above the user's top", INVALID_ARGUMENT, M(0),
	       map(frame, MY_VSPACE, 0x800000000000, 3, 1));
	expect("12 Map: far above the top", INVALID_ARGUMENT, M(0),
	       map(frame, MY_VSPACE, 0xfffffffffffff000, 3, 1));
	expect("12 PageTable_Map: above the top", INVALID_ARGUMENT, M(0),
	       call(make(PAGE_TABLE, 0), TABLE_MAP, M(MY_VSPACE),
		    M(0x800000000000, 0)));
	expect("12 PageTable_Map: VSpace without ASID", INVALID_CAPABILITY,
	       M(1), call(next_slot - 1, TABLE_MAP, M(loose), M(AT, 0)));
	expect("7.4 unknown label", ILLEGAL, NONE,
	       call(frame, TABLE_MAP, M(MY_VSPACE), M(AT, 0)));
}

static void one_mapping(u64 frame)
{
	u64 other = make(FRAME, 0), vspace = make(VSPACE, 0);

	try("7.4 Assign", call(MY_POOL, ASSIGN, M(vspace), NONE));
	expect("12 Map", OK, NONE, map(frame, MY_VSPACE, AT, 3, 1));
	expect("12 Map: other address", INVALID_ARGUMENT, M(0),
	       map(frame, MY_VSPACE, AT + PAGE, 3, 1));
	expect("12 Map: other VSpace", INVALID_CAPABILITY, M(1),
	       map(frame, vspace, AT, 3, 1));
	*(volatile u64 *)AT = 0x77;
	expect("12 a copy is not mapped", OK, NONE,
	       map(copied(frame, ALL), MY_VSPACE, AT + PAGE, 3, 1));
	equal("12 twice the same memory", *(volatile u64 *)(AT + PAGE), 0x77);
	expect("12 another frame in its place", OK, NONE,
	       map(other, MY_VSPACE, AT, 3, 1));
	equal("12 replaced", *(volatile u64 *)AT, 0);
	expect("12 Unmap of the replaced: no effect", OK, NONE,
	       call(frame, PAGE_UNMAP, NONE, NONE));
	truth("12 the other is still there", can(snip_load, AT));
	on_slot(DELETE, other);
	truth("12 Delete unmaps", !can(snip_load, AT));
	truth("12 but not the copy's mapping", can(snip_load, AT + PAGE));
	expect("12 Unmap, not mapped", OK, NONE,
	       call(frame, PAGE_UNMAP, NONE, NONE));
}

static void rights(u64 frame)
{
	u64 ro = copied(frame, READ), none = copied(frame, 0);

	try("12 Map", map(frame, MY_VSPACE, AT, READ | WRITE, CACHEABLE));
	*(volatile uint32_t *)AT = 0xd4200000; /* brk #0 */
	truth("12 RW", can(snip_load, AT) && can(snip_store, AT + 8));
	try("7.4 Unify", call(frame, PAGE_UNIFY, NONE, M(0, 64)));
	truth("12 executable", can_run(AT));
	try("12 Map again: rights",
	    map(frame, MY_VSPACE, AT, READ, CACHEABLE | NO_EXECUTE));
	truth("12 RO", can(snip_load, AT) && !can(snip_store, AT));
	truth("12 ExecuteNever", !can_run(AT));
	try("12 Map again: none", map(frame, MY_VSPACE, AT, 0, CACHEABLE));
	truth("12 no rights: no access", !can(snip_load, AT));
	try("12 Map again: write only",
	    map(frame, MY_VSPACE, AT, WRITE, CACHEABLE));
	truth("12 write only: no access",
	      !can(snip_load, AT) && !can(snip_store, AT));
	try("7.4 Unmap", call(frame, PAGE_UNMAP, NONE, NONE));
	try("12 Map read-only capability", map(ro, MY_VSPACE, AT, 3, 1));
	truth("12 the capability's rights count",
	      can(snip_load, AT) && !can(snip_store, AT));
	try("7.4 Unmap", call(ro, PAGE_UNMAP, NONE, NONE));
	try("12 Map capability without rights", map(none, MY_VSPACE, AT, 3, 1));
	truth("12 no rights", !can(snip_load, AT));
	try("12 uncached", map(frame, MY_VSPACE, AT, 3, 0));
	equal("12 uncached: same memory", *(volatile uint32_t *)AT, 0xd4200000);
	try("7.4 Unmap", call(frame, PAGE_UNMAP, NONE, NONE));
}

void test_vspace(void)
{
	u64 frame = make(FRAME, 0), large = make(LARGE_FRAME, 0);

	probe = thread_new(MAIN + 10);
	map_errors(frame, large);
	missing_tables(frame, large);
	one_mapping(frame);
	rights(frame);
}

static void large_frame(void)
{
	u64 large = make(LARGE_FRAME, 0), small = make(FRAME, 0);
	u64 base = AT + (1ull << 30);

	expect("12 large: table missing", LOOKUP, M(0, MISSING, 39),
	       map(large, MY_VSPACE, base, 3, 1));
	try("12 table",
	    call(make(PAGE_TABLE, 0), TABLE_MAP, M(MY_VSPACE), M(base, 0)));
	expect("12 large: table missing", LOOKUP, M(0, MISSING, 30),
	       map(large, MY_VSPACE, base, 3, 1));
	try("12 table",
	    call(make(PAGE_TABLE, 0), TABLE_MAP, M(MY_VSPACE), M(base, 0)));
	expect("12 large: Map", OK, NONE, map(large, MY_VSPACE, base, 3, 1));
	*(volatile u64 *)(base + MB(2) - 8) = 9;
	truth("12 large: both ends",
	      can(snip_load, base) && can(snip_load, base + MB(2) - 8));
	truth("12 large: not beyond", !can(snip_load, base + MB(2)));
	expect("12 small in a large one's place", LOOKUP, M(0, MISSING, 21),
	       map(small, MY_VSPACE, base, 3, 1));
	expect("12 PageTable_Map over a frame", DELETE_FIRST, NONE,
	       call(make(PAGE_TABLE, 0), TABLE_MAP, M(MY_VSPACE), M(base, 0)));
	try("7.4 Unmap", call(large, PAGE_UNMAP, NONE, NONE));
	truth("12 large: Unmap", !can(snip_load, base));
}

/* Huge frames come from a device untyped, so that no memory is needed. */
static void huge_frame(void)
{
	u64 i, huge = slot_new(), base = 0x650000000000;

	for (i = 0; i < info->untyped.end - info->untyped.start; i++) {
		if (info->list[i].device && info->list[i].bits >= 30)
			break;
	}
	try("13 huge device frame",
	    retype(info->untyped.start + i, HUGE_FRAME, 0, huge, 1));
	expect("12 huge: alignment", ALIGNMENT, NONE,
	       map(huge, MY_VSPACE, base + MB(2), 3, 0));
	expect("12 huge: table missing", LOOKUP, M(0, MISSING, 39),
	       map(huge, MY_VSPACE, base, 3, 0));
	try("12 table",
	    call(make(PAGE_TABLE, 0), TABLE_MAP, M(MY_VSPACE), M(base, 0)));
	expect("12 huge: Map", OK, NONE, map(huge, MY_VSPACE, base, 3, 0));
	expect("12 VSpace cache operation inside a huge device page", OK, NONE,
	       call(MY_VSPACE, VS_CLEAN, NONE, M(base, base + 64)));
	expect("12 small in a huge one's place", LOOKUP, M(0, MISSING, 30),
	       map(make(FRAME, 0), MY_VSPACE, base, 3, 0));
	expect("12 huge: Unmap", OK, NONE, call(huge, PAGE_UNMAP, NONE, NONE));
}

static void table_unmap(void)
{
	u64 frame = make(FRAME, 0), tables = next_slot, last, twin;

	truth("12 tables", map_tables(MY_VSPACE, THERE));
	last = next_slot - 2; /* the very last one found no place */
	try("12 Map", map(frame, MY_VSPACE, THERE, 3, 1));
	truth("12 tables are three", last == tables + 2);
	twin = copied(last, ALL);
	expect("12 PageTable_Unmap: not the only one", REVOKE_FIRST, NONE,
	       call(last, TABLE_UNMAP, NONE, NONE));
	on_slot(DELETE, twin);
	truth("12 a copy's Delete keeps the table", can(snip_load, THERE));
	expect("12 PageTable_Unmap", OK, NONE,
	       call(last, TABLE_UNMAP, NONE, NONE));
	truth("12 PageTable_Unmap", !can(snip_load, THERE));
	expect("12 the frame below: Map elsewhere", INVALID_ARGUMENT, M(0),
	       map(frame, MY_VSPACE, THERE + PAGE, 3, 1));
	expect("12 the frame below: stale cache operation", INVALID_CAPABILITY,
	       M(0), call(frame, PAGE_CLEAN, NONE, M(0, 64)));
	expect("12 the frame below: Unmap", OK, NONE,
	       call(frame, PAGE_UNMAP, NONE, NONE));
	expect("12 PageTable_Unmap, not mapped", OK, NONE,
	       call(last, TABLE_UNMAP, NONE, NONE));
	expect("12 the table again", OK, NONE,
	       call(last, TABLE_MAP, M(MY_VSPACE), M(THERE, 0)));
	truth("12 the table is empty", !can(snip_load, THERE));
	on_slot(DELETE, last);
	expect("12 Delete of a table unmaps it", LOOKUP, M(0, MISSING, 21),
	       map(frame, MY_VSPACE, THERE, 3, 1));
}

void test_tables(void)
{
	probe = thread_new(MAIN + 10);
	large_frame();
	huge_frame();
	table_unmap();
}

static void frame_cache_ops(u64 frame, u64 label)
{
	expect("12 cache: one word", TRUNCATED, NONE,
	       call(frame, label, NONE, M(0)));
	expect("12 cache: empty range", INVALID_ARGUMENT, M(1),
	       call(frame, label, NONE, M(64, 64)));
	expect("12 cache: start", INVALID_ARGUMENT, M(0),
	       call(frame, label, NONE, M(PAGE, PAGE + 1)));
	expect("12 cache: end", INVALID_ARGUMENT, M(0),
	       call(frame, label, NONE, M(0, PAGE + 1)));
	expect("12 cache: not mapped", ILLEGAL, NONE,
	       call(frame, label, NONE, M(0, 64)));
}

void test_cache(void)
{
	u64 frame = make(FRAME, 0), label;

	for (label = PAGE_CLEAN; label <= PAGE_UNIFY; label++)
		frame_cache_ops(frame, label);
	truth("12 tables", map_tables(MY_VSPACE, AT));
	try("12 Map", map(frame, MY_VSPACE, AT, 3, 1));
	*(volatile u64 *)AT = 0x5a5a;
	for (label = PAGE_CLEAN; label <= PAGE_UNIFY; label++)
		expect("12 cache operation", OK, NONE,
		       call(frame, label, NONE, M(0, PAGE)));
	for (label = VS_CLEAN; label <= VS_UNIFY; label++) {
		expect("12 VSpace: one word", TRUNCATED, NONE,
		       call(MY_VSPACE, label, NONE, M(AT)));
		expect("12 VSpace: empty range", INVALID_ARGUMENT, M(1),
		       call(MY_VSPACE, label, NONE, M(AT, AT)));
		expect("12 VSpace: cache operation", OK, NONE,
		       call(MY_VSPACE, label, NONE, M(AT + 8, AT + PAGE)));
		expect("12 VSpace: no page there", OK, NONE,
		       call(MY_VSPACE, label, NONE,
			    M(AT + PAGE, AT + PAGE + 8)));
		expect("12 VSpace: beyond the page", RANGE,
		       M(AT + 8, AT + PAGE - 1),
		       call(MY_VSPACE, label, NONE, M(AT + 8, AT + PAGE + 8)));
	}
	equal("12 data survives", *(volatile u64 *)AT, 0x5a5a);
	try("12 Map read-only", map(frame, MY_VSPACE, AT, READ, 1));
	expect("12 Invalidate of a read-only page", ILLEGAL, NONE,
	       call(frame, PAGE_INVALIDATE, NONE, M(0, 64)));
	expect("12 Clean of a read-only page", OK, NONE,
	       call(frame, PAGE_CLEAN, NONE, M(0, 64)));
	__asm__ volatile("dc civac, %0; dc cvau, %0; ic ivau, %0; dsb ish; isb"
			 :
			 : "r"(AT));
	equal("1 cache maintenance at EL0", *(volatile u64 *)AT, 0x5a5a);
}
