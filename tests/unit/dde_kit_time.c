/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dde_kit_time.c - Linux's timers end in the timer service.
 *
 * The emulated kernel sleeps in kit_wait() only, until its next timer, be it of
 * jiffies or of nanoseconds (tests/unit/dde_emul/time.c, hrtimer.c). Here is
 * what becomes of that: one message to the timer service, with that time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glue/rt.h>
#include <kit.h>

#include "fake/process.h"

void glue_exit(int status)
{
	fail_msg("the driver ends with %d", status);
	for (;;)
		;
}

static int set_up(void **state)
{
	(void)state;
	fake_process_start();
	return 0;
}

static void a_wait_is_one_message(void **state)
{
	(void)state;
	assert_int_equal(kit_wait(fake.ticks + 700), 0);
	assert_int_equal(fake.timer_calls, 1);
	assert_int_equal(fake.ticks, 1700);
	assert_int_equal(fake.period, 0);
}

static void raise_irq(void)
{
	fake.events |= GLUE_EVENT_IRQ(0);
}

/* Most of Linux's timers are time-outs: an interrupt comes before. */
static void a_timeout_that_moves_is_lazy(void **state)
{
	(void)state;
	fake.on_block = raise_irq;
	for (unsigned int i = 0; i < 50; i++) {
		assert_int_equal(kit_wait(fake.ticks + 1000), KIT_EVENT_IRQ(0));
		glue_irq_handler_ack(GLUE_CAP_IRQ0);
		fake.ticks++;
	}
	assert_int_equal(fake.timer_calls, 1);
	assert_int_equal(fake.timer, 2000);
}

static void no_timer_no_message(void **state)
{
	(void)state;
	fake.events = GLUE_EVENT_IRQ(0);
	assert_int_equal(kit_wait(KIT_FOREVER), KIT_EVENT_IRQ(0));
	assert_int_equal(fake.timer_calls, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_wait_is_one_message, set_up),
		cmocka_unit_test_setup(a_timeout_that_moves_is_lazy, set_up),
		cmocka_unit_test_setup(no_timer_no_message, set_up),
	};

	return cmocka_run_group_tests_name("dde_kit_time", tests, NULL, NULL);
}
