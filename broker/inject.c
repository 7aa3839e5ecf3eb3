/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inject.c - instructions, registers and data of a running process go wrong.
 *
 * The pages of a program's text are the archive's and others run them too, so
 * the page of a changed instruction becomes a private copy first. A breakpoint
 * keeps the place until the process comes there: so it is known whether a fault
 * was executed. Data change by the process's own hands: it is sent through a
 * few instructions (tool[]), whose breakpoint brings it back to where it was.
 * One fault at a time: a new one takes back an instruction that was not reached.
 */
#include "inject.h"

#include <glue/pattern.h>
#include <glue/string.h>
#include <glue/sys.h>

#include "blocks.h"
#include "loader.h"
#include "log.h"

#define BRK	   0xd4200000u
#define SCAN_WORDS 4096u /* for a branch or a pointer */
#define DEPTH	   256u	 /* bytes of the stack, from its end on */

/* Words of Read/WriteRegisters (abi.md section 10), x0 .. x6 from 3 on. */
#define PC	   0
#define SP	   1
#define X(n)	   (3 + (n))
#define X30	   16
#define REGISTERS  34u /* all but the TPIDRs */
#define INSIDE(at) (GLUE_TOOL_VADDR + 4 * (at))
#define TOOL_END   10
#define TOOL_HANG  11

/* Replace the first word whose value lies in a range. */
static const uint32_t tool[] = {
	0xf9400005, /* 0: ldr x5, [x0] */
	0xcb0200a6, /*    sub x6, x5, x2: the range begins at x2 */
	0xeb0300df, /*    cmp x6, x3: and has x3 bytes */
	0x540000a3, /*    b.lo 8f */
	0x91002000, /*    add x0, x0, #8 */
	0xf1000421, /*    subs x1, x1, #1: so many words to look at */
	0x54ffff41, /*    b.ne 0b */
	0x14000003, /*    b 10f */
	0xca0400a6, /* 8: eor x6, x5, x4 */
	0xf9000006, /*    str x6, [x0] */
	BRK,	    0x14000000, /* 11: b 11b */
};

/* The fault that is under way; pid 0: none. Both parts belong to it. */
static struct {
	uint32_t pid;
	uint32_t frame; /* of the text's private page; 0: the tool runs */
	uint64_t pc;	/* of the breakpoint that will tell */
	uint32_t was, becomes;
	uint64_t seed;
	uint64_t regs[ABI_CONTEXT_WORDS]; /* before the tool */
} armed;
static uint32_t tool_pid; /* who was given the tool last */

/* Where and what, as far as the seed has decided. */
struct injection {
	struct broker_process *process;
	uint64_t seed, drawn;
};

void broker_inject_init(void)
{
	armed.pid = 0;
	tool_pid = 0;
}

static uint64_t random_below(struct injection *in, uint64_t limit)
{
	return glue_pattern_word(in->seed, in->drawn++) % limit;
}

#define SAY(process, seed, text, ...)                                          \
	broker_log("injected into %s (pid %u), seed %lu: " text,               \
		   (process)->label, (process)->pid, (unsigned long)(seed),    \
		   __VA_ARGS__)

/* A place in the segments of one kind, and where that segment ends. */
static uint64_t place(struct injection *in, int writable, uint64_t *end,
		      const struct broker_segment **segment)
{
	const struct broker_program *program = in->process->program;
	uint64_t bytes = 0, at;

	for (unsigned int i = 0; i < program->n_segments; i++)
		if (writable ? program->segment[i].writable :
			       program->segment[i].executable)
			bytes += program->segment[i].mem_bytes;
	if (bytes < 8)
		return 0;
	at = random_below(in, bytes) & (writable ? ~7ul : ~3ul);
	for (*segment = program->segment;; (*segment)++) {
		const struct broker_segment *s = *segment;

		if (writable ? !s->writable : !s->executable)
			continue;
		*end = s->vaddr + s->file_bytes;
		if (writable)
			*end = s->vaddr + s->mem_bytes;
		if (at < s->mem_bytes)
			return s->vaddr + at;
		at -= s->mem_bytes;
	}
}

/* Over what is there: the kernel replaces a mapping. */
static enum k_err private_page(struct broker_process *process, uint64_t page,
			       const void *data, uint64_t bytes,
			       uint32_t *frame)
{
	enum k_err err = broker_account_pages(&process->memory,
					      ABI_OBJ_FRAME_SMALL, 1, frame);

	if (!err)
		err = broker_frames_fill(*frame, 0, data, bytes, 1);
	if (!err)
		err = broker_vspace_map(&process->vspace, *frame, page,
					BROKER_RX);
	return err;
}

/* In a page that is private already. */
static enum k_err text_write(struct broker_process *process, uint32_t word)
{
	uint64_t offset = armed.pc % BROKER_PAGE_BYTES;
	enum k_err err;

	glue_page_unmap(armed.frame);
	err = broker_frames_fill(armed.frame, offset, &word, sizeof(word), 1);
	if (!err)
		err = broker_vspace_map(&process->vspace, armed.frame,
					armed.pc - offset, BROKER_RX);
	return err;
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

static uint32_t text_word(const struct broker_segment *segment, uint64_t at)
{
	uint32_t word;

	memcpy(&word, segment->data + (at - segment->vaddr), sizeof(word));
	return word;
}

/* The next instruction of the kind wanted gets its new value in armed. */
static uint64_t text_choose(struct injection *in, uint64_t kind,
			    const struct broker_segment **segment)
{
	uint64_t end, at = place(in, 0, &end, segment);

	for (unsigned int i = 0; at && at + 4 <= end && i < SCAN_WORDS; i++) {
		uint32_t bits = 1u << random_below(in, 32);

		armed.was = text_word(*segment, at);
		if (kind == GLUE_FAULT_BRANCH)
			bits = branch_bits(in, armed.was);
		armed.becomes = armed.was ^ bits;
		if (bits)
			return at;
		at += sizeof(uint32_t);
	}
	return 0;
}

static enum k_err change_text(struct injection *in, uint64_t kind)
{
	const struct broker_segment *s;
	uint64_t at = text_choose(in, kind, &s), page, bytes;
	enum k_err err;

	page = at - at % BROKER_PAGE_BYTES;
	if (!at || page < s->vaddr)
		return K_ERR_NOTFOUND;
	bytes = s->vaddr + s->file_bytes - page;
	if (bytes > BROKER_PAGE_BYTES)
		bytes = BROKER_PAGE_BYTES;
	err = private_page(in->process, page, s->data + (page - s->vaddr),
			   bytes, &armed.frame);
	armed.pc = at;
	if (!err)
		err = text_write(in->process, BRK);
	if (err)
		return err;
	armed.pid = in->process->pid;
	SAY(in->process, in->seed, "instruction 0x%08x at 0x%lx becomes 0x%08x",
	    armed.was, (unsigned long)at, armed.becomes);
	return K_OK;
}

static enum k_err tool_give(struct broker_process *process)
{
	uint32_t frame;
	enum k_err err;

	if (tool_pid == process->pid)
		return K_OK;
	err = private_page(process, GLUE_TOOL_VADDR, tool, sizeof(tool),
			   &frame);
	if (!err)
		tool_pid = process->pid;
	return err;
}

/* Words from `at` to `end` of which the tool changes the first one whose value
 * is in [low, low + span). */
struct target {
	uint64_t at, end, low, span;
};

/* What it points to is its image, or Linux's memory in the arena. */
static void aim_pointer(struct injection *in, struct target *t)
{
	const struct glue_env *env = &in->process->page->env;

	t->low = GLUE_IMAGE_VADDR;
	t->span = in->process->low_end - t->low;
	if (!broker_process_is_linear(in->process) || random_below(in, 2))
		return;
	t->low = env->dma_vaddr;
	t->span = env->dma_bytes;
}

/* A Linux driver's heap is its arena; a native driver has none but its data. */
static void aim_data(struct injection *in, uint64_t kind, struct target *t)
{
	const struct glue_env *env = &in->process->page->env;
	const struct broker_segment *s;

	if (!broker_process_is_linear(in->process) ||
	    (kind == GLUE_FAULT_POINTER && random_below(in, 2))) {
		t->at = place(in, 1, &t->end, &s);
		return;
	}
	t->at = env->dma_vaddr + (random_below(in, env->dma_bytes) & ~7ul);
	t->end = env->dma_vaddr + env->dma_bytes;
}

/* The innermost functions' part: the thread's own stack, or a fiber's. */
static void aim_stack(struct injection *in, struct target *t)
{
	uint64_t sp = armed.regs[SP] & ~7ul;

	t->end = sp + DEPTH;
	if (sp <= GLUE_STACK_TOP && t->end > GLUE_STACK_TOP)
		t->end = GLUE_STACK_TOP;
	if (sp < t->end)
		t->at = sp + (random_below(in, t->end - sp) & ~7ul);
}

static enum k_err change_data(struct injection *in, uint64_t kind)
{
	struct target t = { 0, 0, 0, ~0ul };
	uint64_t regs[REGISTERS], words;

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
	memcpy(regs, armed.regs, sizeof(regs));
	regs[PC] = INSIDE(0);
	regs[X(0)] = t.at;
	regs[X(1)] = words < SCAN_WORDS ? words : SCAN_WORDS;
	regs[X(2)] = t.low;
	regs[X(3)] = t.span;
	regs[X(4)] = 1 + random_below(in, ~0ul);
	if (glue_tcb_write_registers(in->process->tcb, 1, regs, REGISTERS))
		return K_ERR_INVALID;
	armed.frame = 0;
	armed.pc = INSIDE(TOOL_END);
	armed.pid = in->process->pid;
	return K_OK; /* what was there is said when it is known */
}

/* The thread goes on with other registers. */
static enum k_err change_registers(struct injection *in, uint64_t kind)
{
	unsigned int i = (unsigned int)random_below(in, 32);
	unsigned int word = i < 31 ? broker_register_word[i] : SP;
	unsigned int bit = (unsigned int)random_below(in, 64);
	uint64_t *regs = armed.regs, pc = regs[PC];

	if (kind == GLUE_FAULT_REGISTER) {
		regs[word] ^= 1ul << bit;
		SAY(in->process, in->seed, "at pc 0x%lx, %s%u becomes 0x%lx",
		    (unsigned long)pc, i < 31 ? "x" : "sp of ", i,
		    (unsigned long)regs[word]);
	} else {
		regs[X30] = pc;
		regs[PC] = kind == GLUE_FAULT_NULL ? 0 : INSIDE(TOOL_HANG);
		SAY(in->process, in->seed, "at pc 0x%lx it %s",
		    (unsigned long)pc,
		    regs[PC] ? "begins to loop for ever" : "calls address 0");
	}
	if (glue_tcb_write_registers(in->process->tcb, 1, regs, REGISTERS))
		return K_ERR_INVALID;
	return K_OK;
}

/* Make room for the next fault. */
static enum k_err take_back(void)
{
	struct broker_process *p = broker_process_find(armed.pid);

	if (armed.pid && p && broker_process_alive(p)) {
		if (!armed.frame)
			return K_ERR_BUSY;
		text_write(p, armed.was);
	}
	armed.pid = 0;
	return K_OK;
}

enum k_err broker_inject(struct broker_process *process, uint64_t kind,
			 uint64_t seed)
{
	struct injection in = { process, seed, 0 };
	enum k_err err;

	if (kind == 0 || kind >= GLUE_FAULT_KINDS)
		return K_ERR_INVALID;
	err = process->pending.op ? K_ERR_BUSY : take_back();
	if (err)
		return err;
	armed.seed = seed;
	if (kind == GLUE_FAULT_INSTRUCTION || kind == GLUE_FAULT_BRANCH)
		return change_text(&in, kind);
	if (glue_tcb_read_registers(process->tcb, 0, armed.regs, REGISTERS))
		return K_ERR_INVALID;
	if (kind != GLUE_FAULT_REGISTER && kind != GLUE_FAULT_NULL)
		err = tool_give(process);
	if (err)
		return err;
	if (kind >= GLUE_FAULT_REGISTER)
		return change_registers(&in, kind);
	return change_data(&in, kind);
}

/* The tool has done its work: x0, x5, x6 tell what. */
static int tool_met(struct broker_process *process)
{
	uint64_t now[REGISTERS];

	if (glue_tcb_read_registers(process->tcb, 0, now, REGISTERS) ||
	    glue_tcb_write_registers(process->tcb, 0, armed.regs, REGISTERS))
		return 0;
	if (now[X(1)])
		SAY(process, armed.seed, "word 0x%lx at 0x%lx becomes 0x%lx",
		    (unsigned long)now[X(5)], (unsigned long)now[X(0)],
		    (unsigned long)now[X(6)]);
	else
		SAY(process, armed.seed, "no pointer up to 0x%lx",
		    (unsigned long)now[X(0)]);
	return 1;
}

int broker_inject_met(struct broker_process *process,
		      const struct broker_fault *fault)
{
	if (process->pid != armed.pid ||
	    fault->label != ABI_FAULT_USER_EXCEPTION ||
	    fault->word[0] != armed.pc)
		return 0;
	armed.pid = 0;
	if (!armed.frame)
		return tool_met(process);
	SAY(process, armed.seed, "the instruction at 0x%lx is run now",
	    (unsigned long)armed.pc);
	return text_write(process, armed.becomes) == K_OK;
}
