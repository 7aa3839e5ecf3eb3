/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counter.h - the host's stand-in for the counter: fake_arch.c has it.
 */
#ifndef ARCH_COUNTER_H
#define ARCH_COUNTER_H

#include <stdint.h>

uint64_t arch_counter(void);

#endif
