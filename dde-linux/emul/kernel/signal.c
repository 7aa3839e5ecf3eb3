// SPDX-License-Identifier: GPL-2.0-only
/*
 * signal.c - signals: there is no user space that could send one.
 *
 * Stands for kernel/signal.c. What remains is kthread_stop()'s flag, which
 * ends an interruptible sleep; schedule() and the wait macros look at it.
 */
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <dde.h>

void ignore_signals(struct task_struct *task)
{
}
DDE_NOOP(ignore_signals, "nobody sends signals to a driver's threads");

void flush_signals(struct task_struct *task)
{
	clear_tsk_thread_flag(task, TIF_SIGPENDING);
}
DDE_EMULATED(flush_signals);

void kernel_sigaction(int sig, __sighandler_t action)
{
}
DDE_NOOP(kernel_sigaction, "nobody sends signals to a driver's threads");
