/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.c - input ring and formatted output, over one of two ways.
 *
 * The ring holds what was typed ahead. When it is full, characters stay where
 * they are (in the device, in the serial driver), and the sender is held back:
 * a long paste loses nothing. Read next: console_serial.c, console_uart.c
 */
#include <stdarg.h>
#include <glue/print.h>
#include <glue/string.h>

#include "console.h"
#include "console_way.h"

#define INPUT_BYTES 1024u
#define CTRL_C	    3

static struct {
	const struct console_way *way;
	char input[INPUT_BYTES];
	uint32_t head; /* next to read; both grow, taken modulo */
	uint32_t tail; /* next to fill */
} console;

uint32_t console_room(void)
{
	return INPUT_BYTES - (console.tail - console.head);
}

void console_input(const char *text, uint32_t bytes)
{
	for (; bytes && console_room(); bytes--)
		console.input[console.tail++ % INPUT_BYTES] = *text++;
}

int console_open(const struct glue_env *env)
{
	console.way = env->n_mmio ? &console_uart : &console_serial;
	return console.way->open(env);
}

/* Characters left by a full ring are fetched first: nobody signals them. */
char console_read(void)
{
	console.way->collect();
	while (console.head == console.tail)
		console.way->wait();
	return console.input[console.head++ % INPUT_BYTES];
}

/* The ring is searched, not emptied: commands typed ahead stay. */
int console_cancelled(void)
{
	uint32_t i;

	console.way->collect();
	for (i = console.head; i != console.tail; i++) {
		if (console.input[i % INPUT_BYTES] == CTRL_C) {
			console.head = i + 1;
			return 1;
		}
	}
	return 0;
}

/* Whole pieces between line feeds go out at once. */
void console_write(const char *text, size_t bytes)
{
	size_t piece;

	while (bytes) {
		for (piece = 0; piece < bytes && text[piece] != '\n';)
			piece++;
		console.way->write(text, piece);
		if (piece == bytes)
			return;
		console.way->write("\r\n", 2);
		text += piece + 1;
		bytes -= piece + 1;
	}
}

void console_drain(void)
{
	console.way->drain();
}

void console_printf(const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	glue_vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	console_write(text, strlen(text));
}
