/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.c - the end of a broker that has found itself broken.
 */
#include "check.h"

#include "log.h"
#include "machine.h"

void broker_check_failed(const char *condition, const char *file,
			 unsigned int line)
{
	broker_log("%s:%u: broken invariant: %s", file, line, condition);
	broker_machine_give_up(
		"this is a bug in the broker, please report the line above");
}
