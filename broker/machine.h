/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.h - switching the machine off.
 */
#ifndef BROKER_MACHINE_H
#define BROKER_MACHINE_H

#include <stdint.h>

/**
 * broker_machine_off - power off; the status shows on the console.
 *
 * Returns only on a kernel that cannot (seL4), after saying so.
 */
void broker_machine_off(uint64_t status);

/* The broker cannot go on: say why, then power off with status 1. */
void broker_machine_give_up(const char *why) __attribute__((noreturn));

#endif
