/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.h - the person at the terminal: characters in, text out.
 *
 * The terminal is a serial driver's service; where no driver has the UART, the
 * shell is granted it and drives it itself. A waiting shell costs nothing. One
 * console a process. The kernel's debug output shares the wire, so a report
 * may appear between two lines of ours; ^L draws the line again.
 */
#ifndef SHELL_CONSOLE_H
#define SHELL_CONSOLE_H

#include <stddef.h>
#include <glue/env.h>

/**
 * console_open - take the UART that the broker granted, or find the service.
 *
 * Return: 1; 0 if there is neither.
 */
int console_open(const struct glue_env *env);

/* Sleeps until a character comes. */
char console_read(void);

/* While a disk is silent, the console is looked at this often. */
#define CONSOLE_LOOK_NS 200000000ul

/**
 * console_cancelled - has ^C been typed since the last call?
 *
 * Never sleeps. Input typed before the ^C is forgotten with it, other input
 * waits for console_read.
 */
int console_cancelled(void);

/* A line feed goes out as carriage return and line feed. What does not end
 * with one may stay until input is waited for. */
void console_write(const char *text, size_t bytes);

/* Wait until all that was written is on the wire, for a bounded time. */
void console_drain(void);

/* Formats as glue/print.h; at most 255 characters a call. */
void console_printf(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
