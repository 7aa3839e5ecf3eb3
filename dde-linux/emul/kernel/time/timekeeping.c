// SPDX-License-Identifier: GPL-2.0-only
/*
 * timekeeping.c - jiffies and ktime from the machine's counter.
 *
 * Stands for kernel/time/timekeeping.c and kernel/time/jiffies.c. There is no
 * tick: jiffies is brought up to date whenever the loop wakes and whenever a
 * driver reads a clock or busy-waits. Between two updates it stands still, so a
 * loop on jiffies must contain cpu_relax(), as Linux's rules demand.
 * Real time (wall clock) is not known in a driver process: it starts at 0.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>
#include <kit.h>
#include <dde.h>
#include <dde_time.h>

u64 jiffies_64 = INITIAL_JIFFIES;
/* Linux's linker script makes them one variable; so does this line. */
asm(".globl jiffies\n\t.set jiffies, jiffies_64");
DDE_EMULATED(jiffies);
DDE_EMULATED(jiffies_64);

static unsigned long start_ticks;
static unsigned long ticks_per_second;
static unsigned long ticks_per_jiffy;

void dde_time_init(void)
{
	ticks_per_second = kit_device()->ticks_per_second;
	ticks_per_jiffy = ticks_per_second / HZ;
	start_ticks = kit_ticks();
}

/*
 * Called in every turn; Linux's INITIAL_JIFFIES makes the 32-bit part wrap five
 * minutes after start, so drivers that compare wrongly show it.
 */
void dde_time_update(void)
{
	jiffies_64 = INITIAL_JIFFIES +
		     (kit_ticks() - start_ticks) / ticks_per_jiffy;
}

/* The tick at which jiffies becomes @when. */
unsigned long dde_jiffies_to_ticks(unsigned long when)
{
	return start_ticks + (when - INITIAL_JIFFIES) * ticks_per_jiffy;
}

/* cpu_relax() of arch/kaal comes here, so that waiting loops see time pass. */
void dde_relax(void)
{
	dde_time_update();
}

static u64 ticks_to_ns(u64 ticks)
{
	return mul_u64_u32_div(ticks, NSEC_PER_SEC, ticks_per_second);
}

ktime_t ktime_get(void)
{
	return ns_to_ktime(ticks_to_ns(kit_ticks() - start_ticks));
}
DDE_EMULATED(ktime_get);

ktime_t ktime_get_raw(void)
{
	return ktime_get();
}
DDE_EMULATED(ktime_get_raw);

u64 ktime_get_mono_fast_ns(void)
{
	return ktime_get_ns();
}
DDE_EMULATED(ktime_get_mono_fast_ns);

time64_t ktime_get_seconds(void)
{
	return ktime_divns(ktime_get(), NSEC_PER_SEC);
}
DDE_EMULATED(ktime_get_seconds);

void ktime_get_ts64(struct timespec64 *ts)
{
	*ts = ktime_to_timespec64(ktime_get());
}
DDE_EMULATED(ktime_get_ts64);

/* Busy waiting, as udelay must: the caller may hold a spinlock. */
static void wait_ticks(unsigned long ticks)
{
	unsigned long start = kit_ticks();

	while (kit_ticks() - start < ticks)
		barrier();
	dde_time_update();
}

void __ndelay(unsigned long nsecs)
{
	wait_ticks(nsecs * ticks_per_second / NSEC_PER_SEC + 1);
}
DDE_EMULATED(__ndelay);

void __udelay(unsigned long usecs)
{
	wait_ticks(usecs * ticks_per_second / USEC_PER_SEC + 1);
}
DDE_EMULATED(__udelay);

/* @xloops: microseconds * 2^32 / 10^6, as asm-generic/delay.h computes it. */
void __const_udelay(unsigned long xloops)
{
	wait_ticks(((xloops * ticks_per_second) >> 32) + 1);
}
DDE_EMULATED(__const_udelay);
