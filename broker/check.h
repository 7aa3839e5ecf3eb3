/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.h - assert() for the broker's own invariants.
 *
 * Never for anything a process, a device or a file says: that is checked and
 * answered with an error. Stays on in every build; it costs little.
 */
#ifndef BROKER_CHECK_H
#define BROKER_CHECK_H

void broker_check_failed(const char *condition, const char *file,
			 unsigned int line) __attribute__((noreturn));

#define broker_check(condition)                                                \
	((condition) ? (void)0 :                                               \
		       broker_check_failed(#condition, __FILE__, __LINE__))

#endif
