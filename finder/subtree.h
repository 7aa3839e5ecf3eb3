/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subtree.h - the part of the device tree that a driver of one device sees.
 *
 * Pure reading and writing of memory, so it runs on the host under the
 * sanitizers.
 */
#ifndef FINDER_SUBTREE_H
#define FINDER_SUBTREE_H

#include <stdint.h>

/* Read the machine's tree, which must stay where it is. */
void finder_subtree_open(const void *tree);

/* Node of that phandle, or below the root of that name: its offset in the
 * machine's tree, negative if there is none. libfdt would walk the whole tree. */
int finder_subtree_by_phandle(uint32_t phandle);
int finder_subtree_by_name(const char *name, int bytes);

/**
 * finder_subtree_build - write a flattened tree of one device.
 * @offset: of the device's node in the machine's tree
 * @out:    aligned to 8
 * @bytes:  that may be written there
 *
 * It holds the device's node with all below it, its parents, the interrupt
 * controller it names (as much as is needed to count its cells), fixed clocks
 * that it names, and who names it in a gpios property (gpio-keys).
 *
 * Return: bytes of the tree; 0 if it does not fit or the node is damaged.
 */
unsigned int finder_subtree_build(int offset, void *out, unsigned int bytes);

#endif
