/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - a native driver's life: probe, serve, quiesce, recover, stop.
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

/* So often may a device break, without a good second in between. */
#define BREAKS_MAX 5u
#define GOOD_NS	   1000000000ul

static struct {
	uint64_t deadline; /* of the driver's timer */
	uint64_t look_at;  /* of the kit's own */
	void (*look)(void);
	uint64_t broken_at;  /* tick of the last recovery */
	unsigned int breaks; /* one after the other */
	int broken;
	int probed; /* the device may be at work */
	int unstoppable;
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
	life.broken = 1;
	life.end = why;
}

void dddk_driver_unstoppable(void)
{
	life.unstoppable = 1;
}

int dddk_driver_is_broken(void)
{
	return life.broken;
}

void dddk_driver_broken(const char *register_name, uint64_t value,
			const char *hint)
{
	if (life.broken)
		return;
	life.broken = 1;
	dddk_log("%s: %s is %#lx: %s; the device is reset",
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
	if (take_deadline(&life.look_at) && !life.broken)
		life.look();
}

enum k_err dddk_driver_start(void)
{
	void *regs = dddk_device_regs(0, dddk_driver.regs_bytes);
	enum k_err err = K_ERR_NOTFOUND;

	life.broken = 0;
	life.end = K_OK;
	life.deadline = GLUE_FOREVER;
	life.look_at = GLUE_FOREVER;
	dddk_dma_reset();
	if (regs)
		err = dddk_driver.probe(regs);
	life.probed = !err;
	return err;
}

/* What is not answered when this process ends, its clients learn from that; so
 * too what a device that does not stop still holds. */
static __attribute__((cold)) void quiesce(void)
{
	if (dddk_driver.quiesce)
		dddk_driver.quiesce();
	if (dddk_driver.lost && !life.unstoppable && !life.end)
		dddk_driver.lost();
	dddk_service_flush();
}

/* Returns what ends the process, K_OK to go on. */
static __attribute__((noinline, cold)) enum k_err recover(void)
{
	uint64_t now = glue_time_ticks();

	if (!dddk_driver.lost)
		return life.end ? life.end : K_ERR_IO;
	if (life.end)
		return life.end;
	if (now - life.broken_at > glue_ns_to_ticks(GOOD_NS))
		life.breaks = 0;
	life.broken_at = now;
	quiesce();
	if (life.unstoppable)
		return K_ERR_TIMEOUT;
	if (++life.breaks <= BREAKS_MAX)
		return dddk_driver_start();
	dddk_log("%s: broken %u times in a row: given up",
		 glue_env()->device_node, BREAKS_MAX);
	return K_ERR_IO;
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
	enum k_err err = K_OK;

	if (events >= GLUE_EVENT_IRQ(0) || dddk_driver_rest.interrupts)
		dddk_driver_interrupts(events);
	else if (events & GLUE_EVENT_CONTROL)
		dddk_driver_miss_interrupts();
	serve_timers();
	if (!life.broken)
		poll(events);
	/* Nobody signals twice: these events are served by the device that has
	 * recovered, and whoever waited for one that is full may go on. */
	while (life.broken && !err) {
		err = recover();
		if (!err)
			poll(events);
	}
	return err;
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
	enum k_err err = K_OK;

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

int dddk_driver_stop(enum k_err err)
{
	if (!err)
		err = drain();
	if (life.probed)
		quiesce();
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
