/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree.h - what the machine's device tree says about a driver's own device.
 *
 * The broker gives each driver its device's part of the tree: the node, its
 * parents, the fixed clocks it names, and who names it as a GPIO controller.
 * What is missing or damaged there counts as not said.
 */
#ifndef DDDK_TREE_H
#define DDDK_TREE_H

#include <stdint.h>

/* The device's name, as in "pl011@9000000": the last part of its path. */
void dddk_device_name(char *name, uint32_t room);

/* The first cell of a property of the device's node; else @otherwise. */
uint32_t dddk_tree_number(const char *property, uint32_t otherwise);

/* The frequency of the device's first clock, if that is a fixed one; else 0. */
uint32_t dddk_tree_clock_hz(void);

/**
 * dddk_tree_gpio - what a line of this GPIO controller is for.
 * @name: gets the line's name, "" for none, cut to @room; may be of 0 bytes
 *
 * The controller may name its lines (gpio-line-names), and a gpio-keys node
 * says which of them are keys. Return: the key's code; 0 if it is none.
 */
uint32_t dddk_tree_gpio(uint32_t line, char *name, uint32_t room);

#endif
