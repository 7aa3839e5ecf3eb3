// SPDX-License-Identifier: GPL-2.0-only
/*
 * random.c - numbers that differ: for hashes, back-off times, addresses.
 *
 * Stands for drivers/char/random.c. There is no pool of entropy: the numbers
 * come from the time of each call and the process's own name, mixed. They are
 * no secrets, and a driver that makes keys of them must not be used.
 */
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/siphash.h>
#include <linux/string.h>
#include <kit.h>
#include <dde.h>

static siphash_key_t key;

static void key_make(void)
{
	const char *service = kit_device()->service;
	siphash_key_t zero = { { 1, 2 } };

	key.key[0] = siphash(service, strlen(service), &zero);
	key.key[1] = kit_ticks();
}

/* The key changes with each number, so that equal times give others. */
u64 get_random_u64(void)
{
	u64 value;

	if (!key.key[0])
		key_make();
	value = siphash_1u64(kit_ticks(), &key);
	key.key[1] += value | 1;
	return value;
}
DDE_EMULATED(get_random_u64);

u32 get_random_u32(void)
{
	return get_random_u64();
}
DDE_EMULATED(get_random_u32);

u16 get_random_u16(void)
{
	return get_random_u64();
}
DDE_EMULATED(get_random_u16);

u8 get_random_u8(void)
{
	return get_random_u64();
}
DDE_EMULATED(get_random_u8);

u32 __get_random_u32_below(u32 ceil)
{
	return (u64)get_random_u32() * ceil >> 32;
}
DDE_EMULATED(__get_random_u32_below);

void get_random_bytes(void *buf, size_t len)
{
	while (len) {
		u64 value = get_random_u64();
		size_t part = min(len, sizeof(value));

		memcpy(buf, &value, part);
		buf += part;
		len -= part;
	}
}
DDE_EMULATED(get_random_bytes);

bool rng_is_initialized(void)
{
	return true;
}
DDE_EMULATED(rng_is_initialized);

void add_device_randomness(const void *buf, size_t len)
{
}
DDE_NOOP(add_device_randomness, "a driver process keeps no entropy pool");

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

void add_input_randomness(unsigned int type, unsigned int code,
			  unsigned int value)
{
}
DDE_NOOP(add_input_randomness, "a driver process keeps no entropy pool");
