/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_boot.c - section 17: boot information, initial capabilities, untypeds.
 */
#include "sections.h"
#include "suite.h"

static bool debug_calls;

/* -12 raises a fault in a kernel without debug calls: ask with a thread. */
static void look_for_debug_calls(void)
{
	struct thread t = thread_new(MAIN + 10);
	struct reply r = thread_fault(&t, snip_svc,
				      M(MY_TCB, 0, 0, 0, 0, 0, 0,
					(u64)SYS_IDENTIFY));

	debug_calls = label_of(r) == USER_EXCEPTION;
}

static void tag(const char *what, u64 slot, u64 want)
{
	struct words nothing = NONE;

	if (debug_calls)
		equal(what, trap(SYS_IDENTIFY, slot, 0, &nothing).badge, want);
}

static void fixed_slots(void)
{
	static const uint8_t tags[16] = {
		[MY_TCB] = TAG_THREAD,
		[MY_CNODE] = TAG_CNODE,
		[MY_VSPACE] = TAG_VSPACE,
		[IRQ_CONTROL] = TAG_IRQ_CONTROL,
		[ASID_CONTROL] = TAG_ASID_CONTROL,
		[MY_POOL] = TAG_POOL,
		[BOOT_INFO_FRAME] = TAG_FRAME,
		[BUFFER_FRAME] = TAG_FRAME,
		[DOMAIN] = TAG_DOMAIN,
	};
	unsigned int i;

	for (i = 0; i < 16; i++) {
		tag("17 initial capability", i, tags[i]);
		equal("17 initial slot", occupied(i), tags[i] != TAG_NULL);
	}
}

static void numbers(void)
{
	u64 slots = 1ull << info->cnode_bits, end = info->image.end;

	equal("17 node", info->node, 0);
	equal("17 nodes", info->nodes, 1);
	equal("17 I/O page-table levels", info->io_levels, 0);
	equal("17 domain", info->domain, 0);
	truth("17 no shared frames", info->shared.start == info->shared.end);
	truth("17 no I/O space", info->io_space.start == info->io_space.end);
	truth("17 root CNode of 2^13 or more", info->cnode_bits >= 13);
	equal("17 empty ends with the CNode", info->empty.end, slots);
	truth("17 untypeds are the highest slots",
	      info->untyped.end <= info->empty.start &&
		      info->untyped.start >= end &&
		      info->untyped.start >= info->tables.end &&
		      info->untyped.start >= info->extra.end);
	truth("17 the last untyped is there", occupied(info->untyped.end - 1));
	truth("17 nothing above", !occupied(info->untyped.end + 2000));
}

static void layout(void)
{
	u64 first = (u64)image_start & ~(PAGE - 1);
	u64 pages = info->image.end - info->image.start;

	equal("17 IPC buffer behind the image", info->ipc_buffer,
	      first + pages * PAGE);
	equal("17 boot info behind the buffer", (u64)info,
	      info->ipc_buffer + PAGE);
	tag("17 image frame", info->image.start, TAG_FRAME);
	tag("17 image frame", info->image.end - 1, TAG_FRAME);
	tag("17 page table", info->tables.start, TAG_TABLE);
	truth("17 three levels of tables",
	      info->tables.end - info->tables.start >= 3);
	expect("12 an image frame is mapped where it lies", OK, NONE,
	       map(info->image.end - 1, MY_VSPACE, info->ipc_buffer - PAGE,
		   READ | WRITE, CACHEABLE));
	expect("12 and nowhere else", INVALID_ARGUMENT, M(0),
	       map(info->image.end - 1, MY_VSPACE, first - PAGE, 3, 1));
	expect("12 a boot page table is mapped", INVALID_CAPABILITY, M(0),
	       call(info->tables.start, TABLE_MAP, M(MY_VSPACE), M(first, 0)));
}

static void untypeds(void)
{
	u64 i, n = info->untyped.end - info->untyped.start, bytes, ram = 0;
	u64 highest = 0;
	bool uart = false, aligned = true, order = true, seen_ram = false;

	for (i = 0; i < n; i++) {
		bytes = 1ull << info->list[i].bits;
		aligned = aligned && info->list[i].paddr % bytes == 0;
		if (!info->list[i].device) {
			ram += bytes;
			seen_ram = true;
			continue;
		}
		order = order && !seen_ram;
		if (info->list[i].paddr + bytes > highest)
			highest = info->list[i].paddr + bytes;
		uart = uart || 0x09000000 - info->list[i].paddr < bytes;
	}
	truth("17 untypeds are aligned", aligned);
	truth("17 device untypeds come first", order);
	truth("17 the UART's page is among them", uart);
	equal("17 up to 2^40", highest, 1ull << 40);
	truth("17 RAM is there", ram > MB(16));
	tag("17 untyped", info->untyped.start, TAG_UNTYPED);
}

/* The device tree: chunk 6, big-endian magic, in pages of its own. */
static void extra(void)
{
	const u64 *chunk = (const u64 *)((u64)info + PAGE);
	const uint8_t *fdt = (const uint8_t *)(chunk + 2);
	u64 total;

	if (info->extra_bytes == 0)
		return;
	equal("17 chunk id", chunk[0], 6);
	truth("17 chunk length", chunk[1] <= info->extra_bytes);
	truth("17 device tree", fdt[0] == 0xd0 && fdt[1] == 0x0d &&
					fdt[2] == 0xfe && fdt[3] == 0xed);
	total = (u64)fdt[4] << 24 | (u64)fdt[5] << 16 | (u64)fdt[6] << 8 |
		fdt[7];
	truth("17 device tree fits its chunk", total <= chunk[1] - 16);
	equal("17 extra pages", info->extra.end - info->extra.start,
	      (info->extra_bytes + PAGE - 1) / PAGE);
}

/* Section 4: the tag of each kind that can be made. */
static void tags(void)
{
	u64 s = slot_new(), pool = slot_new(), ut = make(UNTYPED, 12);

	tag("4 endpoint", make(ENDPOINT, 0), TAG_ENDPOINT);
	tag("4 notification", make(NOTIFICATION, 0), TAG_NOTIFICATION);
	tag("4 CNode", make(CNODE, 1), TAG_CNODE);
	tag("4 thread", make(TCB, 0), TAG_THREAD);
	tag("4 frame", make(LARGE_FRAME, 0), TAG_FRAME);
	tag("4 page table", make(PAGE_TABLE, 0), TAG_TABLE);
	tag("4 VSpace", make(VSPACE, 0), TAG_VSPACE);
	tag("4 untyped", ut, TAG_UNTYPED);
	try("12 MakePool",
	    call(ASID_CONTROL, MAKE_POOL, M(ut, MY_CNODE), M(pool, 64)));
	tag("4 ASID pool", pool, TAG_POOL);
	try("15 Get", call(IRQ_CONTROL, IRQ_GET, M(MY_CNODE), M(60, s, 64)));
	tag("4 IRQ handler", s, TAG_IRQ_HANDLER);
	on_slot(DELETE, s);
	try("15 IssueSGISignal",
	    call(IRQ_CONTROL, IRQ_SGI, M(MY_CNODE), M(3, 0, s, 64)));
	tag("4 SGI", s, TAG_SGI);
}

void test_boot(void)
{
	look_for_debug_calls();
	fixed_slots();
	tags();
	numbers();
	layout();
	untypeds();
	extra();
}
