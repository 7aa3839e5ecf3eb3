// SPDX-License-Identifier: GPL-2.0-only
/*
 * mm_init.c - switches for hardening: off, as in Linux without boot options.
 *
 * Stands for mm/mm_init.c.
 */
#include <linux/jump_label.h>
#include <linux/mm.h>
#include <dde.h>

DEFINE_STATIC_KEY_FALSE(init_on_alloc);
DEFINE_STATIC_KEY_FALSE(init_on_free);
DDE_NOOP(init_on_alloc, "a kernel command line option, never set");
DDE_NOOP(init_on_free, "a kernel command line option, never set");
