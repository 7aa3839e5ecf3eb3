// SPDX-License-Identifier: GPL-2.0-only
/*
 * dde_main.c - the life of a driver process: start, probe, serve, end.
 *
 * Stands for Linux's init/main.c and its idle loop. Everything runs on one
 * thread. The loop itself never sleeps in Linux's sense; what may sleep (module
 * init, probe, work items) runs in fibers. The order inside a turn matters:
 * interrupts first, because they wake fibers; then deferred work until none is
 * left; then clients, so that a batch of requests is one kick; then sleep,
 * which also publishes completions (kit_wait).
 * Read next: class/block.c, kernel/sched/core.c
 */
#include <linux/async.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/maple_tree.h>
#include <linux/of.h>
#include <linux/radix-tree.h>
#include <linux/rcupdate.h>
#include <linux/scatterlist.h>
#include <linux/sched.h>
#include <linux/srcu.h>
#include <linux/wait_bit.h>
#include <kit.h>
#include <dde.h>
#include <dde_irq.h>
#include <dde_pages.h>
#include <dde_time.h>

/* The driver core's start-up; declared in its private drivers/base/base.h. */
extern int devices_init(void);
extern int buses_init(void);
extern int classes_init(void);
extern int platform_bus_init(void);

#define DEFERRED_ROUNDS 16

unsigned int dde_pending;

bool initcall_debug;
enum system_states system_state = SYSTEM_BOOTING;
bool static_key_initialized = true;
DDE_NOOP(static_key_initialized, "static keys are plain variables here");
DDE_NOOP(initcall_debug, "a kernel command line option, never set");
DDE_NOOP(system_state, "a driver process runs or has ended");

static bool init_done;
static bool serving; /* the class has been started */
static int init_error;
static unsigned long pause_ticks; /* 0: no pause is wanted */

int dde_class_start(void)
{
	int err = dde_driver_class->start();

	serving = !err;
	return err;
}

void dde_driver_text(char *text, size_t room)
{
	scnprintf(text, room, "linux %s", dde_driver_name);
}

/* Errors of probe that a person can act on keep their meaning. */
int dde_err_from_errno(int error)
{
	switch (error) {
	case 0:
		return KIT_OK;
	case -ENOMEM:
		return KIT_ERR_NOMEM;
	case -ENODEV:
	case -ENXIO:
	case -ENOENT:
	case -EPROBE_DEFER:
		return KIT_ERR_NOTFOUND;
	case -EINVAL:
		return KIT_ERR_INVALID;
	case -EOPNOTSUPP:
		return KIT_ERR_UNSUPPORTED;
	case -ETIMEDOUT:
		return KIT_ERR_TIMEOUT;
	default:
		return KIT_ERR_IO;
	}
}

/* What start_kernel() does for the parts of Linux that are linked in. */
static int core_start(void)
{
	rcu_scheduler_starting();
	srcu_init();
	async_init();
	devices_init();
	buses_init();
	classes_init();
	return platform_bus_init();
}

/* Like do_initcalls(): one that fails says so and hinders no other. */
static int core_files_start(void)
{
	const struct dde_core_init *core;
	int err;

	for (core = dde_core_inits; core->call; core++) {
		err = (*core->call)();
		if (err)
			pr_err("%s: initcall failed: error %d\n", core->file,
			       err);
	}
	return dde_driver_class->init ? dde_driver_class->init() : 0;
}

/* A manifest gives PCI functions to drivers that match PCI only. */
static int bus_create(void)
{
	if (!kit_device()->is_pci)
		return dde_device_create();
	return dde_pci_bus ? dde_pci_bus() : -ENODEV;
}

/* The first fiber. Probing may sleep, so all of it happens here. */
static void init_fiber(void *unused)
{
	init_error = core_start();
	if (!init_error)
		init_error = core_files_start();
	if (!init_error)
		init_error = dde_modules_start();
	if (!init_error)
		init_error = bus_create();
	wait_for_device_probe();
	system_state = SYSTEM_RUNNING;
	if (!init_error)
		init_error = dde_class_start();
	init_done = true;
}

/* Before any fiber: stacks come from the arena. */
static int memory_start(void)
{
	int err = dde_pages_init();

	if (err)
		return err;
	dde_slab_init();
	radix_tree_init();
	maple_tree_init();
	softirq_init();
	wait_bit_init();
	if (dde_optional.hrtimers_init)
		dde_optional.hrtimers_init();
	return dde_irq_init();
}

/* Softirqs (tasklets, net receive) have a word of their own, which is Linux's. */
static bool deferred_ready(void)
{
	return dde_pending & DDE_PENDING_FIBER ||
	       (local_softirq_pending() && !pause_ticks);
}

/* Cheap while timers are armed for later: one comparison. */
static bool timers_due(void)
{
	return kit_ticks() >= dde_timer_due;
}

static bool work_ready(void)
{
	return dde_pending || local_softirq_pending() || timers_due();
}

/*
 * Fibers make timers due and the other way round: until nothing is ready, or
 * until interrupts must be looked at again, should a fiber yield for ever.
 */
static void run_deferred(void)
{
	unsigned int round = 0;

	do {
		if (local_softirq_pending() && !pause_ticks)
			do_softirq();
		if (timers_due())
			dde_timers_run();
		if (dde_pending & DDE_PENDING_RCU)
			dde_rcu_run();
		if (dde_pending & DDE_PENDING_FIBER)
			dde_fibers_run();
	} while (deferred_ready() && ++round < DEFERRED_ROUNDS);
}

/* One turn. The second run_deferred is for work that submitting has made. */
static void loop_turn(unsigned long events)
{
	dde_time_update();
	if (events & KIT_EVENT_IRQ_MASK || dde_pending & DDE_PENDING_IRQ)
		dde_irq_deliver(events);
	if (unlikely(events & KIT_EVENT_CONTROL)) {
		kit_stack_measure();
		if (!(events & KIT_EVENT_IRQ_MASK))
			dde_irq_ask();
	}
	if (work_ready())
		run_deferred();
	dde_pending &= ~DDE_PENDING_CLASS;
	if (likely(serving))
		dde_driver_class->poll(events);
	if (work_ready())
		run_deferred();
}

void dde_loop_pause(unsigned int us)
{
	pause_ticks = (u64)us * kit_device()->ticks_per_second / USEC_PER_SEC;
}

/* Clients run now, although the device has more for them. */
static unsigned long loop_pause(void)
{
	unsigned long until = kit_ticks() + pause_ticks;

	pause_ticks = 0;
	return kit_wait(min(until, dde_timer_due));
}

/* Return: KIT_EVENT_* bits. Does not sleep while anything is ready. */
static unsigned long loop_sleep(void)
{
	if (unlikely(pause_ticks) && local_softirq_pending())
		return loop_pause();
	pause_ticks = 0;
	if (unlikely(deferred_ready() ||
		     dde_pending & (DDE_PENDING_IRQ | DDE_PENDING_CLASS)))
		return kit_poll();
	if (dde_timer_due == DDE_NO_TIMER)
		return kit_wait(KIT_FOREVER);
	return kit_wait(dde_timer_due);
}

/* Turn the loop until the driver stands or has failed. */
static void loop_until_ready(void)
{
	unsigned long events = 0;

	for (;;) {
		loop_turn(events);
		if (init_done)
			return;
		events = loop_sleep();
	}
}

/*
 * The broker tells clients; a person finds the reason in the lines above.
 * Linux's driver core logs why a probe failed but does not return it: if the
 * device, or an object of the class, has not appeared, that was for lack of
 * memory, or else for the device's sake.
 */
static int start_failed(int error)
{
	if (error == -ENODEV && dde_pages_exhausted())
		error = -ENOMEM;
	dde_pages_tell();
	if (error == -ENODEV && !kit_device()->node[0] && !kit_device()->is_pci)
		pr_err("it was given no device and has made none itself: DDE_..._DEVICE in drivers.config names one\n");
	dde_deferred_tell();
	pr_err("driver start failed: error %d; no service is offered\n", error);
	kit_ready(dde_err_from_errno(error));
	return 1;
}

/* What the device has is waited for; if it has hung the broker ends us. It also
 * resets the device when we have ended. */
static void drain(unsigned long events)
{
	kit_stop();
	loop_turn(events);
	while (kit_in_flight())
		loop_turn(loop_sleep());
}

/**
 * dde_main - a driver's whole life; called once by kit_main.c.
 *
 * Return: the exit status: 0 after a request to stop, 1 if the start failed.
 */
int dde_main(void)
{
	unsigned long events = 0;
	int err;

	dde_time_init();
	err = memory_start();
	if (err)
		return start_failed(err);
	if (!dde_fiber_start(init_fiber, NULL, "init"))
		return start_failed(-ENOMEM);
	loop_until_ready();
	if (init_error)
		return start_failed(init_error);
	kit_ready(KIT_OK);
	while (!(events & KIT_EVENT_STOP)) {
		loop_turn(events);
		events = loop_sleep();
	}
	drain(events);
	return 0;
}
