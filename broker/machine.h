/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.h - what the broker stands on: the CPU's counter, the power switch, and
 * its own image with the archive of programs. The seam that unit tests replace.
 */
#ifndef BROKER_MACHINE_H
#define BROKER_MACHINE_H

#include <stdint.h>
#include <abi/bootinfo.h>

/* Source: Arm ARM D11.2. */
uint64_t broker_clock_now(void); /* CNTVCT_EL0 ticks */
uint32_t broker_clock_hz(void);

/**
 * broker_machine_off - power off; the status shows on the console.
 *
 * Returns only on a kernel that cannot (seL4), after saying so.
 */
void broker_machine_off(uint64_t status);

/* The broker cannot go on: say why, then power off with status 1. */
void broker_machine_give_up(const char *why) __attribute__((noreturn));

/* broker/embed.S: what mk/archive.py has made. */
extern const char broker_archive_start[];
extern const char broker_archive_end[];

/* Called once, before broker_image_frame. */
void broker_image_init(const struct abi_boot_info *info);

/**
 * broker_image_frame - the frame that holds a page of the archive.
 * @data: address in the archive
 *
 * The following pages are in the following slots.
 *
 * Return: a root slot; 0 if a page does not begin there.
 */
uint32_t broker_image_frame(const void *data);

#endif
