// SPDX-License-Identifier: GPL-2.0-only
/*
 * fork.c - kernel threads begin and end: what Linux's kthread.c stands on.
 *
 * Stands for kernel/fork.c and kernel/exit.c. Linux's own kthread.c does the
 * rest (create, stop, park, kthread_worker); it asks for tasks by
 * kernel_thread() from its task kthreadd, which the first request starts.
 * A thread's fiber is freed by the loop after its last reference is gone.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/task_work.h>
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
