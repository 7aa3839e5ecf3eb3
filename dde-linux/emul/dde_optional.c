// SPDX-License-Identifier: GPL-2.0-only
/*
 * dde_optional.c - what a program may lack: functions that are called if linked.
 *
 * Stands for no file of Linux. The linker takes a part in because a driver needs
 * it, never because of these.
 */
#include <linux/irq_work.h>

#include <dde.h>
#include <dde_fiber.h>
#include <dde_time.h>

extern void irq_work_run(void) __weak;

const struct dde_optional dde_optional = {
	.kthreadd_start = dde_kthreadd_start,
	.hrtimers_init = dde_hrtimers_init,
	.hrtimers_run = dde_hrtimers_run,
	.irq_work_run = irq_work_run,
};
