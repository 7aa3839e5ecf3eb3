// SPDX-License-Identifier: GPL-2.0-only
/*
 * exit.c - kernel threads end; waiting for one task.
 *
 * Stands for kernel/exit.c.
 */
#include <linux/completion.h>
#include <linux/rcuwait.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/task_work.h>
#include <dde.h>
#include <dde_fiber.h>

/* kthread_stop() waits for vfork_done and then reads the result. */
void __noreturn do_exit(long code)
{
	struct completion *done = current->vfork_done;

	current->flags |= PF_EXITING;
	current->exit_code = code;
	exit_task_work(current);
	current->vfork_done = NULL;
	if (done)
		complete(done);
	dde_fiber_exit();
}
DDE_EMULATED(do_exit);

/* Return: 1 if somebody waited and was woken. */
int rcuwait_wake_up(struct rcuwait *wait)
{
	struct task_struct *task = rcu_access_pointer(wait->task);

	return task ? wake_up_process(task) : 0;
}
DDE_EMULATED(rcuwait_wake_up);
