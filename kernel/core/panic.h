/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * panic.h - the two halves of a panic; arch code prints its part in between.
 */
#ifndef CORE_PANIC_H
#define CORE_PANIC_H

#include <stdint.h>

/* The machine's exit status after a panic. */
#define PANIC_STATUS 99u

/* panic_begin - what went wrong. A panic inside a panic stops right here. */
void panic_begin(const char *what);

/* panic_end - thread, trace, next step for the reader; power off. */
_Noreturn void panic_end(uint64_t pc);

#endif
