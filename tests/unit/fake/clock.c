/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c - the fake PL031 of clock.h. Register offsets: DDI 0224C, table 3-1.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/mmio.h>

#include "clock.h"
#include "process.h"

struct fake_clock pl031;

void fake_clock_start(uint32_t now)
{
	struct glue_env *env = fake_env();

	pl031 = (struct fake_clock){ .data = now };
	env->n_mmio = 1;
	env->mmio[0] = (struct glue_mmio){ .vaddr = FAKE_CLOCK_REGS,
					   .bytes = 0x1000 };
	env->n_irq = 1;
	strcpy(env->device_node, "/pl031@9010000");
}

static void second_begins(void)
{
	pl031.data++;
	fake.ticks += fake_env()->counter_hz;
	pl031.raw |= pl031.data == pl031.match;
	if (pl031.raw & pl031.mask)
		fake.events |= GLUE_EVENT_IRQ(0);
}

int fake_clock_step(void)
{
	if (!pl031.seconds_left)
		return 0;
	pl031.seconds_left--;
	second_begins();
	return 1;
}

int dddk_fake_load(const volatile void *reg, unsigned int bytes,
		   uint64_t *value)
{
	uint64_t offset = (uintptr_t)reg - FAKE_CLOCK_REGS;
	const uint32_t regs[] = {
		pl031.data, pl031.match,	   0, 1, pl031.mask,
		pl031.raw,  pl031.raw & pl031.mask
	};

	if (offset >= 0x1000)
		return 0;
	assert_int_equal(bytes, 4);
	assert_true(offset < sizeof(regs));
	*value = pl031.lies ? pl031.lie : regs[offset / 4];
	return 1;
}

int dddk_fake_store(volatile void *reg, unsigned int bytes, uint64_t value)
{
	uint64_t offset = (uintptr_t)reg - FAKE_CLOCK_REGS;

	if (offset >= 0x1000)
		return 0;
	assert_int_equal(bytes, 4);
	if (pl031.begins_at == offset) {
		pl031.begins_at = 0;
		second_begins();
	}
	switch (offset) {
	case 0x04:
		pl031.match = (uint32_t)value;
		return 1;
	case 0x08:
		pl031.data = (uint32_t)value;
		return 1;
	case 0x0c:
		pl031.control = (uint32_t)value;
		return 1;
	case 0x10:
		pl031.mask = (uint32_t)value & 1;
		return 1;
	case 0x1c:
		pl031.raw &= ~(uint32_t)value;
		return 1;
	default:
		fail_msg("write to register %#lx", (unsigned long)offset);
		return 1;
	}
}
