/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde.h - what the files of emul/ and class/ share: marks and the loop's parts.
 *
 * Each emulated kernel symbol carries one mark, from which `make dde-report`
 * reads how a driver's needs are met. A mark is one text line in a section that
 * is never loaded: "emulated NAME FILE" or "noop NAME FILE REASON". It also
 * makes the compiler check that the name exists.
 */
#ifndef DDE_H
#define DDE_H

#include <linux/types.h>

struct device;
struct task_struct;

#define DDE_MARK(kind, symbol, reason)                                         \
	_Static_assert(sizeof(&(symbol)) > 0, "no such symbol");               \
	asm(".pushsection dde_symbols, \"\", %progbits\n"                      \
	    "\t.asciz \"" kind " " #symbol " " __FILE__ " " reason "\"\n"      \
	    "\t.popsection")

/* Behaves as Linux's for every use a driver makes of it. */
#define DDE_EMULATED(symbol)	 DDE_MARK("emulated", symbol, "")
/* Does nothing (or always the same), and that is right, because of @reason. */
#define DDE_NOOP(symbol, reason) DDE_MARK("noop", symbol, reason)

/* The generated table of a driver's module_init functions, in order. */
struct dde_initcall {
	const char *name;
	int (*fn)(void);
};
extern const struct dde_initcall dde_initcalls[];
extern const char dde_driver_name[];

/* Start-up, in this order (dde_main.c). */
void dde_time_init(void);
int dde_pages_init(void);
void dde_slab_init(void);
int dde_irq_init(void);
int dde_device_create(void);

/*
 * What the loop has to look at, one bit a kind, so that a turn with nothing to
 * do costs one test. Set by the part that has work, cleared where it runs.
 */
#define DDE_PENDING_FIBER 1u /* a fiber can run */
#define DDE_PENDING_RCU	  2u /* callbacks wait for the loop */
#define DDE_PENDING_TIMER 4u /* timers are armed, due or not */
#define DDE_PENDING_IRQ	  8u /* a remembered interrupt */
extern unsigned int dde_pending;

void dde_time_update(void);
void dde_irq_deliver(unsigned long events);
void dde_timers_run(void);
unsigned long dde_timers_next(void);
void dde_rcu_run(void);
void dde_fibers_run(void);

/*
 * A class glue registers itself when its Linux object appears (a disk, ...).
 * The loop calls the hooks; a process has one service, so there is one class.
 */
struct dde_class {
	const char *name;
	/* Probe has ended well: publish the service. Return: enum kit_err. */
	int (*start)(void);
	/* Take clients' requests; called in every turn of the loop. */
	void (*poll)(unsigned long events);
};
void dde_class_register(const struct dde_class *class);
/* Start the registered class; -ENODEV if no driver has registered anything. */
int dde_class_start(void);

/* Linux's error number as clients see it. Return: enum kit_err. */
int dde_err_from_errno(int error);

/**
 * dde_fiber_start - start a Linux task: a stack of its own in this process.
 * @fn:   never returns to a caller; when it returns, the task ends
 * @name: for messages; copied
 *
 * Return: the task, not yet run; NULL if memory is used up.
 */
struct task_struct *dde_fiber_start(void (*fn)(void *), void *arg,
				    const char *name);

/* True while code runs in the loop itself, which must not sleep. */
bool dde_in_loop(void);

/* A client's lent pages get or lose their struct pages. */
void dde_pages_lend(unsigned long bus, unsigned long bytes, bool opened);

/* End the process: the driver has broken a rule that cannot be repaired. */
void dde_fatal(const char *fmt, ...) __printf(1, 2) __noreturn;

#endif
