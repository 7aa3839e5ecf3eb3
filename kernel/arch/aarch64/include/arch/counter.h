/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counter.h - the free-running counter that all times come from.
 */
#ifndef ARCH_COUNTER_H
#define ARCH_COUNTER_H

#include <arch/sysreg.h>

/*
 * CNTVCT_EL0. No ISB before it: the read may move by some instructions within
 * the kernel, also against another read, which accounting does not mind (a
 * difference below 0 is made up for by the next one: sums are modulo 2^64).
 */
static inline uint64_t arch_counter(void)
{
	return sysreg_read(cntvct_el0);
}

#endif
