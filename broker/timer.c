/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.c - the timer service's capabilities, and our own deadlines.
 *
 * Each client can send to the service's endpoint, and the service can signal
 * each client. The endpoint is ours, so that who sends while there is no
 * service is received by the next one.
 */
#include "timer.h"

#include <abi/kaal.h>
#include <glue/sys.h>
#include <glue/timer.h>

#include "boot.h"
#include "calls.h"
#include "loader.h"
#include "machine.h"
#include "slots.h"
#include "supervisor.h"

static uint32_t endpoint, own_signal;
static struct broker_process *service; /* NULL: none */
static uint64_t own_deadline;	       /* the earliest; 0 none */

_Static_assert(GLUE_TIMER_CLIENTS == BROKER_PROCESSES_MAX, "one an entry");

void broker_timer_init(uint32_t service_endpoint, uint32_t signal)
{
	endpoint = service_endpoint;
	own_signal = signal;
	service = NULL;
	own_deadline = 0;
	broker_heartbeat_init();
}

int broker_timer_is(const struct broker_program *program)
{
	return program->class && program->class->id == GLUE_CLASS_TIMER;
}

static struct glue_timer_page *page(void)
{
	return (struct glue_timer_page *)&service->page->chans;
}

/* Let the service signal a client. */
static enum k_err client_add(const struct broker_process *p)
{
	unsigned int index = broker_process_index(p);

	if (glue_cnode_mint(broker_process_slot(service,
						GLUE_CAP_TIMER_CLIENT0 + index),
			    broker_slot(p->notify), ABI_RIGHT_WRITE,
			    GLUE_EVENT_TIMER))
		return K_ERR_NOMEM;
	page()->pid[index] = p->pid;
	return K_OK;
}

/* The new process receives for all who are there already. */
static enum k_err service_grant(struct broker_process *process)
{
	enum k_err err = K_OK;

	if (service)
		return K_ERR_BUSY;
	if (glue_cnode_copy(broker_process_slot(process, GLUE_CAP_TIMER),
			    broker_slot(endpoint), ABI_RIGHT_READ) ||
	    glue_cnode_copy(broker_process_slot(process, GLUE_CAP_TIMER_BROKER),
			    broker_slot(own_signal), ABI_RIGHT_WRITE) ||
	    glue_tcb_bind_notification(process->tcb, process->notify))
		return K_ERR_NOMEM;
	/* It runs before all others: only the kernel can notice that it never
	 * waits. seL4 has nothing like it: there nobody does. */
	glue_tcb_set_limit(process->tcb, process->program->stall_ms * 1000ul /
							 ABI_KAAL_TICK_US +
						 1);
	service = process;
	page()->broker_deadline = own_deadline;
	for (const struct broker_process *p = NULL;
	     !err && (p = broker_process_next(p));) {
		if (p != process && broker_process_alive(p))
			err = client_add(p);
	}
	return err;
}

enum k_err broker_timer_grant(struct broker_process *process)
{
	uint64_t badge = GLUE_TIMER_CLIENT(broker_process_index(process),
					   process->pid);

	if (broker_timer_is(process->program))
		return service_grant(process);
	if (glue_cnode_mint(broker_process_slot(process, GLUE_CAP_TIMER),
			    broker_slot(endpoint), ABI_RIGHT_WRITE, badge))
		return K_ERR_NOMEM;
	return service ? client_add(process) : K_OK;
}

void broker_timer_forget(const struct broker_process *process)
{
	unsigned int index = broker_process_index(process);

	if (process == service) {
		service = NULL;
	} else if (service) {
		page()->pid[index] = 0;
		glue_cnode_delete(
			broker_process_slot(service,
					    GLUE_CAP_TIMER_CLIENT0 + index));
	}
}

void broker_timer_restarted(const struct broker_process *process)
{
	if (process != service)
		return;
	for (struct broker_process *p = NULL; (p = broker_process_next(p));) {
		if (p != service && broker_process_alive(p))
			glue_sys_signal(p->notify_unset);
	}
}

uint32_t broker_timer_client(const struct broker_process *process,
			     unsigned int index)
{
	return process == service ? page()->pid[index] : 0;
}

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

/* Answer what is due. Return: the next deadline, or 0. */
static uint64_t deadlines_expire(uint64_t now)
{
	uint64_t next = broker_heartbeat(now, broker_supervise_hang);

	next = earlier(next, broker_boot_deadline(now));
	next = earlier(next, broker_supervise_deadline(now));
	for (struct broker_process *p = NULL; (p = broker_process_next(p));) {
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
	uint64_t next = deadlines_expire(broker_clock_now());

	if (next == own_deadline)
		return;
	own_deadline = next;
	if (!service)
		return;
	page()->broker_deadline = next;
	glue_sys_signal(service->notify_control);
}

void broker_timer_check(void)
{
	if (service && own_deadline != 0 && own_deadline != UINT64_MAX &&
	    broker_clock_now() > own_deadline + broker_clock_hz())
		broker_supervise_hang(service);
}

void broker_timer_interrupt(void)
{
	own_deadline = UINT64_MAX; /* forgotten there: all is news */
	broker_timer_update();
}
