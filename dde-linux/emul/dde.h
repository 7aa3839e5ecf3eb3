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
struct device_node;
struct kernel_param;
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

/* The generated table of a process's modules, in order of dependency. */
struct dde_initcall {
	const char *name;
	int (*fn)(void);		   /* NULL ends the table */
	const struct kernel_param *params; /* NULL: it has none */
	const struct kernel_param *params_end;
};
extern const struct dde_initcall *const dde_initcalls;

/* kernel/module/main.c: arguments to parameters, then every init function. */
int dde_modules_start(void);
int dde_modules_args(const char *args);

/* Initcalls of the +init files in real-files.txt that are in use, by level. */
struct dde_core_init {
	const char *file;
	int (**call)(void);
};
extern const struct dde_core_init *const dde_core_inits;
extern const char *const dde_driver_name;

/* Functions of parts that not every program has; NULL where they are not there.
 * Code that all drivers share reads them here (build/common_code.py). */
struct dde_optional {
	struct task_struct *(*kthreadd_start)(void);
	void (*hrtimers_init)(void);
	void (*hrtimers_run)(void);
	void (*irq_work_run)(void);
};
extern const struct dde_optional dde_optional;

/* Start-up, in this order (dde_main.c). */
void dde_time_init(void);
int dde_pages_init(void);
void dde_slab_init(void);
int dde_irq_init(void);
int dde_device_create(void);
/* Log each device whose probe was deferred and has not been tried again. */
void dde_deferred_tell(void);
/* The same for a PCI function. NULL in drivers that match none. */
int dde_pci_create(void);
extern int (*const dde_pci_bus)(void);
/* The same for a PrimeCell's node. NULL in drivers that match no amba device. */
int dde_amba_create(struct device_node *np);
extern int (*const dde_amba_bus)(struct device_node *np);
/* The same for a node that the driver's own table does not know. */
int dde_board_create(struct device_node *np);
int dde_board_id(const char *name);

/*
 * What the loop has to look at, one bit a kind, so that a turn with nothing to
 * do costs one test. Set by the part that has work, cleared where it runs.
 */
#define DDE_PENDING_FIBER 1u  /* a fiber can run */
#define DDE_PENDING_RCU	  2u  /* callbacks wait for the loop */
#define DDE_PENDING_IRQ	  8u  /* a remembered interrupt */
#define DDE_PENDING_CLASS 16u /* the class's poll is wanted once more */
extern unsigned int dde_pending;

void dde_time_update(void);
void dde_irq_deliver(unsigned long events);
void dde_timers_run(void);
/* The tick at which the first timer is due; DDE_NO_TIMER if none is armed. */
extern unsigned long dde_timer_due;
#define DDE_NO_TIMER (~0ul)
void dde_rcu_run(void);
void dde_fibers_run(void);

/* The loop sleeps once before it goes on with softirqs that are pending: until
 * an event, or at most @us microseconds. Without any the pause is forgotten. */
void dde_loop_pause(unsigned int us);

/*
 * The glue of a class: class/X.c defines `dde_class_X`, classes.txt names it for
 * the functions by which drivers register with that class, and the link step
 * takes it in and points dde_driver_class at it. A process has one service.
 */
struct dde_class {
	const char *name;
	/* After Linux's own start-up, before any module: register with the core
	 * (class_interface_register ...). May be NULL. Return: 0 or -errno. */
	int (*init)(void);
	/* Probing has ended: publish the service. Runs in a fiber, may sleep.
	 * Return: 0; -ENODEV if no driver has registered anything; -errno. */
	int (*start)(void);
	/* Take clients' requests; called in every turn once start is done. */
	void (*poll)(unsigned long events);
};
extern const struct dde_class *const dde_driver_class;
/* Start it; from then on the loop polls it. Return: as its start. */
int dde_class_start(void);
extern const struct dde_class dde_class_block, dde_class_net, dde_class_serial,
	dde_class_rng, dde_class_rtc, dde_class_gpio, dde_class_input;

/* "linux NAME": which driver it is, for the info that clients ask for. */
void dde_driver_text(char *text, size_t room);

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
