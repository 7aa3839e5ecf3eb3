/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * interrupts.c - a device's interrupts: who is called, when they come again.
 *
 * Edge ones are acknowledged before the driver looks at its device and level
 * ones after, so that no driver has to know which it has.
 *
 * Drivers go before programs, so a device that holds its level for nothing
 * would keep all of them from running. So level interrupts that in a long row
 * answered no client are followed by a rest.
 *
 * Interrupts may be lost on their way. Whoever finds its device with a cause
 * again and again, and none has come in between, has lost them.
 */
#include <dddk/driver.h>
#include <dddk/irq.h>
#include <glue/rt.h>

#include "../channels/channels.h"
#include "internal.h"

/* A write of 4 KiB through a FIFO takes a few hundred without an answer. */
#define VAIN_MAX   1000u
#define REST_NS	   1000000ul
#define MISSED_MAX 2u /* one may be on its way */

struct dddk_driver_rest dddk_driver_rest;
static unsigned int vain;   /* interrupts since the last answer */
static unsigned int missed; /* heartbeats with a cause, since the last one */
static dddk_ro32 *cause_now;

static void rest(unsigned int i)
{
	static int told;

	dddk_driver_rest.interrupts |= 1u << i;
	dddk_driver_rest.until = glue_deadline_ns(REST_NS);
	if (!told)
		dddk_log("%s: %u interrupts in a row were of no use to any "
			 "client: from now on such a row is followed by a rest",
			 glue_env()->device_node, VAIN_MAX);
	told = 1;
}

static void level_end(unsigned int i)
{
	vain = dddk_channels.unseen ? 0 : vain + 1;
	if (vain < VAIN_MAX) {
		dddk_irq_ack(i);
		return;
	}
	vain = 0;
	rest(i);
}

static void rest_end(void)
{
	uint32_t left;

	for (left = dddk_driver_rest.interrupts; left; left &= left - 1)
		dddk_irq_ack((unsigned int)__builtin_ctz(left));
	dddk_driver_rest.interrupts = 0;
}

void dddk_driver_listen(dddk_ro32 *cause)
{
	cause_now = cause;
	missed = 0;
}

void dddk_driver_miss_interrupts(void)
{
	if (!cause_now || dddk_driver_is_broken() || !dddk_reg_read(cause_now))
		return;
	if (missed++ < MISSED_MAX) {
		dddk_driver.irq();
		return;
	}
	dddk_log(
		"%s: its interrupts are lost: %u times it had a cause and none "
		"came; this driver ends",
		glue_env()->device_node, missed);
	dddk_driver_end(K_ERR_IO);
}

void dddk_driver_interrupts(uint64_t events)
{
	const struct glue_env *env = glue_env();
	unsigned int i;

	missed = 0;
	if (dddk_driver_rest.interrupts &&
	    glue_time_ticks() >= dddk_driver_rest.until)
		rest_end();
	for (i = 0; i < env->n_irq; i++) {
		if (!(events & GLUE_EVENT_IRQ(i)))
			continue;
		if (env->irq[i].edge)
			dddk_irq_ack(i);
		if (dddk_driver.irq && !dddk_driver_is_broken())
			dddk_driver.irq();
		if (!env->irq[i].edge)
			level_end(i);
	}
}
