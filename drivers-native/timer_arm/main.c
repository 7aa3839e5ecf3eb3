/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - Arm's generic timer as the timer service of all processes.
 *
 * One Recv brings everything, told apart by badge: a client sets its timer, the
 * broker has changed its page, the timer has fired. Then whoever is due is
 * signalled and the hardware is set to the next deadline; with none it is off.
 * Nothing is kept that a successor needs: the broker tells all clients when the
 * service begins anew, and they set their timers again.
 */
#include <dddk/driver.h>
#include <dddk/irq.h>
#include <glue/broker_client.h>
#include <glue/counters.h>
#include <glue/rt.h>
#include <glue/sys.h>
#include <glue/timer.h>

#include "clock.h"
#include "timers.h"

DDDK_MANIFEST("class=timer match=of:N*T*Carm?armv8-timer priority=254");

static uint64_t set_to; /* what the hardware is set to */
static uint64_t period_min;
static uint64_t *sets, *interrupts, *wakes, *left_out;

static const volatile struct glue_timer_page *page(void)
{
	return (const struct glue_timer_page *)GLUE_CHANS_VADDR;
}

/* A process that has ended gets nothing, nor does who has its place now. */
static void due(unsigned int client, uint32_t pid)
{
	if (client == TIMERS_BROKER) {
		glue_sys_signal(GLUE_CAP_TIMER_BROKER);
	} else if (page()->pid[client] == pid) {
		++*wakes;
		glue_sys_signal(GLUE_CAP_TIMER_CLIENT0 + client);
	} else {
		timers_set(client, 0, 0, 0);
	}
}

/* What a client says is two numbers, of which none does harm. */
static void serve_client(const struct glue_msg *msg)
{
	uint64_t period = msg->mr[1];

	if (abi_info_length(msg->info) < GLUE_TIMER_WORDS)
		return;
	++*sets;
	if (period != 0 && period < period_min)
		period = period_min;
	timers_set(GLUE_TIMER_CLIENT_INDEX(msg->badge),
		   GLUE_TIMER_CLIENT_PID(msg->badge), msg->mr[0], period);
}

static void serve_broker(void)
{
	timers_set(TIMERS_BROKER, 0, page()->broker_deadline, 0);
}

/* Wake who is due, set the hardware to what is left. */
static void update(void)
{
	*left_out += timers_expire(glue_time_ticks(), due);
	if (timers_next() == set_to)
		return;
	set_to = timers_next();
	clock_arm(set_to);
}

static void serve(const struct glue_msg *msg)
{
	if (msg->badge & GLUE_TIMER_BADGE) {
		serve_client(msg);
		update();
		return;
	}
	if (msg->badge & GLUE_EVENT_CONTROL)
		serve_broker();
	update();
	if (msg->badge & GLUE_EVENT_IRQ(0)) {
		++*interrupts;
		/* After the update: the line is level, and low by now. */
		dddk_irq_ack(0);
	}
}

static enum k_err start(const struct glue_env *env)
{
	if (env->n_irq != 1)
		return K_ERR_NOTFOUND;
	sets = glue_counter_add(GLUE_COUNTER_EVENT, "timers set");
	wakes = glue_counter_add(GLUE_COUNTER_EVENT, "clients woken");
	interrupts = glue_counter_add(GLUE_COUNTER_EVENT, "interrupts");
	left_out = glue_counter_add(GLUE_COUNTER_EVENT, "periods left out");
	period_min = glue_ns_to_ticks(GLUE_TIMER_PERIOD_MIN_NS);
	clock_init();
	serve_broker();
	update();
	return K_OK;
}

int glue_program_main(const struct glue_env *env)
{
	struct glue_msg msg = { 0 };
	enum k_err err = start(env);

	glue_broker_ready(err);
	while (!err) {
		glue_sys_recv(GLUE_CAP_TIMER, &msg);
		serve(&msg);
	}
	return err;
}
