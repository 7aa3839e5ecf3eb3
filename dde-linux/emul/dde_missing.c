// SPDX-License-Identifier: GPL-2.0-only
/*
 * dde_missing.c - a driver has called a function of Linux that is not there.
 *
 * Stands for every function that neither a file of Linux nor emul/ provides and
 * that the link step therefore made up (build/missing.py, which also decides
 * what the caller gets back). A call is counted for `dde stubs` in the shell
 * and the first one is logged. In strict mode it ends the process instead: what
 * a test sees is then what the driver does on Linux, or nothing.
 */
#include <linux/kernel.h>
#include <linux/printk.h>
#include <kit.h>
#include <dde.h>
#include <dde_missing.h>

/* Read by `dde stubs` in the shell. */
#define DDE_MISSING_GAUGE "functions missing"

static bool strict;

void dde_missing_strict(void)
{
	strict = true;
}

void dde_missing_announce(void)
{
	if (!dde_missing_count)
		return;
	*kit_counter(KIT_COUNTER_GAUGE, DDE_MISSING_GAUGE) = dde_missing_count;
	pr_warn("%u functions of Linux are missing in this driver\n",
		dde_missing_count);
}

/* Only functions that call a missing one are in the table; the rest is told
 * by address (aarch64-linux-gnu-addr2line -f -e build/dde_X.elf ADDRESS). */
static void caller_print(char *text, size_t bytes, unsigned long caller)
{
	const struct dde_caller *row;

	for (row = dde_callers; row->start; row++) {
		if (caller > row->start && caller <= row->end) {
			scnprintf(text, bytes, "%s+0x%lx", row->name,
				  caller - row->start);
			return;
		}
	}
	scnprintf(text, bytes, "0x%lx", caller);
}

void dde_missing_called(struct dde_missing *missing, unsigned long caller)
{
	char place[80];

	if (missing->count && !strict) {
		(*missing->count)++;
		return;
	}
	missing->count = kit_counter(KIT_COUNTER_STUB, missing->name);
	(*missing->count)++;
	caller_print(place, sizeof(place), caller);
	if (strict)
		dde_fatal(
			"%s, which dde-linux does not have, was called from %s; strict mode",
			missing->name, place);
	pr_err("%s, which dde-linux does not have, was called from %s; it returns an error\n",
	       missing->name, place);
}
