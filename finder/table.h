/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * table.h - writing the table that the broker takes (glue/found.h).
 */
#ifndef FINDER_TABLE_H
#define FINDER_TABLE_H

#include <stdint.h>
#include <broker/policy.h>
#include <glue/found.h>

#include "devices.h"

/* Begin with an empty table. */
void finder_table_open(struct broker_found *found);

/* Add a device, behind the others. */
void finder_table_device(const struct finder_device *device);

/**
 * finder_table_match - add a program that may drive a device.
 * @alias: what matched; "" none
 * @first: 1: it is started for it at boot
 *
 * Return: 0 after one message if there are too many.
 */
int finder_table_match(unsigned int device, unsigned int program,
		       const char *alias, int first);

/* Add the device's part of the device tree, once; its driver wants it. */
void finder_table_tree(unsigned int device);

/* Number the services; end the texts. Nothing is added any more. */
void finder_table_close(const struct broker_archive *archive);

#endif
