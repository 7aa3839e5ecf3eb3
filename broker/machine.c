/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.c - the way out, with and without KaaL's extension.
 */
#include "machine.h"

#include <abi/object.h>
#include <glue/print.h>
#include <glue/sys.h>

#include "log.h"

void broker_machine_off(uint64_t status)
{
	glue_print_flush();
	glue_machine_off(ABI_SLOT_IRQ_CONTROL, status, 0);
	broker_log(
		"this kernel cannot power off (status %lu): the machine may be switched off now",
		(unsigned long)status);
}

void broker_machine_give_up(const char *why)
{
	broker_log("%s", why);
	broker_machine_off(1);
	for (;;)
		glue_sys_yield();
}
