/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - a native driver's life: probe, serve, quiesce, end.
 *
 * One loop: sleep until an event, serve the device (interrupts.c), then the
 * clients.
 */
#include <dddk/dma.h>
#include <dddk/driver.h>
#include <dddk/service.h>
#include <glue/broker_client.h>
#include <glue/rt.h>

#include "../channels/channels.h"
#include "internal.h"

static struct {
	uint64_t deadline; /* of the driver's timer */
	uint64_t look_at;  /* of the kit's own */
	void (*look)(void);
	int probed;	/* the device may be at work */
	enum k_err end; /* why the process is to end */
} life;

void dddk_timer_set(uint64_t deadline_ticks)
{
	life.deadline = deadline_ticks;
}

void dddk_driver_look_at(uint64_t deadline_ticks, void (*look)(void))
{
	life.look_at = deadline_ticks;
	life.look = look;
}

void dddk_driver_end(enum k_err why)
{
	life.end = why;
}

int dddk_driver_is_broken(void)
{
	return life.end != K_OK;
}

void dddk_driver_broken(const char *register_name, uint64_t value,
			const char *hint)
{
	if (life.end)
		return;
	life.end = K_ERR_IO;
	dddk_log("%s: %s is %#lx: %s; the device is reset, this driver ends",
		 glue_env()->device_node, register_name, (unsigned long)value,
		 hint);
}

void *dddk_device_regs(unsigned int index, uint64_t bytes)
{
	const struct glue_env *env = glue_env();

	if (index < env->n_mmio && env->mmio[index].bytes >= bytes)
		return (void *)(uintptr_t)env->mmio[index].vaddr;
	dddk_log("%s: register region %u is %s; %lu bytes are needed",
		 env->device_node, index,
		 index < env->n_mmio ? "too small" : "missing",
		 (unsigned long)bytes);
	return 0;
}

/* Has it passed? Then there is none any more. */
static int take_deadline(uint64_t *deadline)
{
	if (*deadline == GLUE_FOREVER || glue_time_ticks() < *deadline)
		return 0;
	*deadline = GLUE_FOREVER;
	return 1;
}

static void serve_timers(void)
{
	if (take_deadline(&life.deadline) && dddk_driver.timer)
		dddk_driver.timer();
	if (take_deadline(&life.look_at) && !life.end)
		life.look();
}

enum k_err dddk_driver_start(void)
{
	void *regs = dddk_device_regs(0, dddk_driver.regs_bytes);
	enum k_err err = K_ERR_NOTFOUND;

	/* Also of deadlines: 0 is GLUE_FOREVER. */
	__builtin_memset(&life, 0, sizeof(life));
	if (regs)
		err = dddk_driver.probe(regs);
	life.probed = !err;
	return err;
}

static void poll(uint64_t events)
{
	if (dddk_driver.poll)
		dddk_driver.poll(events);
	else if (dddk_channels.kind)
		dddk_channels.kind->poll(events);
}

enum k_err dddk_driver_turn(uint64_t events)
{
	if (events >= GLUE_EVENT_IRQ(0) || dddk_driver_rest.interrupts)
		dddk_driver_interrupts(events);
	else if (events & GLUE_EVENT_CONTROL)
		dddk_driver_miss_interrupts();
	serve_timers();
	if (!life.end)
		poll(events);
	return life.end;
}

/* The earlier of two deadlines. GLUE_FOREVER is 0: less 1 it comes last. */
static uint64_t earlier(uint64_t one, uint64_t other)
{
	return one - 1 < other - 1 ? one : other;
}

/* At a deadline of the driver's or the kit's, or when a rest is over. */
uint64_t dddk_driver_wake_at(void)
{
	uint64_t at = earlier(life.deadline, life.look_at);

	return dddk_driver_rest.interrupts ?
		       earlier(at, dddk_driver_rest.until) :
		       at;
}

/*
 * Turns until the driver is told to stop, which may come at any time; with an
 * @end only while the device has something, at most until then. One loop for
 * both, as what is called at one place alone is compiled into it.
 */
static __attribute__((noinline, noclone)) enum k_err turns(uint64_t end)
{
	uint64_t events = 0;
	enum k_err err = life.end;

	while (!err &&
	       (end == GLUE_FOREVER ?
			!(events & GLUE_EVENT_STOP) :
			dddk_service_in_flight() && glue_time_ticks() < end)) {
		events = dddk_service_wait(earlier(dddk_driver_wake_at(), end));
		err = dddk_driver_turn(events);
	}
	return err;
}

/* What the device has is waited for, as long as it may take to answer. */
static enum k_err drain(void)
{
	dddk_service_stop();
	return turns(glue_deadline_ns(glue_env()->stall_ms * 1000000ul));
}

/* What is not answered then, its clients ask this process's next life. */
int dddk_driver_stop(enum k_err err)
{
	if (!err)
		err = drain();
	if (life.probed && dddk_driver.quiesce)
		dddk_driver.quiesce();
	dddk_service_flush();
	dddk_log("stopped: %s", k_err_text(err));
	return err;
}

int glue_program_main(const struct glue_env *env)
{
	enum k_err err = dddk_driver_start();

	(void)env;
	glue_broker_ready(err);
	if (!err)
		err = turns(GLUE_FOREVER);
	return dddk_driver_stop(err);
}
