/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_workqueue.h - the scheduler tells the work queues that a worker sleeps.
 */
#ifndef DDE_WORKQUEUE_H
#define DDE_WORKQUEUE_H

/* Called by schedule() for a task with PF_WQ_WORKER that is about to sleep. */
void dde_worker_sleeps(void);

#endif
