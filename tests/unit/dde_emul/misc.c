// SPDX-License-Identifier: BSD-2-Clause
/*
 * misc.c - character devices by name, and what random number sources lean on.
 */
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/miscdevice.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <dde_misc.h>
#include "check.h"

static void devices_by_name(void)
{
	static struct miscdevice one = { .name = "one", .minor = 200 };
	static struct miscdevice two = { .name = "two", .minor = 201 };
	static struct miscdevice again = { .name = "one", .minor = 202 };

	CHECK(!misc_register(&one));
	CHECK(!misc_register(&two));
	CHECK(misc_register(&again) == -EEXIST);
	CHECK(dde_misc_find("one") == &one);
	CHECK(dde_misc_find("two") == &two);
	misc_deregister(&one);
	CHECK(!dde_misc_find("one"));
	CHECK(!misc_register(&again));
	misc_deregister(&again);
	misc_deregister(&two);
}

static void seeking_changes_nothing(void)
{
	struct file file = { .f_pos = 7 };

	CHECK(noop_llseek(&file, 100, SEEK_SET) == 7);
	CHECK(file.f_pos == 7);
}

static void copy_that_is_too_large(void)
{
	fake_log_clear();
	__copy_overflow(4, 9);
	CHECK(strstr(fake_log, "copy of 9 bytes from or to a buffer of 4"));
}

/* The thread that feeds the pool sleeps, though there is none. */
static int feeds(void *unused)
{
	while (!kthread_should_stop())
		add_hwgenerator_randomness("x", 1, 8, true);
	return 5;
}

static void feeding_sleeps_until_stopped(void)
{
	struct task_struct *task = kthread_run(feeds, NULL, "feeds");
	unsigned long before = jiffies;

	CHECK(!IS_ERR(task));
	schedule_timeout_uninterruptible(2);
	CHECK(kthread_stop(task) == 5);
	CHECK(time_before(jiffies, before + HZ));
}

/* They differ, stay in their range, and fill just what they are to fill. */
static void random_numbers(void)
{
	u8 first[9] = { 0 }, second[9] = { 0 };
	unsigned int seen = 0, i;

	for (i = 0; i < 200; i++) {
		u32 value = get_random_u32_below(10);

		CHECK(value < 10);
		seen |= 1u << value;
	}
	CHECK(seen == 0x3ff);
	get_random_bytes(first, 8);
	get_random_bytes(second, 7);
	CHECK(memcmp(first, second, 7) && !first[8] && !second[7]);
	CHECK(get_random_u64() != get_random_u64());
	CHECK(get_random_u32() != get_random_u32());
	CHECK(num_online_cpus() == 1 && cpu_possible(0) && cpu_present(0));
}

static int instances;

static int instance_starts(unsigned int cpu, struct hlist_node *node)
{
	CHECK(cpu == 0 && node);
	instances++;
	return instances > 1 ? -EIO : 0;
}

static int instance_ends(unsigned int cpu, struct hlist_node *node)
{
	instances--;
	return 0;
}

/* The one CPU is online: what is to be done there is done at once. */
static void on_each_cpu_there_is(void)
{
	struct hlist_node node, other;
	int state = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN, "check",
					    instance_starts, instance_ends);

	CHECK(state > 0);
	CHECK(!cpuhp_state_add_instance_nocalls(state, &other) && !instances);
	CHECK(!cpuhp_state_add_instance(state, &node) && instances == 1);
	CHECK(cpuhp_state_add_instance(state, &other) == -EIO);
	instances = 1;
	CHECK(!cpuhp_state_remove_instance(state, &node) && !instances);
	cpuhp_remove_multi_state(state);
	CHECK(cpuhp_state_add_instance(state + 1, &node) == -EINVAL);
}

static void check_misc(void)
{
	random_numbers();
	on_each_cpu_there_is();
	devices_by_name();
	seeking_changes_nothing();
	copy_that_is_too_large();
	feeding_sleeps_until_stopped();
}
CHECK_GROUP(misc);
