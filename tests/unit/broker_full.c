/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_full.c - tables are full: processes, channels, capability slots.
 */
#include <string.h>

#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/channels.h"
#include "../../broker/slots.h"
#include "../../broker/supervisor.h"

#define STRANGER (BROKER_OWNER_CHANNEL + 0x180) /* no channel has it */

static struct broker_process *shell, *driver;

static int set_up(void **state)
{
	world_set_up_ready(state);
	shell = world_process("shell");
	driver = world_process("blk0/vblk");
	return 0;
}

/* One more is refused, and tells so; when one ends there is room again. Most
 * entries only say that they are in use. */
static void the_65th_process(void **state)
{
	struct broker_process *last = world_run("other", "");

	(void)state;
	for (unsigned int i = 0; i < BROKER_PROCESSES_MAX; i++) {
		struct broker_process *p = broker_process_at(i);

		if (p->state != 0)
			continue;
		p->state = GLUE_PROC_READY;
		p->program = last->program;
	}
	assert_null(broker_process_at(BROKER_PROCESSES_MAX));
	assert_null(world_run("other", ""));
	assert_non_null(strstr(fake_text(), "kaal: other: not started: 64 "
					    "processes run already\n"));
	broker_supervise_exit(last, 0);
	assert_ptr_equal(world_run("client", ""), last);
	assert_null(world_run("client", ""));
}

/* Channels whose driver has hung up stay with who does not look. */
static unsigned int channels_fill(struct broker_process *p)
{
	unsigned int n = 0;

	while (world_connect(p, "blk0", 0) == K_OK) {
		assert_int_equal(world_call(driver, GLUE_BROKER_DISCONNECT, 1,
					    0ul),
				 K_OK);
		n++;
	}
	return n;
}

static void the_257th_channel(void **state)
{
	unsigned int n = 0, all = 0;
	struct broker_process *p = NULL, *last = NULL;

	(void)state;
	world_start("shell elf=a.elf kind=app start=boot allow=run\n"
		    "vblk elf=a.elf kind=dde start=device class=block "
		    "match=virtio:d00000002v*\n"
		    "many elf=a.elf kind=test start=demand connect=block "
		    "channels=32\n");
	world_drivers_ready();
	driver = world_process("blk0/vblk");
	do {
		last = p;
		p = world_run("many", "");
		assert_non_null(p);
		fake_text_clear();
		n = channels_fill(p);
		all += n;
	} while (n == GLUE_CHANS_MAX);
	assert_int_equal(all, BROKER_CHANNELS_MAX);
	assert_non_null(strstr(fake_text(), "cannot connect to blk0/vblk: "
					    "the broker's table of channels is "
					    "full"));
	broker_supervise_exit(last, 0);
	assert_int_equal(channels_fill(p), GLUE_CHANS_MAX);
}

/* All slots but so many. */
static void slots_leave(uint32_t count)
{
	for (uint32_t run = 4096; run > 0; run /= 2)
		while (broker_slots_free() >= run + count)
			if (!broker_slots_take(STRANGER, run))
				break;
	assert_int_equal(broker_slots_free(), count);
}

/* What needs slots gets all that it needs, or an error, and leaves none behind. */
static void each_with_few_slots(int (*act)(void), void (*undo)(void))
{
	uint64_t memory = broker_blocks_free();
	uint32_t slots = broker_slots_free(), count;
	int done = 0;

	for (count = 0; !done && count < 400; count++) {
		fake_text_clear();
		slots_leave(count);
		done = act();
		assert_true(done || strstr(fake_text(), "memory or quota"));
		if (done)
			undo();
		else
			assert_int_equal(broker_slots_free(), count);
		broker_slots_sweep(STRANGER);
		assert_int_equal(broker_slots_free(), slots);
		assert_int_equal(broker_blocks_free(), memory);
		shell->refusals = 0;
	}
	assert_in_range(count, 10, 399);
	assert_int_equal(driver->state, GLUE_PROC_READY);
}

static struct broker_process *program;

static int program_runs(void)
{
	program = world_run("client", "");
	return program != NULL;
}

static void program_ends(void)
{
	broker_supervise_exit(program, 0);
}

static int shell_connects(void)
{
	return world_connect(shell, "blk0", 16384) == K_OK;
}

static void both_leave(void)
{
	world_call(shell, GLUE_BROKER_DISCONNECT, 1, 0ul);
	world_call(driver, GLUE_BROKER_DISCONNECT, 1, 0ul);
}

static void no_slots(void **state)
{
	(void)state;
	shell_connects(); /* metadata comes to stay */
	both_leave();
	each_with_few_slots(program_runs, program_ends);
	each_with_few_slots(shell_connects, both_leave);
	slots_leave(0);
	assert_int_equal(broker_block_device_frame(FAKE_DEVICE_BASE + 0x3000,
						   12),
			 0);
}

/* Who stops a driver needs a slot for it; the next try has one. */
static void no_slot_to_stop(void **state)
{
	(void)state;
	slots_leave(0);
	assert_int_equal(world_call(shell, GLUE_BROKER_STOP, 1,
				    (uint64_t)driver->pid),
			 K_ERR_NOMEM);
	assert_int_equal(driver->state, GLUE_PROC_READY);
	broker_slots_sweep(STRANGER);
	assert_int_equal(world_call(shell, GLUE_BROKER_STOP, 1,
				    (uint64_t)driver->pid),
			 K_OK);
}

/* Without memory or slots for its table the broker cannot begin. */
static void no_table_of_processes(void **state)
{
	(void)state;
	for (unsigned int k = 1; k <= 2; k++) {
		fake_fail_retype(k);
		assert_int_equal(broker_processes_init(1), K_ERR_NOMEM);
	}
	fake_fail_retype(0);
	slots_leave(2 * BROKER_PROCESSES_MAX - 1);
	assert_int_equal(broker_processes_init(1), K_ERR_NOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_65th_process, set_up),
		cmocka_unit_test_setup(the_257th_channel, set_up),
		cmocka_unit_test_setup(no_slots, set_up),
		cmocka_unit_test_setup(no_slot_to_stop, set_up),
		cmocka_unit_test_setup(no_table_of_processes, set_up),
	};

	return cmocka_run_group_tests_name("broker_full", tests, NULL, NULL);
}
