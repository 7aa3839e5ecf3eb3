// SPDX-License-Identifier: GPL-2.0-only
/*
 * timekeeping.c - jiffies and ktime from the machine's counter.
 *
 * Stands for kernel/time/timekeeping.c and kernel/time/jiffies.c. There is no
 * tick: jiffies is brought up to date whenever the loop wakes and whenever a
 * driver reads a clock or busy-waits. Between two updates it stands still, so a
 * loop on jiffies must contain cpu_relax(), as Linux's rules demand.
 *
 * Wall clock: nobody tells a driver process. CLOCK_REALTIME begins at 1970 when
 * the process starts, until the driver itself sets it (do_settimeofday64, as an
 * RTC driver does). Boot time and TAI are the monotonic clock.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>
#include <linux/timekeeper_internal.h>
#include <kit.h>
#include <dde.h>
#include <dde_time.h>

/* Declared in Linux's private kernel/time/timekeeping.h. */
extern ktime_t ktime_get_update_offsets_now(unsigned int *seq, ktime_t *real,
					    ktime_t *boot, ktime_t *tai);
/* Weak here: hrtimers hear of a new wall clock, where there are any. */
extern void clock_was_set(unsigned int bases) __weak;
#define WALL_BASES                                                             \
	(BIT(HRTIMER_BASE_REALTIME) | BIT(HRTIMER_BASE_REALTIME_SOFT) |        \
	 BIT(HRTIMER_BASE_TAI) | BIT(HRTIMER_BASE_TAI_SOFT))

u64 jiffies_64 = INITIAL_JIFFIES;
/* Linux's linker script makes them one variable; so does this line. */
asm(".globl jiffies\n\t.set jiffies, jiffies_64");
DDE_EMULATED(jiffies);
DDE_EMULATED(jiffies_64);

static unsigned long start_ticks;
static unsigned long ticks_per_second;
static unsigned long ticks_per_jiffy;
static ktime_t real_offset; /* of the wall clock to ktime_get() */
static unsigned int real_changes;

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

/* Rounded up: what is asked for a time must not come before it. */
unsigned long dde_ns_to_ticks(u64 ns)
{
	return start_ticks + 1 +
	       mul_u64_u64_div_u64(ns, ticks_per_second, NSEC_PER_SEC);
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

ktime_t ktime_get_with_offset(enum tk_offsets offset)
{
	ktime_t now = ktime_get();

	return offset == TK_OFFS_REAL ? ktime_add(now, real_offset) : now;
}
DDE_EMULATED(ktime_get_with_offset);

ktime_t ktime_get_coarse_with_offset(enum tk_offsets offset)
{
	return ktime_get_with_offset(offset);
}
DDE_EMULATED(ktime_get_coarse_with_offset);

ktime_t ktime_mono_to_any(ktime_t mono, enum tk_offsets offset)
{
	return offset == TK_OFFS_REAL ? ktime_add(mono, real_offset) : mono;
}
DDE_EMULATED(ktime_mono_to_any);

/* For hrtimer.c: @seq changes when the offsets do. */
ktime_t ktime_get_update_offsets_now(unsigned int *seq, ktime_t *real,
				     ktime_t *boot, ktime_t *tai)
{
	*seq = real_changes;
	*real = real_offset;
	*boot = 0;
	*tai = real_offset;
	return ktime_get();
}
DDE_EMULATED(ktime_get_update_offsets_now);

time64_t ktime_get_seconds(void)
{
	return ktime_divns(ktime_get(), NSEC_PER_SEC);
}
DDE_EMULATED(ktime_get_seconds);

time64_t ktime_get_real_seconds(void)
{
	return ktime_divns(ktime_get_real(), NSEC_PER_SEC);
}
DDE_EMULATED(ktime_get_real_seconds);

void ktime_get_ts64(struct timespec64 *ts)
{
	*ts = ktime_to_timespec64(ktime_get());
}
DDE_EMULATED(ktime_get_ts64);

void ktime_get_coarse_ts64(struct timespec64 *ts)
{
	ktime_get_ts64(ts);
}
DDE_EMULATED(ktime_get_coarse_ts64);

void ktime_get_raw_ts64(struct timespec64 *ts)
{
	ktime_get_ts64(ts);
}
DDE_EMULATED(ktime_get_raw_ts64);

void ktime_get_real_ts64(struct timespec64 *ts)
{
	*ts = ktime_to_timespec64(ktime_get_real());
}
DDE_EMULATED(ktime_get_real_ts64);

void ktime_get_coarse_real_ts64(struct timespec64 *ts)
{
	ktime_get_real_ts64(ts);
}
DDE_EMULATED(ktime_get_coarse_real_ts64);

/* The device has read a counter of its own beside the CPU's: never this one. */
int get_device_system_crosststamp(
	int (*get_time)(ktime_t *device, struct system_counterval_t *system,
			void *ctx),
	void *ctx, struct system_time_snapshot *history,
	struct system_device_crosststamp *stamp)
{
	struct system_counterval_t system = { 0 };
	int err = get_time(&stamp->device, &system, ctx);

	return err ? err : -ENODEV;
}
DDE_EMULATED(get_device_system_crosststamp);

int do_settimeofday64(const struct timespec64 *ts)
{
	if (!timespec64_valid_settod(ts))
		return -EINVAL;
	real_offset = ktime_sub(timespec64_to_ktime(*ts), ktime_get());
	real_changes++;
	if (clock_was_set)
		clock_was_set(WALL_BASES);
	return 0;
}
DDE_EMULATED(do_settimeofday64);

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
