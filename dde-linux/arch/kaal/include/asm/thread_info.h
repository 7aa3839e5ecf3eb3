/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * thread_info.h - the part of a task that the architecture owns.
 *
 * A task is a fiber of the driver process. It lies at the start of
 * task_struct, so that `current` needs no detour. preempt_count counts
 * spin_lock_bh and interrupt sections for in_interrupt(); it is per fiber,
 * because a fiber that sleeps must not lend its count to the next one.
 */
#ifndef _ASM_KAAL_THREAD_INFO_H
#define _ASM_KAAL_THREAD_INFO_H

#define THREAD_SIZE_ORDER 2
#define THREAD_SIZE	  (4096UL << THREAD_SIZE_ORDER)

#ifndef __ASSEMBLY__

struct thread_info {
	unsigned long flags;
	int preempt_count;
	unsigned int cpu; /* always 0 */
};

#define INIT_THREAD_INFO(tsk)                                                  \
	{                                                                      \
		.preempt_count = INIT_PREEMPT_COUNT                            \
	}

#endif

#define TIF_NOTIFY_SIGNAL   0
#define TIF_NOTIFY_RESUME   1
#define TIF_SIGPENDING	    2
#define TIF_NEED_RESCHED    3
#define TIF_MEMDIE	    4
#define TIF_RESTORE_SIGMASK 5

#define _TIF_NOTIFY_SIGNAL (1 << TIF_NOTIFY_SIGNAL)
#define _TIF_SIGPENDING	   (1 << TIF_SIGPENDING)
#define _TIF_NEED_RESCHED  (1 << TIF_NEED_RESCHED)

#endif
