/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.c - prefix and newline around glue's printing; the end of a broker that has
 * found itself broken.
 *
 * On the host, unit tests link a glue_vprintf that keeps the text instead.
 */
#include "log.h"

#include <glue/print.h>

#include "machine.h"

void broker_log(const char *format, ...)
{
	va_list args;

	glue_printf("kaal: ");
	va_start(args, format);
	glue_vprintf(format, args);
	va_end(args);
	glue_printf("\n");
}

void broker_check_failed(const char *condition, const char *file,
			 unsigned int line)
{
	broker_log("%s:%u: broken invariant: %s", file, line, condition);
	broker_machine_give_up(
		"this is a bug in the broker, please report the line above");
}
