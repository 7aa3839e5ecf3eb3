// SPDX-License-Identifier: GPL-2.0-only
/*
 * exec.c - the names of tasks.
 *
 * Stands for the part of fs/exec.c that names tasks.
 */
#include <linux/sched.h>
#include <linux/string.h>
#include <dde.h>

void __set_task_comm(struct task_struct *task, const char *name, bool exec)
{
	strscpy(task->comm, name, sizeof(task->comm));
}
DDE_EMULATED(__set_task_comm);

char *__get_task_comm(char *name, size_t bytes, struct task_struct *task)
{
	strscpy_pad(name, task->comm, bytes);
	return name;
}
DDE_EMULATED(__get_task_comm);
