/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * suite.c - runs the sections, counts and prints checks, powers off.
 *
 * The last line but the kernel's own is "abi: N passed, N failed". Should the
 * suite itself fault, a guard thread says how and ends the machine.
 */
#include "sections.h"
#include "suite.h"

const struct boot_info *info;
u64 arena, next_slot;
static u64 ground, passed, failed; /* ground: what the arena is made of */
static const char *running = "start";

#define ENTRY(name) { #name, test_##name },
static const struct {
	const char *name;
	void (*run)(void);
} tests[] = { SECTIONS(ENTRY) };

void print(const char *text)
{
	struct words nothing = NONE;

	for (; *text; text++)
		trap(SYS_PUTCHAR, (u64)(unsigned char)*text, 0, &nothing);
}

void print_number(u64 value)
{
	static const char digits[] = "0123456789abcdef";
	u64 base = value < 10000 ? 10 : 16;
	char text[24];
	int at = 23;

	text[at] = 0;
	do {
		text[--at] = digits[value % base];
		value /= base;
	} while (value);
	if (base == 16)
		print("0x");
	print(&text[at]);
}

static void print_answer(u64 label, const struct words *mr, bool is_error)
{
	static const char *const names[] = {
		"OK",
		"InvalidArgument",
		"InvalidCapability",
		"IllegalOperation",
		"RangeError",
		"AlignmentError",
		"FailedLookup",
		"TruncatedMessage",
		"DeleteFirst",
		"RevokeFirst",
		"NotEnoughMemory",
	};
	unsigned int i;

	if (is_error && label <= NO_MEMORY)
		print(names[label]);
	else
		print_number(label);
	print("(");
	for (i = 0; i < mr->n && i < 16; i++) {
		print(i ? "," : "");
		print_number(mr->w[i]);
	}
	print(")");
}

static bool judge(const char *what, bool good)
{
	if (good) {
		passed++;
		return true;
	}
	failed++;
	print("abi ");
	print(what);
	print(": want ");
	return false;
}

static bool same(const struct words *a, const struct words *b)
{
	unsigned int i;

	for (i = 0; i < a->n && i < 40; i++) {
		if (a->w[i] != b->w[i])
			return false;
	}
	return a->n == b->n;
}

static void compare(const char *what, u64 tag, struct words want,
		    struct reply got, bool is_error)
{
	bool good = got.info == tag && same(&want, &got.mr) &&
		    (!is_error || got.badge == 0);

	if (judge(what, good))
		return;
	print_answer(tag >> 12, &want, is_error);
	print(", got ");
	print_answer(got.info >> 12, &got.mr, is_error);
	print(" info ");
	print_number(got.info);
	print(" badge ");
	print_number(got.badge);
	print("\n");
}

void expect(const char *what, u64 error, struct words want, struct reply got)
{
	compare(what, INFO(error, 0, 0, want.n), want, got, true);
}

void expect_fault(const char *what, u64 label, struct words want,
		  struct reply got)
{
	compare(what, INFO(label, 0, 0, want.n), want, got, false);
}

void equal(const char *what, u64 got, u64 want)
{
	if (judge(what, got == want))
		return;
	print_number(want);
	print(", got ");
	print_number(got);
	print("\n");
}

void truth(const char *what, bool holds)
{
	if (!judge(what, holds))
		print("it to hold\n");
}

struct reply try(const char *what, struct reply got)
{
	if (label_of(got) == OK)
		return got;
	expect(what, OK, NONE, got);
	return got;
}

void off(u64 status)
{
	call(IRQ_CONTROL, MACHINE_OFF, NONE, M(status, 0));
	print("abi: MACHINE_OFF came back\n");
	for (;;)
		;
}

/* The guard: receives our own faults, which must not happen. */
static void guard_run(u64 ep, u64 unused1, u64 unused2)
{
	struct reply r = receive(SYS_RECV, ep);

	(void)unused1;
	(void)unused2;
	print("abi: the suite itself faulted in `");
	print(running);
	print("`: fault ");
	print_answer(label_of(r), &r.mr, false);
	print("\n");
	off(255);
}

static void guard_start(void)
{
	struct thread t = thread_new(254);

	thread_run(&t, guard_run, t.ep, 0, 0);
	try("7.2 SetSpace of the own TCB",
	    call(MY_TCB, SET_SPACE, M(MY_CNODE, MY_VSPACE), M(t.ep, 0, 0)));
	try("7.2 SetPriority of the own TCB",
	    call(MY_TCB, SET_PRIORITY, M(MY_TCB), M(MAIN)));
}

/* The smallest untyped in RAM of at least these bits. */
static u64 pool_find(unsigned int bits)
{
	u64 i, best = 0, n = info->untyped.end - info->untyped.start;

	for (i = 0; i < n; i++) {
		if (info->list[i].device || info->list[i].bits < bits)
			continue;
		if (!best || info->list[i].bits < info->list[best].bits)
			best = i;
	}
	return info->untyped.start + best;
}

static void test_run(unsigned int i, u64 first_slot)
{
	u64 slot;

	running = tests[i].name;
	try("13 arena", retype(ground, UNTYPED, ARENA_BITS, arena, 1));
	tests[i].run();
	try("16 Revoke of the arena", on_slot(REVOKE, arena));
	for (slot = next_slot; slot-- > first_slot;)
		try("16 clean-up", on_slot(DELETE, slot));
	try("16 Delete of the arena", on_slot(DELETE, arena));
	next_slot = first_slot;
}

void suite_main(const struct boot_info *boot_info);
void suite_main(const struct boot_info *boot_info)
{
	unsigned int i;
	u64 first_slot;

	info = boot_info;
	__asm__ volatile("msr tpidr_el0, %0" : : "r"(info->ipc_buffer));
	next_slot = info->untyped.end;
	arena = pool_find(16);
	guard_start();
	ground = slot_new();
	try("13 ground",
	    retype(pool_find(ARENA_BITS), UNTYPED, ARENA_BITS, ground, 1));
	arena = slot_new();
	first_slot = next_slot;
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		test_run(i, first_slot);
	print("abi: ");
	print_number(passed);
	print(" passed, ");
	print_number(failed);
	print(" failed\n");
	off(failed);
}
