// SPDX-License-Identifier: GPL-2.0-only
/*
 * cpu.c - the CPUs of a driver process: one, always there.
 *
 * Stands for kernel/cpu.c.
 */
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <dde.h>

struct cpumask __cpu_possible_mask = CPU_MASK_CPU0;
struct cpumask __cpu_online_mask = CPU_MASK_CPU0;
struct cpumask __cpu_present_mask = CPU_MASK_CPU0;
DDE_EMULATED(__cpu_possible_mask);
DDE_EMULATED(__cpu_online_mask);
DDE_EMULATED(__cpu_present_mask);

int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke,
			int (*startup)(unsigned int cpu),
			int (*teardown)(unsigned int cpu), bool multi_instance)
{
	return invoke && startup ? startup(0) : 0;
}
DDE_EMULATED(__cpuhp_setup_state);
