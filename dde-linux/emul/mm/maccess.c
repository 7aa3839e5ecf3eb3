// SPDX-License-Identifier: GPL-2.0-only
/*
 * maccess.c - copies whose size the compiler finds too large for their buffer.
 *
 * Stands for mm/maccess.c.
 */
#include <linux/bug.h>
#include <linux/uaccess.h>
#include <dde.h>

/* The caller leaves the copy out after this. */
void __copy_overflow(int size, unsigned long count)
{
	WARN(1, "copy of %lu bytes from or to a buffer of %d: not done\n",
	     count, size);
}
DDE_EMULATED(__copy_overflow);
