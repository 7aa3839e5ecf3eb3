// SPDX-License-Identifier: BSD-2-Clause
/*
 * main.c - runs the groups of checks as a module of the layer, and reports.
 *
 * Prints "ok GROUP" or "FAIL GROUP"; dde_emul.py reads that.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <dde.h>
#include "check.h"

extern void machine_exit(int status) __noreturn;
extern void machine_print(const char *text);

static unsigned int failures;

void check_that(int good, const char *file, int line, const char *text)
{
	char message[200];

	if (good)
		return;
	failures++;
	scnprintf(message, sizeof(message), "  %s:%d: %s\n", kbasename(file),
		  line, text);
	machine_print(message);
}

static void group_run(const char *name, void (*group)(void))
{
	unsigned int before = failures;

	fake_log_clear();
	group();
	machine_print(failures == before ? "ok " : "FAIL ");
	machine_print(name);
	machine_print("\n");
}

static int checks_run(void)
{
	group_run("memory", check_memory);
	group_run("time", check_time);
	group_run("work", check_work);
	group_run("irq", check_irq);
	group_run("dma", check_dma);
	group_run("block", check_block);
	machine_exit(failures ? 1 : 0);
}

const struct dde_initcall dde_initcalls[] = {
	{ "checks", checks_run },
	{ NULL, NULL },
};
const char dde_driver_name[] = "check";
