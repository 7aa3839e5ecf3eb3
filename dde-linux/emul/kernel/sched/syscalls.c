// SPDX-License-Identifier: GPL-2.0-only
/*
 * syscalls.c - priorities and policies of tasks: all fibers are equal.
 *
 * Stands for kernel/sched/syscalls.c. The event loop runs ready fibers in the
 * order in which they became ready, and none can keep another from running
 * longer than until it sleeps, so a priority has nothing to decide.
 */
#include <linux/sched.h>
#include <dde.h>

int sched_setscheduler_nocheck(struct task_struct *task, int policy,
			       const struct sched_param *param)
{
	return 0;
}
DDE_NOOP(sched_setscheduler_nocheck, "fibers run in order of readiness");

void sched_set_fifo(struct task_struct *task)
{
}
DDE_NOOP(sched_set_fifo, "fibers run in order of readiness");

void sched_set_fifo_low(struct task_struct *task)
{
}
DDE_NOOP(sched_set_fifo_low, "fibers run in order of readiness");

void sched_set_normal(struct task_struct *task, int nice)
{
}
DDE_NOOP(sched_set_normal, "fibers run in order of readiness");

void set_user_nice(struct task_struct *task, long nice)
{
}
DDE_NOOP(set_user_nice, "fibers run in order of readiness");
