/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_heartbeat.c - services that do not answer, and clients that complain.
 */
#include <stdio.h>
#include <string.h>

#include "broker_world.h"

#include "../../broker/supervisor.h"
#include "../../broker/timer.h"

#define LOOK (62500000ul / 4)

static int set_up(void **state)
{
	(void)state;
	fake_now = 1;
	world_start(WORLD_TIMER WORLD_MANIFEST);
	world_call(world_process("timer0/timer"), GLUE_BROKER_READY, 1, 0ul);
	world_drivers_ready();
	fake_text_clear();
	return 0;
}

static void next_look(void)
{
	assert_true(world_timer()->broker_deadline > fake_now);
	fake_now = world_timer()->broker_deadline;
	broker_timer_interrupt();
}

static void who_answers_lives(void **state)
{
	const struct broker_process *blk0 = world_process("blk0/vblk");
	uint32_t pid = blk0->pid;

	(void)state;
	for (unsigned int i = 0; i < 100; i++) {
		uint32_t beat = blk0->page->env.beat;

		world_beat();
		fake_signals(blk0->notify);
		next_look();
		assert_int_equal(blk0->page->env.beat, beat + 1);
		assert_int_equal(fake_signals(blk0->notify),
				 GLUE_EVENT_CONTROL);
	}
	assert_int_equal(blk0->pid, pid);
	assert_int_equal(fake_now / LOOK, 100);
}

/* Its stall_ms is a second: four looks, and the one that asked. */
static void who_does_not_is_ended(void **state)
{
	struct broker_process *blk0 = world_process("blk0/vblk");
	struct broker_process *blk1 = world_process("blk1/vblk");
	uint32_t pid = blk0->pid;
	uint64_t asked;

	(void)state;
	world_beat();
	next_look();
	asked = fake_now;
	while (blk0->pid == pid) {
		assert_true(fake_now - asked <= 6 * LOOK);
		blk1->counters->beat = blk1->page->env.beat;
		next_look();
	}
	assert_true(fake_now - asked >= 4 * LOOK);
	assert_int_equal(blk0->state, GLUE_PROC_STARTING);
	assert_int_equal(blk0->restarts, 1);
	assert_int_equal(blk1->restarts, 0);
	assert_non_null(strstr(fake_text(),
			       "blk0/vblk (pid 2) has not answered "
			       "for 1500 ms and is ended\n        pc  "));
}

/* How long a driver may be silent is its manifest line's to say. */
static void the_time_is_the_manifests(void **state)
{
	static const uint32_t stall_ms[] = { 1, 250, 1000, 3000, 60000 };

	for (unsigned int i = 0; i < sizeof(stall_ms) / sizeof(stall_ms[0]);
	     i++) {
		char manifest[512], said[64];
		const struct broker_process *blk0;
		uint64_t asked, ms = stall_ms[i];

		fake_now = 1;
		snprintf(manifest, sizeof(manifest),
			 WORLD_TIMER "vblk elf=a.elf kind=dde start=device "
				     "class=block match=virtio:d00000002v* "
				     "dma_kib=96 stall_ms=%u\n",
			 stall_ms[i]);
		world_start(manifest);
		world_call(world_process("timer0/timer"), GLUE_BROKER_READY, 1,
			   0ul);
		world_drivers_ready();
		blk0 = world_process("blk0/vblk");
		assert_int_equal(blk0->page->env.stall_ms, ms);
		world_beat();
		next_look();
		asked = fake_now;
		fake_text_clear();
		while (blk0->restarts == 0)
			next_look();
		assert_true(fake_now - asked >= ms * 62500);
		assert_true(fake_now - asked <= ms * 62500 + 3 * LOOK);
		snprintf(said, sizeof(said),
			 "has not answered for %u ms and is ended",
			 (stall_ms[i] + 249) / 250 * 250 + 500);
		assert_non_null(strstr(fake_text(), said));
	}
	(void)state;
}

/* The word is copied, the processor used up, and no client has an answer. */
static void who_is_busy_in_vain_is_ended(void **state)
{
	struct broker_process *blk0 = world_process("blk0/vblk");
	struct broker_process *blk1 = world_process("blk1/vblk");
	unsigned int looks = 0;

	(void)state;
	for (; blk0->restarts == 0; looks++) {
		assert_true(looks < 20);
		world_beat();
		/* The first looks find it busy for somebody. */
		blk0->counters->served = looks < 8 ? looks + 2 : 9;
		blk1->counters->served = looks + 2;
		fake_cpu_ticks += LOOK * 3 / 5;
		next_look();
	}
	assert_int_equal(looks, 8 + 6);
	assert_int_equal(blk1->restarts, 0);
}

/* Who runs in circles keeps those of lower priority from answering. */
static void those_below_are_not_blamed(void **state)
{
	struct broker_process *blk0 = world_process("blk0/vblk");
	struct broker_process *blk1 = world_process("blk1/vblk");
	static struct broker_program low;
	unsigned int looks = 0;

	(void)state;
	low = *blk1->program;
	low.priority--;
	blk1->program = &low;
	while (blk0->restarts == 0) {
		assert_true(looks++ < 10);
		next_look();
	}
	assert_int_equal(blk1->restarts, 0);
	world_call(blk0, GLUE_BROKER_READY, 1, 0ul);
	/* Alone it is. */
	for (looks = 0; blk1->restarts == 0; looks++) {
		assert_true(looks < 10);
		blk0->counters->beat = blk0->page->env.beat;
		next_look();
	}
	assert_int_equal(blk0->restarts, 1);
}

/* The machine stood still: nobody had a chance to answer. */
static void a_late_look_counts_once(void **state)
{
	const struct broker_process *blk0 = world_process("blk0/vblk");

	(void)state;
	world_beat();
	next_look();
	for (unsigned int i = 0; i < 3; i++) {
		fake_now += 100 * 62500000ul;
		broker_timer_interrupt();
	}
	assert_int_equal(blk0->restarts, 0);
	world_beat();
	next_look();
	assert_int_equal(blk0->unanswered, 0);
}

/* A start may take longer, but not for ever. */
static void a_start_that_hangs_is_ended(void **state)
{
	struct broker_process *blk0 = world_process("blk0/vblk");
	unsigned int looks = 0;

	(void)state;
	broker_supervise_exit(blk0, 1);
	while (blk0->restarts == 1) {
		assert_true(looks++ < 200);
		world_beat();
		blk0->counters->beat = 12345;
		next_look();
	}
	assert_true(looks > 100);
	assert_int_equal(blk0->restarts, 2);
}

/* Who starts and turns in circles has no such time; one look that finds it asleep
 * gives it the time again. */
static void a_start_in_circles_is_ended(void **state)
{
	struct broker_process *blk0 = world_process("blk0/vblk");
	unsigned int looks = 0;

	(void)state;
	broker_supervise_exit(blk0, 1);
	for (; blk0->restarts == 1; looks++) {
		assert_true(looks < 20);
		world_beat();
		fake_cpu_ticks += looks == 4 ? 0 : LOOK * 3 / 5;
		next_look();
	}
	assert_int_equal(looks, 5 + 6);
}

static void complaints_are_believed_now_and_then(void **state)
{
	struct broker_process *shell = world_process("shell");
	struct broker_process *blk0 = world_process("blk0/vblk");

	(void)state;
	world_connect(shell, "blk0", 4096);
	assert_int_equal(world_call(shell, GLUE_BROKER_COMPLAIN, 1, 5ul),
			 K_ERR_INVALID);
	assert_int_equal(world_call(blk0, GLUE_BROKER_COMPLAIN, 1, 0ul),
			 K_ERR_INVALID);
	assert_int_equal(world_call(shell, GLUE_BROKER_COMPLAIN, 1, 0ul), K_OK);
	assert_int_equal(blk0->restarts, 1);
	assert_non_null(strstr(fake_text(), "blk0/vblk (pid 2) has broken the "
					    "ring protocol, says shell"));
	/* Its channel is lost: there is nobody to complain about. */
	assert_int_equal(world_call(shell, GLUE_BROKER_COMPLAIN, 1, 0ul),
			 K_ERR_INVALID);
	world_call(shell, GLUE_BROKER_RECONNECT, 1, 0ul);
	world_call(blk0, GLUE_BROKER_READY, 1, 0ul);
	assert_int_equal(world_call(shell, GLUE_BROKER_COMPLAIN, 1, 0ul),
			 K_ERR_BUSY);
	assert_int_equal(blk0->restarts, 1);
	fake_now += 11 * 62500000ul;
	assert_int_equal(world_call(shell, GLUE_BROKER_COMPLAIN, 1, 0ul), K_OK);
	assert_int_equal(blk0->restarts, 2);
}

/* Each kind in words; an unknown one is the first. */
static void a_complaint_says_what(void **state)
{
	static const struct {
		uint64_t what;
		const char *words;
	} kinds[] = {
		{ GLUE_COMPLAINT_SILENT, "owes an answer for too long, says" },
		{ GLUE_COMPLAINT_DATA, "has brought other data than are " },
		{ GLUE_COMPLAINT_DATA + 1, "has broken the ring protocol, " },
		{ ~0ul, "has broken the ring protocol, says shell" },
	};

	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		set_up(state);
		world_connect(world_process("shell"), "blk0", 4096);
		assert_int_equal(world_call(world_process("shell"),
					    GLUE_BROKER_COMPLAIN, 2, 0ul,
					    kinds[i].what),
				 K_OK);
		assert_non_null(strstr(fake_text(), kinds[i].words));
	}
}

/* Whoever comes next notices that the timer service sleeps. */
static void a_late_timer_is_ended(void **state)
{
	struct broker_process *timer = world_process("timer0/timer");

	(void)state;
	fake_now = world_timer()->broker_deadline + 62500000;
	broker_timer_check();
	assert_int_equal(timer->restarts, 0);
	fake_now++;
	broker_timer_check();
	assert_int_equal(timer->restarts, 1);
	assert_int_equal(timer->state, GLUE_PROC_STARTING);
}

/* A wire may be dead for as long as it likes; but not at once, again and again. */
static void a_slow_device_is_not_given_up(void **state)
{
	const uint64_t lives[] = { 62500001, 62500000 };
	struct broker_process *driver = world_process("blk0/vblk");
	struct broker_program wire = *driver->program;
	struct broker_class net = *wire.class;
	unsigned int i, k;

	(void)state;
	net.id = GLUE_CLASS_NET;
	wire.class = &net;
	driver->program = &wire;
	for (i = 0; i < 2; i++) {
		for (k = 0; k < 50 && driver->state != GLUE_PROC_ENDED; k++) {
			if (driver->state == GLUE_PROC_WAITING) {
				fake_now = driver->restart_at;
				broker_timer_update();
			}
			assert_int_equal(driver->page->env.stall_ms, 1000);
			world_call(driver, GLUE_BROKER_READY, 1, 0ul);
			world_beat();
			driver->counters->served = 0;
			fake_now += lives[i];
			broker_supervise_exit(driver, K_ERR_TIMEOUT);
		}
		assert_int_equal(k, i ? 8 : 50);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(who_answers_lives, set_up),
		cmocka_unit_test_setup(who_does_not_is_ended, set_up),
		cmocka_unit_test(the_time_is_the_manifests),
		cmocka_unit_test_setup(who_is_busy_in_vain_is_ended, set_up),
		cmocka_unit_test_setup(those_below_are_not_blamed, set_up),
		cmocka_unit_test_setup(a_late_look_counts_once, set_up),
		cmocka_unit_test_setup(a_start_that_hangs_is_ended, set_up),
		cmocka_unit_test_setup(a_slow_device_is_not_given_up, set_up),
		cmocka_unit_test_setup(a_start_in_circles_is_ended, set_up),
		cmocka_unit_test_setup(complaints_are_believed_now_and_then,
				       set_up),
		cmocka_unit_test_setup(a_complaint_says_what, set_up),
		cmocka_unit_test_setup(a_late_timer_is_ended, set_up),
	};

	return cmocka_run_group_tests_name("broker_heartbeat", tests, NULL,
					   NULL);
}
