/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_exhaust.c - memory and slots run out: for each allocation of a restart
 * and of a connection, and because a stranger has taken all there is.
 *
 * A driver comes back, or is given up with one message; whoever asks for more
 * than there is gets an error; nothing is lost.
 */
#include <string.h>

#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/fault.h"
#include "../../broker/restart.h"
#include "../../broker/slots.h"
#include "../../broker/supervisor.h"
#include "../../broker/timer.h"

#define LENT	    65536ul
#define REFUSED_MAX 400u
#define STRANGER    (BROKER_OWNER_CHANNEL + 0x180) /* no channel has it */
#define LIVES_MAX   12u

static const struct broker_fault fault = {
	.label = ABI_FAULT_VM,
	.length = 4,
	.word = { 0x400000, 8, 0, 0x92000046 },
};

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

/* The driver has died; whatever becomes of it, it becomes so soon. */
static void driver_comes_back(void)
{
	for (unsigned int i = 0; i < LIVES_MAX; i++) {
		if (driver->state == GLUE_PROC_STARTING)
			world_call(driver, GLUE_BROKER_READY, 1, 0ul);
		if (driver->state != GLUE_PROC_WAITING)
			return;
		fake_now += 62500000 * 2;
		world_beat();
		broker_timer_update();
	}
	fail_msg("it neither lives nor is given up");
}

static void good_life(void)
{
	world_beat();
	fake_now += 62500001;
	world_beat();
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

/* One refusal in a restart: the next try succeeds, or the channel is closed. */
static void restarts_with(void (*refuse)(unsigned int count))
{
	uint64_t all = accounted();
	unsigned int k, closed = 0;

	for (k = 1; k < REFUSED_MAX; k++) {
		unsigned int left;

		fake_text_clear();
		refuse(k);
		broker_supervise_fault(driver, &fault);
		assert_int_equal(channel()->state, GLUE_CHAN_LOST);
		world_call(client, GLUE_BROKER_RECONNECT, 1, 0ul);
		driver_comes_back();
		left = fake_fail_left();
		refuse(0);
		assert_int_equal(driver->state, GLUE_PROC_READY);
		if (channel()->state == GLUE_CHAN_CLOSED) {
			closed++;
			assert_non_null(
				strstr(fake_text(), "cannot be connected to"));
			world_call(client, GLUE_BROKER_DISCONNECT, 1, 0ul);
			assert_int_equal(connect_to("blk0"), K_OK);
		}
		assert_int_equal(channel()->state, GLUE_CHAN_OPEN);
		assert_int_equal(accounted(), all);
		others_are_well();
		good_life();
		if (left)
			break;
	}
	assert_true(k > 20 && k < REFUSED_MAX);
	assert_true(closed < k / 4);
}

static void every_refusal_in_a_restart(void **state)
{
	(void)state;
	restarts_with(fake_fail_retype);
}

/* The k-th allocation of a connection: an error, or it did not matter. */
static void connections_with(void (*refuse)(unsigned int count))
{
	uint64_t all;
	uint32_t slots;
	unsigned int k, refused = 0;

	world_call(client, GLUE_BROKER_DISCONNECT, 1, 0ul);
	world_call(driver, GLUE_BROKER_DISCONNECT, 1, 0ul);
	all = accounted();
	slots = broker_slots_free();
	for (k = 1; k < REFUSED_MAX; k++) {
		unsigned int left;
		int err;

		refuse(k);
		err = connect_to("blk0");
		left = fake_fail_left();
		refuse(0);
		if (err)
			refused++;
		assert_true(err == K_OK || err == K_ERR_NOMEM ||
			    err == K_ERR_INVALID);
		assert_int_equal(driver->ends, !err);
		world_call(client, GLUE_BROKER_DISCONNECT, 1, 0ul);
		world_call(driver, GLUE_BROKER_DISCONNECT, 1, 0ul);
		assert_int_equal(accounted(), all);
		assert_int_equal(broker_slots_free(), slots);
		others_are_well();
		if (left)
			break;
	}
	assert_true(refused > 2 && k < REFUSED_MAX);
}

static void every_refusal_in_a_connection(void **state)
{
	(void)state;
	connections_with(fake_fail_retype);
	assert_int_equal(connect_to("blk0"), K_OK);
	connections_with(fake_fail_call);
}

/* The k-th refusal in the start of a program: it runs, or nothing is left. */
static void every_refusal_in_a_start(void **state)
{
	uint64_t memory = broker_blocks_free();
	uint32_t slots = broker_slots_free();
	unsigned int k, failed = 0;

	(void)state;
	for (k = 1; k < REFUSED_MAX; k++) {
		struct broker_process *p;
		unsigned int left;

		fake_text_clear();
		fake_fail_call(k);
		p = world_run("client", "");
		left = fake_fail_left();
		fake_fail_call(0);
		if (p)
			broker_supervise_exit(p, 0);
		else
			failed++;
		assert_int_equal(broker_blocks_free(), memory);
		assert_int_equal(broker_slots_free(), slots);
		if (left)
			break;
	}
	assert_true(failed > 20 && k < REFUSED_MAX);
}

/* The same for the timer service, which has a capability for each client: it is
 * there again at once, or a moment later. */
static void every_refusal_in_the_timer(void **state)
{
	unsigned int k;

	(void)state;
	world_start(WORLD_MANIFEST WORLD_TIMER);
	for (k = 1; k < REFUSED_MAX; k++) {
		struct broker_process *timer = world_process("timer0/timer");
		unsigned int left;

		world_call(timer, GLUE_BROKER_READY, 1, 0ul);
		timer->counters->served = 1;
		fake_now += 62500001;
		fake_fail_call(k);
		broker_supervise_fault(timer, &fault);
		left = fake_fail_left();
		fake_fail_call(0);
		assert_int_equal(timer->state, GLUE_PROC_STARTING);
		if (left)
			break;
	}
	assert_true(k > 20 && k < REFUSED_MAX);
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
		broker_supervise_fault(driver, &fault);
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
	driver_comes_back();
	assert_int_equal(driver->state, GLUE_PROC_READY);
	assert_int_equal(channel()->state, GLUE_CHAN_OPEN);
	/* And once more, while there is nothing else. */
	broker_supervise_fault(driver, &fault);
	world_call(client, GLUE_BROKER_RECONNECT, 1, 0ul);
	driver_comes_back();
	assert_int_equal(channel()->state, GLUE_CHAN_OPEN);
	others_are_well();
	stranger_leaves();
	assert_int_equal(accounted(), all);
}

/* The driver is there, its client is slow to let go, a stranger is quick. */
static void nobody_takes_what_a_channel_needs(void **state)
{
	(void)state;
	broker_supervise_fault(driver, &fault);
	driver_comes_back();
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
		broker_supervise_fault(driver, &fault);
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
		cmocka_unit_test_setup(every_refusal_in_a_restart, set_up),
		cmocka_unit_test_setup(every_refusal_in_a_connection, set_up),
		cmocka_unit_test_setup(every_refusal_in_a_start, set_up),
		cmocka_unit_test(every_refusal_in_the_timer),
		cmocka_unit_test_setup(nobody_takes_what_a_restart_needs,
				       set_up),
		cmocka_unit_test_setup(nobody_takes_what_a_channel_needs,
				       set_up),
		cmocka_unit_test_setup(who_is_given_up_keeps_nothing, set_up),
	};

	return cmocka_run_group_tests_name("broker_exhaust", tests, NULL, NULL);
}
