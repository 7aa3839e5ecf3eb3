/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_time.h - between the files of kernel/time: counter ticks, jiffies, alarm.
 *
 * A tick is one step of the machine's counter, kit_ticks().
 */
#ifndef DDE_TIME_H
#define DDE_TIME_H

#include <linux/types.h>

unsigned long dde_jiffies_to_ticks(unsigned long when);
/* Of nanoseconds since the start, rounded up. */
unsigned long dde_ns_to_ticks(u64 ns);
/* cpu_relax() of arch/kaal: lets a waiting loop see time pass. */
void dde_relax(void);

/* When hrtimers want to run next; KIT_FOREVER for never. */
void dde_alarm_set(unsigned long ticks);

/* Weak: only where something uses hrtimers. */
void dde_hrtimers_init(void) __weak;
void dde_hrtimers_run(void) __weak;

#endif
