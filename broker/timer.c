/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.c - the earliest of all deadlines is what the hardware is set to.
 *
 * The timer's counter has 31 usable bits (34 s at 62.5 MHz); a deadline that
 * is farther away makes it fire early, and it is set again.
 */
#include "timer.h"

#include <glue/sys.h>

#include "boot.h"
#include "clock.h"
#include "message.h"
#include "slots.h"

#define TICKS_MAX 0x7fffffffu

static uint32_t timer_handler;

/* The earlier of two deadlines, of which 0 is none. */
static uint64_t earlier(uint64_t one, uint64_t other)
{
	return one == 0 || (other != 0 && other < one) ? other : one;
}

/* A call has waited long enough. */
static void pending_expire(struct broker_process *p)
{
	struct broker_reply reply = { .err = K_ERR_TIMEOUT, .length = 0 };

	p->pending.deadline = 0;
	broker_reply_late(p, &reply);
}

/* Signal or answer what is due. Return: the next deadline, or 0. */
static uint64_t deadlines_expire(uint64_t now)
{
	uint64_t next = broker_boot_deadline(now);

	for (unsigned int i = 0; i < BROKER_PROCESSES_MAX; i++) {
		struct broker_process *p = broker_process_at(i);

		if (p->deadline != 0 && p->deadline <= now) {
			p->deadline = 0;
			glue_sys_signal(p->notify_timer);
		}
		next = earlier(next, p->deadline);
		if (p->pending.op == 0 || p->pending.deadline == 0)
			continue;
		if (p->pending.deadline <= now)
			pending_expire(p);
		else
			next = earlier(next, p->pending.deadline);
	}
	return next;
}

/* Also right when nothing is due. */
void broker_timer_update(void)
{
	uint64_t now = broker_clock_now();
	uint64_t next = deadlines_expire(now);

	if (next == 0)
		broker_clock_disarm();
	else
		broker_clock_arm(next - now < TICKS_MAX ?
					 (uint32_t)(next - now) :
					 TICKS_MAX);
}

enum k_err broker_timer_init(uint32_t notification)
{
	timer_handler = broker_slots_take(BROKER_OWNER_BROKER, 1);
	if (timer_handler == 0)
		return K_ERR_NOMEM;
	broker_clock_disarm();
	if (glue_irq_control_get(ABI_SLOT_IRQ_CONTROL, BROKER_CLOCK_IRQ, 0,
				 broker_slot(timer_handler)) ||
	    glue_irq_handler_set_notification(timer_handler, notification))
		return K_ERR_BUSY;
	return K_OK;
}

void broker_timer_set(struct broker_process *process, uint64_t deadline)
{
	process->deadline = deadline;
	broker_timer_update();
}

void broker_timer_interrupt(void)
{
	/* Update first: the line is level-triggered and must be low by then. */
	broker_timer_update();
	glue_irq_handler_ack(timer_handler);
}
