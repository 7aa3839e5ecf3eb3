/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.c - printing to the kernel's debug console, a line at a time.
 *
 * Lines of several processes stay whole (as far as priorities let them),
 * because nothing leaves before its newline or a full buffer.
 */
#include <glue/print.h>
#include <glue/sys.h>

#define LINE_BYTES	256

static char line[LINE_BYTES];
static unsigned int filled;

void glue_print_flush(void)
{
	unsigned int i;

	for (i = 0; i < filled; i++)
		glue_sys_debug_putchar(line[i]);
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
	if (length >= LINE_BYTES) {
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
