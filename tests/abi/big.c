/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * big.c - a root task of more than 64 MiB with an RWX segment and a gap.
 *
 * Section 17: the image is mapped as its program headers say, also what lies
 * between two segments, and one frame capability is there for every page.
 */
#include "suite.h"

#define BSS_BYTES MB(64)
#define GAP_BYTES MB(2) /* big.lds */

extern char gap_start[], gap_end[], image_end[];
static volatile uint8_t filled[] = { 0x11, [PAGE] = 0x22,
				     [3 * PAGE - 1] = 0x33 };
static u64 zero[BSS_BYTES / 8] __attribute__((aligned(4096)));
static unsigned int passed, failed;
const struct boot_info *info;

static void say(const char *text)
{
	struct words nothing = NONE;

	for (; *text; text++)
		trap(SYS_PUTCHAR, (u64)(unsigned char)*text, 0, &nothing);
}

static void check(const char *what, bool good)
{
	if (good) {
		passed++;
		return;
	}
	failed++;
	say("abi big: not so: ");
	say(what);
	say("\n");
}

/* Every page is zero and keeps what is written. */
static void pages(const char *what, char *from, const char *to)
{
	u64 sum = 0, lost = 0, i, n = (u64)(to - from) / PAGE;
	volatile u64 *word;

	for (i = 0; i < n; i++) {
		word = (volatile u64 *)(from + i * PAGE);
		sum |= word[0] | word[511];
		word[0] = (u64)word;
	}
	for (i = 0; i < n; i++) {
		word = (volatile u64 *)(from + i * PAGE);
		lost |= word[0] ^ (u64)word;
	}
	check(what, sum == 0 && lost == 0);
}

/* The segment is RWX: change an instruction and run it. */
static void own_code(void)
{
	volatile uint32_t *code = (volatile uint32_t *)snip_undefined;
	u64 (*run)(void) = (u64(*)(void))(u64)code;

	code[0] = 0xd2800540; /* mov x0, #42 */
	code[1] = 0xd65f03c0; /* ret */
	__asm__ volatile("dc cvau, %0; dsb ish; ic ivau, %0; dsb ish; isb"
			 :
			 : "r"(code));
	check("a segment marked RWX is", run() == 42);
}

static void frames(void)
{
	u64 first = (u64)image_start, span = (u64)image_end - first;
	u64 n = info->image.end - info->image.start, i;
	struct reply r;

	check("one frame for each page, gap included",
	      n == (span + PAGE - 1) / PAGE);
	check("IPC buffer behind the image",
	      info->ipc_buffer == first + n * PAGE);
	check("the root CNode has grown",
	      1ull << info->cnode_bits > info->untyped.end &&
		      info->empty.end == 1ull << info->cnode_bits);
	for (i = 0; i < n; i += 511) {
		r = call(info->image.start + i, PAGE_MAP, M(MY_VSPACE),
			 M(first + i * PAGE, READ | WRITE, CACHEABLE));
		if (label_of(r) != OK)
			break;
	}
	check("frames are in address order", i >= n);
	check("untypeds come last",
	      info->untyped.start >= info->image.end &&
		      info->empty.start == info->untyped.end);
}

/* Objects can be made: the CNode's high slots and the untypeds work. */
static void objects(void)
{
	u64 i, slot = (1ull << info->cnode_bits) - 1;
	struct reply r = { 0, ~0ull, NONE };

	for (i = 0; i < info->untyped.end - info->untyped.start; i++) {
		if (info->list[i].device || info->list[i].bits < 20)
			continue;
		r = call(info->untyped.start + i, RETYPE, M(MY_CNODE),
			 M(ENDPOINT, 0, 0, 0, slot, 1));
		break;
	}
	check("Retype into the last slot", label_of(r) == OK);
}

void suite_main(const struct boot_info *boot_info);
void suite_main(const struct boot_info *boot_info)
{
	info = boot_info;
	__asm__ volatile("msr tpidr_el0, %0" : : "r"(info->ipc_buffer));
	check("data", filled[0] == 0x11 && filled[PAGE] == 0x22 &&
			      filled[3 * PAGE - 1] == 0x33);
	pages("64 MiB of .bss", (char *)zero, (char *)zero + BSS_BYTES);
	pages("the gap between segments", gap_start, gap_end);
	own_code();
	frames();
	objects();
	say("abi big: ");
	say(failed || passed != 10 ? "failed\n" : "all passed\n");
	call(IRQ_CONTROL, MACHINE_OFF, NONE, M(failed, 0));
}
