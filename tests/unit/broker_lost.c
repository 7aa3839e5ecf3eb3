/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_lost.c - channels whose driver dies and lives again, or does not.
 */
#include <string.h>

#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/channels.h"
#include "../../broker/loader.h"
#include "../../broker/supervisor.h"
#include "../../broker/timer.h"

/* The client keeps the pages, lets go of the rings, and goes on where it was. */
static void a_dead_driver_comes_back(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");
	uint32_t pid = driver->pid;
	char *lent;

	(void)state;
	world_connect(client, "blk0", 65536);
	world_connect(client, "blk1", 65536);
	lent = fake_look(client->vspace.cap, world_chan(client, 0)->data_vaddr);
	strcpy(lent, "mine");
	fake_signals(client->notify);
	broker_supervise_fault(driver, &world_fault);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_LOST);
	assert_int_equal(world_chan(client, 1)->state, GLUE_CHAN_OPEN);
	assert_int_equal(fake_signals(client->notify), GLUE_EVENT_CONTROL);
	assert_int_equal(driver->state, GLUE_PROC_STARTING);
	assert_int_not_equal(driver->pid, pid);
	/* Ready before the client has let go: nothing happens yet. */
	world_call(driver, GLUE_BROKER_READY, 1, 0ul);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_LOST);
	assert_int_equal(world_call(client, GLUE_BROKER_RECONNECT, 1, 0ul),
			 K_OK);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_OPEN);
	assert_int_equal(world_chan(client, 0)->generation, 2);
	assert_int_equal(world_chan(client, 0)->peer_pid, driver->pid);
	assert_int_equal(world_chan(driver, 0)->state, GLUE_CHAN_OPEN);
	assert_string_equal(fake_look(driver->vspace.cap,
				      world_chan(driver, 0)->data_vaddr),
			    "mine");
	assert_int_equal(world_call(client, GLUE_BROKER_RECONNECT, 1, 0ul),
			 K_ERR_INVALID);
	assert_int_equal(world_call(client, GLUE_BROKER_RECONNECT, 1, 99ul),
			 K_ERR_INVALID);
	/* Only the client of a channel can ask. */
	assert_int_equal(world_call(driver, GLUE_BROKER_RECONNECT, 1, 0ul),
			 K_ERR_INVALID);
	/* Each side can wake the other. */
	for (int i = 0; i < 2; i++)
		assert_int_equal(fake_cap_tag(broker_process_slot(
					 i ? client : driver, GLUE_CAP_PEER0)),
				 ABI_CAP_NOTIFICATION);
}

/* The client lets go first; then it has only to wait. */
static void letting_go_early_is_enough(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");

	(void)state;
	world_connect(client, "blk0", 4096);
	broker_supervise_fault(driver, &world_fault);
	assert_int_equal(world_call(client, GLUE_BROKER_RECONNECT, 1, 0ul),
			 K_OK);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_LOST);
	fake_signals(client->notify);
	world_call(driver, GLUE_BROKER_READY, 1, 0ul);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_OPEN);
	assert_int_equal(fake_signals(client->notify), GLUE_EVENT_CONTROL);
}

/* A driver that was asked to stop gets no new clients, ends, and stays away. */
static void who_is_asked_to_stop(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");
	uint64_t pid = driver->pid;

	(void)state;
	world_connect(client, "blk0", 4096);
	world_connect(client, "blk1", 4096);
	fake_signals(driver->notify);
	assert_int_equal(world_call(driver, GLUE_BROKER_STOP, 1, 2ul),
			 K_ERR_DENIED);
	assert_int_equal(world_call(client, GLUE_BROKER_STOP, 1,
				    (uint64_t)client->pid),
			 K_ERR_INVALID);
	assert_int_equal(world_call(client, GLUE_BROKER_STOP, 1, pid), K_OK);
	assert_int_equal(fake_signals(driver->notify), GLUE_EVENT_STOP);
	assert_int_equal(driver->state, GLUE_PROC_STOPPING);
	assert_int_equal(world_call(client, GLUE_BROKER_STOP, 1, pid),
			 K_ERR_BUSY);
	assert_int_equal(world_connect(client, "blk0", 4096), K_ERR_GONE);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_OPEN);
	world_call(driver, GLUE_BROKER_EXIT, 1, 0ul);
	assert_int_equal(driver->state, GLUE_PROC_ENDED);
	assert_int_equal(driver->restarts, 0);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_CLOSED);
	assert_int_equal(world_chan(client, 1)->state, GLUE_CHAN_OPEN);
	assert_int_equal(world_call(client, GLUE_BROKER_STOP, 1, pid),
			 K_ERR_GONE);
	assert_int_equal(world_connect(client, "blk0", 4096), K_ERR_GONE);
}

/* However it ends: nobody wants it again. */
static void a_fault_while_it_stops(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");
	uint64_t pid = driver->pid;

	(void)state;
	world_connect(client, "blk0", 4096);
	fake_now += 1ul << 32;
	world_call(client, GLUE_BROKER_STOP, 1, pid);
	broker_supervise_fault(driver, &world_fault);
	assert_int_equal(driver->state, GLUE_PROC_FAULTED);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_CLOSED);
}

/* Who starts can not, and who serves nobody. */
static void who_cannot_be_asked_to_stop(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");
	struct broker_process *program = world_run("client", "");

	(void)state;
	assert_int_equal(world_call(client, GLUE_BROKER_STOP, 1,
				    (uint64_t)program->pid),
			 K_ERR_UNSUPPORTED);
	broker_supervise_fault(driver, &world_fault);
	assert_int_equal(world_call(client, GLUE_BROKER_STOP, 1,
				    (uint64_t)driver->pid),
			 K_ERR_BUSY);
	assert_int_equal(driver->state, GLUE_PROC_STARTING);
}

/* Eight deaths without a good life between: the clients learn that it is
 * over, and so does who comes now. */
static void a_crash_loop_is_given_up(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");
	uint64_t began = fake_now;

	(void)state;
	world_connect(client, "blk0", 4096);
	for (unsigned int i = 0; i < 8; i++) {
		assert_int_equal(world_chan(client, 0)->state,
				 i ? GLUE_CHAN_LOST : GLUE_CHAN_OPEN);
		broker_supervise_fault(driver, &world_fault);
		if (driver->state == GLUE_PROC_WAITING) {
			/* Its device and its clients wait with it. */
			assert_int_not_equal(driver->device->driver, 0);
			assert_int_equal(world_connect(world_run("client", ""),
						       "blk0", 4096),
					 -1);
			fake_now = driver->restart_at;
			broker_timer_update();
		}
		assert_int_equal(driver->state, GLUE_PROC_STARTING);
	}
	/* 10, 20, ... 320 ms. */
	assert_int_equal((fake_now - began) / 62500, 630);
	fake_set_caller(1);
	broker_supervise_fault(driver, &world_fault);
	assert_int_equal(driver->state, GLUE_PROC_FAULTED);
	assert_int_equal(driver->device->driver, 0);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_CLOSED);
	assert_int_equal(world_call(client, GLUE_BROKER_RECONNECT, 1, 0ul),
			 K_ERR_INVALID);
	assert_int_equal(world_connect(client, "blk0", 4096), K_ERR_GONE);
	assert_int_equal(fake_reply_label(), K_ERR_GONE);
	assert_non_null(strstr(fake_text(), "blk0/vblk has died too often"));
	assert_int_equal(world_call(client, GLUE_BROKER_DISCONNECT, 1, 0ul),
			 K_OK);
	assert_null(fake_look(client->vspace.cap,
			      world_chan(client, 0)->data_vaddr));
}

/* A second in which it has answered somebody makes all that forgotten. */
static void a_good_second_counts(void **state)
{
	struct broker_process *driver = world_process("blk0/vblk");

	(void)state;
	for (unsigned int i = 0; i < 50; i++) {
		broker_supervise_fault(driver, &world_fault);
		assert_int_equal(driver->state, GLUE_PROC_STARTING);
		world_call(driver, GLUE_BROKER_READY, 1, 0ul);
		world_beat();
		fake_now += 62500001;
	}
	assert_int_equal(driver->restarts, 50);
}

/* Long lives are no good lives if nobody is answered. */
static void a_long_life_for_nobody_does_not_count(void **state)
{
	struct broker_process *driver = world_process("blk0/vblk");
	unsigned int lives = 0;

	(void)state;
	while (driver->state != GLUE_PROC_FAULTED) {
		assert_true(lives++ < 9);
		broker_supervise_fault(driver, &world_fault);
		if (driver->state == GLUE_PROC_WAITING) {
			fake_now = driver->restart_at;
			broker_timer_update();
		}
		world_call(driver, GLUE_BROKER_READY, 1, 0ul);
		world_beat();
		if (driver->counters)
			driver->counters->served = 0;
		fake_now += 62500001;
	}
	assert_int_equal(lives, 9);
}

/* A device that hangs is tried once more, with half the patience. */
static void a_device_that_hangs_gets_a_second_try(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");

	(void)state;
	world_connect(client, "blk0", 4096);
	assert_int_equal(driver->page->env.stall_ms, 1000);
	broker_supervise_exit(driver, K_ERR_TIMEOUT);
	fake_now = driver->restart_at;
	broker_timer_update();
	assert_int_equal(driver->state, GLUE_PROC_STARTING);
	assert_int_equal(driver->page->env.stall_ms, 500);
	world_call(driver, GLUE_BROKER_READY, 1, 0ul);
	broker_supervise_exit(driver, K_ERR_TIMEOUT);
	assert_int_equal(driver->state, GLUE_PROC_ENDED);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_CLOSED);
}

/* Kills by who may are no crash loop, and do not end one. */
static void kills_are_not_counted(void **state)
{
	struct broker_process *driver = world_process("blk0/vblk");
	const struct broker_process *killer = world_process("shell");

	(void)state;
	for (unsigned int i = 0; i < 50; i++) {
		broker_supervise_kill(driver, killer);
		assert_int_equal(driver->state, GLUE_PROC_STARTING);
	}
	assert_int_equal(driver->restarts, 50);
	for (unsigned int i = 0; i < 3; i++)
		broker_supervise_fault(driver, &world_fault);
	assert_int_equal(driver->state, GLUE_PROC_WAITING);
}

static void by_fault(struct broker_process *driver)
{
	broker_supervise_fault(driver, &world_fault);
}

static void by_exit(struct broker_process *driver)
{
	world_call(driver, GLUE_BROKER_EXIT, 1, 1ul);
}

static void by_kill(struct broker_process *driver)
{
	world_call(world_process("shell"), GLUE_BROKER_KILL, 1,
		   (uint64_t)driver->pid);
}

static void by_complaint(struct broker_process *driver)
{
	(void)driver;
	world_call(world_process("shell"), GLUE_BROKER_COMPLAIN, 1, 0ul);
}

/* Design D10: nothing of a step is done before all of the one in front. */
static void every_end_has_the_same_steps(void **state)
{
	static void (*const ends[])(struct broker_process * driver) = {
		by_fault, by_exit, by_kill, by_complaint, broker_supervise_hang,
	};

	for (unsigned int i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct broker_process *client, *driver;

		world_set_up_ready(state);
		client = world_process("shell");
		driver = world_process("blk0/vblk");
		world_connect(client, "blk0", 16384);
		fake_device_word(0xa000070, 0xf); /* it runs */
		fake_signals(client->notify);
		fake_journal_clear();
		ends[i](driver);
		assert_string_equal(fake_journal(),
				    "stop mask reset unmap revoke start");
		assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_LOST);
		assert_int_equal(fake_signals(client->notify),
				 GLUE_EVENT_CONTROL);
		world_call(client, GLUE_BROKER_RECONNECT, 1, 0ul);
		assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_LOST);
		world_call(driver, GLUE_BROKER_READY, 1, 0ul);
		assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_OPEN);
	}
}

/* A device that cannot be stopped: nothing that it may write to is given to
 * others, and nobody is started for it. */
static void without_a_reset_nothing_follows(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");
	uint64_t arena = driver->arena.bytes;

	(void)state;
	world_connect(client, "blk0", 16384);
	driver->device->is_virtio = 0;
	fake_journal_clear();
	by_fault(driver);
	assert_string_equal(fake_journal(), "stop mask unmap revoke");
	assert_int_equal(driver->arena.bytes, arena);
	assert_int_equal(driver->state, GLUE_PROC_FAULTED);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_CLOSED);
}

/* The k-th allocation of a restart fails, for every k: it is tried again. */
static void every_failed_restart_is_tried_again(void **state)
{
	for (unsigned int k = 1; k < 30; k++) {
		struct broker_process *client, *driver;

		world_set_up_ready(state);
		client = world_process("shell");
		driver = world_process("blk0/vblk");
		world_connect(client, "blk0", 4096);
		fake_fail_retype(k);
		broker_supervise_fault(driver, &world_fault);
		fake_fail_retype(0);
		if (driver->state == GLUE_PROC_WAITING) {
			fake_now = driver->restart_at;
			broker_timer_update();
		}
		assert_int_equal(driver->state, GLUE_PROC_STARTING);
		world_call(client, GLUE_BROKER_RECONNECT, 1, 0ul);
		world_call(driver, GLUE_BROKER_READY, 1, 0ul);
		assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_OPEN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_dead_driver_comes_back,
				       world_set_up_ready),
		cmocka_unit_test_setup(letting_go_early_is_enough,
				       world_set_up_ready),
		cmocka_unit_test_setup(who_is_asked_to_stop,
				       world_set_up_ready),
		cmocka_unit_test_setup(a_fault_while_it_stops,
				       world_set_up_ready),
		cmocka_unit_test_setup(who_cannot_be_asked_to_stop,
				       world_set_up_ready),
		cmocka_unit_test_setup(a_crash_loop_is_given_up,
				       world_set_up_ready),
		cmocka_unit_test_setup(a_good_second_counts,
				       world_set_up_ready),
		cmocka_unit_test_setup(a_long_life_for_nobody_does_not_count,
				       world_set_up_ready),
		cmocka_unit_test_setup(a_device_that_hangs_gets_a_second_try,
				       world_set_up_ready),
		cmocka_unit_test_setup(kills_are_not_counted,
				       world_set_up_ready),
		cmocka_unit_test(every_end_has_the_same_steps),
		cmocka_unit_test_setup(without_a_reset_nothing_follows,
				       world_set_up_ready),
		cmocka_unit_test_setup(every_failed_restart_is_tried_again,
				       world_set_up_ready),
	};

	return cmocka_run_group_tests_name("broker_lost", tests, NULL, NULL);
}
