/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.c - objects, threads and output of the benchmark.
 *
 * The image's frames are mapped a second time, at the same addresses, in an
 * address space that all workers share. Source: shared/abi.md section 17.
 */
#include <abi/kaal.h>
#include "world.h"

#define WORKERS	     8u
#define STACK_BYTES  4096u
#define SCRATCH_BITS 22u /* the least size of the untyped that feeds us */
#define IMAGE_BASE   0x400000ull
#define UART_PADDR   0x09000000ull
#define ALL_RIGHTS   3u

struct abi_ipc_buffer *ipc_buffer;
uint64_t untyped_cap, loop_total;

static const struct abi_boot_info *boot;
static uint64_t next_slot, worker_space;
static unsigned int n_workers;
static char stacks[WORKERS][STACK_BYTES] __attribute__((aligned(4096)));
static struct abi_ipc_buffer buffers[WORKERS] __attribute__((aligned(4096)));

static void put(char c)
{
	svc1(ABI_SYS_DEBUG_PUTCHAR, (unsigned char)c);
}

static void put_text(const char *text)
{
	while (*text)
		put(*text++);
}

static void put_number(uint64_t value)
{
	char digits[20];
	unsigned int n = 0;

	do {
		digits[n++] = '0' + value % 10;
		value /= 10;
	} while (value);
	while (n)
		put(digits[--n]);
}

void report(const char *name, uint64_t value)
{
	put_text("bench kernel.");
	put_text(name);
	put(' ');
	put_number(value);
	put('\n');
}

_Noreturn void world_end(uint64_t status)
{
	svc6(ABI_SYS_CALL, ABI_SLOT_IRQ_CONTROL,
	     abi_info(ABI_KAAL_MACHINE_OFF, 0, 2), status, 0, 0, 0);
	for (;;)
		;
}

void request_send(const struct request *r)
{
	uint64_t error;
	unsigned int i;

	for (i = 0; i < r->n_caps; i++)
		ipc_buffer->caps_or_badges[i] = r->caps[i];
	for (i = ABI_MSG_REGS; i < r->n_words; i++)
		ipc_buffer->msg[i] = r->words[i];
	error = abi_info_label(svc6(ABI_SYS_CALL, r->cap,
				    abi_info(r->label, r->n_caps, r->n_words),
				    r->words[0], r->words[1], r->words[2],
				    r->words[3]));
	if (!error)
		return;
	put_text("bench: error ");
	put_number(error);
	put_text(" from label ");
	put_number(r->label);
	put('\n');
	world_end(1);
}

uint64_t slot_alloc(void)
{
	return next_slot++;
}

static uint64_t retype(uint64_t untyped, enum abi_object_type type,
		       unsigned int bits)
{
	struct request r = {
		.cap = untyped,
		.label = ABI_UNTYPED_RETYPE,
		.n_caps = 1,
		.n_words = 6,
		.caps = { ABI_SLOT_CNODE },
		.words = { type, bits, 0, 0, slot_alloc(), 1 },
	};

	request_send(&r);
	return r.words[4];
}

uint64_t object_make(enum abi_object_type type, unsigned int bits)
{
	return retype(untyped_cap, type, bits);
}

static uint64_t cap_copy(uint64_t source)
{
	struct request r = {
		.cap = ABI_SLOT_CNODE,
		.label = ABI_CNODE_COPY,
		.n_caps = 1,
		.n_words = 5,
		.caps = { ABI_SLOT_CNODE },
		.words = { slot_alloc(), 64, source, 64, ABI_RIGHT_ALL },
	};

	request_send(&r);
	return r.words[0];
}

static void frame_map(uint64_t frame, uint64_t space, uint64_t vaddr,
		      uint64_t attributes)
{
	struct request r = {
		.cap = frame,
		.label = ABI_PAGE_MAP,
		.n_caps = 1,
		.n_words = 3,
		.caps = { space },
		.words = { vaddr, ALL_RIGHTS, attributes },
	};

	request_send(&r);
}

static void table_map(uint64_t space, uint64_t vaddr)
{
	struct request r = {
		.cap = object_make(ABI_OBJ_PAGE_TABLE, 0),
		.label = ABI_PAGE_TABLE_MAP,
		.n_caps = 1,
		.n_words = 2,
		.caps = { space },
		.words = { vaddr, ABI_VM_DEFAULT },
	};

	request_send(&r);
}

/* Levels 1 and 2 serve the image and the UART, both below 1 GiB. */
static void space_make(void)
{
	struct request assign = { .cap = ABI_SLOT_ASID_POOL,
				  .label = ABI_ASID_POOL_ASSIGN,
				  .n_caps = 1 };
	uint64_t frame = boot->user_image_frames.start;
	uint64_t vaddr = IMAGE_BASE;
	unsigned int level;

	worker_space = object_make(ABI_OBJ_VSPACE, 0);
	assign.caps[0] = worker_space;
	request_send(&assign);
	for (level = 1; level <= 3; level++)
		table_map(worker_space, IMAGE_BASE);
	table_map(worker_space, UART_VADDR);
	table_map(ABI_SLOT_VSPACE, UART_VADDR);
	for (; frame < boot->user_image_frames.end; frame++, vaddr += 4096)
		frame_map(cap_copy(frame), worker_space, vaddr, ABI_VM_DEFAULT);
}

static uint64_t untyped_find(uint64_t paddr, unsigned int min_bits)
{
	uint64_t i, n = boot->untyped.end - boot->untyped.start;
	const struct abi_untyped_desc *u;

	for (i = 0; i < n; i++) {
		u = &boot->untyped_list[i];
		if (u->size_bits < min_bits || u->is_device != (paddr != 0))
			continue;
		if (!paddr || u->paddr == paddr)
			return boot->untyped.start + i;
	}
	put_text("bench: an untyped is missing\n");
	world_end(1);
}

void uart_map(void)
{
	uint64_t frame = retype(untyped_find(UART_PADDR, 12),
				ABI_OBJ_FRAME_SMALL, 0);

	frame_map(cap_copy(frame), worker_space, UART_VADDR, 0);
	frame_map(frame, ABI_SLOT_VSPACE, UART_VADDR, 0);
}

uint64_t scratch_frame(uint64_t *vaddr)
{
	*vaddr = UART_VADDR + 4096;
	return object_make(ABI_OBJ_FRAME_SMALL, 0);
}

static void thread_configure(uint64_t tcb, uint64_t fault_handler,
			     const struct abi_ipc_buffer *buffer)
{
	uint64_t page = ((uint64_t)buffer - IMAGE_BASE) / 4096;
	struct request r = {
		.cap = tcb,
		.label = ABI_TCB_CONFIGURE,
		.n_caps = 3,
		.n_words = 4,
		.caps = { ABI_SLOT_CNODE, worker_space,
			  boot->user_image_frames.start + page },
		.words = { fault_handler, 0, 0, (uint64_t)buffer },
	};

	request_send(&r);
}

static void thread_set_priority(uint64_t tcb, unsigned int priority)
{
	struct request r = { .cap = tcb,
			     .label = ABI_TCB_SET_PRIORITY,
			     .n_caps = 1,
			     .n_words = 1,
			     .caps = { ABI_SLOT_TCB },
			     .words = { priority } };

	request_send(&r);
}

static void thread_fpu_off(uint64_t tcb)
{
	struct request r = { .cap = tcb,
			     .label = ABI_TCB_SET_FLAGS,
			     .n_words = 2,
			     .words = { 0, ABI_TCB_FLAG_FPU_OFF } };

	request_send(&r);
}

uint64_t worker_start(void (*entry)(void), unsigned int priority,
		      uint64_t fault_handler)
{
	uint64_t tcb = object_make(ABI_OBJ_TCB, 0);
	unsigned int i = n_workers++ % WORKERS;
	struct request write = {
		.cap = tcb,
		.label = ABI_TCB_WRITE_REGISTERS,
		.n_words = 4,
		.words = { 1, 2, (uint64_t)entry, (uint64_t)stacks[i + 1] },
	};

	if (i == WORKERS - 1)
		write.words[3] = (uint64_t)stacks[i] + STACK_BYTES;
	thread_configure(tcb, fault_handler, &buffers[i]);
	thread_set_priority(tcb, priority);
	thread_fpu_off(tcb);
	request_send(&write);
	yield(); /* an equal runs until it waits */
	return tcb;
}

void worker_stop(uint64_t tcb)
{
	struct request r = { .cap = tcb, .label = ABI_TCB_SUSPEND };

	request_send(&r);
}

static void counter_start(void)
{
	const uint64_t pmcr_enable = 1, cycle_counter = 1u << 31;

	__asm__ volatile("msr pmcntenset_el0, %0" : : "r"(cycle_counter));
	__asm__ volatile("msr pmcr_el0, %0" : : "r"(pmcr_enable));
	__asm__ volatile("isb");
}

void world_init(const struct abi_boot_info *info)
{
	unsigned int i;
	uint64_t start;

	boot = info;
	ipc_buffer = (struct abi_ipc_buffer *)info->ipc_buffer;
	next_slot = info->empty.start;
	untyped_cap = untyped_find(0, SCRATCH_BITS);
	thread_fpu_off(ABI_SLOT_TCB);
	thread_set_priority(ABI_SLOT_TCB, PRIORITY);
	space_make();
	counter_start();
	start = cycles();
	for (i = 0; i < ROUNDS; i++)
		NOTHING;
	loop_total = cycles() - start;
	report("loop_overhead", (loop_total + ROUNDS / 2) / ROUNDS);
}
