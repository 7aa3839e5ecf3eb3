/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpu_name.c - the CPU's name, for the banner.
 *
 * Source: the cores' technical reference manuals, MIDR_EL1.
 */
#include <stddef.h>
#include <arch/boot.h>
#include <arch/sysreg.h>

#define MIDR_IMPLEMENTER_ARM 0x41u

static const struct {
	unsigned int part;
	const char *name;
} names[] = {
	{ 0xd03, "Cortex-A53" }, { 0xd05, "Cortex-A55" },
	{ 0xd07, "Cortex-A57" }, { 0xd08, "Cortex-A72" },
	{ 0xd0b, "Cortex-A76" }, { 0xd0c, "Neoverse-N1" },
};

const char *cpu_name(void)
{
	uint64_t midr = sysreg_read(midr_el1);
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (midr >> 24 == MIDR_IMPLEMENTER_ARM &&
		    (midr >> 4 & 0xfff) == names[i].part)
			return names[i].name;
	}
	return "a CPU without a known name";
}
