/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.c - the counter's registers, the way out with and without KaaL's extension,
 * and the frames of our own image, of which the archive is a part.
 */
#include "machine.h"

#include <abi/object.h>
#include <glue/print.h>
#include <glue/sys.h>

#include "blocks.h"
#include "log.h"

extern const char broker_image_start[];

static uint32_t first_frame;

uint64_t broker_clock_now(void)
{
	uint64_t ticks;

	/* The barrier keeps the read from being done early. Arm ARM D11.1.2 */
	__asm__ volatile("isb\n\tmrs %0, cntvct_el0"
			 : "=r"(ticks)
			 :
			 : "memory");
	return ticks;
}

uint32_t broker_clock_hz(void)
{
	uint64_t hz;

	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hz));
	return (uint32_t)hz;
}

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

void broker_image_init(const struct abi_boot_info *info)
{
	first_frame = (uint32_t)info->user_image_frames.start;
}

uint32_t broker_image_frame(const void *data)
{
	uint64_t at = (uint64_t)((const char *)data - broker_image_start);

	if (at % BROKER_PAGE_BYTES != 0)
		return 0;
	return first_frame + (uint32_t)(at / BROKER_PAGE_BYTES);
}
