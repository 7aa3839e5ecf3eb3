/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console_way.h - the two ways to the terminal, behind console.h.
 *
 * `console_serial`: a serial driver's service. `console_uart`: the UART itself,
 * which the broker grants when no driver has it. A way brings characters with
 * console_input() and is asked for them by collect and wait.
 */
#ifndef SHELL_CONSOLE_WAY_H
#define SHELL_CONSOLE_WAY_H

#include <stddef.h>
#include <stdint.h>
#include <glue/env.h>

struct console_way {
	/* Return: 1; 0 if there is no such way for this process. */
	int (*open)(const struct glue_env *env);
	/* Bring what is there. Never sleeps. */
	void (*collect)(void);
	/* Sleep until there may be more. */
	void (*wait)(void);
	void (*write)(const char *text, size_t bytes);
	/* Show what was written, and wait until the terminal has it. */
	void (*drain)(void);
};

extern const struct console_way console_serial, console_uart;

/* At 9600 baud a full FIFO empties in 34 ms; longer means a dead line. */
#define CONSOLE_OUTPUT_WAIT_NS 100000000u

/* Room in the ring of input; what finds none must wait with the way. */
uint32_t console_room(void);
void console_input(const char *text, uint32_t bytes);

#endif
