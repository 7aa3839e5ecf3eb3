// SPDX-License-Identifier: GPL-2.0-only
/*
 * capability.c - what a driver may do in the name of a user.
 *
 * Stands for kernel/capability.c.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <dde.h>

bool file_ns_capable(const struct file *file, struct user_namespace *ns,
		     int cap)
{
	return true;
}
DDE_NOOP(file_ns_capable, "no user space asks; the broker has decided");
