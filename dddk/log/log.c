/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.c - a driver's messages, with the names of its service and program.
 *
 * Goes to the kernel's debug console; only the wait for whole lines is shared
 * with other prints (glue/rt/console.c).
 */
#include <stdarg.h>
#include <dddk/log.h>
#include <glue/print.h>
#include <glue/rt.h>

void dddk_log(const char *format, ...)
{
	const struct glue_env *env = glue_env();
	va_list args;

	if (env->service[0])
		glue_printf("%s/%s: ", env->service, env->name);
	else
		glue_printf("%s: ", env->name);
	va_start(args, format);
	glue_vprintf(format, args);
	va_end(args);
	glue_printf("\n");
}
