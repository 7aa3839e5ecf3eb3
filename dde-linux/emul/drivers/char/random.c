// SPDX-License-Identifier: GPL-2.0-only
/*
 * random.c - what drivers give to the pool of random numbers.
 *
 * Stands for drivers/char/random.c.
 */
#include <linux/kthread.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <dde.h>

void add_interrupt_randomness(int irq)
{
}
DDE_NOOP(add_interrupt_randomness, "a driver process keeps no entropy pool");

/* Linux's pool, once it is full, wants new bytes once a minute. */
#define RESEED_INTERVAL (60 * HZ)

void add_hwgenerator_randomness(const void *buf, size_t len, size_t entropy,
				bool sleep_after)
{
	if (sleep_after && !kthread_should_stop())
		schedule_timeout_interruptible(RESEED_INTERVAL);
}
DDE_NOOP(add_hwgenerator_randomness,
	 "a driver process keeps no entropy pool; it sleeps as for a full one");

void add_device_randomness(const void *buf, size_t len)
{
}
DDE_NOOP(add_device_randomness, "a driver process keeps no entropy pool");

void add_input_randomness(unsigned int type, unsigned int code,
			  unsigned int value)
{
}
DDE_NOOP(add_input_randomness, "a driver process keeps no entropy pool");
