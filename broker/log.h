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

#endif
