/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * esr.h - the exception syndrome in words, for panics.
 */
#ifndef ARCH_ESR_H
#define ARCH_ESR_H

#include <stdint.h>

/* esr_class - what kind of exception ESR_EL1's class field names. */
const char *esr_class(uint64_t esr);

/* esr_fault - what kind of abort the status code (IFSC, DFSC) names. */
const char *esr_fault(uint64_t esr);

void esr_print(uint64_t esr, uint64_t far);

#endif
