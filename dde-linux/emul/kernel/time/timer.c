// SPDX-License-Identifier: GPL-2.0-only
/*
 * timer.c - timers and timed sleeps.
 *
 * Stands for kernel/time/timer.c; hrtimers are Linux's own. One list sorted by
 * expiry replaces the timer wheel: a driver has few timers. They run from the event loop, as softirqs
 * would, in order of expiry; equal times run in order of insertion. Deferrable
 * and pinned timers are ordinary ones. A timer never runs early; how late it
 * runs depends on the driver's other work.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/timer.h>
#include <kit.h>
#include <dde.h>
#include <dde_time.h>

static HLIST_HEAD(timers);
static unsigned long alarm = DDE_NO_TIMER; /* the same for hrtimers, in ticks */
unsigned long dde_timer_due = DDE_NO_TIMER;

static struct timer_list *timer_first(void)
{
	return hlist_entry_safe(timers.first, struct timer_list, entry);
}

/* What the loop compares with the clock. A deleted timer may leave it too
 * early: then the next run puts it right. */
static void due_update(void)
{
	struct timer_list *timer = timer_first();

	dde_timer_due = alarm;
	if (timer)
		dde_timer_due = min(dde_timer_due,
				    dde_jiffies_to_ticks(timer->expires));
}

void init_timer_key(struct timer_list *timer, void (*func)(struct timer_list *),
		    unsigned int flags, const char *name,
		    struct lock_class_key *key)
{
	timer->entry.pprev = NULL;
	timer->function = func;
	timer->flags = flags;
}
DDE_EMULATED(init_timer_key);

/* Behind all that are due earlier or at the same time. */
static void timer_insert(struct timer_list *timer)
{
	struct hlist_node **link = &timers.first;
	struct hlist_node *behind = NULL;

	while (*link) {
		struct timer_list *other = hlist_entry(*link, struct timer_list,
						       entry);

		if (time_before(timer->expires, other->expires))
			break;
		behind = *link;
		link = &(*link)->next;
	}
	if (behind)
		hlist_add_behind(&timer->entry, behind);
	else
		hlist_add_head(&timer->entry, &timers);
	due_update();
}

int timer_delete(struct timer_list *timer)
{
	if (!timer_pending(timer))
		return 0;
	hlist_del_init(&timer->entry);
	return 1;
}
DDE_EMULATED(timer_delete);

/* A callback runs to its end in the loop, so none is ever half done here. */
int timer_delete_sync(struct timer_list *timer)
{
	return timer_delete(timer);
}
DDE_EMULATED(timer_delete_sync);

int try_to_del_timer_sync(struct timer_list *timer)
{
	return timer_delete(timer);
}
DDE_EMULATED(try_to_del_timer_sync);

/* After shutdown a timer cannot be armed again: its function is gone. */
int timer_shutdown(struct timer_list *timer)
{
	timer->function = NULL;
	return timer_delete(timer);
}
DDE_EMULATED(timer_shutdown);

int timer_shutdown_sync(struct timer_list *timer)
{
	return timer_shutdown(timer);
}
DDE_EMULATED(timer_shutdown_sync);

/**
 * mod_timer - arm a timer, or move it.
 *
 * A timer without function has been shut down and stays off. Return: 1 if it
 * was pending.
 */
int mod_timer(struct timer_list *timer, unsigned long expires)
{
	int was_pending = timer_delete(timer);

	if (!timer->function)
		return was_pending;
	timer->expires = expires;
	timer_insert(timer);
	return was_pending;
}
DDE_EMULATED(mod_timer);

int mod_timer_pending(struct timer_list *timer, unsigned long expires)
{
	return timer_pending(timer) ? mod_timer(timer, expires) : 0;
}
DDE_EMULATED(mod_timer_pending);

/* Only ever makes it earlier. */
int timer_reduce(struct timer_list *timer, unsigned long expires)
{
	if (timer_pending(timer) && !time_before(expires, timer->expires))
		return 1;
	return mod_timer(timer, expires);
}
DDE_EMULATED(timer_reduce);

void add_timer(struct timer_list *timer)
{
	if (WARN_ON_ONCE(timer_pending(timer)))
		return;
	mod_timer(timer, timer->expires);
}
DDE_EMULATED(add_timer);

void add_timer_on(struct timer_list *timer, int cpu)
{
	add_timer(timer);
}
DDE_EMULATED(add_timer_on);

/* Whole seconds, so that timers of several drivers would meet; never early by
 * so much that the time has passed. */
unsigned long round_jiffies(unsigned long when)
{
	unsigned long second = when - when % HZ;

	return when % HZ > HZ / 4 || time_before_eq(second, jiffies) ?
		       second + HZ :
		       second;
}
DDE_EMULATED(round_jiffies);

unsigned long round_jiffies_relative(unsigned long delay)
{
	return round_jiffies(jiffies + delay) - jiffies;
}
DDE_EMULATED(round_jiffies_relative);

unsigned long round_jiffies_up(unsigned long when)
{
	return roundup(when, HZ);
}
DDE_EMULATED(round_jiffies_up);

void dde_alarm_set(unsigned long ticks)
{
	alarm = ticks == KIT_FOREVER ? DDE_NO_TIMER : ticks;
	due_update();
}

/*
 * A callback may arm or delete any timer, also its own, so the list is read
 * anew after each. One that arms itself for now runs in the next round.
 */
void dde_timers_run(void)
{
	struct timer_list *timer;

	dde_time_update();
	if (kit_ticks() >= alarm) {
		alarm = DDE_NO_TIMER;
		dde_optional.hrtimers_run();
	}
	timer = timer_first();
	while (timer && !time_after(timer->expires, jiffies)) {
		hlist_del_init(&timer->entry);
		timer->function(timer);
		timer = timer_first();
	}
	due_update();
}

/* A sleeper's timer; both live on the sleeper's stack. */
struct sleeper {
	struct timer_list timer;
	struct task_struct *task;
};

static void sleeper_wake(struct timer_list *timer)
{
	wake_up_process(from_timer((struct sleeper *)NULL, timer, timer)->task);
}

/**
 * schedule_timeout - sleep at most @timeout jiffies.
 *
 * The caller has set its state; a wake-up ends the sleep early. Return: jiffies
 * left, 0 when the time has passed.
 */
signed long __sched schedule_timeout(signed long timeout)
{
	struct sleeper sleeper = { .task = current };
	unsigned long end;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	dde_time_update();
	end = jiffies + max(timeout, 0L);
	timer_setup_on_stack(&sleeper.timer, sleeper_wake, 0);
	mod_timer(&sleeper.timer, end);
	schedule();
	timer_delete(&sleeper.timer);
	return max((signed long)(end - jiffies), 0L);
}
DDE_EMULATED(schedule_timeout);

signed long __sched schedule_timeout_interruptible(signed long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}
DDE_EMULATED(schedule_timeout_interruptible);

signed long __sched schedule_timeout_uninterruptible(signed long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}
DDE_EMULATED(schedule_timeout_uninterruptible);

/* One jiffy more than asked: the present one has partly passed. */
void msleep(unsigned int msecs)
{
	signed long left = msecs_to_jiffies(msecs) + 1;

	while (left)
		left = schedule_timeout_uninterruptible(left);
}
DDE_EMULATED(msleep);

unsigned long msleep_interruptible(unsigned int msecs)
{
	signed long left = msecs_to_jiffies(msecs) + 1;

	while (left && !signal_pending(current))
		left = schedule_timeout_interruptible(left);
	return jiffies_to_msecs(left);
}
DDE_EMULATED(msleep_interruptible);
