/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supervisor.c - cleans up behind processes that end, and tells who waits.
 *
 * The order of an end: stop the thread and mask its interrupts, stop its
 * device, close its channels (peers are told), take its memory back, answer who
 * waits for it, and start it again if it offers a service.
 */
#include "supervisor.h"

#include <glue/string.h>

#include "boot.h"
#include "channels.h"
#include "life.h"
#include "loader.h"
#include "log.h"
#include "machine.h"
#include "process.h"
#include "timer.h"

#define COMPLAIN_S 10u /* of one client; a lie costs the others 0.1 % at most */

static int ready_printed = 1; /* nothing is ready before the boot */

void broker_supervisor_init(void)
{
	ready_printed = 0;
}

void broker_check_ready(void)
{
	unsigned int drivers = 0, programs = 0;

	if (ready_printed)
		return;
	for (struct broker_process *p = NULL; (p = broker_process_next(p));) {
		if (broker_process_may_serve(p))
			return;
		if (p->state != GLUE_PROC_READY)
			continue;
		if (p->program->class)
			drivers++;
		else
			programs++;
	}
	ready_printed = 1;
	broker_log("ready, %u drivers, %u programs", drivers, programs);
	broker_log("ready at counter %lu", (unsigned long)broker_clock_now());
}

enum k_err broker_connect(struct broker_process *client,
			  struct broker_process *server, uint64_t bytes,
			  struct broker_reply *reply)
{
	unsigned int index = 0;
	enum k_err err = broker_channel_open(client, server, bytes, &index);

	if (!err)
		broker_reply_word(reply, index);
	return err;
}

/* Answer one process that waited for `about`, if what it waits for is here. */
static void answer(struct broker_process *waiter, struct broker_process *about)
{
	struct broker_reply reply = { .err = K_OK, .length = 0 };

	if (waiter->pending.op != GLUE_BROKER_CONNECT) {
		broker_reply_word(&reply, about->state);
		broker_reply_word(&reply, (uint64_t)(int64_t)about->status);
	} else if (about->state == GLUE_PROC_READY) {
		reply.err = broker_connect(waiter, about, waiter->pending.bytes,
					   &reply);
	} else {
		reply.err = K_ERR_GONE;
	}
	broker_reply_late(waiter, &reply);
}

/* Tell all who waited for this process to end. */
static void answer_waits(struct broker_process *about)
{
	for (struct broker_process *p = NULL; (p = broker_process_next(p));) {
		if (p->pending.op != 0 &&
		    p->pending.op != GLUE_BROKER_CONNECT &&
		    p->pending.pid == about->pid)
			answer(p, about);
	}
}

/* A service is there, or will never be: tell all who wait for it, or who wait for
 * others to start. */
static void others_continue(struct broker_process *about)
{
	for (struct broker_process *p = NULL; (p = broker_process_next(p));) {
		if (p->pending.op == GLUE_BROKER_CONNECT &&
		    strcmp(p->pending.service, about->service) == 0)
			answer(p, about);
	}
	broker_boot_continue();
	broker_check_ready();
}

static int start_again(struct broker_process *process)
{
	if (broker_process_again(process)) {
		process->deaths++;
		return 0; /* has been said */
	}
	broker_timer_restarted(process);
	return 1;
}

/* Now, later (broker_supervise_deadline) or never. */
static void restart(struct broker_process *process)
{
	do {
		if (!broker_restart_plan(process)) {
			broker_process_release(process);
			broker_channels_return(process, 0);
			others_continue(process);
			return;
		}
		if (process->restart_at > broker_clock_now()) {
			broker_process_wait(process);
			return;
		}
	} while (!start_again(process));
}

uint64_t broker_supervise_deadline(uint64_t now)
{
	uint64_t next = 0;

	for (struct broker_process *p = NULL; (p = broker_process_next(p));) {
		if (p->state == GLUE_PROC_WAITING && p->restart_at <= now &&
		    !start_again(p))
			restart(p);
		if (p->state == GLUE_PROC_WAITING &&
		    (next == 0 || p->restart_at < next))
			next = p->restart_at;
	}
	return next;
}

/* The same steps whatever the reason; only the state differs. */
static void process_finish(struct broker_process *process,
			   enum glue_process_state state, int32_t status)
{
	int again = broker_restart_wanted(process, state), quiet;

	process->ended_at = broker_clock_now();
	if (again)
		broker_restart_judge(process, state, status);
	broker_process_stop(process);
	if (state != GLUE_PROC_ENDED && state != GLUE_PROC_FAILED)
		broker_fault_last(process, state);
	quiet = broker_process_quiet(process);
	again = again && quiet;
	if (again)
		broker_channels_lose(process);
	else
		broker_channels_drop(process, !quiet);
	broker_process_end(process, quiet, state, status);
	if (!again)
		broker_process_release(process);
	answer_waits(process);
	if (again)
		restart(process);
	else
		others_continue(process);
	broker_timer_update();
}

void broker_supervise_ready(struct broker_process *process, enum k_err status)
{
	if (process->state != GLUE_PROC_STARTING)
		return;
	process->state = GLUE_PROC_READY;
	if (status != K_OK) {
		broker_log("%s (pid %u) could not start%s%s: %s",
			   process->label, process->pid,
			   process->device ? " its device " : "",
			   process->device ? process->device->node : "",
			   k_err_text(status));
		process_finish(process, GLUE_PROC_FAILED, (int32_t)status);
		return;
	}
	process->ready_at = broker_clock_now();
	process->unanswered = 0;
	if (process->restarts)
		broker_log("%s (pid %u) serves again after %lu us",
			   process->label, process->pid,
			   (process->ready_at - process->ended_at) * 1000000 /
				   broker_clock_hz());
	broker_channels_return(process, 1);
	others_continue(process);
	broker_timer_update();
}

void broker_supervise_exit(struct broker_process *process, int32_t status)
{
	if (process->program->class)
		broker_log("%s (pid %u) has ended with status %d",
			   process->label, process->pid, status);
	process_finish(process, GLUE_PROC_ENDED, status);
}

void broker_supervise_kill(struct broker_process *process,
			   const struct broker_process *killer)
{
	broker_log("%s (pid %u) was killed by %s", process->label, process->pid,
		   killer->label);
	process_finish(process, GLUE_PROC_KILLED, -1);
}

enum k_err broker_supervise_stop(struct broker_process *process,
				 const struct broker_process *asker)
{
	enum k_err err;

	if (!process->program->class || !process->program->class->depth)
		return K_ERR_UNSUPPORTED;
	if (process->state != GLUE_PROC_READY)
		return broker_process_alive(process) ? K_ERR_BUSY : K_ERR_GONE;
	err = broker_grant_stop(process);
	if (err)
		return err;
	broker_log("%s (pid %u) is asked to stop by %s", process->label,
		   process->pid, asker->label);
	process->unanswered = 0; /* the heartbeat ends it if it does not */
	process->state = GLUE_PROC_STOPPING;
	return K_OK;
}

enum k_err broker_supervise_start(struct broker_process *process,
				  const struct broker_process *asker)
{
	if (broker_process_alive(process) ||
	    broker_process_may_serve(process) ||
	    (process->device &&
	     (process->device->broken || process->device->driver)))
		return K_ERR_BUSY;
	if (!broker_restart_wanted(process, GLUE_PROC_ENDED))
		return K_ERR_UNSUPPORTED;
	broker_log("%s is started again by %s", process->label, asker->label);
	process->deaths = process->hung = 0;
	restart(process);
	broker_timer_update();
	return K_OK;
}

void broker_supervise_fault(struct broker_process *process,
			    const struct broker_fault *fault)
{
	broker_fault_report(process, fault);
	process_finish(process, GLUE_PROC_FAULTED, -1);
}

void broker_supervise_hang(struct broker_process *process)
{
	broker_log("%s (pid %u) has not answered for %u ms and is ended",
		   process->label, process->pid,
		   process->unanswered ? process->unanswered * BROKER_LOOK_MS :
					 process->program->stall_ms);
	process_finish(process, GLUE_PROC_HUNG, -1);
}

enum k_err broker_supervise_complaint(struct broker_process *server,
				      struct broker_process *client,
				      uint64_t what)
{
	uint64_t now = broker_clock_now();

	if (!server->harmed) {
		if (client->complained_at != 0 &&
		    now - client->complained_at <
			    COMPLAIN_S * broker_clock_hz())
			return K_ERR_BUSY;
		client->complained_at = now;
	}
	broker_log("%s (pid %u) %s, says %s: it is ended", server->label,
		   server->pid, glue_complaint_text(what), client->label);
	process_finish(server, GLUE_PROC_HUNG, -1);
	return K_OK;
}
