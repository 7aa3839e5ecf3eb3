// SPDX-License-Identifier: GPL-2.0-only
/*
 * failslab.c - one allocation of a driver is refused on purpose, to test it.
 *
 * Stands for mm/failslab.c. With the word dde.fail_alloc=K in a driver's args
 * the K-th allocation from there on fails, of objects and of pages alike, and
 * the driver says so. To count all of them each object gets a page of its own
 * then, so the arena has to be larger. Used by tests/fault/exhaust.py.
 */
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <dde_pages.h>

static unsigned long until; /* 0: it has been refused, or none shall be */

bool dde_fail_counts;

int dde_fail_word(const char *number)
{
	int err = kstrtoul(number, 0, &until);

	if (err)
		return err;
	if (dde_fail_counts != !!until)
		dde_slab_swap();
	dde_fail_counts = until;
	return 0;
}

bool dde_fail_now(gfp_t gfp)
{
	if (!until || gfp & __GFP_NOFAIL || --until)
		return false;
	pr_warn("an allocation is refused on purpose\n");
	return true;
}
