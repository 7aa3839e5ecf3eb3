/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_time.h - between timekeeping.c and timer.c: jiffies as counter ticks.
 */
#ifndef DDE_TIME_H
#define DDE_TIME_H

unsigned long dde_jiffies_to_ticks(unsigned long when);
/* cpu_relax() of arch/kaal: lets a waiting loop see time pass. */
void dde_relax(void);

#endif
