/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.c - objects and threads for the tests, made through the ABI itself.
 *
 * IPC buffers and stacks lie in the image, because the boot information names
 * the frame of every image page.
 */
#include "suite.h"

static char stacks[THREADS_MAX][PAGE * 2] __attribute__((aligned(4096)));
static char buffers[THREADS_MAX][PAGE] __attribute__((aligned(4096)));
static unsigned int threads;
static u64 threads_arena;
u64 device_parent;

u64 slot_new(void)
{
	return next_slot++;
}

struct reply retype(u64 untyped, u64 type, u64 bits, u64 slot, u64 n)
{
	return call(untyped, RETYPE, M(MY_CNODE), M(type, bits, 0, 0, slot, n));
}

u64 make_many(u64 type, u64 bits, unsigned int n)
{
	u64 first = next_slot;

	next_slot += n;
	try("13 Retype for a test", retype(arena, type, bits, first, n));
	return first;
}

u64 make(u64 type, u64 bits)
{
	return make_many(type, bits, 1);
}

struct reply copy(u64 dst, u64 src, u64 rights)
{
	return call(MY_CNODE, COPY, M(MY_CNODE), M(dst, 64, src, 64, rights));
}

struct reply mint(u64 dst, u64 src, u64 rights, u64 data)
{
	return call(MY_CNODE, MINT, M(MY_CNODE),
		    M(dst, 64, src, 64, rights, data));
}

u64 copied(u64 src, u64 rights)
{
	u64 slot = slot_new();

	try("7.1 Copy for a test", copy(slot, src, rights));
	return slot;
}

u64 minted(u64 src, u64 rights, u64 data)
{
	u64 slot = slot_new();

	try("7.1 Mint for a test", mint(slot, src, rights, data));
	return slot;
}

struct reply on_slot(u64 label, u64 slot)
{
	return call(MY_CNODE, label, NONE, M(slot, 64));
}

/* Copying to itself: DeleteFirst if something is there. */
bool occupied(u64 slot)
{
	return label_of(copy(slot, slot, ALL)) == DELETE_FIRST;
}

u64 image_frame(const void *address)
{
	return info->image.start +
	       ((u64)address - ((u64)image_start & ~(PAGE - 1))) / PAGE;
}

/* Halve a device untyped until only the page is left. */
static u64 carve(u64 untyped, u64 base, unsigned int bits, u64 paddr)
{
	u64 pair;

	for (; bits > 12; bits--) {
		pair = next_slot;
		next_slot += 2;
		if (label_of(retype(untyped, UNTYPED, bits - 1, pair, 2)))
			return 0;
		untyped = pair;
		if (paddr & 1ull << (bits - 1)) {
			base += 1ull << (bits - 1);
			untyped = pair + 1;
		}
	}
	device_parent = untyped;
	pair = slot_new();
	return label_of(retype(untyped, FRAME, 0, pair, 1)) ? 0 : pair;
}

u64 device_page(u64 paddr)
{
	u64 i, base;

	for (i = 0; i < info->untyped.end - info->untyped.start; i++) {
		base = info->list[i].paddr;
		if (info->list[i].device && paddr >= base &&
		    paddr - base < 1ull << info->list[i].bits)
			return carve(info->untyped.start + i, base,
				     info->list[i].bits, paddr);
	}
	return 0;
}

struct reply map(u64 frame, u64 vspace, u64 vaddr, u64 rights, u64 attr)
{
	return call(frame, PAGE_MAP, M(vspace), M(vaddr, rights, attr));
}

/* Add page tables until none is missing. */
bool map_tables(u64 vspace, u64 vaddr)
{
	struct reply r;

	do {
		r = call(make(PAGE_TABLE, 0), TABLE_MAP, M(vspace),
			 M(vaddr, CACHEABLE));
	} while (label_of(r) == OK);
	return label_of(r) == DELETE_FIRST;
}

struct thread thread_new(unsigned int priority)
{
	struct thread t;
	unsigned int i;

	if (threads_arena != arena && threads > 1)
		threads = 1; /* 0 is the guard's */
	threads_arena = arena;
	i = threads++ % THREADS_MAX;
	t.tcb = make(TCB, 0);
	t.ep = make(ENDPOINT, 0);
	t.stack_top = stacks[i] + sizeof(stacks[i]);
	t.ipc = (struct ipc_buffer *)buffers[i];
	try("7.2 Configure",
	    call(t.tcb, CONFIGURE,
		 M(MY_CNODE, MY_VSPACE, image_frame(buffers[i])),
		 M(t.ep, 0, 0, (u64)t.ipc)));
	try("7.2 SetPriority",
	    call(t.tcb, SET_PRIORITY, M(MY_TCB), M(priority)));
	return t;
}

/* x0..x7 from @x, SP and TPIDR as a thread needs them, then go. */
static void start(const struct thread *t, const void *pc, struct words x,
		  u64 lr, u64 x19)
{
	struct words m = M(1, REGS);
	unsigned int i;

	m.n = 2 + REGS;
	m.w[2 + REG_PC] = (u64)pc;
	m.w[2 + REG_SP] = (u64)t->stack_top;
	for (i = 0; i < x.n && i < 8; i++)
		m.w[2 + REG_X0 + i] = x.w[i];
	m.w[2 + REG_X30] = lr;
	m.w[2 + 24] = x19;
	m.w[2 + REG_TPIDR] = (u64)t->ipc;
	try("7.2 WriteRegisters", call(t->tcb, WRITE_REGS, NONE, m));
}

void thread_start(const struct thread *t, const void *pc, struct words x)
{
	start(t, pc, x, 0, 0);
}

void thread_run(const struct thread *t, void (*fn)(u64, u64, u64), u64 a, u64 b,
		u64 c)
{
	start(t, (const void *)fn, M(a, b, c), (u64)thread_exit,
	      make(NOTIFICATION, 0));
}

void thread_regs(const struct thread *t, u64 regs[REGS])
{
	struct reply r = call(t->tcb, READ_REGS, NONE, M(0, REGS));
	unsigned int i;

	for (i = 0; i < REGS; i++)
		regs[i] = r.mr.w[i];
}

struct reply thread_fault(const struct thread *t, const void *pc,
			  struct words x)
{
	thread_start(t, pc, x);
	return receive(SYS_RECV, t->ep);
}

static void job_run(u64 at, u64 unused1, u64 unused2)
{
	struct job *job = (struct job *)at;

	(void)unused1;
	(void)unused2;
	job->got = send(job->number, job->cap, job->label, job->caps,
			job->args);
	job->done = true;
}

void job_start(const struct thread *t, struct job *job)
{
	job->done = false;
	thread_run(t, job_run, (u64)job, 0, 0);
}

bool faulted_with(struct reply fault, u64 label, u64 address)
{
	return label_of(fault) == label && fault.mr.w[1] == address;
}

void spin_ms(unsigned int ms)
{
	u64 end = now() + ms * ticks_per_ms();

	while (now() < end)
		;
}
