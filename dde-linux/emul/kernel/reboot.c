// SPDX-License-Identifier: GPL-2.0-only
/*
 * reboot.c - what a driver's wish to stop the machine comes to.
 *
 * Stands for the architecture's part of kernel/reboot.c, which is Linux's own,
 * and for kernel/umh.c. A driver holds one device and not the machine: its
 * process ends with a message, and the broker decides what follows. Nobody
 * announces a reboot to drivers, so their notifiers are kept but never called.
 */
#include <linux/kmsg_dump.h>
#include <linux/panic.h>
#include <linux/reboot.h>
#include <linux/umh.h>
#include <dde.h>

void machine_restart(char *cmd)
{
	panic("the driver asked to restart the machine");
}
DDE_EMULATED(machine_restart);

void machine_halt(void)
{
	panic("the driver asked to halt the machine");
}
DDE_EMULATED(machine_halt);

void machine_power_off(void)
{
	panic("the driver asked to switch the machine off");
}
DDE_EMULATED(machine_power_off);

void kmsg_dump_desc(enum kmsg_dump_reason reason, const char *desc)
{
}
DDE_NOOP(kmsg_dump_desc, "the log has left the process line by line");

int __usermodehelper_disable(enum umh_disable_depth depth)
{
	return 0;
}
DDE_NOOP(__usermodehelper_disable, "there are no user space helpers");

int call_usermodehelper(const char *path, char **argv, char **envp, int wait)
{
	return -ENOENT;
}
DDE_EMULATED(call_usermodehelper);
