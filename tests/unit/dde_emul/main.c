// SPDX-License-Identifier: BSD-2-Clause
/*
 * main.c - runs the groups of checks as a module of the layer, and reports.
 *
 * Prints "ok GROUP" or "FAIL GROUP"; dde_emul.py reads that. Under `-d in_asm`
 * QEMU's log then says of each group which functions it executes.
 */
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <dde.h>
#include "check.h"

extern void machine_exit(int status) __noreturn;
extern void machine_print(const char *text);

/* Made by the linker: all that CHECK_GROUP says, in order of the files. */
extern const struct check_group __start_check_groups[];
extern const struct check_group __stop_check_groups[];

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

extern char code_start[], etext[]; /* the linker's */

/* Write all code over itself: QEMU translates, and logs, what runs anew. */
static void code_touch(void)
{
	volatile unsigned long *word = (void *)code_start;

	for (; (char *)word < etext; word++)
		*word = *word;
}

static void group_run(const char *name, void (*group)(void))
{
	unsigned int before = failures;

	code_touch();
	fake_log_clear();
	group();
	machine_print(failures == before ? "ok " : "FAIL ");
	machine_print(name);
	machine_print("\n");
}

static int checks_run(void)
{
	const struct check_group *group;

	for (group = __start_check_groups; group < __stop_check_groups; group++)
		group_run(group->name, group->run);
	machine_exit(failures ? 1 : 0);
}

/* Where the linker puts what module_param() makes. */
extern const struct kernel_param __start___param[], __stop___param[];

static const struct dde_initcall initcalls[] = {
	{ "checks", checks_run, __start___param, __stop___param },
	{ NULL, NULL },
};
const struct dde_initcall *const dde_initcalls = initcalls;
const struct dde_class *const dde_driver_class = &dde_class_block;
int (*const dde_pci_bus)(void);
int (*const dde_amba_bus)(struct device_node *np) = dde_amba_create;
const char *const dde_driver_name = "check";
