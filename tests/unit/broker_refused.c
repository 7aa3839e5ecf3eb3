/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_refused.c - each single thing that the kernel may refuse, in all that
 * the broker does for a process: its boot, start, restart and end, its channels
 * and their return, its trace, what is lent of it.
 *
 * Whatever was refused, the books and the kernel agree behind it: what the broker
 * calls free is free, and nothing has become less. A driver lives again; who does
 * not start is told so in one line; nobody else is touched.
 */
#include <string.h>

#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/boot.h"
#include "../../broker/channels.h"
#include "../../broker/loader.h"
#include "../../broker/slots.h"
#include "../../broker/supervisor.h"

#define LENT	    65536ul
#define REFUSED_MAX 600u
#define STRANGER    (BROKER_OWNER_CHANNEL + 0x180) /* no channel has it */

static struct broker_process *driver, *client;

struct books {
	uint64_t bytes; /* free, or somebody's */
	uint32_t slots;
	unsigned int caps;
};

static struct books books_read(void)
{
	struct books books = { broker_blocks_free(), broker_slots_free(),
			       fake_caps() };

	for (struct broker_process *p = NULL; (p = broker_process_next(p));)
		books.bytes += p->memory.bytes + p->arena.bytes +
			       broker_channels_bytes(p);
	return books;
}

/* All memory becomes pages, and no slot has anything in it: what is lost stays
 * lost, so that every fourth look is enough. */
static void free_is_free(void)
{
	static unsigned int looks;
	struct broker_account all;
	uint32_t first, count = 1024;

	if (looks++ % 4)
		return;
	broker_account_open(&all, STRANGER);
	while (count > 0)
		if (broker_account_pages(&all, ABI_OBJ_FRAME_SMALL, count,
					 &first))
			count /= 2;
	assert_int_equal(broker_blocks_free(), broker_blocks_promised());
	for (count = 4096; count > 0; count /= 2)
		while ((first = broker_slots_take(STRANGER, count)))
			for (uint32_t i = 0; i < count; i++)
				assert_int_equal(fake_cap_tag(broker_slot(
							 first + i)),
						 ABI_CAP_NULL);
	broker_account_close(&all);
}

static void agree(const struct books *before)
{
	struct books now = books_read();

	free_is_free();
	assert_int_equal(now.bytes, before->bytes);
	assert_int_equal(now.slots, before->slots);
	assert_int_equal(now.caps, before->caps);
}

static unsigned int lines_of(const char *what)
{
	unsigned int lines = 0;

	for (const char *at = fake_text(); (at = strstr(at, what)); at++)
		lines++;
	return lines;
}

/* The driver has nothing, and nobody has anything of it. */
static void at_rest(void)
{
	for (uint64_t i = 0; i < 2; i++) {
		world_call(client, GLUE_BROKER_DISCONNECT, 1, i);
		world_call(driver, GLUE_BROKER_DISCONNECT, 1, i);
	}
	assert_int_equal(driver->ends, 0);
	world_call(client, GLUE_BROKER_STOP, 1, (uint64_t)driver->pid);
	if (driver->state == GLUE_PROC_STOPPING)
		world_call(driver, GLUE_BROKER_EXIT, 1, 0ul);
	assert_int_equal(driver->state, GLUE_PROC_ENDED);
}

static int set_up(void **state)
{
	world_set_up_ready(state);
	driver = world_process("blk0/vblk");
	client = world_process("shell");
	at_rest();
	return 0;
}

static void at_work(void)
{
	assert_int_equal(world_call(client, GLUE_BROKER_START, 1,
				    (uint64_t)driver->pid),
			 K_OK);
	world_call(driver, GLUE_BROKER_READY, 1, 0ul);
	assert_int_equal(world_connect(client, "blk0", LENT), K_OK);
	client->refusals = 0;
	fake_text_clear();
}

static void others_are_well(void)
{
	const struct broker_process *blk1 = world_process("blk1/vblk");

	assert_int_equal(blk1->state, GLUE_PROC_READY);
	assert_int_equal(blk1->restarts, 0);
	assert_int_equal(client->state, GLUE_PROC_READY);
}

/* The one call without which nothing can be done: the device is not seen. Then
 * what it may write to stays out of use. The world begins anew. */
static void out_of_use(const struct books *before)
{
	free_is_free();
	assert_int_equal(books_read().bytes, before->bytes);
	assert_int_equal(lines_of("virtio_mmio@a000000 cannot be stopped: the "
				  "kernel does not show its registers; it, the "
				  "96 KiB at 0x"),
			 1);
	assert_int_equal(driver->arena.bytes, 96 << 10);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_CLOSED);
	assert_false(broker_process_alive(driver));
	set_up(NULL);
}

/*
 * Do something with its first, second, ... call refused, until all of them have
 * been. Return: how many those are. @settle: what must be now; @refused: whether
 * the call was.
 */
static unsigned int each(void (*act)(void), void (*settle)(int refused))
{
	struct books before;
	unsigned int k, unseen = 0;
	int refused = 1;

	at_work(); /* tables of windows come to stay */
	at_rest();
	before = books_read();
	for (k = 0; refused && k < REFUSED_MAX; k++) {
		at_work();
		fake_fail_call(k + 1);
		act();
		refused = !fake_fail_left();
		fake_fail_call(0);
		if (driver->device->broken) {
			out_of_use(&before);
			unseen++;
			continue;
		}
		settle(refused);
		others_are_well();
		at_rest();
		agree(&before);
	}
	assert_false(refused);
	assert_in_range(unseen, 0, 2); /* a copy, and its mapping */
	return k;
}

static struct broker_process *started;

static void program_starts(void)
{
	started = world_run("client", "");
}

static void program_ends(int refused)
{
	/* A large block that cannot be had may be made good by small ones. */
	assert_true(started || refused);
	assert_int_equal(lines_of("kaal: client: not started: "), !started);
	assert_int_equal(lines_of("\n"), !started);
	if (started)
		broker_supervise_exit(started, 0);
}

static void a_start(void **state)
{
	(void)state;
	assert_in_range(each(program_starts, program_ends), 30, 100);
}

/* The next try succeeds, and the channel is as before, or its client is told. */
static void driver_returns(int refused)
{
	world_comes_back(driver);
	assert_int_equal(driver->state, GLUE_PROC_READY);
	assert_in_range(lines_of("blk0/vblk: not started: "), 0, refused);
	assert_int_equal(world_chan(client, 0)->state,
			 lines_of("shell cannot be connected to blk0/vblk") ?
				 GLUE_CHAN_CLOSED :
				 GLUE_CHAN_OPEN);
	world_good_life();
}

static void driver_dies(void)
{
	broker_supervise_fault(driver, &world_fault);
	world_call(client, GLUE_BROKER_RECONNECT, 1, 0ul);
}

static void a_restart(void **state)
{
	(void)state;
	assert_in_range(each(driver_dies, driver_returns), 50, 200);
}

static void driver_is_killed(void)
{
	world_call(client, GLUE_BROKER_KILL, 1, (uint64_t)driver->pid);
	world_call(client, GLUE_BROKER_RECONNECT, 1, 0ul);
}

static void an_end(void **state)
{
	(void)state;
	assert_in_range(each(driver_is_killed, driver_returns), 50, 200);
}

/* So much without a refusal, and the rest with it. */
static void driver_is_ready(void)
{
	unsigned int k = fake_fail_left();

	fake_fail_call(0);
	driver_dies();
	fake_fail_call(k);
	world_call(driver, GLUE_BROKER_READY, 1, 0ul);
}

/* Whatever is refused, the driver stays, and its client is told. */
static void a_channels_return(void **state)
{
	(void)state;
	assert_in_range(each(driver_is_ready, driver_returns), 20, 100);
}

static void driver_stops(void)
{
	world_call(client, GLUE_BROKER_STOP, 1, (uint64_t)driver->pid);
	if (driver->state == GLUE_PROC_STOPPING)
		world_call(driver, GLUE_BROKER_EXIT, 1, 0ul);
}

static void it_is_stopped(int refused)
{
	if (!refused || driver->state != GLUE_PROC_READY)
		assert_int_equal(driver->state, GLUE_PROC_ENDED);
}

static void an_orderly_end(void **state)
{
	(void)state;
	assert_in_range(each(driver_stops, it_is_stopped), 3, 20);
}

static void driver_is_brought_back(void)
{
	unsigned int k = fake_fail_left();

	fake_fail_call(0);
	at_rest();
	fake_fail_call(k);
	assert_int_equal(world_call(client, GLUE_BROKER_START, 1,
				    (uint64_t)driver->pid),
			 K_OK);
}

static void it_is_back(int refused)
{
	world_comes_back(driver);
	assert_int_equal(driver->state, GLUE_PROC_READY);
	assert_in_range(lines_of("blk0/vblk: not started: "), 0, refused);
}

static void an_orderly_start(void **state)
{
	(void)state;
	assert_in_range(each(driver_is_brought_back, it_is_back), 40, 200);
}

static int connected;

static void client_connects(void)
{
	connected = world_connect(client, "blk0", LENT);
}

static void client_is_told(int refused)
{
	assert_true(connected == K_OK || (refused && connected == K_ERR_NOMEM));
	assert_int_equal(lines_of("cannot connect to blk0/vblk: memory"),
			 connected != K_OK);
	assert_int_equal(world_chan(client, 0)->state, GLUE_CHAN_OPEN);
	assert_int_equal(driver->ends, connected == K_OK ? 2 : 1);
}

static void a_connection(void **state)
{
	(void)state;
	assert_in_range(each(client_connects, client_is_told), 20, 100);
}

/* What is traced once stays so: each time in a world that was not. */
static void a_trace(void **state)
{
	unsigned int k, untraced = 0;

	for (k = 1; k < REFUSED_MAX; k++) {
		set_up(state);
		at_work();
		fake_fail_call(k);
		world_call(client, GLUE_BROKER_TRACE_SET, 1, 1ul);
		if (fake_fail_left())
			break;
		if (!driver->trace)
			untraced++;
		assert_int_equal(driver->page->env.tracing, !!driver->trace);
		assert_int_equal(lines_of("blk0/vblk: no memory for a trace"),
				 !driver->trace);
		/* It is asked for again, of those who have it already, too. */
		world_call(client, GLUE_BROKER_TRACE_SET, 1, 1ul);
		assert_int_equal(driver->page->env.tracing, 1);
		at_rest();
		free_is_free();
	}
	assert_in_range(untraced, 2, k);
}

/* The timer service has a capability for each client: it is there again at
 * once. What it lacked when it was started has been told. */
static void the_timer(void **state)
{
	unsigned int k;
	struct books before;

	(void)state;
	world_start(WORLD_MANIFEST WORLD_TIMER);
	for (k = 0; k < REFUSED_MAX; k++) {
		struct broker_process *timer = world_process("timer0/timer");
		unsigned int left;

		world_call(timer, GLUE_BROKER_READY, 1, 0ul);
		timer->counters->served = 1;
		fake_now += 62500001;
		fake_text_clear();
		fake_fail_call(k);
		broker_supervise_fault(timer, &world_fault);
		left = fake_fail_left();
		fake_fail_call(0);
		assert_int_equal(timer->state, GLUE_PROC_STARTING);
		assert_in_range(lines_of("timer0/timer: not started: "), 0, 1);
		if (k == 0)
			before = books_read();
		else if (left)
			break;
		agree(&before);
	}
	assert_in_range(k, 60, REFUSED_MAX - 1);
}

/* Each program of the boot that is not started is told, and the others are. */
static void the_boot(void **state)
{
	unsigned int k, failed = 0;

	(void)state;
	for (k = 1; k < REFUSED_MAX; k++) {
		unsigned int programs;

		world_prepare(WORLD_MANIFEST WORLD_TIMER);
		broker_supervisor_init();
		fake_fail_call(k);
		programs = broker_boot_programs();
		if (fake_fail_left())
			break;
		fake_fail_call(0);
		failed += 4 - programs;
		assert_int_equal(lines_of("not started: "), 4 - programs);
		assert_int_equal(lines_of("kaal: started "), programs);
		free_is_free();
	}
	assert_in_range(failed, 150, k);
}

/* A page that was promised comes, or the process ends; nothing is lost then. */
static void a_touch(void **state)
{
	struct broker_fault touch = { .label = ABI_FAULT_VM,
				      .length = 4,
				      .word = { 0x400000, 0x404000, 0,
						0x92000046 } };
	struct books before = books_read();
	unsigned int k, came = 0;

	(void)state;
	for (k = 1; !came && k < REFUSED_MAX; k++) {
		struct broker_process *p = world_run("client", "");

		fake_fail_call(k);
		came = broker_fresh_touched(p, &touch);
		fake_fail_call(0);
		assert_int_equal(came, !!fake_look(p->vspace.cap, 0x404000));
		broker_supervise_exit(p, 0);
		agree(&before);
	}
	assert_in_range(k, 3, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_start, set_up),
		cmocka_unit_test_setup(a_restart, set_up),
		cmocka_unit_test_setup(an_end, set_up),
		cmocka_unit_test_setup(a_channels_return, set_up),
		cmocka_unit_test_setup(an_orderly_end, set_up),
		cmocka_unit_test_setup(an_orderly_start, set_up),
		cmocka_unit_test_setup(a_connection, set_up),
		cmocka_unit_test(a_trace),
		cmocka_unit_test(the_timer),
		cmocka_unit_test(the_boot),
		cmocka_unit_test_setup(a_touch, set_up),
	};

	return cmocka_run_group_tests_name("broker_refused", tests, NULL, NULL);
}
