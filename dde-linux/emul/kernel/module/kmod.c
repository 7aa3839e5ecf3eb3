// SPDX-License-Identifier: GPL-2.0-only
/*
 * kmod.c - modules cannot be loaded: what a driver needs is linked in.
 *
 * Stands for kernel/module/kmod.c. The answer is Linux's for a module that is
 * not installed.
 */
#include <linux/errno.h>
#include <linux/kmod.h>
#include <dde.h>

int __request_module(bool wait, const char *fmt, ...)
{
	return -ENOENT;
}
DDE_EMULATED(__request_module);
