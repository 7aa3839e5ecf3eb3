/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_tty.h - how a class glue gets at the terminal that a driver has made.
 *
 * The glue stands where a line discipline stands in Linux: it hands in a
 * struct tty_ldisc_ops, gets a struct tty_struct, and both sides then speak
 * Linux's own contract (receive_buf2 and write_wakeup up, tty->ops down).
 */
#ifndef DDE_TTY_H
#define DDE_TTY_H

struct tty_struct;
struct tty_ldisc_ops;

/**
 * dde_tty_open - open the first line that any tty driver has.
 * @ldisc: stays as long as the process
 *
 * Waits a while for a driver that makes its line after probe has returned, as
 * the hypervisor console does. Never closed again. Runs in a fiber.
 *
 * Return: the terminal; ERR_PTR(-ENODEV) if there is no line; what the driver's
 * own open says.
 */
struct tty_struct *dde_tty_open(const struct tty_ldisc_ops *ldisc);

/* tty_ldisc.c: give a new terminal its discipline, and free it. */
int dde_ldisc_attach(struct tty_struct *tty, const struct tty_ldisc_ops *ops);
void dde_ldisc_detach(struct tty_struct *tty);

#endif
