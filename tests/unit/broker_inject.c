/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_inject.c - a process's thread and code are lent, and taken back.
 *
 * The program (broker_make.c) has code at 0x400000, all of it 0x41414141 but
 * one branch at 0x401000, and data at 0x402010. What is put there and why:
 * tests/unit/inject_change.c.
 */
#include <string.h>
#include <glue/fault.h>

#include "broker_world.h"

#include "../../broker/loader.h"
#include "../../broker/supervisor.h"

#define PAGE   0x400000ul
#define PAGE2  0x401000ul
#define PLAIN  0x41414141u
#define BRANCH 0x14000010u
#define OTHER  0xd503201fu

static struct broker_process *victim, *shell;

static int set_up(void **state)
{
	world_set_up(state);
	world_drivers_ready();
	fake_map_replaces();
	victim = world_process("blk0/vblk");
	shell = world_process("shell");
	return 0;
}

static int lend_to(struct broker_process *from, uint64_t page,
		   enum glue_victim_how how)
{
	return world_call(from, GLUE_BROKER_VICTIM, 3, (uint64_t)victim->pid,
			  page, (uint64_t)how);
}

static int lend(uint64_t page, enum glue_victim_how how)
{
	return lend_to(shell, page, how);
}

static uint32_t *window(void)
{
	assert_int_equal(fake_rights(shell->vspace.cap, GLUE_VICTIM_VADDR),
			 ABI_RIGHT_READ | ABI_RIGHT_WRITE);
	return fake_look(shell->vspace.cap, GLUE_VICTIM_VADDR);
}

static uint32_t code_at(uint64_t vaddr)
{
	uint32_t word;

	assert_int_equal(fake_rights(victim->vspace.cap, vaddr),
			 ABI_RIGHT_READ | 0x100);
	memcpy(&word, fake_look(victim->vspace.cap, vaddr), sizeof(word));
	return word;
}

static unsigned int thread_tag(void)
{
	return fake_cap_tag(broker_process_slot(shell, GLUE_CAP_VICTIM));
}

static void a_page_and_the_thread(void **state)
{
	struct glue_victim v;

	(void)state;
	assert_int_equal(thread_tag(), 0);
	assert_int_equal(lend(PAGE, GLUE_VICTIM_NEW), K_OK);
	assert_int_equal(thread_tag(), ABI_CAP_THREAD);
	assert_int_equal(window()[7], PLAIN);
	window()[7] = OTHER;
	assert_int_equal(lend(PAGE, GLUE_VICTIM_AGAIN), K_OK);
	assert_int_equal(code_at(PAGE + 28), OTHER);
	assert_int_equal(code_at(PAGE + 32), PLAIN);
	assert_int_equal(code_at(PAGE2), BRANCH); /* another page */
	/* Nobody else runs it. */
	victim = world_process("blk1/vblk");
	assert_int_equal(code_at(PAGE + 28), PLAIN);
	memcpy(&v, world_reply.word, sizeof(v));
	assert_int_equal(v.parts, 2);
	assert_int_equal(v.part[0].vaddr, PAGE);
	assert_int_equal(v.part[0].bytes, 0x1100);
	assert_true(v.part[0].executable && !v.part[0].writable);
	assert_int_equal(v.part[1].vaddr, 0x402010);
	assert_int_equal(v.part[1].bytes, 0x3000);
	assert_true(!v.part[1].executable && v.part[1].writable);
	assert_int_equal(v.image_end, 0x406000);
	assert_true(v.linear);
	assert_int_equal(v.dma_bytes, 96 * 1024);
	assert_int_equal(v.dma_vaddr,
			 world_process("blk0/vblk")->page->env.dma_vaddr);
}

/* What others see of it: whose thread somebody has, while there is one. */
static void who_has_whose_thread(void **state)
{
	const struct glue_held *got = (void *)world_reply.word;
	uint64_t pid = shell->pid, place = GLUE_CAP_VICTIM;

	(void)state;
	assert_int_equal(world_call(shell, GLUE_BROKER_HELD, 3, pid, place,
				    0ul),
			 K_ERR_NOTFOUND);
	lend(0, GLUE_VICTIM_NEW);
	assert_int_equal(world_call(shell, GLUE_BROKER_HELD, 3, pid, place,
				    0ul),
			 K_OK);
	assert_int_equal(got->pid, victim->pid);
	assert_int_equal(world_call(shell, GLUE_BROKER_HELD, 3, pid, place,
				    1ul),
			 K_ERR_NOTFOUND);
	broker_supervise_kill(victim, shell);
	assert_int_equal(world_call(shell, GLUE_BROKER_HELD, 3, pid, place,
				    0ul),
			 K_ERR_NOTFOUND);
}

static void what_is_not_kept_is_taken_back(void **state)
{
	(void)state;
	lend(PAGE, GLUE_VICTIM_NEW);
	window()[7] = OTHER;
	lend(PAGE, GLUE_VICTIM_AGAIN);
	assert_int_equal(lend(0, GLUE_VICTIM_NEW), K_OK);
	assert_int_equal(code_at(PAGE + 28), PLAIN);
	assert_int_equal(lend(PAGE, GLUE_VICTIM_AGAIN), K_ERR_GONE);
	lend(PAGE, GLUE_VICTIM_NEW);
	window()[7] = OTHER;
	assert_int_equal(lend(PAGE, GLUE_VICTIM_KEEP), K_OK);
	assert_int_equal(lend(PAGE2, GLUE_VICTIM_NEW), K_OK);
	assert_int_equal(code_at(PAGE + 28), OTHER);
	assert_int_equal(window()[0], BRANCH);
	assert_int_equal(window()[0x100 / 4], 0); /* behind the file's bytes */
}

static void a_page_for_tools(void **state)
{
	(void)state;
	assert_int_equal(lend(GLUE_TOOL_VADDR, GLUE_VICTIM_NEW), K_OK);
	assert_int_equal(window()[0], 0);
	window()[0] = OTHER;
	lend(GLUE_TOOL_VADDR, GLUE_VICTIM_AGAIN);
	assert_int_equal(code_at(GLUE_TOOL_VADDR), OTHER);
}

static void the_victims_end_ends_it(void **state)
{
	(void)state;
	lend(PAGE, GLUE_VICTIM_NEW);
	broker_supervise_kill(victim, shell);
	assert_int_equal(thread_tag(), 0);
	assert_null(fake_look(shell->vspace.cap, GLUE_VICTIM_VADDR));
	assert_int_equal(lend(PAGE, GLUE_VICTIM_AGAIN), K_ERR_GONE);
	assert_int_equal(lend(PAGE, GLUE_VICTIM_NEW), K_OK);
}

/* What is lent to one is nothing to another, who may have it anew. */
static void one_at_a_time(void **state)
{
	struct broker_process *other;

	(void)state;
	world_start(WORLD_MANIFEST
		    "second elf=a.elf kind=test start=demand allow=fault\n");
	fake_map_replaces();
	victim = world_process("blk0/vblk");
	shell = world_process("shell");
	other = world_run("second", "");
	lend(PAGE, GLUE_VICTIM_NEW);
	window()[7] = OTHER;
	assert_int_equal(lend_to(other, PAGE, GLUE_VICTIM_AGAIN), K_ERR_GONE);
	assert_int_equal(lend_to(other, PAGE, GLUE_VICTIM_NEW), K_OK);
	assert_int_equal(code_at(PAGE + 28), PLAIN);
	assert_int_equal(lend(PAGE, GLUE_VICTIM_KEEP), K_ERR_GONE);
}

static void mistakes_are_refused(void **state)
{
	struct broker_process *client = world_run("client", "");

	(void)state;
	assert_int_equal(lend_to(client, PAGE, GLUE_VICTIM_NEW), K_ERR_DENIED);
	assert_int_equal(lend(PAGE + 4, GLUE_VICTIM_NEW), K_ERR_INVALID);
	assert_int_equal(lend(PAGE, (enum glue_victim_how)3), K_ERR_INVALID);
	assert_int_equal(lend(PAGE, GLUE_VICTIM_AGAIN), K_ERR_GONE);
	assert_int_equal(lend(0, GLUE_VICTIM_AGAIN), K_ERR_GONE);
	assert_int_equal(lend(0x402000, GLUE_VICTIM_NEW), K_ERR_NOTFOUND);
	assert_int_equal(lend(0x10000, GLUE_VICTIM_NEW), K_ERR_NOTFOUND);
	assert_int_equal(lend(~0xffful, GLUE_VICTIM_NEW), K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_VICTIM, 3, 999ul, PAGE,
				    0ul),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_VICTIM, 3,
				    (uint64_t)shell->pid, PAGE, 0ul),
			 K_ERR_INVALID);
	assert_int_equal(world_call(shell, GLUE_BROKER_VICTIM, 2, 1ul, 1ul),
			 K_ERR_INVALID);
	assert_int_equal(thread_tag(), 0);
	broker_supervise_exit(client, 0);
	victim = client;
	assert_int_equal(lend(PAGE, GLUE_VICTIM_NEW), K_ERR_GONE);
	/* Not while an answer is owed to it. */
	victim = world_run("client", "");
	broker_supervise_kill(world_process("blk0/vblk"), shell);
	world_call_name(victim, GLUE_BROKER_CONNECT, "blk0", 1, 4096ul);
	assert_int_equal(lend(PAGE, GLUE_VICTIM_NEW), K_ERR_BUSY);
}

/* Whatever cannot be made: the victim runs what it ran, and goes on. */
static void without_memory_nothing_happens(void **state)
{
	unsigned int k, failed = 0;

	(void)state;
	for (k = 1; k < 10; k++) {
		fake_fail_retype(k);
		failed += lend(PAGE, GLUE_VICTIM_NEW) == K_ERR_NOMEM;
		fake_fail_retype(0);
		assert_int_equal(code_at(PAGE + 28), PLAIN);
	}
	assert_in_range(failed, 1, 8);
	assert_int_equal(lend(PAGE, GLUE_VICTIM_NEW), K_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_page_and_the_thread, set_up),
		cmocka_unit_test_setup(who_has_whose_thread, set_up),
		cmocka_unit_test_setup(what_is_not_kept_is_taken_back, set_up),
		cmocka_unit_test_setup(a_page_for_tools, set_up),
		cmocka_unit_test_setup(the_victims_end_ends_it, set_up),
		cmocka_unit_test(one_at_a_time),
		cmocka_unit_test_setup(mistakes_are_refused, set_up),
		cmocka_unit_test_setup(without_memory_nothing_happens, set_up),
	};

	return cmocka_run_group_tests_name("broker_inject", tests, NULL, NULL);
}
