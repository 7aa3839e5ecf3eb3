/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.c - printing, a line at a time, to wherever whole lines go.
 *
 * Nothing leaves before its newline or a full buffer. The sink of a process is
 * the broker (rt/start.c), which prints each line in one piece; the broker's
 * own, and everybody's before start-up, is the kernel's debug console.
 */
#include <glue/broker.h>
#include <glue/print.h>
#include <glue/sys.h>

#define LINE_BYTES GLUE_LOG_BYTES

static char line[LINE_BYTES];
static unsigned int filled;

static void print_debug(const char *text, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		glue_sys_debug_putchar(text[i]);
}

static glue_print_sink *print_sink = print_debug;

void glue_print_set_sink(glue_print_sink *sink)
{
	print_sink = sink;
}

void glue_print_flush(void)
{
	if (filled)
		print_sink(line, filled);
	filled = 0;
}

static void put_line_char(char c)
{
	line[filled++] = c;
	if (c == '\n' || filled == LINE_BYTES)
		glue_print_flush();
}

void glue_vprintf(const char *format, va_list args)
{
	char text[LINE_BYTES];
	int length = glue_vsnprintf(text, sizeof(text), format, args);
	int i;

	for (i = 0; i < length && text[i]; i++)
		put_line_char(text[i]);
	if (length >= (int)LINE_BYTES) {
		const char *cut = "...\n";

		while (*cut)
			put_line_char(*cut++);
	}
}

void glue_printf(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	glue_vprintf(format, args);
	va_end(args);
}
