/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.c - prefix and newline around glue's printing.
 *
 * On the host, unit tests link a glue_vprintf that keeps the text instead.
 */
#include "log.h"

#include <glue/print.h>

void broker_log(const char *format, ...)
{
	va_list args;

	glue_printf("kaal: ");
	va_start(args, format);
	glue_vprintf(format, args);
	va_end(args);
	glue_printf("\n");
}
