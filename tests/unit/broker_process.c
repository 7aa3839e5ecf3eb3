/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_process.c - starts, ends, faults, requests: the broker as a whole.
 */
#include <stdlib.h>
#include <string.h>
#include <libfdt.h>

#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/fault.h"
#include "../../broker/loader.h"
#include "../../broker/slots.h"
#include "../../broker/supervisor.h"
#include "../../broker/timer.h"

#define CODE (ABI_RIGHT_READ | 0x100)
#define DATA (ABI_RIGHT_READ | ABI_RIGHT_WRITE)

static const struct glue_env *env_of(const struct broker_process *p)
{
	return fake_look(p->vspace.cap, GLUE_ENV_VADDR);
}

static void boot_starts_what_the_manifest_says(void **state)
{
	struct broker_process *blk0 = world_process("blk0/vblk");

	(void)state;
	assert_int_equal(blk0->state, GLUE_PROC_STARTING);
	assert_int_equal(blk0->device->mmio[0].paddr, 0xa000000);
	assert_int_equal(world_process("blk1/vblk")->device->mmio[0].paddr,
			 0xa001200);
	assert_int_equal(world_process("shell")->state, GLUE_PROC_READY);
	assert_non_null(
		strstr(fake_text(),
		       "started blk0/vblk (pid 1) for virtio_mmio@a000000"));
	assert_null(strstr(fake_text(), "ready,"));
	world_drivers_ready();
	assert_non_null(
		strstr(fake_text(), "kaal: ready, 2 drivers, 1 programs\n"));
}

static void pages_have_the_least_rights(void **state)
{
	struct broker_process *p = world_process("blk0/vblk");
	uint64_t v = p->vspace.cap;
	const uint8_t *code = fake_look(v, 0x400000);

	(void)state;
	assert_int_equal(code[0], 0x41);
	assert_int_equal(((const uint8_t *)fake_look(v, 0x4010ff))[0], 0x41);
	assert_int_equal(((const uint8_t *)fake_look(v, 0x401100))[0], 0);
	assert_int_equal(((const uint8_t *)fake_look(v, 0x402010))[0], 0x42);
	assert_int_equal(((const uint8_t *)fake_look(v, 0x402030))[0], 0);
	assert_int_equal(fake_rights(v, 0x400000), CODE);
	assert_int_equal(fake_rights(v, 0x402000), DATA);
	assert_int_equal(fake_rights(v, 0x406000), 0);
	assert_int_equal(fake_rights(v, GLUE_ENV_VADDR), ABI_RIGHT_READ);
	assert_int_equal(fake_rights(v, GLUE_CHANS_VADDR), ABI_RIGHT_READ);
	assert_int_equal(fake_rights(v, env_of(p)->tree_vaddr), ABI_RIGHT_READ);
	assert_int_equal(env_of(p)->tree_bytes,
			 fdt_totalsize(fake_look(v, env_of(p)->tree_vaddr)));
	assert_int_equal(fake_rights(v, GLUE_IPCBUF_VADDR), DATA);
	assert_int_equal(fake_rights(v, GLUE_COUNTERS_VADDR), DATA);
	assert_int_equal(fake_rights(v, GLUE_TRACE_VADDR), 0);
	assert_int_equal(fake_rights(v, GLUE_STACK_TOP - 4096), DATA);
	assert_int_equal(fake_rights(v, GLUE_STACK_TOP - 4097), 0);
	assert_int_equal(fake_rights(v, GLUE_MMIO_VADDR), DATA | 0x200);
	assert_int_equal(fake_rights(v, GLUE_MMIO_VADDR + 4096), 0);
	assert_int_equal(fake_rights(v, GLUE_DMA_BASE + p->arena_paddr), DATA);
	assert_int_equal(fake_rights(v, GLUE_META_BASE +
						p->arena_paddr / 4096 * 64),
			 DATA);
}

static void env_says_what_there_is(void **state)
{
	struct broker_process *p = world_process("blk1/vblk");
	const struct glue_env *env = env_of(p);

	(void)state;
	assert_int_equal(env->magic, GLUE_ENV_MAGIC);
	assert_int_equal(env->pid, p->pid);
	assert_string_equal(env->name, "vblk");
	assert_string_equal(env->service, "blk1");
	assert_int_equal(env->n_mmio, 1);
	assert_int_equal(env->mmio[0].vaddr, GLUE_MMIO_VADDR + 0x200);
	assert_int_equal(env->mmio[0].paddr, 0xa001200);
	assert_int_equal(env->mmio[0].bytes, 0x200);
	assert_int_equal(env->n_irq, 1);
	assert_int_equal(env->irq[0].intid, 57);
	assert_int_equal(env->dma_bytes, 96 * 1024);
	assert_int_equal(env->dma_bus % (128 * 1024), 0);
	assert_string_equal(env->device_node, "/virtio_mmio@a001200");
	assert_string_equal(env->device_compatible, "virtio,mmio");
	assert_string_equal(env->device_alias, "virtio:d00000002v554D4551");
	env = env_of(world_process("shell"));
	assert_int_equal(env->dma_bytes, 0);
}

static void slots_hold_the_plan_and_no_more(void **state)
{
	struct broker_process *p = world_process("blk0/vblk");
	static const unsigned int want[64] = {
		[GLUE_CAP_BROKER] = ABI_CAP_ENDPOINT,
		[GLUE_CAP_NOTIFY] = ABI_CAP_NOTIFICATION,
		[GLUE_CAP_FAULT] = ABI_CAP_ENDPOINT,
		[GLUE_CAP_IRQ0] = ABI_CAP_IRQ_HANDLER,
		[GLUE_CAP_TIMER] = ABI_CAP_ENDPOINT,
	};
	struct glue_slot slot;

	(void)state;
	for (unsigned int i = 0; i < 64; i++)
		assert_int_equal(fake_cap_tag(broker_process_slot(p, i)),
				 want[i]);
	slot = broker_process_slot(p, GLUE_CAP_BROKER);
	assert_int_equal(fake_cap_badge(slot), p->pid);
	assert_int_equal(fake_cap_rights(slot),
			 ABI_RIGHT_WRITE | ABI_RIGHT_GRANT_REPLY);
	slot = broker_process_slot(p, GLUE_CAP_FAULT);
	assert_int_equal(fake_cap_badge(slot), p->pid | BROKER_BADGE_FAULT);
	slot = broker_process_slot(p, GLUE_CAP_NOTIFY);
	assert_int_equal(fake_cap_rights(slot), ABI_RIGHT_READ);
	assert_true(fake_thread_runs(p->tcb));
	assert_int_equal(fake_thread_regs(p->tcb)[0], 0x400000);
	assert_int_equal(fake_thread_regs(p->tcb)[1], GLUE_STACK_TOP);
	assert_int_equal(fake_thread_regs(p->tcb)[3], GLUE_ENV_VADDR);
}

static void run_and_wait(void **state)
{
	struct broker_process *shell = world_process("shell");
	struct broker_process *p = world_run("client", "one two");

	(void)state;
	assert_non_null(p);
	assert_string_equal(env_of(p)->args, "x y one two");
	assert_int_equal(world_call(shell, GLUE_BROKER_WAIT, 1,
				    (uint64_t)p->pid),
			 -1);
	assert_int_equal(world_call(p, GLUE_BROKER_EXIT, 1, 7ul), -1);
	assert_int_equal(fake_replies(), 1);
	assert_int_equal(fake_reply_label(), K_OK);
	assert_int_equal(fake_reply_word(0), GLUE_PROC_ENDED);
	assert_int_equal(fake_reply_word(1), 7);
	/* Once more, after the end. */
	assert_int_equal(world_call(shell, GLUE_BROKER_WAIT, 1,
				    (uint64_t)p->pid),
			 K_OK);
	assert_int_equal(world_reply.word[1], 7);
	assert_int_equal(world_call(shell, GLUE_BROKER_WAIT, 1, 999ul),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_WAIT, 1,
				    (uint64_t)shell->pid),
			 K_ERR_INVALID);
}

static void a_hundred_starts_leave_no_trace(void **state)
{
	uint64_t free = 0;
	uint32_t slots = 0;
	unsigned int caps = 0;

	(void)state;
	for (unsigned int i = 0; i < 100; i++) {
		struct broker_process *p = world_run("client", "");

		assert_non_null(p);
		world_call(p, GLUE_BROKER_EXIT, 1, 0ul);
		if (i == 0) {
			free = broker_blocks_free();
			slots = broker_slots_free();
			caps = fake_caps();
		}
		assert_int_equal(broker_blocks_free(), free);
		assert_int_equal(broker_slots_free(), slots);
		assert_int_equal(fake_caps(), caps);
	}
}

/* The k-th kernel allocation fails, for every k: nothing is lost. */
static void every_failed_start_is_undone(void **state)
{
	uint64_t free;
	unsigned int k;

	(void)state;
	world_call(world_run("client", ""), GLUE_BROKER_EXIT, 1, 0ul);
	free = broker_blocks_free();
	for (k = 1; k < 200; k++) {
		struct broker_process *p;
		unsigned int left;

		fake_text_clear();
		fake_fail_retype(k);
		p = world_run("client", "");
		left = fake_fail_left();
		fake_fail_retype(0);
		if (p) {
			/* A split that fails may be made good by smaller
			 * blocks: go on until nothing fails any more. */
			world_call(p, GLUE_BROKER_EXIT, 1, 0ul);
			if (left != 0)
				break;
			continue;
		}
		assert_non_null(strstr(fake_text(), "client: not started"));
		assert_int_equal(broker_blocks_free(), free);
	}
	assert_true(k > 10 && k < 200);
	assert_int_equal(broker_blocks_free(), free);
}

static void only_programs_on_demand_are_run(void **state)
{
	(void)state;
	assert_null(world_run("nobody", ""));
	assert_int_equal(world_reply.err, K_ERR_NOTFOUND);
	assert_null(world_run("vblk", "")); /* not a start=demand line */
	assert_int_equal(world_reply.err, K_ERR_NOTFOUND);
}

/* The line that grants killing is the shell's only. */
static void who_may_kill_and_whom(void **state)
{
	struct broker_process *shell = world_process("shell");
	struct broker_process *blk0 = world_process("blk0/vblk");
	uint64_t pid = blk0->pid;

	(void)state;
	world_drivers_ready();
	assert_int_equal(world_call(world_process("blk1/vblk"),
				    GLUE_BROKER_KILL, 1, pid),
			 K_ERR_DENIED);
	assert_int_equal(blk0->state, GLUE_PROC_READY);
	fake_text_clear();
	assert_int_equal(world_call(shell, GLUE_BROKER_KILL, 1, pid), K_OK);
	assert_non_null(strstr(fake_text(), "kaal: blk0/vblk (pid 1) was "
					    "killed by shell\n"));
	/* It offers a service, so it lives again, as another process. */
	assert_int_equal(blk0->state, GLUE_PROC_STARTING);
	assert_int_equal(world_call(shell, GLUE_BROKER_KILL, 1, pid),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_KILL, 1,
				    (uint64_t)shell->pid),
			 K_ERR_INVALID);
	assert_int_equal(world_call(shell, GLUE_BROKER_KILL, 1, 1ul << 32),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_process("blk1/vblk")->state, GLUE_PROC_READY);
}

static void a_fault_ends_one_process_only(void **state)
{
	struct broker_process *blk0 = world_process("blk0/vblk");
	struct broker_fault fault = {
		.label = ABI_FAULT_VM,
		.length = 4,
		.word = { 0x401234, 0xffff000000000000ul, 0, 0x92000004 },
	};

	(void)state;
	world_drivers_ready();
	fake_text_clear();
	broker_supervise_fault(blk0, &fault);
	assert_non_null(strstr(
		fake_text(),
		"kaal: fault: blk0/vblk (pid 1): read of unmapped address 0xffff000000000000, pc 0x401234\n"));
	assert_int_equal(world_process("blk1/vblk")->state, GLUE_PROC_READY);
	/* Who connects now waits for its next life. */
	fake_set_caller(1);
	assert_int_equal(world_call_name(world_process("shell"),
					 GLUE_BROKER_CONNECT, "blk0", 1,
					 4096ul),
			 -1);
	fake_now += 62500;
	world_call(blk0, GLUE_BROKER_READY, 1, 0ul);
	assert_int_equal(fake_reply_label(), K_OK);
	assert_non_null(strstr(fake_text(), "kaal: blk0/vblk (pid 4) serves "
					    "again after 1000 us\n"));
}

/* A thousand lives: the memory is what it was. */
static void lives_leave_no_trace(void **state)
{
	struct broker_process *blk0 = world_process("blk0/vblk");
	uint64_t free = broker_blocks_free();
	uint32_t slots = broker_slots_free();
	unsigned int caps = 0;

	(void)state;
	world_drivers_ready();
	for (unsigned int i = 0; i < 1000; i++) {
		broker_supervise_exit(blk0, 3);
		assert_int_equal(blk0->state, GLUE_PROC_STARTING);
		world_call(blk0, GLUE_BROKER_READY, 1, 0ul);
		world_beat();
		fake_now += 62500001;
		if (i == 0)
			caps = fake_caps();
		assert_int_equal(fake_caps(), caps);
	}
	assert_int_equal(broker_blocks_free(), free);
	assert_int_equal(broker_slots_free(), slots);
	assert_int_equal(blk0->restarts, 1000);
}

#define NO_RESET                                                               \
	"shell elf=a.elf kind=app start=boot connect=block\n"                  \
	"ublk elf=a.elf kind=dde start=device class=block dma_kib=16 "         \
	"match=of:N*T*Carm,pl011*\n"

/* Nobody knows how to stop its device, so what that may write to is kept. */
static void what_cannot_be_stopped_is_kept(void **state)
{
	struct broker_process *blk0, *shell;
	uint64_t free, process_bytes;

	(void)state;
	world_start(NO_RESET);
	blk0 = world_process("blk0/ublk");
	shell = world_process("shell");
	world_call(blk0, GLUE_BROKER_READY, 1, 0ul);
	free = broker_blocks_free();
	process_bytes = blk0->memory.bytes;
	assert_int_equal(world_call_name(shell, GLUE_BROKER_CONNECT, "blk0", 1,
					 65536ul),
			 K_OK);
	broker_supervise_exit(blk0, 3);
	free += process_bytes;
	assert_int_equal(blk0->state, GLUE_PROC_ENDED);
	assert_int_equal(blk0->memory.bytes, 0);
	assert_int_equal(blk0->arena.bytes, 16384);
	assert_true(blk0->device->broken);
	assert_non_null(strstr(fake_text(), "cannot be stopped: no reset is "
					    "known for it"));
	assert_int_equal(world_call(shell, GLUE_BROKER_DISCONNECT, 1, 0ul),
			 K_OK);
	/* The lent pages too. */
	assert_true(free - broker_blocks_free() >= 65536);
}

static void failed_drivers_do_not_stop_the_boot(void **state)
{
	(void)state;
	assert_int_equal(world_call(world_process("blk0/vblk"),
				    GLUE_BROKER_READY, 1, (uint64_t)K_ERR_IO),
			 -1);
	assert_int_equal(world_process("blk0/vblk")->state, GLUE_PROC_FAILED);
	assert_non_null(
		strstr(fake_text(),
		       "could not start its device virtio_mmio@a000000"));
	assert_int_equal(world_call(world_process("blk1/vblk"),
				    GLUE_BROKER_READY, 1, 0ul),
			 K_OK);
	assert_non_null(strstr(fake_text(), "ready, 1 drivers, 1 programs"));
}

/* needs= looks at classes that are served, whatever the order of lines. */
static void needs_are_looked_at(void **state)
{
	(void)state;
	world_start("one elf=a.elf kind=app start=boot needs=block\n"
		    "two elf=a.elf kind=app start=boot needs=net\n"
		    "three elf=a.elf kind=app start=boot needs=net,block\n"
		    "vblk elf=a.elf kind=dde start=device class=block "
		    "match=virtio:d00000002v*\n");
	assert_int_equal(world_process("one")->state, GLUE_PROC_READY);
	assert_int_equal(world_process("three")->state, GLUE_PROC_READY);
	assert_non_null(strstr(fake_text(), "two is not started: nobody "
					    "offers what it needs\n"));
	assert_null(strstr(fake_text(), "started two"));
}

#define LEFTOVER                                                               \
	"shell elf=a.elf kind=app start=boot optional_device=1 "               \
	"match=virtio:d00000002v*\n"                                           \
	"vblk elf=a.elf kind=dde start=device class=block "                    \
	"match=virtio:d00000002v* dma_kib=16\n"

/* optional_device: started when it is known whether the driver comes up. */
static void leftover_goes_to_a_driver(void **state)
{
	(void)state;
	world_start(LEFTOVER);
	assert_null(strstr(fake_text(), "started shell"));
	world_drivers_ready();
	assert_non_null(strstr(fake_text(), "started shell"));
	assert_null(world_process("shell")->device);
	assert_non_null(
		strstr(fake_text(), "kaal: ready, 2 drivers, 1 programs\n"));
}

static void leftover_of_a_failed_driver(void **state)
{
	const struct broker_process *shell;

	(void)state;
	world_start(LEFTOVER);
	world_call(world_process("blk1/vblk"), GLUE_BROKER_READY, 1, 0ul);
	assert_null(strstr(fake_text(), "started shell"));
	world_call(world_process("blk0/vblk"), GLUE_BROKER_READY, 1,
		   (uint64_t)K_ERR_IO);
	shell = world_process("shell");
	assert_int_equal(shell->state, GLUE_PROC_READY);
	assert_int_equal(shell->device->mmio[0].paddr, 0xa000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(boot_starts_what_the_manifest_says,
				       world_set_up),
		cmocka_unit_test_setup(pages_have_the_least_rights,
				       world_set_up),
		cmocka_unit_test_setup(env_says_what_there_is, world_set_up),
		cmocka_unit_test_setup(slots_hold_the_plan_and_no_more,
				       world_set_up),
		cmocka_unit_test_setup(run_and_wait, world_set_up),
		cmocka_unit_test_setup(a_hundred_starts_leave_no_trace,
				       world_set_up),
		cmocka_unit_test_setup(every_failed_start_is_undone,
				       world_set_up),
		cmocka_unit_test_setup(only_programs_on_demand_are_run,
				       world_set_up),
		cmocka_unit_test_setup(who_may_kill_and_whom, world_set_up),
		cmocka_unit_test_setup(a_fault_ends_one_process_only,
				       world_set_up),
		cmocka_unit_test_setup(lives_leave_no_trace, world_set_up),
		cmocka_unit_test(what_cannot_be_stopped_is_kept),
		cmocka_unit_test_setup(leftover_goes_to_a_driver, world_set_up),
		cmocka_unit_test_setup(leftover_of_a_failed_driver,
				       world_set_up),
		cmocka_unit_test_setup(failed_drivers_do_not_stop_the_boot,
				       world_set_up),
		cmocka_unit_test(needs_are_looked_at),
	};

	return cmocka_run_group_tests_name("broker_process", tests, NULL, NULL);
}
