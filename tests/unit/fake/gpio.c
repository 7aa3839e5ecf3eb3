/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpio.c - the fake PL061 of gpio.h.
 *
 * Register offsets: DDI 0190B, chapter 3; written anew, so that it shares no
 * mistake with the driver.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/mmio.h>

#include "gpio.h"
#include "process.h"

struct fake_gpio pl061;

void fake_gpio_start(void)
{
	struct glue_env *env = fake_env();

	memset(&pl061, 0, sizeof(pl061));
	env->n_mmio = 1;
	env->mmio[0] = (struct glue_mmio){ .vaddr = FAKE_GPIO_REGS,
					   .bytes = 0x1000 };
	env->n_irq = 1;
	strcpy(env->device_node, "/gpio@9030000");
}

uint32_t fake_gpio_levels(void)
{
	return (pl061.wire & ~pl061.output) | (pl061.data & pl061.output);
}

static void interrupt(void)
{
	if (pl061.raw & pl061.enabled)
		fake.events |= GLUE_EVENT_IRQ(0);
}

void fake_gpio_drive(uint32_t line, uint32_t level)
{
	uint32_t before = fake_gpio_levels(), bit = 1u << line, rises;

	pl061.wire = (pl061.wire & ~bit) | level << line;
	rises = fake_gpio_levels() & bit;
	if ((before ^ fake_gpio_levels()) & bit && !(pl061.sense & bit) &&
	    (pl061.both & bit || (pl061.rising & bit) == rises))
		pl061.raw |= bit;
	interrupt();
}

static uint32_t *register_at(uint32_t offset)
{
	switch (offset) {
	case 0x400:
		return &pl061.output;
	case 0x404:
		return &pl061.sense;
	case 0x408:
		return &pl061.both;
	case 0x40c:
		return &pl061.rising;
	case 0x410:
		return &pl061.enabled;
	default:
		fail_msg("access to register %#x", offset);
		return NULL;
	}
}

int dddk_fake_load(const volatile void *reg, unsigned int bytes,
		   uint64_t *value)
{
	uint32_t offset = (uint32_t)((uintptr_t)reg - FAKE_GPIO_REGS);

	if (offset >= 0x1000)
		return 0;
	assert_int_equal(bytes, 4);
	if (offset == 0x418)
		pl061.acks_when_asked = fake.acks;
	if (pl061.lie)
		*value = pl061.lie;
	else if (offset < 0x400)
		*value = fake_gpio_levels() & offset >> 2;
	else if (offset == 0x418)
		*value = pl061.raw & pl061.enabled;
	else
		*value = *register_at(offset);
	return 1;
}

int dddk_fake_store(volatile void *reg, unsigned int bytes, uint64_t value)
{
	uint32_t offset = (uint32_t)((uintptr_t)reg - FAKE_GPIO_REGS);
	uint32_t mask = offset >> 2 & pl061.output;

	if (offset >= 0x1000)
		return 0;
	assert_int_equal(bytes, 4);
	if (offset < 0x400)
		pl061.data = (pl061.data & ~mask) | ((uint32_t)value & mask);
	else if (offset == 0x41c)
		pl061.raw &= ~(uint32_t)value;
	else
		*register_at(offset) = (uint32_t)value;
	interrupt();
	return 1;
}
