// SPDX-License-Identifier: GPL-2.0-only
/*
 * softirq.c - bottom halves are switched off and on by counting.
 *
 * Stands for kernel/softirq.c. Deferred work runs at fixed places of the event
 * loop, never in the middle of a fiber, so enabling has nothing to catch up on.
 */
#include <linux/bottom_half.h>
#include <linux/preempt.h>
#include <dde.h>

void __local_bh_enable_ip(unsigned long ip, unsigned int count)
{
	preempt_count_sub(count);
}
DDE_EMULATED(__local_bh_enable_ip);
