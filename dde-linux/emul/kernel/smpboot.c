// SPDX-License-Identifier: GPL-2.0-only
/*
 * smpboot.c - threads that Linux keeps on each CPU.
 *
 * Stands for kernel/smpboot.c. Linux's softirq.c asks for ksoftirqd here.
 */
#include <linux/smpboot.h>
#include <dde.h>

int smpboot_register_percpu_thread(struct smp_hotplug_thread *thread)
{
	return 0;
}
DDE_NOOP(smpboot_register_percpu_thread, "the loop runs softirqs itself");
