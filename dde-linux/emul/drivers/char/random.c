// SPDX-License-Identifier: GPL-2.0-only
/*
 * random.c - what drivers give to the pool of random numbers.
 *
 * Stands for drivers/char/random.c.
 */
#include <linux/random.h>
#include <dde.h>

void add_interrupt_randomness(int irq)
{
}
DDE_NOOP(add_interrupt_randomness, "a driver process keeps no entropy pool");
