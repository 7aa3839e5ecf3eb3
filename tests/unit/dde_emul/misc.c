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
#include <linux/kobject.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/stringhash.h>
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
	volatile u32 below = 10; /* else it is computed by the compiler */
	unsigned int seen = 0, halves = 0, bytes = 0, i;

	for (i = 0; i < 200; i++) {
		u32 value = get_random_u32_below(below);

		CHECK(value < 10);
		seen |= 1u << value;
		halves |= get_random_u16();
		bytes |= get_random_u8();
	}
	CHECK(seen == 0x3ff && halves == 0xffff && bytes == 0xff);
	get_random_bytes(first, 8);
	get_random_bytes(second, 7);
	CHECK(memcmp(first, second, 7) && !first[8] && !second[7]);
	CHECK(get_random_u64() != get_random_u64());
	CHECK(get_random_u32() != get_random_u32());
	CHECK(rng_is_initialized());
}

static void only_cpu_0(const struct cpumask *mask)
{
	CHECK(cpumask_weight(mask) == 1 && cpumask_test_cpu(0, mask));
}

/* Linux's masks, which drivers walk. */
static void one_cpu(void)
{
	only_cpu_0(cpu_online_mask);
	only_cpu_0(cpu_possible_mask);
	only_cpu_0(cpu_present_mask);
	CHECK(num_online_cpus() == 1);
}

/* Equal names have equal hashes; another name or salt most likely not. */
static void names(void)
{
	static struct kobj_uevent_env env;
	unsigned int hash = full_name_hash(NULL, "disk0", 5), i;
	char name[TASK_COMM_LEN];

	CHECK(hash == full_name_hash(NULL, "disk0!", 5));
	CHECK(hash != full_name_hash(NULL, "disk1", 5));
	CHECK(hash != full_name_hash(name, "disk0", 5));
	CHECK(!strcmp(get_task_comm(name, current), current->comm));
	set_task_comm(current, "renamed, and cut");
	CHECK(!strcmp(current->comm, "renamed, and cu"));
	set_task_comm(current, name);
	CHECK(!add_uevent_var(&env, "A=%d", 1) && !add_uevent_var(&env, "B"));
	CHECK(!strcmp(env.envp[0], "A=1") && !strcmp(env.envp[1], "B"));
	for (i = 2; i < ARRAY_SIZE(env.envp); i++)
		CHECK(!add_uevent_var(&env, "C"));
	CHECK(add_uevent_var(&env, "D") == -ENOMEM);
	env.envp_idx = 0;
	CHECK(add_uevent_var(&env, "%*s", (int)sizeof(env.buf), "") == -ENOMEM);
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
	one_cpu();
	names();
	on_each_cpu_there_is();
	devices_by_name();
	seeking_changes_nothing();
	copy_that_is_too_large();
	feeding_sleeps_until_stopped();
}
CHECK_GROUP(misc);
