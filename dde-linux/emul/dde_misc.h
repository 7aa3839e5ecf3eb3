/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_misc.h - from class glue to the character devices that Linux registers.
 */
#ifndef DDE_MISC_H
#define DDE_MISC_H

struct miscdevice;

/* The registered device of that name, or NULL. Sleeps. */
struct miscdevice *dde_misc_find(const char *name);

#endif
