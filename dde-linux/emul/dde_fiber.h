/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_fiber.h - between sched/core.c, which owns fibers, and fork.c, which
 * makes Linux's kernel threads of them. dde_fiber_start is in dde.h.
 */
#ifndef DDE_FIBER_H
#define DDE_FIBER_H

#include <linux/compiler.h>

struct task_struct;

/* End the current fiber; its memory is freed with its last reference. */
void dde_fiber_exit(void) __noreturn;
/* Free a fiber that has not run yet. */
void dde_fiber_drop(struct task_struct *task);
/* What to call before the fiber's memory is freed. */
void dde_fiber_at_free(struct task_struct *task,
		       void (*at_free)(struct task_struct *));

/*
 * Make Linux's kthreadd; NULL without memory. Weak, because fork.c is linked
 * only if something in the process can ask for threads.
 */
struct task_struct *dde_kthreadd_start(void) __weak;

#endif
