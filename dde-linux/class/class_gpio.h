/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * class_gpio.h - between gpio.c, which serves, and gpio_names.c, which asks the
 * device tree what lines are for.
 */
#ifndef CLASS_GPIO_H
#define CLASS_GPIO_H

struct gpio_chip;
struct gpio_device;

#define DDE_GPIO_CHIPS_MAX 8 /* in one process; further ones are not served */

/* All registered chips, in order. Return: how many. */
unsigned int dde_gpio_chips(struct gpio_device **chips);

/**
 * dde_gpio_name - what a line is called: by its controller's gpio-line-names,
 * or else by the key that the tree's gpio-keys gives it; "" if by nobody.
 * @room: of @name; written up to its end, with a terminating zero
 */
void dde_gpio_name(struct gpio_chip *chip, unsigned int offset, char *name,
		   unsigned int room);

/* The input code of the key on this line (linux,code), 0 if it is none. */
unsigned long dde_gpio_key(struct gpio_chip *chip, unsigned int offset);

#endif
