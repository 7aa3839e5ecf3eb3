// SPDX-License-Identifier: GPL-2.0-only
/*
 * tty_ldisc.c - line disciplines: each terminal has one, for life.
 *
 * Stands for drivers/tty/tty_ldisc.c. The discipline is the class glue's
 * (dde_tty.h), given when the terminal is opened, so references need no lock.
 */
#include <linux/slab.h>
#include <linux/tty.h>
#include <linux/tty_ldisc.h>
#include <dde.h>
#include "dde_tty.h"

/* Declared in Linux's private drivers/tty/tty.h. */
extern void tty_buffer_flush(struct tty_struct *tty, struct tty_ldisc *ld);

int dde_ldisc_attach(struct tty_struct *tty, const struct tty_ldisc_ops *ops)
{
	struct tty_ldisc *ld = kzalloc(sizeof(*ld), GFP_KERNEL);

	if (!ld)
		return -ENOMEM;
	ld->ops = (struct tty_ldisc_ops *)ops;
	ld->tty = tty;
	tty->ldisc = ld;
	return 0;
}

void dde_ldisc_detach(struct tty_struct *tty)
{
	kfree(tty->ldisc);
	tty->ldisc = NULL;
}

struct tty_ldisc *tty_ldisc_ref(struct tty_struct *tty)
{
	return tty->ldisc;
}
DDE_EMULATED(tty_ldisc_ref);

struct tty_ldisc *tty_ldisc_ref_wait(struct tty_struct *tty)
{
	return tty->ldisc;
}
DDE_EMULATED(tty_ldisc_ref_wait);

void tty_ldisc_deref(struct tty_ldisc *ld)
{
}
DDE_NOOP(tty_ldisc_deref, "a discipline lives as long as its terminal");

/* What the driver has delivered and nobody has read is thrown away. */
void tty_ldisc_flush(struct tty_struct *tty)
{
	tty_buffer_flush(tty, tty->ldisc);
}
DDE_EMULATED(tty_ldisc_flush);
