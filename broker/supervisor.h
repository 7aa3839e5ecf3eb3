/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supervisor.h - ends of all kinds, and who waits for whom.
 */
#ifndef BROKER_SUPERVISOR_H
#define BROKER_SUPERVISOR_H

#include <stdint.h>

#include "calls.h"
#include "fault.h"
#include "process.h"

/* At boot, before programs are started: "ready" is to be said. */
void broker_supervisor_init(void);

/**
 * broker_supervise_ready - a service is up, or could not start.
 * @status: K_OK or the reason
 */
void broker_supervise_ready(struct broker_process *process, enum k_err status);

/* A process has ended by itself. */
void broker_supervise_exit(struct broker_process *process, int32_t status);

/* End @process, which runs, because @killer wants it so. */
void broker_supervise_kill(struct broker_process *process,
			   const struct broker_process *killer);

/**
 * broker_supervise_stop - ask a driver to end for good.
 *
 * It gets no new clients. If it has not ended after its stall_ms it is ended;
 * in either way it is not started again.
 *
 * Return: K_ERR_UNSUPPORTED: it serves nobody through channels; K_ERR_BUSY: it
 *         is not ready; K_ERR_GONE: it has ended.
 */
enum k_err broker_supervise_stop(struct broker_process *process,
				 const struct broker_process *asker);

/**
 * broker_supervise_start - bring back a driver that was stopped or given up.
 *
 * As if it had never died, in its own entry, with a new pid: clients connect
 * anew, or wait for it if it cannot start at once.
 *
 * Return: K_ERR_UNSUPPORTED: it is none that is started again when it dies;
 *         K_ERR_BUSY: it has not ended, or its device is out of use, or another's.
 */
enum k_err broker_supervise_start(struct broker_process *process,
				  const struct broker_process *asker);

/* A process has been stopped by the kernel. */
void broker_supervise_fault(struct broker_process *process,
			    const struct broker_fault *fault);

/* It has not answered the broker for its stall_ms. */
void broker_supervise_hang(struct broker_process *process);

/**
 * broker_supervise_complaint - a client says that its server breaks the rules.
 * @what: enum glue_complaint; anything
 *
 * It may lie, and could so make others wait: it is believed only now and then.
 *
 * Return: K_ERR_BUSY: it has complained in the last ten seconds.
 */
enum k_err broker_supervise_complaint(struct broker_process *server,
				      struct broker_process *client,
				      uint64_t what);

/* Start again what is due. Return: when to ask again; 0 never. */
uint64_t broker_supervise_deadline(uint64_t now);

/* Print "ready" once, when nothing of the boot is still starting. */
void broker_check_ready(void);

/* Connect now, with the result in @reply. Used for late connects too. */
enum k_err broker_connect(struct broker_process *client,
			  struct broker_process *server, uint64_t bytes,
			  struct broker_reply *reply);

/* heartbeat.c: services that run in circles or wait for ever. */
/* At boot: nobody has been asked. */
void broker_heartbeat_init(void);
#define BROKER_LOOK_MS 250u

/**
 * broker_heartbeat - ask all services whether they live, if it is time.
 * @now:  CNTVCT ticks
 * @hung: called for each that has not answered for its stall_ms
 *
 * Return: when to ask again, in ticks; 0: there is nobody to ask.
 */
uint64_t broker_heartbeat(uint64_t now,
			  void (*hung)(struct broker_process *process));

/* restart.c: may a driver that died live again, and when? */

/**
 * broker_restart_wanted - is it a program that is started again?
 * @state: how it ended
 *
 * Services are, unless they could not even start the first time: why should
 * the second time differ? Programs that somebody ran are not.
 */
int broker_restart_wanted(const struct broker_process *process,
			  enum glue_process_state state);

/**
 * broker_restart_judge - was it a good life? Asked when it has ended.
 * @status: how it ended, if by itself
 *
 * A good one has lasted a second and has answered somebody: the deaths before
 * it are forgotten. When its device hangs twice in a row that is the end. Whoever
 * may kill a driver, or put a fault into it, knows why: that is no crash and is
 * not counted.
 */
void broker_restart_judge(struct broker_process *process,
			  enum glue_process_state state, int32_t status);

/**
 * broker_restart_plan - decide after a death.
 *
 * The first two lives follow at once, the others after 10 ms, 20 ms, ... Eight
 * deaths without a good life are the end. The timer service never has to wait,
 * as nobody could wake us.
 *
 * Return: 0 given up, after a message; else 1 and process->restart_at.
 */
int broker_restart_plan(struct broker_process *process);

#endif
