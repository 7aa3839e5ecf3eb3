/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * finder.h - the program that finds the devices: its start and its end.
 */
#ifndef BROKER_FINDER_H
#define BROKER_FINDER_H

#include <abi/bootinfo.h>

#include "process.h"

/**
 * broker_finder_start - start the finder on the device tree of @info.
 *
 * Whoever calls this serves its requests until it has ended.
 *
 * Return: NULL after one message.
 */
struct broker_process *broker_finder_start(const struct abi_boot_info *info);

/**
 * broker_finder_take - use what the finder has found.
 * @finder: has ended, somehow; or NULL
 *
 * Return: number of devices; 0 after one message that says why.
 */
unsigned int broker_finder_take(const struct broker_process *finder);

#endif
