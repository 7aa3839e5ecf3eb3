// SPDX-License-Identifier: GPL-2.0-only
/*
 * namei.c - hashes of names.
 *
 * Stands for fs/namei.c.
 */
#include <linux/jhash.h>
#include <linux/stringhash.h>
#include <dde.h>

unsigned int full_name_hash(const void *salt, const char *name,
			    unsigned int len)
{
	return jhash(name, len, (unsigned long)salt);
}
DDE_EMULATED(full_name_hash);
