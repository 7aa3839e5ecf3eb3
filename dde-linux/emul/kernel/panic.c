// SPDX-License-Identifier: GPL-2.0-only
/*
 * panic.c - warnings and the end of a driver that has broken its own rules.
 *
 * Stands for kernel/panic.c. A WARN is logged once per place and the driver
 * goes on, as in Linux. A BUG or panic ends this process, not the machine; the
 * broker sees the exit status and its supervisor decides what follows.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/sched/debug.h>
#include <kit.h>
#include <dde.h>
#include <dde_pages.h>

#define EXIT_PANIC  134 /* what a shell shows for an abort */
#define WARN_PLACES 16

/* Places that have warned; when the table is full each warning is printed. */
static const void *warned[WARN_PLACES];

/* By caller, not by text: the same place may warn with different numbers. */
static bool warn_is_new(const void *caller)
{
	unsigned int i;

	for (i = 0; i < WARN_PLACES; i++) {
		if (warned[i] == caller)
			return false;
		if (!warned[i]) {
			warned[i] = caller;
			return true;
		}
	}
	return true;
}

void warn_slowpath_fmt(const char *file, int at_line, unsigned int taint,
		       const char *fmt, ...)
{
	const void *caller = __builtin_return_address(0);
	struct va_format vaf;
	va_list args;

	if (!warn_is_new(caller))
		return;
	pr_warn("WARNING: %s:%d, called from %px\n", file, at_line, caller);
	if (!fmt)
		return;
	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_warn("%pV\n", &vaf);
	va_end(args);
}
DDE_EMULATED(warn_slowpath_fmt);

/* Two lines: what happened, and what it means for everybody else. */
static void __noreturn process_end(const char *what, const char *fmt,
				   va_list *args)
{
	struct va_format vaf = { .fmt = fmt, .va = args };

	pr_emerg("%s: %pV\n", what, &vaf);
	dde_pages_tell();
	pr_emerg("the driver process ends; the rest of the system goes on\n");
	kit_exit(EXIT_PANIC);
}

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	process_end("panic", fmt, &args);
}
DDE_EMULATED(panic);

void dde_fatal(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	process_end("dde", fmt, &args);
}

void dump_stack_lvl(const char *log_lvl)
{
	pr_warn("called from %px\n", __builtin_return_address(0));
}
DDE_EMULATED(dump_stack_lvl);

void dump_stack(void)
{
	dump_stack_lvl(KERN_DEFAULT);
}
DDE_EMULATED(dump_stack);

void add_taint(unsigned flag, enum lockdep_ok lockdep_ok)
{
}
DDE_NOOP(add_taint, "nobody reads the taint flags of a driver process");
