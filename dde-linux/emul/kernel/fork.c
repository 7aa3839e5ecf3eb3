// SPDX-License-Identifier: GPL-2.0-only
/*
 * fork.c - kernel threads begin: what Linux's kthread.c stands on.
 *
 * Stands for kernel/fork.c. Linux's own kthread.c does the
 * rest (create, stop, park, kthread_worker); it asks for tasks by
 * kernel_thread() from its task kthreadd, which the first request starts.
 * A thread's fiber is freed by the loop after its last reference is gone.
 */
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <dde.h>
#include <dde_fiber.h>

/* What a thread is to run; kernel_thread() makes it, the thread frees it. */
struct birth {
	int (*fn)(void *arg);
	void *arg;
};

static void thread_main(void *arg)
{
	struct birth birth = *(struct birth *)arg;

	kfree(arg);
	do_exit(birth.fn(birth.arg));
}

/* The flags say what to share with the parent; threads here share all. */
pid_t kernel_thread(int (*fn)(void *), void *arg, const char *name,
		    unsigned long flags)
{
	struct birth *birth = kmalloc(sizeof(*birth), GFP_KERNEL);
	struct task_struct *task;

	if (!birth)
		return -ENOMEM;
	*birth = (struct birth){ .fn = fn, .arg = arg };
	task = dde_fiber_start(thread_main, birth, name ?: "kthread");
	if (!task)
		goto free_birth;
	if (!set_kthread_struct(task))
		goto end_task;
	dde_fiber_at_free(task, free_kthread_struct);
	return task->pid;

end_task:
	dde_fiber_drop(task);
free_birth:
	kfree(birth);
	return -ENOMEM;
}
DDE_EMULATED(kernel_thread);

static void kthreadd_main(void *unused)
{
	kthreadd(unused);
}

struct task_struct *dde_kthreadd_start(void)
{
	kthreadd_task = dde_fiber_start(kthreadd_main, NULL, "kthreadd");
	return kthreadd_task;
}
