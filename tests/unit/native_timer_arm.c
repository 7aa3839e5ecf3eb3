/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_timer_arm.c - the timer service: clients that say anything, a clock
 * that the test moves, the broker's page.
 *
 * The driver's own loop runs: a receive gets the next message of the test; when
 * there is none the test goes on. What the service keeps stays between tests,
 * so each begins by taking all timers away.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <glue/counters.h>
#include <glue/rt.h>
#include <glue/timer.h>

#include "../../drivers-native/timer_arm/clock.h"
#include "../../drivers-native/timer_arm/timers.h"
#include "fake/process.h"

#define PERIOD_MIN 62500ul /* 1 ms at 62.5 MHz */
#define PID(i)	   (100u + (i))

static struct glue_msg messages[GLUE_TIMER_CLIENTS + 8];
static unsigned int n_messages, at;
static jmp_buf no_more;
static uint64_t clock_set; /* deadline; 0 off */
static unsigned int clock_sets;
static unsigned int order[128], n_order; /* capabilities signalled */

/* Each run() begins the program anew, but not what it keeps. */
void clock_init(void)
{
}

void clock_arm(uint64_t deadline)
{
	clock_set = deadline;
	clock_sets++;
}

static struct glue_timer_page *page(void)
{
	return (struct glue_timer_page *)GLUE_CHANS_VADDR;
}

static void receive(struct glue_msg *msg)
{
	if (at == n_messages)
		longjmp(no_more, 1);
	*msg = messages[at++];
}

static void answer(struct glue_msg *msg)
{
	msg->info = abi_info(K_OK, 0, 0);
}

/* The broker looks at once for its next deadline, and has none. */
static void signalled(glue_cptr cap)
{
	if (cap == GLUE_CAP_TIMER_BROKER)
		page()->broker_deadline = 0;
	if (n_order < 128)
		order[n_order++] = (unsigned int)cap;
}

/* Let the service take what say_...() has put there. */
static void run(void)
{
	at = 0;
	if (!setjmp(no_more))
		fail_msg("the service has ended: %d",
			 glue_program_main(glue_env()));
	n_messages = 0;
}

static void say(unsigned int client, uint64_t deadline, uint64_t period)
{
	messages[n_messages++] = (struct glue_msg){
		.info = abi_info(0, 0, GLUE_TIMER_WORDS),
		.badge = GLUE_TIMER_CLIENT(client, page()->pid[client]),
		.mr = { deadline, period },
	};
}

static void set(unsigned int client, uint64_t deadline, uint64_t period)
{
	say(client, deadline, period);
	run();
}

static void event(uint64_t badge)
{
	messages[n_messages++].badge = badge;
	run();
}

/* The hardware fires, as it does when its time has come. */
static void fire(uint64_t now)
{
	unsigned int acks = fake.acks;

	assert_true(clock_set != 0 && clock_set <= now);
	fake.ticks = now;
	event(GLUE_EVENT_IRQ(0));
	assert_int_equal(fake.acks, acks + 1);
	/* Level: not acknowledged while its line is still up. */
	assert_true(clock_set == 0 || clock_set > now);
}

static unsigned int wakes(unsigned int client)
{
	return fake.signals[GLUE_CAP_TIMER_CLIENT0 + client];
}

static uint64_t counter(const char *name)
{
	return *glue_counter_add(GLUE_COUNTER_EVENT, name);
}

static int set_up(void **state)
{
	(void)state;
	fake_process_start();
	fake.on_recv = receive;
	fake.on_signal = signalled;
	fake.on_call = answer;
	fake_env()->n_irq = 1;
	memset(messages, 0, sizeof(messages));
	for (unsigned int i = 0; i < GLUE_TIMER_CLIENTS; i++) {
		page()->pid[i] = PID(i);
		say(i, 0, 0);
	}
	run();
	assert_int_equal(clock_set, 0);
	memset(fake.signals, 0, sizeof(fake.signals));
	clock_sets = n_order = 0;
	return 0;
}

static void one_shot(void **state)
{
	(void)state;
	set(3, 5000, 0);
	assert_int_equal(clock_set, 5000);
	assert_int_equal(wakes(3), 0);
	fire(5001);
	assert_int_equal(wakes(3), 1);
	assert_int_equal(clock_set, 0); /* tickless */
	assert_int_equal(clock_sets, 2);
	assert_int_equal(counter("interrupts"), 1);
}

static void the_earliest_is_set(void **state)
{
	(void)state;
	set(0, 9000, 0);
	set(1, 5000, 0);
	set(2, 7000, 0);
	assert_int_equal(clock_set, 5000);
	assert_int_equal(clock_sets, 2); /* not for what comes later */
	set(1, 8000, 0);		 /* moved */
	assert_int_equal(clock_set, 7000);
	set(2, 0, 0); /* taken away */
	assert_int_equal(clock_set, 8000);
	fire(9000);
	assert_int_equal(n_order, 2);
	assert_int_equal(order[0], GLUE_CAP_TIMER_CLIENT0 + 1);
	assert_int_equal(order[1], GLUE_CAP_TIMER_CLIENT0 + 0);
	assert_int_equal(wakes(2), 0);
}

/* All at once, in the order in which they were set. */
static void equal_deadlines(void **state)
{
	(void)state;
	for (unsigned int i = GLUE_TIMER_CLIENTS; i-- > 0;)
		set(i, 5000, 0);
	assert_int_equal(clock_sets, 1);
	fire(5000);
	assert_int_equal(n_order, GLUE_TIMER_CLIENTS);
	for (unsigned int i = 0; i < GLUE_TIMER_CLIENTS; i++)
		assert_int_equal(order[i], GLUE_CAP_TIMER_CLIENT0 +
						   GLUE_TIMER_CLIENTS - 1 - i);
}

/* Beyond what a 31-bit down-counter can hold, and to the end of all time. */
static void far_deadlines(void **state)
{
	(void)state;
	set(1, 1ul << 40, 0);
	assert_int_equal(clock_set, 1ul << 40);
	set(2, UINT64_MAX, 0);
	set(3, (1ul << 32) + 5000, 0);
	assert_int_equal(clock_set, (1ul << 32) + 5000);
	fire((1ul << 32) + 5000);
	fire(1ul << 40);
	assert_int_equal(clock_set, UINT64_MAX);
	assert_int_equal(wakes(1) + wakes(3), 2);
	assert_int_equal(wakes(2), 0);
}

static void past_deadlines(void **state)
{
	(void)state;
	set(1, fake.ticks, 0);
	set(2, 1, 0);
	assert_int_equal(wakes(1), 1);
	assert_int_equal(wakes(2), 1);
	assert_int_equal(clock_sets, 0);
}

/* From the first deadline in equal steps, however late each is noticed. */
static void periods_do_not_drift(void **state)
{
	(void)state;
	set(4, 100000, 70000);
	fire(100000 + 69999);
	assert_int_equal(clock_set, 170000);
	fire(170001);
	assert_int_equal(clock_set, 240000);
	assert_int_equal(counter("periods left out"), 0);
	/* Four have passed when this is noticed: one wake-up. */
	fire(240000 + 3 * 70000 + 1);
	assert_int_equal(wakes(4), 3);
	assert_int_equal(counter("periods left out"), 3);
	assert_int_equal(clock_set, 240000 + 4 * 70000);
	set(4, 0, 70000);
	assert_int_equal(clock_set, 0);
}

/* A deadline long ago is one wake-up, not a loop over all that was missed. */
static void periods_from_the_past(void **state)
{
	(void)state;
	fake.ticks = 1ul << 60;
	set(4, 1, 1);
	assert_int_equal(wakes(4), 1);
	assert_true(clock_set > fake.ticks);
	assert_true(clock_set <= fake.ticks + PERIOD_MIN);
}

/* Who wants an interrupt each tick gets one each millisecond. */
static void short_periods_are_made_longer(void **state)
{
	(void)state;
	set(4, 2000, 1);
	fire(2000);
	assert_int_equal(clock_set, 2000 + PERIOD_MIN);
}

static void words_that_overflow(void **state)
{
	(void)state;
	set(1, 2000, UINT64_MAX);
	set(2, 2000, UINT64_MAX - 2000);
	set(3, UINT64_MAX, UINT64_MAX);
	set(4, 2001, 1ul << 63);
	fire(2001);
	assert_int_equal(wakes(1) + wakes(2) + wakes(4), 3);
	assert_int_equal(wakes(3), 0);
	assert_int_equal(clock_set, 2001 + (1ul << 63));
}

/* Too short a message, or signals that nobody has a capability for. */
static void nonsense_is_left_out(void **state)
{
	(void)state;
	set(1, 5000, 0);
	say(1, 0, 0);
	messages[0].info = abi_info(7, 0, 1);
	run();
	event(GLUE_EVENT_STOP | GLUE_EVENT_TIMER | GLUE_EVENT_CHAN(3));
	event(0);
	event(GLUE_EVENT_IRQ(0)); /* without cause */
	assert_int_equal(clock_set, 5000);
	assert_int_equal(n_order, 0);
}

/* Its place has been given to another, or to nobody: no wake-up for them. */
static void who_has_ended_is_forgotten(void **state)
{
	(void)state;
	set(1, 5000, PERIOD_MIN);
	set(2, 5000, 0);
	page()->pid[1] = 777;
	page()->pid[2] = 0;
	fire(5000);
	assert_int_equal(n_order, 0);
	assert_int_equal(clock_set, 0);
	/* The new one has its own. */
	set(1, 6000, 0);
	fire(6000);
	assert_int_equal(wakes(1), 1);
}

static void the_broker_is_a_client_too(void **state)
{
	(void)state;
	set(1, 9000, 0);
	page()->broker_deadline = 8000;
	event(GLUE_EVENT_CONTROL);
	assert_int_equal(clock_set, 8000);
	fire(8000);
	assert_int_equal(fake.signals[GLUE_CAP_TIMER_BROKER], 1);
	assert_int_equal(clock_set, 9000);
	page()->broker_deadline = 8500;
	event(GLUE_EVENT_CONTROL | GLUE_EVENT_IRQ(0));
	assert_int_equal(clock_set, 8500);
	page()->broker_deadline = 0;
	event(GLUE_EVENT_CONTROL);
	assert_int_equal(clock_set, 9000);
}

/* A device without its interrupt cannot be driven. */
static void no_interrupt(void **state)
{
	(void)state;
	fake_env()->n_irq = 0;
	assert_int_equal(glue_program_main(glue_env()), K_ERR_NOTFOUND);
}

/* Whatever clients 1..63 do, client 0 is woken at its time and not before. */
static void nobody_disturbs_another(void **state)
{
	uint64_t deadline = fake.ticks + 300, steps = 0;

	(void)state;
	srand(4711);
	set(0, deadline, 0);
	for (unsigned int i = 0; i < 20000; i++) {
		unsigned int before = wakes(0);

		say(1 + (unsigned int)rand() % 63,
		    fake.ticks - 100 + (uint64_t)rand() % 1000,
		    rand() % 3 ? 0 : (uint64_t)rand() << (rand() % 33));
		run();
		fake.ticks += (uint64_t)rand() % 20;
		if (clock_set != 0 && clock_set <= fake.ticks)
			fire(fake.ticks);
		assert_int_equal(wakes(0), before + (fake.ticks >= deadline));
		if (fake.ticks < deadline)
			continue;
		deadline = fake.ticks + (uint64_t)rand() % 500;
		deadline += deadline == fake.ticks;
		set(0, deadline, 0);
		steps++;
	}
	assert_true(steps > 100);
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_shot),
		TEST(the_earliest_is_set),
		TEST(equal_deadlines),
		TEST(far_deadlines),
		TEST(past_deadlines),
		TEST(periods_do_not_drift),
		TEST(periods_from_the_past),
		TEST(short_periods_are_made_longer),
		TEST(words_that_overflow),
		TEST(nonsense_is_left_out),
		TEST(who_has_ended_is_forgotten),
		TEST(the_broker_is_a_client_too),
		TEST(no_interrupt),
		TEST(nobody_disturbs_another),
	};

	return cmocka_run_group_tests_name("native_timer_arm", tests, NULL,
					   NULL);
}
