/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpio.h - a fake PL061 with its eight wires (ARM DDI 0190B).
 */
#ifndef FAKE_GPIO_H
#define FAKE_GPIO_H

#include <stdint.h>
#include <glue/env.h>

#define FAKE_GPIO_REGS GLUE_MMIO_VADDR

struct fake_gpio {
	uint32_t wire; /* levels that others drive */
	uint32_t data, output, sense, both, rising, enabled, raw;
	unsigned int
		acks_when_asked; /* fake.acks, why it interrupts was read */
	uint32_t lie;		 /* read from each register instead, if not 0 */
};
extern struct fake_gpio pl061;

/* A fresh device, described in fake_env(); the tree is the test's. */
void fake_gpio_start(void);

/* The levels that can be seen. */
uint32_t fake_gpio_levels(void);

/* Somebody outside moves a line. */
void fake_gpio_drive(uint32_t line, uint32_t level);

#endif
