/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inject_change.c - software faults: what changes, where, and what is said.
 *
 * The broker and the kernel are played here: a process with code at 0x400000, all
 * of it 0x41414141 but one branch at 0x401000, and data at 0x402010. What the
 * process itself would run, the test does in its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <abi/label.h>
#include <glue/broker_client.h>
#include <glue/env.h>
#include <glue/places.h>
#include <glue/print.h>
#include <glue/sys.h>

#include "../../apps/inject/inject.h"

#define PLAIN  0x41414141u
#define BRANCH 0x14000010u
#define PC     0
#define SP     1
#define X(n)   (3 + (n))
#define X30    16
#define DMA    0x600000ul

static uint64_t thread[INJECT_REGISTERS], before[INJECT_REGISTERS];
static uint32_t code[2][1024], tools[1024], *shown;
static uint64_t page_lent;
static enum glue_victim_how how_last;
static enum k_err answer; /* of the broker, if not K_OK */
static struct glue_victim victim;
static struct injection in;
static char said_text[256];

enum k_err glue_broker_victim(uint32_t pid, uint64_t page,
			      enum glue_victim_how how, struct glue_victim *v)
{
	assert_int_equal(pid, 5);
	if (answer)
		return answer;
	*v = victim;
	how_last = how;
	if (how != GLUE_VICTIM_NEW) {
		assert_int_equal(page, page_lent);
		memcpy(shown, in.window, 4096);
		return K_OK;
	}
	page_lent = page;
	shown = page == GLUE_TOOL_VADDR ? tools :
					  code[(page - 0x400000) / 4096 % 2];
	if (page)
		memcpy(in.window, shown, 4096);
	return K_OK;
}

enum abi_error glue_tcb_read_registers(glue_cptr tcb, int suspend,
				       uint64_t *regs, unsigned int count)
{
	assert_int_equal(tcb, GLUE_CAP_VICTIM);
	assert_false(suspend);
	memcpy(regs, thread, count * sizeof(*regs));
	return ABI_OK;
}

enum abi_error glue_tcb_write_registers(glue_cptr tcb, int resume,
					const uint64_t *regs,
					unsigned int count)
{
	assert_int_equal(tcb, GLUE_CAP_VICTIM);
	assert_true(resume);
	memcpy(thread, regs, count * sizeof(*regs));
	return ABI_OK;
}

int glue_snprintf(char *text, size_t bytes, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, bytes, format, args);
	va_end(args);
	return length;
}

void glue_printf(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(said_text, sizeof(said_text), format, args);
	va_end(args);
}

static int set_up(void **state)
{
	static uint32_t window[1024];

	(void)state;
	for (unsigned int i = 0; i < 2048; i++)
		code[i / 1024][i % 1024] = i < 0x1100 / 4 ? PLAIN : 0;
	code[1][0] = BRANCH;
	memset(tools, 0, sizeof(tools));
	victim = (struct glue_victim){
		.part = { { 0x400000, 0x1100, 0, 1 },
			  { 0x402010, 0x3000, 1, 0 } },
		.parts = 2,
		.linear = 1,
		.image_end = 0x406000,
		.dma_vaddr = DMA,
		.dma_bytes = 0x10000,
	};
	for (unsigned int i = 0; i < INJECT_REGISTERS; i++)
		before[i] = 0x1000 + i;
	before[PC] = 0x400100;
	before[SP] = GLUE_STACK_TOP - 64;
	memcpy(thread, before, sizeof(thread));
	in = (struct injection){ .pid = 5,
				 .label = "blk0/vblk",
				 .window = window };
	answer = K_OK;
	said_text[0] = '\0';
	return 0;
}

static enum k_err inject(enum glue_fault_kind kind, uint64_t seed)
{
	in.seed = seed;
	in.drawn = 0;
	return inject_begin(&in, kind);
}

static uint32_t code_at(uint64_t at)
{
	return code[(at - 0x400000) / 4096][at % 4096 / 4];
}

static void said(unsigned int *was, unsigned long *at, unsigned int *becomes)
{
	assert_non_null(strstr(said_text, "injected into blk0/vblk (pid 5)"));
	assert_int_equal(sscanf(strstr(said_text, ": instruction"),
				": instruction 0x%x at 0x%lx becomes 0x%x\n",
				was, at, becomes),
			 3);
}

static void an_instruction_goes_wrong_when_it_is_reached(void **state)
{
	unsigned int was, becomes;
	unsigned long at, again;

	(void)state;
	assert_true(inject_waits(GLUE_FAULT_INSTRUCTION));
	for (uint64_t seed = 0; seed < 50; seed++) {
		set_up(NULL);
		assert_int_equal(inject(GLUE_FAULT_INSTRUCTION, seed), K_OK);
		said(&was, &at, &becomes);
		assert_int_equal(was, at == 0x401000 ? BRANCH : PLAIN);
		assert_int_equal(__builtin_popcount(was ^ becomes), 1);
		assert_int_equal(code_at(at), INJECT_LOOP);
		assert_int_equal(inject_met(&in, GLUE_FAULT_INSTRUCTION),
				 K_ERR_BUSY);
		assert_int_equal(code_at(at), INJECT_LOOP);
		thread[PC] = at;
		assert_int_equal(inject_met(&in, GLUE_FAULT_INSTRUCTION), K_OK);
		assert_int_equal(code_at(at), becomes);
		assert_int_equal(how_last, GLUE_VICTIM_KEEP);
		assert_non_null(strstr(said_text, "is run now\n"));
		set_up(NULL);
		inject(GLUE_FAULT_INSTRUCTION, seed);
		again = at;
		said(&was, &at, &becomes);
		assert_int_equal(at, again);
	}
}

static void a_branch_goes_elsewhere(void **state)
{
	unsigned int was, becomes, found = 0;
	unsigned long at;

	(void)state;
	for (uint64_t seed = 0; seed < 300; seed++) {
		set_up(NULL);
		if (inject(GLUE_FAULT_BRANCH, seed) == K_ERR_NOTFOUND)
			continue; /* there is none in that page */
		said(&was, &at, &becomes);
		assert_int_equal(was, BRANCH);
		assert_int_equal(at, 0x401000);
		assert_int_equal(becomes & 0xffffff00, BRANCH & 0xffffff00);
		assert_int_not_equal(becomes, was);
		found++;
	}
	assert_in_range(found, 5, 60); /* 0x100 of 0x1100 bytes */
}

/* cbz, tbz and b.cond keep what they look at. */
static void conditions_stay(void **state)
{
	static const uint32_t words[] = { 0xb4000085, 0x36100085, 0x54000080 };
	unsigned int was, becomes;
	unsigned long at;

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		set_up(NULL);
		for (unsigned int w = 0; w < 1024; w++)
			code[0][w] = words[i];
		victim.part[0].bytes = 0x1000;
		assert_int_equal(inject(GLUE_FAULT_BRANCH, 1), K_OK);
		said(&was, &at, &becomes);
		assert_int_equal((was ^ becomes) & ~(0xffu << 5), 0);
		assert_int_not_equal(was, becomes);
	}
}

static void only_one_register_bit_flips(void **state)
{
	uint64_t seen = 0;

	(void)state;
	assert_false(inject_waits(GLUE_FAULT_REGISTER));
	for (uint64_t seed = 0; seed < 300; seed++) {
		unsigned int flipped = 0;

		set_up(NULL);
		assert_int_equal(inject(GLUE_FAULT_REGISTER, seed), K_OK);
		for (unsigned int i = 0; i < INJECT_REGISTERS; i++) {
			flipped += (unsigned int)__builtin_popcountl(thread[i] ^
								     before[i]);
			if (thread[i] != before[i])
				seen |= 1ul << i;
		}
		assert_int_equal(flipped, 1);
	}
	/* sp and x0..x30, and neither pc nor flags. */
	assert_int_equal(seen, 0x3fffffffaul);
}

static void it_calls_null_or_loops(void **state)
{
	(void)state;
	assert_int_equal(inject(GLUE_FAULT_NULL, 0), K_OK);
	assert_int_equal(thread[PC], 0);
	assert_int_equal(thread[X30], before[PC]);
	memcpy(thread, before, sizeof(thread));
	assert_int_equal(inject(GLUE_FAULT_HANG, 0), K_OK);
	assert_int_equal(tools[(thread[PC] - GLUE_TOOL_VADDR) / 4],
			 INJECT_LOOP);
}

/* What the instructions do is seen when they run: make faults CLASS=stuck. */
static void its_interrupt_is_acknowledged_for_ever(void **state)
{
	uint32_t at;

	(void)state;
	assert_false(inject_waits(GLUE_FAULT_STORM));
	assert_int_equal(inject(GLUE_FAULT_STORM, 0), K_OK);
	at = (uint32_t)(thread[PC] - GLUE_TOOL_VADDR) / 4;
	assert_int_equal(tools[at], 0xb9400149);     /* ldr w9, [x10] */
	assert_int_equal(tools[at + 9], 0x17fffff7); /* b, to that */
	assert_int_equal(thread[abi_context_word(10)],
			 &((struct glue_env_page *)GLUE_ENV_VADDR)->env.beat);
	assert_int_equal(thread[abi_context_word(12)], GLUE_CAP_IRQ0);
	assert_int_equal(abi_info_label(thread[abi_context_word(13)]),
			 ABI_IRQ_HANDLER_ACK);
}

static void its_interrupt_goes_nowhere(void **state)
{
	(void)state;
	assert_true(inject_waits(GLUE_FAULT_DEAF));
	assert_int_equal(inject(GLUE_FAULT_DEAF, 0), K_OK);
	assert_int_equal(tools[(thread[PC] - GLUE_TOOL_VADDR) / 4], 0xd4000001);
	assert_int_equal(thread[X(0)], GLUE_CAP_IRQ0);
	assert_int_equal(abi_info_label(thread[X(1)]), ABI_IRQ_HANDLER_CLEAR);
	assert_int_equal(inject_met(&in, GLUE_FAULT_DEAF), K_ERR_BUSY);
	thread[PC] += 4;
	assert_int_equal(inject_met(&in, GLUE_FAULT_DEAF), K_OK);
	assert_memory_equal(thread, before, sizeof(before));
}

/* The tool runs, and the thread is as it was; what it did is told. */
static void data_changes(enum glue_fault_kind kind, uint64_t low, uint64_t end)
{
	assert_true(inject_waits(kind));
	for (uint64_t seed = 0; seed < 40; seed++) {
		uint64_t at;
		int none = kind == GLUE_FAULT_POINTER && seed % 2;

		memcpy(thread, before, sizeof(thread));
		assert_int_equal(inject(kind, seed), K_OK);
		at = thread[X(0)];
		assert_in_range(at, low, end - 8);
		assert_in_range(at + 8 * thread[X(1)], low, end);
		assert_int_equal(thread[PC], GLUE_TOOL_VADDR);
		assert_int_equal(tools[0], 0xf9400005);
		assert_int_equal(inject_met(&in, kind), K_ERR_BUSY);
		while (tools[(thread[PC] - GLUE_TOOL_VADDR) / 4] != INJECT_LOOP)
			thread[PC] += 4;
		thread[X(5)] = 17;
		if (none)
			thread[X(1)] = 0;
		assert_int_equal(inject_met(&in, kind), K_OK);
		assert_non_null(strstr(said_text, none ? "no pointer" :
							 "word 0x11 at 0x"));
		assert_memory_equal(thread, before, sizeof(before));
	}
}

static void data_go_wrong(void **state)
{
	(void)state;
	data_changes(GLUE_FAULT_STACK, GLUE_STACK_TOP - 64, GLUE_STACK_TOP);
	data_changes(GLUE_FAULT_HEAP, DMA, DMA + 0x10000);
	data_changes(GLUE_FAULT_POINTER, 0x402010, DMA + 0x10000);
	victim.linear = 0;
	data_changes(GLUE_FAULT_HEAP, 0x402010, 0x405010);
	victim.parts = 1;
	assert_int_equal(inject(GLUE_FAULT_HEAP, 0), K_ERR_NOTFOUND);
	victim.part[0].executable = 0;
	assert_int_equal(inject(GLUE_FAULT_INSTRUCTION, 0), K_ERR_NOTFOUND);
}

static void the_brokers_errors_come_through(void **state)
{
	(void)state;
	inject(GLUE_FAULT_INSTRUCTION, 1);
	answer = K_ERR_GONE;
	assert_int_equal(inject_met(&in, GLUE_FAULT_INSTRUCTION), K_ERR_GONE);
	for (unsigned int kind = 1; kind < GLUE_FAULT_KINDS; kind++)
		assert_int_equal(inject((enum glue_fault_kind)kind, 1),
				 K_ERR_GONE);
	assert_memory_equal(thread, before, sizeof(before));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			an_instruction_goes_wrong_when_it_is_reached, set_up),
		cmocka_unit_test_setup(a_branch_goes_elsewhere, set_up),
		cmocka_unit_test_setup(conditions_stay, set_up),
		cmocka_unit_test_setup(only_one_register_bit_flips, set_up),
		cmocka_unit_test_setup(it_calls_null_or_loops, set_up),
		cmocka_unit_test_setup(its_interrupt_is_acknowledged_for_ever,
				       set_up),
		cmocka_unit_test_setup(its_interrupt_goes_nowhere, set_up),
		cmocka_unit_test_setup(data_go_wrong, set_up),
		cmocka_unit_test_setup(the_brokers_errors_come_through, set_up),
	};

	return cmocka_run_group_tests_name("inject_change", tests, NULL, NULL);
}
