/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_dtb.h - device trees for tests, made by the tools that make real ones.
 */
#ifndef BROKER_DTB_H
#define BROKER_DTB_H

#include <stddef.h>

/* The board that QEMU would describe to its guest. */
#define DTB_QEMU                                                               \
	"timeout 20 qemu-system-aarch64 -M virt,gic-version=3,dumpdtb=%s "     \
	"-nic none -display none >/dev/null 2>&1"

/* What turns the text before it into a tree. */
#define DTB_DTC " | dtc -q -f -I dts -O dtb -o %s"

/**
 * dtb_make - run a command that writes a flattened tree to the path at its %s.
 *
 * Return: bytes of the tree. Whatever goes wrong fails the test.
 */
size_t dtb_make(const char *command, void *tree, size_t room);

#endif
