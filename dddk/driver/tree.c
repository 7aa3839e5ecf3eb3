/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree.c - the device's part of the device tree, read with libfdt.
 *
 * Nothing is kept: these are asked at probe, or by people.
 * Source: Devicetree Specification 0.4, 2.2 and 2.3; Linux's bindings
 * clock/fixed-clock, gpio/gpio, input/gpio-keys.
 */
#include <dddk/tree.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <libfdt.h>

static const void *tree(void)
{
	return (const void *)(uintptr_t)glue_env()->tree_vaddr;
}

/* The device's node; negative, as libfdt's errors, without a tree. */
static int device_node(void)
{
	const struct glue_env *env = glue_env();

	return env->tree_bytes ? fdt_path_offset(tree(), env->device_node) : -1;
}

/* Cell @index of a property, @otherwise if there is none. */
static uint32_t number(int node, const char *property, uint32_t index,
		       uint32_t otherwise)
{
	int bytes;
	const fdt32_t *cells = fdt_getprop(tree(), node, property, &bytes);

	if (!cells || (uint32_t)bytes / 4 <= index)
		return otherwise;
	return fdt32_ld(cells + index);
}

void dddk_device_name(char *name, uint32_t room)
{
	const char *path = glue_env()->device_node;
	const char *at;

	for (at = path; *at; at++) {
		if (*at == '/')
			path = at + 1;
	}
	glue_strlcpy(name, path, room);
}

uint32_t dddk_tree_number(const char *property, uint32_t otherwise)
{
	int node = device_node();

	return node < 0 ? otherwise : number(node, property, 0, otherwise);
}

uint32_t dddk_tree_clock_hz(void)
{
	uint32_t phandle = dddk_tree_number("clocks", 0);
	int clock = phandle ? fdt_node_offset_by_phandle(tree(), phandle) : -1;

	if (clock < 0 ||
	    fdt_node_check_compatible(tree(), clock, "fixed-clock"))
		return 0;
	return number(clock, "clock-frequency", 0, 0);
}

/* The key on this line: a node within gpio-keys; negative if there is none. */
static int key_node(uint32_t controller, uint32_t line)
{
	int keys = -1, key;

	for (;;) {
		keys = fdt_node_offset_by_compatible(tree(), keys, "gpio-keys");
		if (keys < 0)
			return keys;
		fdt_for_each_subnode(key, tree(), keys)
		{
			if (number(key, "gpios", 0, 0) == controller &&
			    number(key, "gpios", 1, ~line) == line)
				return key;
		}
	}
}

/* A controller's own name for its line comes first, then the key's label. */
static const char *line_name(int controller, uint32_t line, int key)
{
	const char *name = fdt_stringlist_get(tree(), controller,
					      "gpio-line-names", (int)line, 0);

	if ((!name || !*name) && key >= 0)
		name = fdt_stringlist_get(tree(), key, "label", 0, 0);
	if ((!name || !*name) && key >= 0)
		name = fdt_get_name(tree(), key, 0);
	return name ? name : "";
}

uint32_t dddk_tree_gpio(uint32_t line, char *name, uint32_t room)
{
	int controller = device_node(), key;
	uint32_t phandle;

	if (room)
		*name = '\0';
	if (controller < 0)
		return 0;
	phandle = fdt_get_phandle(tree(), controller);
	key = phandle ? key_node(phandle, line) : -1;
	if (room)
		glue_strlcpy(name, line_name(controller, line, key), room);
	return key < 0 ? 0 : number(key, "linux,code", 0, 0);
}
