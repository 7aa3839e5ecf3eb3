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

/* States whose callbacks are called once for each instance. */
#define STATES_MAX 8

struct state {
	enum cpuhp_state number;
	int (*startup)(unsigned int cpu, struct hlist_node *node);
	int (*teardown)(unsigned int cpu, struct hlist_node *node);
};

static struct state states[STATES_MAX];
static unsigned int state_count;

static const struct state *state_find(enum cpuhp_state number)
{
	unsigned int i;

	for (i = 0; i < state_count; i++) {
		if (states[i].number == number)
			return &states[i];
	}
	return NULL;
}

/* As in Linux, a dynamic state gets a number, which is returned; others 0. */
static int state_add(enum cpuhp_state number, void *startup, void *teardown)
{
	bool dynamic = number == CPUHP_AP_ONLINE_DYN ||
		       number == CPUHP_BP_PREPARE_DYN;

	if (state_count == STATES_MAX)
		return -ENOSPC;
	if (dynamic)
		number += state_count + 1;
	states[state_count++] = (struct state){ number, startup, teardown };
	return dynamic ? number : 0;
}

int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke,
			int (*startup)(unsigned int cpu),
			int (*teardown)(unsigned int cpu), bool multi_instance)
{
	if (multi_instance)
		return state_add(state, startup, teardown);
	return invoke && startup ? startup(0) : 0;
}
DDE_EMULATED(__cpuhp_setup_state);

void __cpuhp_remove_state(enum cpuhp_state state, bool invoke)
{
}
DDE_NOOP(__cpuhp_remove_state, "the one CPU never goes");

int __cpuhp_state_add_instance(enum cpuhp_state number, struct hlist_node *node,
			       bool invoke)
{
	const struct state *state = state_find(number);

	if (!state)
		return -EINVAL;
	return invoke && state->startup ? state->startup(0, node) : 0;
}
DDE_EMULATED(__cpuhp_state_add_instance);

int __cpuhp_state_remove_instance(enum cpuhp_state number,
				  struct hlist_node *node, bool invoke)
{
	const struct state *state = state_find(number);

	if (!state)
		return -EINVAL;
	return invoke && state->teardown ? state->teardown(0, node) : 0;
}
DDE_EMULATED(__cpuhp_state_remove_instance);
