/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_timer.c - what the broker does for the timer service: capabilities,
 * the page, its own deadlines, and starting it again.
 */
#include <string.h>

#include <abi/kaal.h>

#include "broker_world.h"

#include "../../broker/fault.h"
#include "../../broker/loader.h"
#include "../../broker/slots.h"
#include "../../broker/supervisor.h"
#include "../../broker/timer.h"

#define MANIFEST WORLD_TIMER WORLD_MANIFEST

static int set_up(void **state)
{
	(void)state;
	world_start(MANIFEST);
	return 0;
}

static struct broker_process *service(void)
{
	return world_process("timer0/timer");
}

static void client_is_known(const struct broker_process *p)
{
	unsigned int index = broker_process_index(p);
	struct glue_slot to = broker_process_slot(p, GLUE_CAP_TIMER);
	struct glue_slot from =
		broker_process_slot(service(), GLUE_CAP_TIMER_CLIENT0 + index);
	uint64_t badge = fake_cap_badge(to);

	assert_int_equal(fake_cap_tag(to), ABI_CAP_ENDPOINT);
	assert_int_equal(fake_cap_rights(to), ABI_RIGHT_WRITE);
	assert_true(badge & GLUE_TIMER_BADGE);
	assert_int_equal(GLUE_TIMER_CLIENT_INDEX(badge), index);
	assert_int_equal(GLUE_TIMER_CLIENT_PID(badge), p->pid);
	assert_int_equal(fake_cap_tag(from), ABI_CAP_NOTIFICATION);
	assert_int_equal(fake_cap_rights(from), ABI_RIGHT_WRITE);
	assert_int_equal(fake_cap_badge(from), GLUE_EVENT_TIMER);
	assert_int_equal(world_timer()->pid[index], p->pid);
}

/* The first process of all, with the interrupt that the tree names. */
static void service_has_what_it_needs(void **state)
{
	struct broker_process *p = service();
	const struct glue_env *env = fake_look(p->vspace.cap, GLUE_ENV_VADDR);

	(void)state;
	assert_int_equal(p->pid, 1);
	assert_int_equal(env->n_irq, 1);
	assert_int_equal(env->irq[0].intid, 30);
	assert_int_equal(env->irq[0].edge, 0);
	assert_true(fake_thread_bound(p->tcb, p->notify));
	assert_int_equal(fake_thread_limit(p->tcb),
			 1000 * 1000 / ABI_KAAL_TICK_US + 1);
	assert_int_equal(fake_thread_limit(world_process("blk0/vblk")->tcb), 0);
	assert_int_equal(fake_cap_rights(
				 broker_process_slot(p, GLUE_CAP_TIMER)),
			 ABI_RIGHT_READ);
	assert_int_equal(fake_cap_badge(
				 broker_process_slot(p, GLUE_CAP_TIMER_BROKER)),
			 BROKER_BADGE_TIMER);
	client_is_known(world_process("blk0/vblk"));
	client_is_known(world_process("blk1/vblk"));
	client_is_known(world_process("shell"));
}

/* An entry that is used again has a new pid, and no capability of the old. */
static void processes_come_and_go(void **state)
{
	for (unsigned int i = 0; i < 80; i++) {
		struct broker_process *p = world_run("other", "");
		unsigned int index = broker_process_index(p);

		client_is_known(p);
		world_call(p, GLUE_BROKER_EXIT, 1, 0ul);
		assert_int_equal(world_timer()->pid[index], 0);
	}
	(void)state;
	client_is_known(world_process("shell"));
}

static void end_service(void)
{
	world_call(world_process("shell"), GLUE_BROKER_KILL, 1,
		   (uint64_t)service()->pid);
}

static unsigned int count(const char *text)
{
	unsigned int found = 0;

	for (const char *at = fake_text(); (at = strstr(at, text)); at++)
		found++;
	return found;
}

static void service_is_started_again(void **state)
{
	struct broker_process *shell = world_process("shell");
	uint32_t pid = service()->pid;
	struct broker_process *client;

	(void)state;
	fake_set_caller(1);
	fake_now = 1000;
	client = world_run("client", "");
	assert_int_equal(world_call_name(client, GLUE_BROKER_CONNECT, "blk0", 2,
					 4096ul, 5000ul),
			 -1);
	fake_signals(shell->notify);
	assert_int_equal(world_timer()->broker_deadline, 5000);
	end_service();
	assert_int_not_equal(service()->pid, pid);
	assert_int_equal(service()->restarts, 1);
	/* All there is to know is there, and all are told. */
	assert_int_equal(world_timer()->broker_deadline, 5000);
	client_is_known(shell);
	client_is_known(client);
	client_is_known(world_process("blk1/vblk"));
	assert_int_equal(fake_signals(shell->notify), GLUE_EVENT_UNSET);
	assert_int_equal(fake_signals(client->notify), GLUE_EVENT_UNSET);
	world_call(service(), GLUE_BROKER_READY, 1, 0ul);
	assert_int_equal(service()->state, GLUE_PROC_READY);
	assert_int_equal(count("timer0/timer (pid 6) serves again after"), 1);
}

/* The books name whom the service can signal. */
static void its_clients_are_shown(void **state)
{
	struct broker_process *shell = world_process("shell");
	const struct glue_held *got = (void *)world_reply.word;
	uint64_t place = GLUE_CAP_TIMER_CLIENT0 + broker_process_index(shell);

	(void)state;
	assert_int_equal(world_call(shell, GLUE_BROKER_HELD, 3,
				    (uint64_t)service()->pid, place, 0ul),
			 K_OK);
	assert_int_equal(got->pid, shell->pid);
	assert_int_equal(world_call(shell, GLUE_BROKER_HELD, 3,
				    (uint64_t)shell->pid, place, 0ul),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_HELD, 3,
				    (uint64_t)service()->pid,
				    GLUE_CAP_TIMER_CLIENT0 + 63ul, 0ul),
			 K_ERR_NOTFOUND);
}

/* It faults, it exits, it cannot start: the same. */
static void any_end_is_an_end(void **state)
{
	struct broker_fault fault = { .label = ABI_FAULT_VM };

	(void)state;
	broker_supervise_fault(service(), &fault);
	fake_now += 1ul << 32;
	world_call(service(), GLUE_BROKER_EXIT, 1, 3ul);
	fake_now += 1ul << 32;
	world_call(service(), GLUE_BROKER_READY, 1, (uint64_t)K_ERR_IO);
	assert_int_equal(service()->restarts, 3);
	assert_true(broker_process_alive(service()));
}

/* One that ends at once each time must not take all time there is. */
static void ends_in_a_row_are_counted(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 20; i++) {
		world_call(service(), GLUE_BROKER_READY, 1, 0ul);
		fake_now += 1ul << 32;
		world_call(service(), GLUE_BROKER_EXIT, 1, 3ul);
	}
	assert_int_equal(service()->restarts, 20);
	/* Nobody could wake the broker: the next life follows at once. */
	for (unsigned int i = 0; i < 8; i++) {
		assert_true(broker_process_alive(service()));
		world_call(service(), GLUE_BROKER_EXIT, 1, 3ul);
	}
	assert_int_equal(service()->restarts, 27);
	assert_false(broker_process_alive(service()));
	assert_int_equal(count("and is given up"), 1);
	/* The rest goes on. */
	assert_non_null(world_run("other", ""));
	broker_timer_update();
}

/* The broker says what it waits for in a word, and never waits for it. */
static void own_deadline_is_a_word(void **state)
{
	struct broker_process *p = world_run("client", "");

	(void)state;
	fake_set_caller(1);
	fake_now = 1000;
	fake_signals(service()->notify);
	assert_int_equal(world_call_name(p, GLUE_BROKER_CONNECT, "blk0", 2,
					 4096ul, 2000ul),
			 -1);
	assert_int_equal(world_timer()->broker_deadline, 2000);
	assert_int_equal(fake_signals(service()->notify), GLUE_EVENT_CONTROL);
	/* Nothing has changed: nothing is said. */
	broker_timer_update();
	assert_int_equal(fake_signals(service()->notify), 0);
	/* Too early, for whatever reason: the service is asked again. */
	broker_timer_interrupt();
	assert_int_equal(fake_signals(service()->notify), GLUE_EVENT_CONTROL);
	assert_int_equal(world_timer()->broker_deadline, 2000);
	fake_now = 2000;
	broker_timer_interrupt();
	assert_int_equal(fake_reply_label(), K_ERR_TIMEOUT);
	assert_true(world_is_idle());
}

/* No timer in the tree, or no driver for it: all else works. */
static void system_without_timer(void **state)
{
	struct broker_process *p;

	(void)state;
	world_start(WORLD_MANIFEST);
	p = world_run("client", "");
	assert_int_equal(fake_cap_tag(broker_process_slot(p, GLUE_CAP_TIMER)),
			 ABI_CAP_ENDPOINT);
	fake_set_caller(1);
	assert_int_equal(world_call_name(p, GLUE_BROKER_CONNECT, "blk0", 2,
					 4096ul, 2000ul),
			 -1);
}

/* Nobody gets a channel to it, whatever the manifest says. */
static void nobody_connects_to_it(void **state)
{
	(void)state;
	world_start(WORLD_TIMER "shell elf=a.elf kind=app start=boot\n"
				"other elf=a.elf kind=app start=boot\n");
	assert_int_equal(world_call_name(world_process("other"),
					 GLUE_BROKER_CONNECT, "timer0", 1,
					 4096ul),
			 K_ERR_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(service_has_what_it_needs, set_up),
		cmocka_unit_test_setup(processes_come_and_go, set_up),
		cmocka_unit_test_setup(service_is_started_again, set_up),
		cmocka_unit_test_setup(its_clients_are_shown, set_up),
		cmocka_unit_test_setup(any_end_is_an_end, set_up),
		cmocka_unit_test_setup(ends_in_a_row_are_counted, set_up),
		cmocka_unit_test_setup(own_deadline_is_a_word, set_up),
		cmocka_unit_test_setup(system_without_timer, set_up),
		cmocka_unit_test_setup(nobody_connects_to_it, set_up),
	};

	return cmocka_run_group_tests_name("broker_timer", tests, NULL, NULL);
}
