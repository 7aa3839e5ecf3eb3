/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_start.c - drivers that were stopped or given up are brought back.
 */
#include <string.h>

#include "broker_world.h"

#include "../../broker/supervisor.h"
#include "../../broker/timer.h"

static int start(struct broker_process *by, const struct broker_process *p)
{
	return world_call(by, GLUE_BROKER_START, 1, (uint64_t)p->pid);
}

static void stop(struct broker_process *by, struct broker_process *driver)
{
	assert_int_equal(world_call(by, GLUE_BROKER_STOP, 1,
				    (uint64_t)driver->pid),
			 K_OK);
	world_call(driver, GLUE_BROKER_EXIT, 1, 0ul);
	assert_int_equal(driver->state, GLUE_PROC_ENDED);
}

/* Faults until nobody starts it any more. */
static void give_up(struct broker_process *driver)
{
	for (unsigned int i = 0; i < 9; i++) {
		if (driver->state == GLUE_PROC_WAITING) {
			fake_now = driver->restart_at;
			broker_timer_update();
		}
		broker_supervise_fault(driver, &world_fault);
	}
	assert_int_equal(driver->state, GLUE_PROC_FAULTED);
}

/* It serves, and its clients connect anew. */
static void serves(struct broker_process *client, struct broker_process *driver)
{
	assert_int_equal(driver->state, GLUE_PROC_STARTING);
	assert_int_equal(world_connect(client, "blk0", 4096), -1);
	world_call(driver, GLUE_BROKER_READY, 1, 0ul);
	assert_int_equal(fake_reply_label(), K_OK);
}

static void stopped_and_started(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");
	uint32_t pid = driver->pid;

	(void)state;
	world_connect(client, "blk0", 4096);
	stop(client, driver);
	assert_int_equal(start(client, driver), K_OK);
	assert_int_not_equal(driver->pid, pid);
	assert_string_equal(driver->label, "blk0/vblk");
	serves(client, driver);
	/* What the client had of the life before stays closed. */
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_CLOSED);
	assert_int_equal(world_chan(client, 1)->state, GLUE_CHAN_OPEN);
	assert_non_null(strstr(fake_text(), "blk0/vblk is started again by"));
}

/* As if it had never died: it may die as often again. */
static void given_up_and_started(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");

	(void)state;
	world_connect(client, "blk0", 4096);
	for (unsigned int i = 0; i < 2; i++) {
		give_up(driver);
		assert_int_equal(world_connect(client, "blk0", 4096),
				 K_ERR_GONE);
		assert_int_equal(start(client, driver), K_OK);
		serves(client, driver);
	}
}

static void who_cannot_be_started(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");
	struct broker_process *program = world_run("client", "");

	(void)state;
	assert_int_equal(start(client, client), K_ERR_INVALID);
	assert_int_equal(start(client, driver), K_ERR_BUSY);
	assert_int_equal(start(client, program), K_ERR_BUSY);
	world_call(program, GLUE_BROKER_EXIT, 1, 0ul);
	assert_int_equal(start(client, program), K_ERR_UNSUPPORTED);
	world_call(client, GLUE_BROKER_STOP, 1, (uint64_t)driver->pid);
	assert_int_equal(start(client, driver), K_ERR_BUSY);
	assert_int_equal(start(driver, world_process("blk1/vblk")),
			 K_ERR_DENIED);
	/* What cannot be reset nobody drives any more. */
	driver->device->is_virtio = 0;
	world_call(driver, GLUE_BROKER_EXIT, 1, 0ul);
	assert_int_equal(start(client, driver), K_ERR_BUSY);
	assert_int_equal(driver->state, GLUE_PROC_ENDED);
}

/* However many programs end meanwhile, its entry is not another's. */
static void it_is_not_forgotten(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");

	(void)state;
	stop(client, driver);
	for (unsigned int i = 0; i < 100; i++)
		world_call(world_run("other", ""), GLUE_BROKER_EXIT, 1, 0ul);
	assert_int_equal(start(client, driver), K_OK);
	serves(client, driver);
}

/* A life goes on from what the one before has counted, and from no other's. */
static void counters_go_on(void **state)
{
	struct broker_process *one = world_process("blk0/vblk");
	struct broker_process *other = world_process("blk1/vblk");

	(void)state;
	one->counters->counter[0] = (struct glue_counter){
		.value = 5, .kind = GLUE_COUNTER_EVENT, .name = "reads"
	};
	one->counters->served = 7;
	broker_supervise_fault(one, &world_fault);
	assert_int_equal(one->state, GLUE_PROC_STARTING);
	assert_int_equal(one->counters->counter[0].value, 5);
	assert_string_equal(one->counters->counter[0].name, "reads");
	assert_int_equal(one->counters->served, 0);
	broker_supervise_fault(other, &world_fault);
	assert_int_equal(other->state, GLUE_PROC_STARTING);
	assert_int_equal(other->counters->counter[0].kind, GLUE_COUNTER_NONE);
}

/* Without memory for it now it is tried again, as after a death. */
static void a_start_that_fails_is_tried_again(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");

	(void)state;
	stop(client, driver);
	for (unsigned int k = 1; k < 30; k++) {
		fake_fail_retype(k);
		assert_int_equal(start(client, driver), K_OK);
		fake_fail_retype(0);
		if (driver->state == GLUE_PROC_WAITING) {
			fake_now = driver->restart_at;
			broker_timer_update();
		}
		assert_int_equal(driver->state, GLUE_PROC_STARTING);
		world_call(driver, GLUE_BROKER_READY, 1, 0ul);
		stop(client, driver);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(stopped_and_started, world_set_up_ready),
		cmocka_unit_test_setup(given_up_and_started,
				       world_set_up_ready),
		cmocka_unit_test_setup(who_cannot_be_started,
				       world_set_up_ready),
		cmocka_unit_test_setup(it_is_not_forgotten, world_set_up_ready),
		cmocka_unit_test_setup(counters_go_on, world_set_up_ready),
		cmocka_unit_test_setup(a_start_that_fails_is_tried_again,
				       world_set_up_ready),
	};

	return cmocka_run_group_tests_name("broker_start", tests, NULL, NULL);
}
