/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_channels.c - channels between clients and drivers, from open to the
 * return of their memory, also when either side dies.
 */
#include <stdlib.h>
#include <string.h>

#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/channels.h"
#include "../../broker/loader.h"
#include "../../broker/supervisor.h"
#include "../../broker/timer.h"

static void both_see_the_same_memory(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");
	const struct glue_chan *c, *d;
	void *memory;

	(void)state;
	fake_signals(driver->notify);
	assert_int_equal(world_connect(client, "blk0", 70000), K_OK);
	assert_int_equal(world_reply.word[0], 0);
	c = world_chan(client, 0);
	d = world_chan(driver, 0);
	assert_int_equal(c->state, GLUE_CHAN_OPEN);
	assert_int_equal(d->state, GLUE_CHAN_OPEN);
	assert_int_equal(c->generation, 1);
	assert_int_equal(c->data_vaddr, client->low_end + 4096);
	assert_int_equal(c->data_bytes, 18 * 4096);
	assert_int_equal(c->data_bus, 0);
	assert_int_equal(c->server, 0);
	assert_int_equal(d->server, 1);
	assert_int_equal(d->data_vaddr, GLUE_DMA_BASE + d->data_bus);
	assert_int_equal(d->data_bus % 0x20000, 0);
	assert_int_equal(c->class_id, GLUE_CLASS_BLOCK);
	assert_int_equal(c->depth, 128);
	assert_int_equal(c->ring_bytes, 8192);
	assert_string_equal(c->peer, "blk0");
	assert_string_equal(d->peer, "shell");
	assert_int_equal(d->peer_pid, client->pid);
	memory = fake_look(client->vspace.cap, GLUE_RING_VADDR + 4096);
	assert_non_null(memory);
	assert_ptr_equal(memory,
			 fake_look(driver->vspace.cap, GLUE_RING_VADDR + 4096));
	memory = fake_look(client->vspace.cap, c->data_vaddr + 0x11000);
	assert_non_null(memory);
	assert_ptr_equal(memory, fake_look(driver->vspace.cap,
					   d->data_vaddr + 0x11000));
	assert_null(fake_look(client->vspace.cap, c->data_vaddr + 0x12000));
	assert_int_equal(fake_rights(driver->vspace.cap,
				     GLUE_META_BASE + d->data_bus / 4096 * 64),
			 ABI_RIGHT_READ | ABI_RIGHT_WRITE);
	assert_int_equal(fake_signals(driver->notify), GLUE_EVENT_CONTROL);
}

/* Close to the image, so that they need no page tables of their own; an unmapped
 * page lies between any two. */
static void lent_regions_lie_close_together(void **state)
{
	struct broker_process *client = world_process("shell");
	uint64_t place = client->low_end + 4096;

	(void)state;
	assert_int_equal(world_connect(client, "blk0", 8192), K_OK);
	assert_int_equal(world_connect(client, "blk1", 0), K_OK);
	assert_int_equal(world_connect(client, "blk0", 4096), K_OK);
	assert_int_equal(world_chan(client, 0)->data_vaddr, place);
	assert_int_equal(world_chan(client, 1)->data_vaddr, 0);
	assert_int_equal(world_chan(client, 2)->data_vaddr, place + 3 * 4096);
	world_call(client, GLUE_BROKER_DISCONNECT, 1, 0ul);
	/* Too large for the room that became free; then one that fits. */
	assert_int_equal(world_connect(client, "blk1", 3 * 4096), K_OK);
	assert_int_equal(world_chan(client, 0)->data_vaddr, place + 5 * 4096);
	assert_int_equal(world_connect(client, "blk1", 4096), K_OK);
	assert_int_equal(world_chan(client, 3)->data_vaddr, place);
	for (uint64_t page = place - 4096; page < place + 9 * 4096;
	     page += 4096)
		assert_int_equal(!fake_look(client->vspace.cap, page),
				 page == place - 4096 || page == place + 4096 ||
					 page == place + 2 * 4096 ||
					 page == place + 4 * 4096 ||
					 page == place + 8 * 4096);
	/* No room is left there: the channel's own place. */
	world_call(client, GLUE_BROKER_DISCONNECT, 1, 3ul);
	client->low_end = GLUE_IMAGE_END - 2 * 4096;
	assert_int_equal(world_connect(client, "blk1", 4096), K_OK);
	assert_int_equal(world_chan(client, 3)->data_vaddr,
			 GLUE_LENT_VADDR + 3 * GLUE_LENT_SPAN);
}

static void signals_carry_the_receivers_bit(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *blk0 = world_process("blk0/vblk");
	struct broker_process *blk1 = world_process("blk1/vblk");

	(void)state;
	assert_int_equal(world_connect(client, "blk0", 0), K_OK);
	assert_int_equal(world_connect(client, "blk1", 4096), K_OK);
	assert_int_equal(world_reply.word[0], 1);
	assert_int_equal(
		fake_cap_badge(broker_process_slot(client, GLUE_CAP_PEER0 + 1)),
		GLUE_EVENT_CHAN(0));
	assert_int_equal(fake_cap_badge(
				 broker_process_slot(blk1, GLUE_CAP_PEER0)),
			 GLUE_EVENT_CHAN(1));
	assert_int_equal(fake_cap_rights(
				 broker_process_slot(blk0, GLUE_CAP_PEER0)),
			 ABI_RIGHT_WRITE);
}

static void memory_returns_when_both_have_closed(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");
	uint64_t before, free;

	(void)state;
	world_connect(client, "blk0", 65536); /* page tables stay */
	world_call(client, GLUE_BROKER_DISCONNECT, 1, 0ul);
	world_call(driver, GLUE_BROKER_DISCONNECT, 1, 0ul);
	before = broker_blocks_free();
	for (unsigned int round = 0; round < 50; round++) {
		assert_int_equal(world_connect(client, "blk0", 65536), K_OK);
		assert_int_equal(world_chan(driver, 0)->generation, round + 2);
		free = broker_blocks_free();
		fake_signals(driver->notify);
		assert_int_equal(world_call(client, GLUE_BROKER_DISCONNECT, 1,
					    0ul),
				 K_OK);
		/* The driver keeps its mapping until it has finished. */
		assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_FREE);
		assert_int_equal(world_chan(driver, 0)->state,
				 GLUE_CHAN_CLOSED);
		assert_int_equal(fake_signals(driver->notify),
				 GLUE_EVENT_CONTROL);
		assert_null(
			fake_look(client->vspace.cap, client->low_end + 4096));
		assert_non_null(fake_look(driver->vspace.cap,
					  world_chan(driver, 0)->data_vaddr));
		assert_int_equal(broker_blocks_free(), free);
		assert_int_equal(world_call(driver, GLUE_BROKER_DISCONNECT, 1,
					    0ul),
				 K_OK);
		assert_int_equal(broker_blocks_free(), before);
	}
	assert_int_equal(world_call(client, GLUE_BROKER_DISCONNECT, 1, 0ul),
			 K_ERR_INVALID);
}

static void a_driver_may_hang_up_first(void **state)
{
	struct broker_process *client = world_process("shell");
	struct broker_process *driver = world_process("blk0/vblk");

	(void)state;
	world_connect(client, "blk0", 4096);
	fake_signals(client->notify);
	assert_int_equal(world_call(driver, GLUE_BROKER_DISCONNECT, 1, 0ul),
			 K_OK);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_CLOSED);
	assert_int_equal(fake_signals(client->notify), GLUE_EVENT_CONTROL);
	assert_int_equal(world_call(client, GLUE_BROKER_DISCONNECT, 1, 0ul),
			 K_OK);
}

static void the_33rd_client_is_refused(void **state)
{
	struct broker_process *p;

	(void)state;
	for (unsigned int i = 0; i < 32; i++) {
		p = world_run("client", "");
		assert_non_null(p);
		assert_int_equal(world_connect(p, "blk0", 4096), K_OK);
	}
	p = world_run("client", "");
	assert_int_equal(world_connect(p, "blk0", 4096), K_ERR_FULL);
	assert_non_null(strstr(fake_text(), "cannot connect to blk0/vblk"));
	assert_int_equal(world_connect(p, "blk1", 4096), K_OK);
}

/* So that one client cannot take what others need. */
static void a_client_has_what_its_line_grants(void **state)
{
	struct broker_process *p = world_run("client", "");

	(void)state;
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(world_connect(p, "blk0", 4096), K_OK);
	assert_int_equal(world_connect(p, "blk0", 4096), K_ERR_FULL);
	assert_non_null(strstr(fake_text(), "its manifest line grants"));
	assert_int_equal(world_call(p, GLUE_BROKER_DISCONNECT, 1, 0ul), K_OK);
	assert_int_equal(world_connect(p, "blk1", 4096), K_OK);
}

static void a_dead_client_is_noticed(void **state)
{
	struct broker_process *driver = world_process("blk0/vblk");
	struct broker_process *client;
	uint64_t free;

	(void)state;
	for (unsigned int round = 0; round < 20; round++) {
		client = world_run("client", "");
		assert_int_equal(world_connect(client, "blk0", 16384), K_OK);
		if (round % 2)
			broker_supervise_fault(client, &world_fault);
		else
			world_call(client, GLUE_BROKER_EXIT, 1, 0ul);
		assert_int_equal(world_chan(driver, 0)->state,
				 GLUE_CHAN_CLOSED);
		/* A late signal goes nowhere, but finds its capability. */
		assert_int_equal(fake_cap_tag(
					 broker_process_slot(driver,
							     GLUE_CAP_PEER0)),
				 ABI_CAP_NOTIFICATION);
		assert_int_equal(client->ends, 1);
		world_call(driver, GLUE_BROKER_DISCONNECT, 1, 0ul);
		assert_int_equal(client->ends, 0);
		if (round == 0)
			free = world_free_or_held(driver);
		assert_int_equal(world_free_or_held(driver), free);
	}
}

static void early_clients_wait_for_ready(void **state)
{
	struct broker_process *a, *b;

	(void)state;
	world_set_up(state);
	a = world_run("client", "");
	b = world_run("client", "");
	assert_int_equal(world_connect(a, "blk0", 4096), -1);
	assert_int_equal(world_connect(b, "blk1", 4096), -1);
	assert_int_equal(fake_replies(), 0);
	world_call(world_process("blk0/vblk"), GLUE_BROKER_READY, 1, 0ul);
	assert_int_equal(fake_replies(), 1);
	assert_int_equal(fake_reply_label(), K_OK);
	assert_int_equal(world_chan(a, 0)->state, GLUE_CHAN_OPEN);
	/* One that dies while it starts lives again: the client waits. */
	broker_supervise_fault(world_process("blk1/vblk"), &world_fault);
	assert_int_equal(fake_replies(), 1);
	world_call(world_process("blk1/vblk"), GLUE_BROKER_READY, 1, 0ul);
	assert_int_equal(fake_replies(), 2);
	assert_int_equal(fake_reply_label(), K_OK);
	assert_int_equal(world_chan(b, 0)->state, GLUE_CHAN_OPEN);
}

/* The k-th allocation of a connect fails, for every k. */
static void every_failed_connect_is_undone(void **state)
{
	unsigned int k;

	for (k = 1; k < 100; k++) {
		struct broker_process *client, *driver;
		unsigned int left;
		int err;

		world_set_up_ready(state);
		client = world_process("shell");
		driver = world_process("blk0/vblk");
		fake_fail_retype(k);
		err = world_connect(client, "blk0", 20000);
		left = fake_fail_left();
		fake_fail_retype(0);
		/* A split that fails may be made good by smaller blocks. */
		if (err == K_OK && left != 0)
			break;
		if (err == K_OK)
			continue;
		assert_int_equal(err, K_ERR_NOMEM);
		assert_int_equal(driver->ends + client->ends, 0);
		assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_FREE);
		assert_int_equal(fake_cap_tag(
					 broker_process_slot(client,
							     GLUE_CAP_PEER0)),
				 ABI_CAP_NULL);
		assert_null(fake_look(client->vspace.cap, GLUE_RING_VADDR));
	}
	assert_true(k > 3 && k < 100);
}

/* Connects, disconnects and deaths in any order: the books stay right. */
static void any_order(void **state)
{
	struct broker_process *driver = world_process("blk0/vblk");
	struct broker_process *p[6] = { NULL };
	uint64_t free = 0;

	(void)state;
	srand(6);
	for (unsigned int round = 0; round < 3; round++) {
		for (unsigned int step = 0; step < 400; step++) {
			struct broker_process **q = &p[rand() % 6];
			int what = rand() % 8;

			if (!*q)
				*q = world_run("client", "");
			else if (what < 4)
				world_connect(*q, "blk0",
					      (uint64_t)(rand() % 40000));
			else if (what < 6)
				world_call(*q, GLUE_BROKER_DISCONNECT, 1,
					   (uint64_t)rand() % 4);
			else if (what == 6)
				world_call(driver, GLUE_BROKER_DISCONNECT, 1,
					   (uint64_t)rand() % 32);
			else {
				world_call(*q, GLUE_BROKER_EXIT, 1, 0ul);
				*q = NULL;
			}
		}
		for (unsigned int i = 0; i < 6; i++) {
			if (p[i])
				world_call(p[i], GLUE_BROKER_EXIT, 1, 0ul);
			p[i] = NULL;
		}
		world_disconnect_all(driver);
		assert_int_equal(driver->ends, 0);
		if (round == 1)
			free = world_free_or_held(driver);
	}
	assert_int_equal(world_free_or_held(driver), free);
}

static void nobody_is_its_own_client(void **state)
{
	struct broker_process *p;

	(void)state;
	world_start("vblk elf=a.elf kind=dde start=device class=block "
		    "match=virtio:d00000002v* connect=block\n");
	p = world_process("blk0/vblk");
	world_drivers_ready();
	assert_int_equal(world_connect(p, "blk0", 0), K_ERR_INVALID);
	assert_int_equal(world_connect(p, "blk1", 0), K_OK);
}

/* A server that is a client too dies: who served it is left, its own clients
 * wait; one that has gone meanwhile is not waited for. */
static void a_client_of_its_kind_dies(void **state)
{
	struct broker_process *p, *other;

	nobody_is_its_own_client(state);
	p = world_process("blk0/vblk");
	other = world_process("blk1/vblk");
	assert_int_equal(world_connect(other, "blk0", 0), K_OK);
	assert_int_equal(world_connect(other, "blk0", 0), K_OK);
	world_call(other, GLUE_BROKER_DISCONNECT, 1, 1ul);
	broker_supervise_fault(p, &world_fault);
	assert_int_equal(world_chan(other, 0)->state, GLUE_CHAN_CLOSED);
	assert_int_equal(world_chan(other, 1)->state, GLUE_CHAN_FREE);
	assert_int_equal(world_chan(other, 2)->state, GLUE_CHAN_LOST);
	world_call(other, GLUE_BROKER_DISCONNECT, 1, 0ul);
	world_call(other, GLUE_BROKER_DISCONNECT, 1, 2ul);
	world_call(p, GLUE_BROKER_READY, 1, 0ul);
	assert_int_equal(p->state, GLUE_PROC_READY);
	assert_int_equal(p->ends + other->ends, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(both_see_the_same_memory,
				       world_set_up_ready),
		cmocka_unit_test_setup(lent_regions_lie_close_together,
				       world_set_up_ready),
		cmocka_unit_test_setup(signals_carry_the_receivers_bit,
				       world_set_up_ready),
		cmocka_unit_test_setup(memory_returns_when_both_have_closed,
				       world_set_up_ready),
		cmocka_unit_test_setup(a_driver_may_hang_up_first,
				       world_set_up_ready),
		cmocka_unit_test_setup(the_33rd_client_is_refused,
				       world_set_up_ready),
		cmocka_unit_test_setup(a_client_has_what_its_line_grants,
				       world_set_up_ready),
		cmocka_unit_test_setup(a_dead_client_is_noticed,
				       world_set_up_ready),
		cmocka_unit_test_setup(early_clients_wait_for_ready,
				       world_set_up_ready),
		cmocka_unit_test_setup(every_failed_connect_is_undone,
				       world_set_up_ready),
		cmocka_unit_test_setup(any_order, world_set_up_ready),
		cmocka_unit_test(nobody_is_its_own_client),
		cmocka_unit_test(a_client_of_its_kind_dies),
	};

	return cmocka_run_group_tests_name("broker_channels", tests, NULL,
					   NULL);
}
