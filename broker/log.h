/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h - the broker's messages to people, each on one line.
 *
 * Every message names what, where, and what to do. They go to the kernel's
 * debug console, because no driver can be trusted to be up.
 */
#ifndef BROKER_LOG_H
#define BROKER_LOG_H

/**
 * broker_log - print "kaal: " and a line; the newline is added.
 */
void broker_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * broker_check - assert() for the broker's own invariants.
 *
 * Never for anything a process, a device or a file says: that is checked and
 * answered with an error. Stays on in every build; it costs little.
 */
#define broker_check(condition)                                                \
	((condition) ? (void)0 :                                               \
		       broker_check_failed(#condition, __FILE__, __LINE__))

void broker_check_failed(const char *condition, const char *file,
			 unsigned int line) __attribute__((noreturn));

#endif
