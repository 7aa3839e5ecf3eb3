/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_exhaust.c - memory and slots run out, because a stranger has taken all
 * there is.
 *
 * A driver comes back, or is given up with one message; whoever asks for more
 * than there is gets an error; nothing is lost. Each single refusal of the
 * kernel: broker_refused.c
 */
#include <string.h>

#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/fault.h"
#include "../../broker/slots.h"
#include "../../broker/supervisor.h"
#include "../../broker/timer.h"

#define LENT	    65536ul
#define STRANGER    (BROKER_OWNER_CHANNEL + 0x180) /* no channel has it */
#define LIVES_MAX   12u

static struct broker_process *driver, *client;

static int connect_to(const char *name)
{
	return world_call_name(client, GLUE_BROKER_CONNECT, name, 1, LENT);
}

static const struct glue_chan *channel(void)
{
	const struct glue_chan_table *table = fake_look(client->vspace.cap,
							GLUE_CHANS_VADDR);

	return &table->chan[0];
}

static int set_up(void **state)
{
	world_set_up(state);
	world_drivers_ready();
	driver = world_process("blk0/vblk");
	client = world_process("shell");
	assert_int_equal(connect_to("blk0"), K_OK);
	fake_text_clear();
	return 0;
}

/* Whose memory it is does not matter, as long as it is somebody's. */
static uint64_t accounted(void)
{
	return broker_blocks_free() + driver->memory.bytes +
	       driver->arena.bytes;
}

static void others_are_well(void)
{
	const struct broker_process *blk1 = world_process("blk1/vblk");

	assert_int_equal(blk1->state, GLUE_PROC_READY);
	assert_int_equal(blk1->restarts, 0);
	assert_int_equal(client->state, GLUE_PROC_READY);
}

static struct broker_account stranger;

/* All memory, in pages, and all slots. */
static void stranger_takes_all(void)
{
	uint32_t first, count = 1024;

	broker_account_open(&stranger, STRANGER);
	while (count > 0)
		if (broker_account_pages(&stranger, ABI_OBJ_FRAME_SMALL, count,
					 &first))
			count /= 2;
	for (count = 4096; count > 0; count /= 2)
		while (broker_slots_take(STRANGER, count))
			;
	assert_int_equal(broker_slots_free(), 0);
	assert_int_equal(connect_to("blk1"), K_ERR_NOMEM);
}

static void stranger_leaves(void)
{
	broker_account_close(&stranger);
}

/* Until the driver has to wait for its next life. */
static void driver_dies_often(void)
{
	for (unsigned int i = 0;
	     i < LIVES_MAX && driver->state != GLUE_PROC_WAITING; i++) {
		broker_supervise_fault(driver, &world_fault);
		if (i == 0)
			world_call(client, GLUE_BROKER_RECONNECT, 1, 0ul);
	}
	assert_int_equal(driver->state, GLUE_PROC_WAITING);
}

/* What a driver had is not a stranger's while it waits to live again. */
static void nobody_takes_what_a_restart_needs(void **state)
{
	uint64_t all = accounted();

	(void)state;
	driver_dies_often();
	stranger_takes_all();
	world_comes_back(driver);
	assert_int_equal(driver->state, GLUE_PROC_READY);
	assert_int_equal(channel()->state, GLUE_CHAN_OPEN);
	/* And once more, while there is nothing else. */
	broker_supervise_fault(driver, &world_fault);
	world_call(client, GLUE_BROKER_RECONNECT, 1, 0ul);
	world_comes_back(driver);
	assert_int_equal(channel()->state, GLUE_CHAN_OPEN);
	others_are_well();
	stranger_leaves();
	assert_int_equal(accounted(), all);
}

/* The driver is there, its client is slow to let go, a stranger is quick. */
static void nobody_takes_what_a_channel_needs(void **state)
{
	(void)state;
	broker_supervise_fault(driver, &world_fault);
	world_comes_back(driver);
	assert_int_equal(channel()->state, GLUE_CHAN_LOST);
	stranger_takes_all();
	world_call(client, GLUE_BROKER_RECONNECT, 1, 0ul);
	assert_int_equal(channel()->state, GLUE_CHAN_OPEN);
	stranger_leaves();
}

/* Given up, or not there any more: nothing is kept. */
static void who_is_given_up_keeps_nothing(void **state)
{
	uint64_t all = accounted();

	(void)state;
	for (unsigned int i = 0; i < LIVES_MAX; i++) {
		broker_supervise_fault(driver, &world_fault);
		if (driver->state == GLUE_PROC_WAITING)
			fake_now += 62500000 * 2;
		world_beat();
		broker_timer_update();
		if (!broker_process_alive(driver))
			break;
	}
	assert_int_equal(driver->state, GLUE_PROC_FAULTED);
	assert_non_null(strstr(fake_text(), "is given up"));
	assert_int_equal(driver->memory.bytes + driver->memory.reserved +
				 driver->arena.bytes,
			 0);
	assert_int_equal(channel()->state, GLUE_CHAN_CLOSED);
	assert_int_equal(accounted(), all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nobody_takes_what_a_restart_needs,
				       set_up),
		cmocka_unit_test_setup(nobody_takes_what_a_channel_needs,
				       set_up),
		cmocka_unit_test_setup(who_is_given_up_keeps_nothing, set_up),
	};

	return cmocka_run_group_tests_name("broker_exhaust", tests, NULL, NULL);
}
