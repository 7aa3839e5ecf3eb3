/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * change.c - instructions, registers and data of a running process go wrong.
 *
 * The process's own thread is used, and a page of its code at a time that nobody
 * else runs (GLUE_BROKER_VICTIM). A loop keeps the place of a changed instruction
 * until the process comes there: so it is known whether a fault was executed. Data
 * change by the process's own hands: it is sent through a few instructions
 * (tool[]) that end in a loop too, and brought back to where it was.
 */
#include "inject.h"

#include <stddef.h>
#include <abi/label.h>
#include <glue/broker_client.h>
#include <glue/counters.h>
#include <glue/env.h>
#include <glue/pattern.h>
#include <glue/print.h>
#include <glue/string.h>
#include <glue/sys.h>

#define PAGE_BYTES 4096u
#define PAGE_WORDS (PAGE_BYTES / 4)
#define SCAN_WORDS 4096u /* for a pointer */
#define DEPTH	   256u	 /* bytes of the stack, from its end on */

/* Words of Read/WriteRegisters (abi.md section 10). */
#define PC	   0
#define SP	   1
#define X(n)	   abi_context_word(n)
#define INSIDE(at) (GLUE_TOOL_VADDR + 4 * (at))
#define TOOL_END   10
#define TOOL_CALL  11
#define TOOL_STORM 13

/* Replace the first word whose value lies in a range; make one system call;
 * acknowledge an interrupt for ever, and do what the heartbeat asks for. */
static const uint32_t tool[] = {
	0xf9400005,  /* 0: ldr x5, [x0] */
	0xcb0200a6,  /*    sub x6, x5, x2: the range begins at x2 */
	0xeb0300df,  /*    cmp x6, x3: and has x3 bytes */
	0x540000a3,  /*    b.lo 8f */
	0x91002000,  /*    add x0, x0, #8 */
	0xf1000421,  /*    subs x1, x1, #1: so many words to look at */
	0x54ffff41,  /*    b.ne 0b */
	0x14000003,  /*    b 10f */
	0xca0400a6,  /* 8: eor x6, x5, x4 */
	0xf9000006,  /*    str x6, [x0] */
	INJECT_LOOP, /* 10: */
	0xd4000001,  /* 11: svc #0 */
	INJECT_LOOP, /* 12: */
	0xb9400149,  /* 13: ldr w9, [x10]: the broker asks */
	0xf9000169,  /*     str x9, [x11] */
	0xaa0c03e0,  /*     mov x0, x12 */
	0xaa0d03e1,  /*     mov x1, x13 */
	0xaa0e03e7,  /*     mov x7, x14 */
	0xd4000001,  /*     svc #0: it may come again */
	0xaa0f03e0,  /*     mov x0, x15 */
	0xaa1003e7,  /*     mov x7, x16 */
	0xd4000001,  /*     svc #0: whatever has come */
	0x17fffff7,  /*     b 13b */
};

#define SAY(in, text, ...)                                                     \
	glue_printf("injected into %s (pid %u), seed %lu: " text, (in)->label, \
		    (in)->pid, (in)->seed, __VA_ARGS__)

static uint64_t random_below(struct injection *in, uint64_t limit)
{
	return glue_pattern_word(in->seed, in->drawn++) % limit;
}

/* The thread may be used from here until we rest. */
static enum k_err borrow(struct injection *in, uint64_t page,
			 enum glue_victim_how how)
{
	in->page = page;
	return glue_broker_victim(in->pid, page, how, &in->victim);
}

static enum k_err registers_write(const uint64_t *regs)
{
	return glue_tcb_write_registers(GLUE_CAP_VICTIM, 1, regs,
					INJECT_REGISTERS) ?
		       K_ERR_INVALID :
		       K_OK;
}

static enum k_err registers_read(uint64_t *regs)
{
	return glue_tcb_read_registers(GLUE_CAP_VICTIM, 0, regs,
				       INJECT_REGISTERS) ?
		       K_ERR_INVALID :
		       K_OK;
}

static int is_of_kind(const struct glue_victim_part *part, int writable)
{
	return writable ? part->writable != 0 : part->executable != 0;
}

/* A place in the parts of one kind, and where that part ends; 0: none. */
static uint64_t place(struct injection *in, int writable, uint64_t *end)
{
	const struct glue_victim_part *part = in->victim.part;
	uint64_t bytes = 0, at;

	for (uint32_t i = 0; i < in->victim.parts; i++)
		bytes += is_of_kind(&part[i], writable) ? part[i].bytes : 0;
	if (bytes < 8)
		return 0;
	at = random_below(in, bytes) & (writable ? ~7ul : ~3ul);
	for (;; part++) {
		if (!is_of_kind(part, writable))
			continue;
		*end = part->vaddr + part->bytes;
		if (at < part->bytes)
			return part->vaddr + at;
		at -= part->bytes;
	}
}

/* Bits of an instruction that say where it branches to; 0: it does not. */
static uint32_t branch_bits(struct injection *in, uint32_t word)
{
	uint32_t bits = 1 + (uint32_t)random_below(in, 255);

	if ((word & 0x7c000000) == 0x14000000) /* b, bl */
		return bits;
	if ((word & 0x7c000000) == 0x34000000 || /* cbz .. tbnz */
	    (word & 0xff000010) == 0x54000000)	 /* b.cond */
		return bits << 5;
	return 0;
}

/* The next instruction of the kind wanted, from a place in the page on; behind
 * its end comes its beginning. Return: its number, or PAGE_WORDS. */
static uint32_t word_choose(struct injection *in, enum glue_fault_kind kind,
			    uint32_t from, uint32_t words)
{
	for (uint32_t i = 0; i < words; i++) {
		uint32_t at = (from + i) % words;
		uint32_t bits = 1u << random_below(in, 32);

		if (kind == GLUE_FAULT_BRANCH)
			bits = branch_bits(in, in->window[at]);
		in->becomes = in->window[at] ^ bits;
		if (bits)
			return at;
	}
	return PAGE_WORDS;
}

static enum k_err change_code(struct injection *in, enum glue_fault_kind kind)
{
	uint64_t end, at = place(in, 0, &end), page = at & ~(PAGE_BYTES - 1ul);
	uint32_t word, was;
	enum k_err err;

	if (at == 0)
		return K_ERR_NOTFOUND;
	err = borrow(in, page, GLUE_VICTIM_NEW);
	if (err)
		return err;
	word = word_choose(in, kind, (uint32_t)(at - page) / 4,
			   end - page < PAGE_BYTES ?
				   (uint32_t)(end - page) / 4 :
				   PAGE_WORDS);
	if (word == PAGE_WORDS)
		return K_ERR_NOTFOUND;
	was = in->window[word];
	in->window[word] = INJECT_LOOP;
	in->stop = page + 4ul * word;
	SAY(in, "instruction 0x%08x at 0x%lx becomes 0x%08x\n", was, in->stop,
	    in->becomes);
	return borrow(in, page, GLUE_VICTIM_AGAIN);
}

/* Words from `at` to `end` of which the tool changes the first one whose value
 * is in [low, low + span). */
struct target {
	uint64_t at, end, low, span;
};

/* What it points to is its image, or Linux's memory in the arena. */
static void aim_pointer(struct injection *in, struct target *t)
{
	t->low = GLUE_IMAGE_VADDR;
	t->span = in->victim.image_end - t->low;
	if (!in->victim.linear || random_below(in, 2))
		return;
	t->low = in->victim.dma_vaddr;
	t->span = in->victim.dma_bytes;
}

/* A Linux driver's heap is its arena; a native driver has none but its data. */
static void aim_data(struct injection *in, enum glue_fault_kind kind,
		     struct target *t)
{
	const struct glue_victim *v = &in->victim;

	if (!v->linear || !v->dma_bytes ||
	    (kind == GLUE_FAULT_POINTER && random_below(in, 2))) {
		t->at = place(in, 1, &t->end);
		return;
	}
	t->at = v->dma_vaddr + (random_below(in, v->dma_bytes) & ~7ul);
	t->end = v->dma_vaddr + v->dma_bytes;
}

/* The innermost functions' part: the thread's own stack, or a fiber's. */
static void aim_stack(struct injection *in, struct target *t)
{
	uint64_t sp = in->regs[SP] & ~7ul;

	t->end = sp + DEPTH;
	if (sp <= GLUE_STACK_TOP && t->end > GLUE_STACK_TOP)
		t->end = GLUE_STACK_TOP;
	if (sp < t->end)
		t->at = sp + (random_below(in, t->end - sp) & ~7ul);
}

/* The page for the tool, and the thread as it is. */
static enum k_err tool_give(struct injection *in)
{
	enum k_err err = borrow(in, GLUE_TOOL_VADDR, GLUE_VICTIM_NEW);

	if (err)
		return err;
	memcpy(in->window, tool, sizeof(tool));
	err = borrow(in, GLUE_TOOL_VADDR, GLUE_VICTIM_AGAIN);
	return err ? err : registers_read(in->regs);
}

static enum k_err change_data(struct injection *in, enum glue_fault_kind kind)
{
	struct target t = { 0, 0, 0, ~0ul };
	uint64_t regs[INJECT_REGISTERS], words;

	if (kind == GLUE_FAULT_STACK)
		aim_stack(in, &t);
	else
		aim_data(in, kind, &t);
	if (t.at == 0)
		return K_ERR_NOTFOUND;
	words = (t.end - t.at) / sizeof(uint64_t);
	if (kind == GLUE_FAULT_POINTER)
		aim_pointer(in, &t);
	else
		words = 1;
	memcpy(regs, in->regs, sizeof(regs));
	regs[PC] = INSIDE(0);
	regs[X(0)] = t.at;
	regs[X(1)] = words < SCAN_WORDS ? words : SCAN_WORDS;
	regs[X(2)] = t.low;
	regs[X(3)] = t.span;
	regs[X(4)] = 1 + random_below(in, ~0ul);
	in->stop = INSIDE(TOOL_END);
	return registers_write(regs); /* what was there is said when known */
}

/* Its own call to the kernel: the interrupt signals nobody any more. */
static enum k_err interrupt_lose(struct injection *in)
{
	uint64_t regs[INJECT_REGISTERS];

	memcpy(regs, in->regs, sizeof(regs));
	regs[PC] = INSIDE(TOOL_CALL);
	regs[X(0)] = GLUE_CAP_IRQ0;
	regs[X(1)] = abi_info(ABI_IRQ_HANDLER_CLEAR, 0, 0);
	regs[X(7)] = (uint64_t)ABI_SYS_CALL;
	in->stop = INSIDE(TOOL_CALL + 1);
	return registers_write(regs);
}

static enum k_err change_register(struct injection *in)
{
	unsigned int i = (unsigned int)random_below(in, 32);
	unsigned int word = i < 31 ? X(i) : SP;
	unsigned int bit = (unsigned int)random_below(in, 64);
	uint64_t *regs = in->regs;
	char name[8] = "sp";

	if (i < 31)
		glue_snprintf(name, sizeof(name), "x%u", i);
	regs[word] ^= 1ul << bit;
	SAY(in, "at pc 0x%lx, %s becomes 0x%lx\n", regs[PC], name, regs[word]);
	return registers_write(regs);
}

static void storm_prepare(uint64_t *regs)
{
	regs[X(10)] = GLUE_ENV_VADDR + offsetof(struct glue_env_page, env.beat);
	regs[X(11)] = GLUE_COUNTERS_VADDR +
		      offsetof(struct glue_counter_page, beat);
	regs[X(12)] = GLUE_CAP_IRQ0;
	regs[X(13)] = abi_info(ABI_IRQ_HANDLER_ACK, 0, 0);
	regs[X(14)] = (uint64_t)ABI_SYS_CALL;
	regs[X(15)] = GLUE_CAP_NOTIFY;
	regs[X(16)] = (uint64_t)ABI_SYS_NBRECV;
}

/* The thread goes elsewhere. */
static enum k_err change_course(struct injection *in, enum glue_fault_kind kind)
{
	uint64_t *regs = in->regs, pc = regs[PC];
	const char *what = "begins to loop for ever";

	regs[X(30)] = pc;
	regs[PC] = INSIDE(TOOL_END);
	if (kind == GLUE_FAULT_NULL) {
		regs[PC] = 0;
		what = "calls address 0";
	}
	if (kind == GLUE_FAULT_STORM) {
		regs[PC] = INSIDE(TOOL_STORM);
		storm_prepare(regs);
		what = "begins to acknowledge its interrupt for ever";
	}
	SAY(in, "at pc 0x%lx it %s\n", pc, what);
	return registers_write(regs);
}

int inject_waits(enum glue_fault_kind kind)
{
	return kind < GLUE_FAULT_REGISTER || kind == GLUE_FAULT_DEAF;
}

enum k_err inject_begin(struct injection *in, enum glue_fault_kind kind)
{
	int tool_needed = kind != GLUE_FAULT_REGISTER &&
			  kind != GLUE_FAULT_NULL;
	enum k_err err = borrow(in, 0, GLUE_VICTIM_NEW);

	if (!err && kind <= GLUE_FAULT_BRANCH)
		return change_code(in, kind);
	if (!err)
		err = tool_needed ? tool_give(in) : registers_read(in->regs);
	if (err)
		return err;
	if (kind == GLUE_FAULT_REGISTER)
		return change_register(in);
	if (kind == GLUE_FAULT_DEAF)
		return interrupt_lose(in);
	return kind < GLUE_FAULT_REGISTER ? change_data(in, kind) :
					    change_course(in, kind);
}

/* The tool has done its work: x0, x5, x6 tell what, or x1 what the kernel has
 * answered. */
static enum k_err tool_met(struct injection *in, const uint64_t *now)
{
	if (in->stop != INSIDE(TOOL_END))
		SAY(in, "its interrupt is lost from now on: %lu\n",
		    abi_info_label(now[X(1)]));
	else if (now[X(1)])
		SAY(in, "word 0x%lx at 0x%lx becomes 0x%lx\n", now[X(5)],
		    now[X(0)], now[X(6)]);
	else
		SAY(in, "no pointer up to 0x%lx\n", now[X(0)]);
	return registers_write(in->regs);
}

enum k_err inject_met(struct injection *in, enum glue_fault_kind kind)
{
	uint64_t now[INJECT_REGISTERS];
	enum k_err err = borrow(in, in->page, GLUE_VICTIM_AGAIN);

	if (!err)
		err = registers_read(now);
	if (!err && now[PC] != in->stop)
		return K_ERR_BUSY;
	if (err || kind > GLUE_FAULT_BRANCH)
		return err ? err : tool_met(in, now);
	SAY(in, "the instruction at 0x%lx is run now\n", in->stop);
	in->window[(in->stop - in->page) / 4] = in->becomes;
	return borrow(in, in->page, GLUE_VICTIM_KEEP);
}
