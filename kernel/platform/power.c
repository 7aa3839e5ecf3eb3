/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * power.c - switching the machine off or resetting it, through PSCI.
 *
 * Source: Arm Power State Coordination Interface, DEN0022, 5.9 and 5.10.
 */
#include <core/arch.h>
#include <platform/platform.h>
#include <platform/uart.h>

#define PSCI_SYSTEM_OFF	  0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u

static enum psci_method method;

void platform_psci_set(enum psci_method psci)
{
	method = psci;
}

static void psci_call(uint64_t function)
{
	register uint64_t x0 __asm__("x0") = function;

	if (method == PSCI_HVC)
		__asm__ volatile("hvc #0"
				 : "+r"(x0)
				 :
				 : "x1", "x2", "x3", "x4", "x5", "x6", "x7",
				   "x8", "x9", "x10", "x11", "x12", "x13",
				   "x14", "x15", "x16", "x17", "memory");
	else if (method == PSCI_SMC)
		__asm__ volatile("smc #0"
				 : "+r"(x0)
				 :
				 : "x1", "x2", "x3", "x4", "x5", "x6", "x7",
				   "x8", "x9", "x10", "x11", "x12", "x13",
				   "x14", "x15", "x16", "x17", "memory");
}

void platform_off(uint64_t status, bool reset)
{
	kernel_printf("KaaL: %s, status %lu\n", reset ? "reset" : "power off",
		      status);
	uart_drain();
	psci_call(reset ? PSCI_SYSTEM_RESET : PSCI_SYSTEM_OFF);
	kernel_printf("KaaL: the firmware offers no power control; "
		      "switch the machine off by hand\n");
	for (;;)
		__asm__ volatile("wfi");
}
