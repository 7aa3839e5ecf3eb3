/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_inject.c - software faults: what changes, where, and what is said.
 *
 * The program (broker_make.c) has code at 0x400000, all of it 0x41414141 but
 * one branch at 0x401000, and data at 0x402010. What the process itself would
 * run, the test does in its place.
 */
#include <stdio.h>
#include <string.h>

#include "broker_world.h"

#include "../../broker/inject.h"
#include "../../broker/supervisor.h"

#define BRK    0xd4200000u
#define PLAIN  0x41414141u
#define BRANCH 0x14000010u
#define PC     0
#define SP     1
#define X(n)   (3 + (n))
#define X30    16

static struct broker_process *victim;
static uint64_t before[ABI_CONTEXT_WORDS];

static int set_up(void **state)
{
	world_set_up_ready(state);
	fake_map_replaces();
	victim = world_process("blk0/vblk");
	for (unsigned int i = 0; i < ABI_CONTEXT_WORDS; i++)
		before[i] = 0x1000 + i;
	before[PC] = 0x400100;
	before[SP] = GLUE_STACK_TOP - 64;
	return glue_tcb_write_registers(victim->tcb, 1, before,
					ABI_CONTEXT_WORDS);
}

static int inject(enum glue_fault_kind kind, uint64_t seed)
{
	return world_call(world_process("shell"), GLUE_BROKER_FAULT, 3,
			  (uint64_t)victim->pid, (uint64_t)kind, seed);
}

static uint32_t text_at(uint64_t vaddr)
{
	uint32_t word;

	assert_int_equal(fake_rights(victim->vspace.cap, vaddr),
			 ABI_RIGHT_READ | 0x100);
	memcpy(&word, fake_look(victim->vspace.cap, vaddr), sizeof(word));
	return word;
}

static int met(uint64_t pc)
{
	const struct broker_fault fault = {
		.label = ABI_FAULT_USER_EXCEPTION,
		.length = 4,
		.word = { pc, 0, 0, 0xf2000000 },
	};

	return broker_inject_met(victim, &fault);
}

/* What was said last. */
static void said(unsigned long *was, unsigned long *at, unsigned long *becomes)
{
	const char *line = strstr(fake_text(), ": instruction ");

	assert_non_null(strstr(fake_text(), "injected into blk0/vblk (pid "));
	assert_non_null(line);
	assert_int_equal(sscanf(line,
				": instruction 0x%lx at 0x%lx becomes 0x%lx",
				was, at, becomes),
			 3);
}

static void an_instruction_goes_wrong_when_it_is_reached(void **state)
{
	unsigned long was, at, becomes, again;

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		set_up(NULL);
		assert_int_equal(inject(GLUE_FAULT_INSTRUCTION, seed), K_OK);
		said(&was, &at, &becomes);
		assert_int_equal(was, at == 0x401000 ? BRANCH : PLAIN);
		assert_int_equal(__builtin_popcountl(was ^ becomes), 1);
		assert_int_equal(text_at(at), BRK);
		assert_int_equal(text_at(at ^ 8), PLAIN);
		assert_false(met(at + 4));
		assert_true(met(at));
		assert_int_equal(text_at(at), becomes);
		assert_non_null(strstr(fake_text(), "is run now\n"));
		assert_false(met(at));
		set_up(NULL);
		inject(GLUE_FAULT_INSTRUCTION, seed);
		again = at;
		said(&was, &at, &becomes);
		assert_int_equal(at, again);
	}
}

static void a_branch_goes_elsewhere(void **state)
{
	unsigned long was, at, becomes;
	unsigned int found = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		set_up(NULL);
		if (inject(GLUE_FAULT_BRANCH, seed) == K_ERR_NOTFOUND)
			continue; /* it lies before where the seed begins */
		said(&was, &at, &becomes);
		assert_int_equal(was, BRANCH);
		assert_int_equal(at, 0x401000);
		assert_int_equal(becomes & 0xffffff00, BRANCH & 0xffffff00);
		assert_int_not_equal(becomes, was);
		found++;
	}
	assert_true(found > 10);
}

/* One fault at a time. */
static void an_instruction_not_reached_is_taken_back(void **state)
{
	unsigned long was, at, becomes;

	(void)state;
	inject(GLUE_FAULT_INSTRUCTION, 1);
	said(&was, &at, &becomes);
	assert_int_equal(inject(GLUE_FAULT_REGISTER, 2), K_OK);
	assert_int_equal(text_at(at), was);
	assert_false(met(at));
	/* Whoever died with it has nothing to take back. */
	inject(GLUE_FAULT_INSTRUCTION, 1);
	broker_supervise_kill(victim, world_process("shell"));
	assert_int_equal(inject(GLUE_FAULT_REGISTER, 2), K_OK);
}

static void only_one_register_bit_flips(void **state)
{
	const uint64_t *regs = fake_thread_regs(victim->tcb);
	uint64_t seen = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 300; seed++) {
		unsigned int flipped = 0;

		glue_tcb_write_registers(victim->tcb, 1, before,
					 ABI_CONTEXT_WORDS);
		assert_int_equal(inject(GLUE_FAULT_REGISTER, seed), K_OK);
		for (unsigned int i = 0; i < ABI_CONTEXT_WORDS; i++) {
			flipped += (unsigned int)__builtin_popcountl(regs[i] ^
								     before[i]);
			if (regs[i] != before[i])
				seen |= 1ul << i;
		}
		assert_int_equal(flipped, 1);
	}
	/* sp and x0..x30, and neither pc nor flags. */
	assert_int_equal(seen, 0x3fffffffaul);
	assert_int_equal(fake_thread_runs(victim->tcb), 1);
}

static void it_calls_null_or_loops(void **state)
{
	const uint64_t *regs = fake_thread_regs(victim->tcb);

	(void)state;
	assert_int_equal(inject(GLUE_FAULT_NULL, 0), K_OK);
	assert_int_equal(regs[PC], 0);
	assert_int_equal(regs[X30], before[PC]);
	assert_int_equal(inject(GLUE_FAULT_HANG, 0), K_OK);
	assert_int_equal(text_at(regs[PC]), 0x14000000);
}

/* The tool runs, and the thread is as it was; what it did is told. */
static void data_changes(enum glue_fault_kind kind, uint64_t low, uint64_t end)
{
	uint64_t regs[ABI_CONTEXT_WORDS], at, stop;

	for (uint64_t seed = 0; seed < 40; seed++) {
		glue_tcb_write_registers(victim->tcb, 1, before,
					 ABI_CONTEXT_WORDS);
		assert_int_equal(inject(kind, seed), K_OK);
		memcpy(regs, fake_thread_regs(victim->tcb), sizeof(regs));
		at = regs[X(0)];
		assert_in_range(at, low, end - 8);
		assert_in_range(at + 8 * regs[X(1)], low, end);
		assert_int_equal(text_at(regs[PC]), 0xf9400005);
		for (stop = regs[PC]; text_at(stop) != BRK; stop += 4)
			;
		assert_int_equal(inject(kind, seed), K_ERR_BUSY);
		regs[X(5)] = 17;
		regs[X(6)] = 17 ^ regs[X(4)];
		if (kind == GLUE_FAULT_POINTER && seed % 2)
			regs[X(1)] = 0; /* it found none */
		glue_tcb_write_registers(victim->tcb, 1, regs,
					 ABI_CONTEXT_WORDS);
		fake_text_clear();
		assert_true(met(stop));
		assert_non_null(strstr(fake_text(), regs[X(1)] ?
							    "word 0x11 at 0x" :
							    "no pointer"));
		assert_memory_equal(fake_thread_regs(victim->tcb), before,
				    34 * sizeof(before[0]));
	}
}

static void data_go_wrong(void **state)
{
	const struct glue_env *env = &victim->page->env;

	(void)state;
	data_changes(GLUE_FAULT_STACK, GLUE_STACK_TOP - 64, GLUE_STACK_TOP);
	data_changes(GLUE_FAULT_HEAP, env->dma_vaddr,
		     env->dma_vaddr + env->dma_bytes);
	data_changes(GLUE_FAULT_POINTER, 0x402010,
		     env->dma_vaddr + env->dma_bytes);
	victim = world_run("other", ""); /* it has no arena */
	assert_int_equal(inject(GLUE_FAULT_STACK, 0), K_ERR_NOTFOUND);
	glue_tcb_write_registers(victim->tcb, 1, before, ABI_CONTEXT_WORDS);
	data_changes(GLUE_FAULT_HEAP, 0x402010, 0x405010);
}

static void mistakes_are_refused(void **state)
{
	struct broker_process *shell = world_process("shell");
	struct broker_process *client = world_run("client", "");

	(void)state;
	assert_int_equal(world_call(client, GLUE_BROKER_FAULT, 3,
				    (uint64_t)victim->pid, 1ul, 0ul),
			 K_ERR_DENIED);
	assert_int_equal(inject((enum glue_fault_kind)0, 0), K_ERR_INVALID);
	assert_int_equal(inject(GLUE_FAULT_KINDS, 0), K_ERR_INVALID);
	assert_int_equal(world_call(shell, GLUE_BROKER_FAULT, 3, 999ul, 1ul,
				    0ul),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_FAULT, 3,
				    (uint64_t)shell->pid, 1ul, 0ul),
			 K_ERR_INVALID);
	assert_int_equal(world_call(shell, GLUE_BROKER_FAULT, 2, 1ul, 1ul),
			 K_ERR_INVALID);
	broker_supervise_exit(client, 0);
	victim = client;
	assert_int_equal(inject(GLUE_FAULT_NULL, 0), K_ERR_GONE);
	/* Not while an answer is owed to it. */
	victim = world_run("client", "");
	broker_supervise_kill(world_process("blk0/vblk"), shell);
	world_call_name(victim, GLUE_BROKER_CONNECT, "blk0", 1, 4096ul);
	assert_int_equal(inject(GLUE_FAULT_NULL, 0), K_ERR_BUSY);
}

/* No memory for the private page: nothing has changed. */
static void without_memory_nothing_happens(void **state)
{
	(void)state;
	for (unsigned int kind = 1; kind < GLUE_FAULT_REGISTER; kind++) {
		fake_fail_retype(1);
		if (kind != GLUE_FAULT_BRANCH)
			assert_int_equal(inject(kind, 3), K_ERR_NOMEM);
		fake_fail_retype(0);
		assert_memory_equal(fake_thread_regs(victim->tcb), before,
				    sizeof(before));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			an_instruction_goes_wrong_when_it_is_reached, set_up),
		cmocka_unit_test_setup(a_branch_goes_elsewhere, set_up),
		cmocka_unit_test_setup(an_instruction_not_reached_is_taken_back,
				       set_up),
		cmocka_unit_test_setup(only_one_register_bit_flips, set_up),
		cmocka_unit_test_setup(it_calls_null_or_loops, set_up),
		cmocka_unit_test_setup(data_go_wrong, set_up),
		cmocka_unit_test_setup(mistakes_are_refused, set_up),
		cmocka_unit_test_setup(without_memory_nothing_happens, set_up),
	};

	return cmocka_run_group_tests_name("broker_inject", tests, NULL, NULL);
}
