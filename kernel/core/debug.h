/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * debug.h - debug system calls.
 */
#ifndef CORE_DEBUG_H
#define CORE_DEBUG_H

#include <stdbool.h>
#include <stdint.h>

/* debug_syscall - perform it for the current thread; false: not offered. */
bool debug_syscall(int64_t number);

#endif
