// SPDX-License-Identifier: GPL-2.0-only
/*
 * gpio_names.c - what the device tree says GPIO lines are for.
 *
 * A controller names its lines (gpio-line-names), and a gpio-keys node says
 * which line is a key and which. Both texts come from the machine's tree, so
 * they are copied within bounds. Source: Linux's bindings gpio.txt, gpio-keys.
 */
#include <linux/device.h>
#include <linux/gpio/driver.h>
#include <linux/of.h>
#include <linux/property.h>
#include <linux/string.h>
#include "class_gpio.h"

struct found {
	struct gpio_device **chips;
	unsigned int count;
};

/* Called for each chip; 0 makes Linux go on with the next. */
static int chip_collect(struct gpio_chip *chip, const void *data)
{
	struct found *found = (struct found *)data;

	if (found->count < DDE_GPIO_CHIPS_MAX)
		found->chips[found->count++] = chip->gpiodev;
	return 0;
}

unsigned int dde_gpio_chips(struct gpio_device **chips)
{
	struct found found = { .chips = chips };

	gpio_device_find(&found, chip_collect);
	return found.count;
}

/* Does this key of gpio-keys lie on the chip's line? */
static bool key_is_on(struct device_node *key, struct gpio_chip *chip,
		      unsigned int offset)
{
	struct of_phandle_args args;
	bool same;

	if (of_parse_phandle_with_args(key, "gpios", "#gpio-cells", 0, &args))
		return false;
	same = args.np == dev_of_node(chip->parent) && args.args_count &&
	       args.args[0] == offset;
	of_node_put(args.np);
	return same;
}

/* The node of the key on this line, with a reference; NULL if there is none. */
static struct device_node *key_find(struct gpio_chip *chip, unsigned int offset)
{
	struct device_node *keys, *key;

	for_each_compatible_node(keys, NULL, "gpio-keys")
	{
		for_each_child_of_node(keys, key)
		{
			if (key_is_on(key, chip, offset)) {
				of_node_put(keys);
				return key;
			}
		}
	}
	return NULL;
}

unsigned long dde_gpio_key(struct gpio_chip *chip, unsigned int offset)
{
	struct device_node *key = key_find(chip, offset);
	u32 code = 0;

	if (key)
		of_property_read_u32(key, "linux,code", &code);
	of_node_put(key);
	return code;
}

void dde_gpio_name(struct gpio_chip *chip, unsigned int offset, char *name,
		   unsigned int room)
{
	struct device_node *node = dev_of_node(chip->parent);
	struct device_node *key = key_find(chip, offset);
	const char *text = "";

	if (of_property_read_string_index(node, "gpio-line-names", offset,
					  &text) ||
	    !*text) {
		text = key ? key->full_name : "";
		of_property_read_string(key, "label", &text);
	}
	if (room)
		strscpy(name, text, room);
	of_node_put(key);
}
