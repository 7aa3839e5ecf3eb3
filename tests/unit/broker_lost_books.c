/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_lost_books.c - memory, slots and channel tables over deaths of a driver,
 * whatever its clients do meanwhile.
 */
#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/slots.h"
#include "../../broker/supervisor.h"

/* Deaths and clients that leave meanwhile: nothing gets lost. */
static void nothing_is_lost_by_deaths(void **state)
{
	struct broker_process *driver = world_process("blk0/vblk");
	uint64_t free = 0;

	(void)state;
	for (unsigned int round = 0; round < 20; round++) {
		struct broker_process *client = world_run("client", "");

		world_connect(client, "blk0", 16384);
		world_connect(client, "blk0", 16384);
		broker_supervise_fault(driver, &world_fault);
		if (round % 4 == 0)
			world_call(client, GLUE_BROKER_DISCONNECT, 1, 0ul);
		if (round % 2)
			world_call(client, GLUE_BROKER_RECONNECT, 1, 1ul);
		if (round % 3)
			world_call(client, GLUE_BROKER_EXIT, 1, 0ul);
		world_call(driver, GLUE_BROKER_READY, 1, 0ul);
		if (round % 3 == 0)
			world_call(client, GLUE_BROKER_EXIT, 1, 0ul);
		world_beat();
		fake_now += 1ul << 32;
		world_disconnect_all(driver);
		assert_int_equal(driver->ends, 0);
		if (round == 0)
			free = world_free_or_held(driver);
		assert_int_equal(world_free_or_held(driver), free);
	}
	assert_int_equal(driver->restarts, 20);
}

/* Clients that stay: what they cost the driver is paid once, not at each death. */
static void deaths_beside_clients_cost_nothing(void **state)
{
	struct broker_process *shell = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");
	uint64_t held = 0, free = 0, slots = 0;

	(void)state;
	for (uint64_t i = 0; i < 3; i++)
		assert_int_equal(world_connect(shell, "blk0", 1u << 20), K_OK);
	for (unsigned int round = 0; round < 20; round++) {
		broker_supervise_kill(driver, shell);
		for (uint64_t i = 0; i < 3; i++)
			world_call(shell, GLUE_BROKER_RECONNECT, 1, i);
		world_call(driver, GLUE_BROKER_READY, 1, 0ul);
		assert_int_equal(world_chan(shell, 2)->state, GLUE_CHAN_OPEN);
		if (round == 1) {
			held = driver->memory.bytes + driver->memory.reserved;
			free = broker_blocks_free() - broker_blocks_promised();
			slots = broker_slots_free();
		}
		if (round < 1)
			continue;
		assert_int_equal(driver->memory.bytes + driver->memory.reserved,
				 held);
		assert_int_equal(broker_blocks_free() -
					 broker_blocks_promised(),
				 free);
		assert_int_equal(broker_slots_free(), slots);
	}
}

/* A client that does not look keeps its lost channel; the driver is stopped, and
 * serves another under the same index: that one is nobody else's. */
static void stopped_with_a_lost_channel(void **state)
{
	struct broker_process *shell = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");
	struct broker_process *other;

	(void)state;
	world_connect(shell, "blk0", 4096);
	broker_supervise_kill(driver, shell);
	world_call(driver, GLUE_BROKER_READY, 1, 0ul);
	assert_int_equal(world_chan(shell, 0)->state, GLUE_CHAN_LOST);
	world_call(shell, GLUE_BROKER_STOP, 1, (uint64_t)driver->pid);
	world_call(driver, GLUE_BROKER_EXIT, 1, 0ul);
	assert_int_equal(world_chan(shell, 0)->state, GLUE_CHAN_CLOSED);
	world_call(shell, GLUE_BROKER_START, 1, (uint64_t)driver->pid);
	world_call(driver, GLUE_BROKER_READY, 1, 0ul);
	other = world_run("client", "");
	assert_int_equal(world_connect(other, "blk0", 4096), K_OK);
	world_call(shell, GLUE_BROKER_DISCONNECT, 1, 0ul);
	broker_supervise_kill(driver, shell);
	assert_int_equal(world_chan(other, 0)->state, GLUE_CHAN_LOST);
	world_call(other, GLUE_BROKER_EXIT, 1, 0ul);
	world_call(driver, GLUE_BROKER_READY, 1, 0ul);
	assert_int_equal(driver->ends, 0);
}

/* A hostile driver lets go of what its last life served. */
static void lost_channels_are_not_the_drivers(void **state)
{
	struct broker_process *shell = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");

	(void)state;
	world_connect(shell, "blk0", 4096);
	broker_supervise_kill(driver, shell);
	world_call(shell, GLUE_BROKER_RECONNECT, 1, 0ul);
	assert_int_equal(world_call(driver, GLUE_BROKER_DISCONNECT, 1, 0ul),
			 K_ERR_INVALID);
	world_call(driver, GLUE_BROKER_READY, 1, 0ul);
	assert_int_equal(world_chan(shell, 0)->state, GLUE_CHAN_OPEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_is_lost_by_deaths,
				       world_set_up_ready),
		cmocka_unit_test_setup(deaths_beside_clients_cost_nothing,
				       world_set_up_ready),
		cmocka_unit_test_setup(stopped_with_a_lost_channel,
				       world_set_up_ready),
		cmocka_unit_test_setup(lost_channels_are_not_the_drivers,
				       world_set_up_ready),
	};

	return cmocka_run_group_tests_name("broker_lost_books", tests, NULL,
					   NULL);
}
