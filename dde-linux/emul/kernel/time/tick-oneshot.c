// SPDX-License-Identifier: GPL-2.0-only
/*
 * tick-oneshot.c - the alarm clock under Linux's hrtimers.
 *
 * Stands for kernel/time/tick-oneshot.c, tick-common.c and tick-sched.c.
 * hrtimer.c is Linux's own. It programs the time of its next event here; the
 * loop sleeps no longer than that and then calls dde_hrtimers_run(), which is
 * the timer interrupt.
 * An hrtimer never runs early; how late depends on the driver's other work and
 * on the broker's timer service.
 */
#include <linux/clockchips.h>
#include <linux/hardirq.h>
#include <linux/hrtimer.h>
#include <kit.h>
#include <dde.h>
#include <dde_time.h>

/* Declared in Linux's private kernel/time/tick-{internal,sched}.h. */
extern int tick_program_event(ktime_t expires, int force);
extern int tick_check_oneshot_change(int allow_nohz);
extern int tick_init_highres(void);
extern void tick_setup_sched_timer(bool hrtimer);

static struct clock_event_device alarm;

/*
 * Linux asks for a time-out in the past to be refused, unless forced: then the
 * event comes at once. KTIME_MAX switches the alarm off.
 */
int tick_program_event(ktime_t expires, int force)
{
	if (expires == KTIME_MAX) {
		dde_alarm_set(KIT_FOREVER);
		return 0;
	}
	if (expires <= ktime_get() && !force)
		return -ETIME;
	dde_alarm_set(dde_ns_to_ticks(ktime_to_ns(expires)));
	return 0;
}
DDE_EMULATED(tick_program_event);

int tick_check_oneshot_change(int allow_nohz)
{
	return 1;
}
DDE_EMULATED(tick_check_oneshot_change);

int tick_init_highres(void)
{
	return 0;
}
DDE_NOOP(tick_init_highres, "the alarm needs no set-up");

void tick_setup_sched_timer(bool hrtimer)
{
}
DDE_NOOP(tick_setup_sched_timer, "jiffies follow the counter, not a tick");

void dde_hrtimers_init(void)
{
	hrtimers_init();
	hrtimer_run_queues(); /* switches to high resolution */
}

/* As from a timer interrupt. Softirq timers run in the loop afterwards. */
void dde_hrtimers_run(void)
{
	preempt_count_add(HARDIRQ_OFFSET);
	hrtimer_interrupt(&alarm);
	preempt_count_sub(HARDIRQ_OFFSET);
}
