/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.h - the program that finds the devices, and which programs are started when,
 * for which device.
 */
#ifndef BROKER_BOOT_H
#define BROKER_BOOT_H

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

/**
 * broker_boot_programs - start all start=device and start=boot programs.
 *
 * Each that cannot be started gets one message; the rest goes on.
 *
 * Return: how many programs were started.
 */
unsigned int broker_boot_programs(void);

/**
 * broker_boot_continue - a process has become ready or has ended.
 *
 * Starts the programs that waited for it: those with optional_device, whose
 * device is theirs only if its driver does not come up.
 */
void broker_boot_continue(void);

/**
 * broker_boot_deadline - programs that have waited long enough start without.
 *
 * Called by the timer. Return: when it wants to be called again; 0 never.
 */
uint64_t broker_boot_deadline(uint64_t now);

/**
 * broker_boot_expects - may this service come to be, though nobody offers it?
 *
 * Return: its class, if a driver of that class waits for its device
 *         (absent=wait); else NULL.
 */
const struct broker_class *broker_boot_expects(const char *service);

/**
 * broker_run_program - start a start=demand program.
 * @args: words separated by blanks
 *
 * Return: K_OK; K_ERR_NOTFOUND if the manifest has no such line; others as
 *         broker_process_start.
 */
enum k_err broker_run_program(const char *name, const char *args,
			      struct broker_process **out);

#endif
