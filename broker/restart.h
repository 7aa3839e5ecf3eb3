/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * restart.h - may a driver that died live again, and when?
 */
#ifndef BROKER_RESTART_H
#define BROKER_RESTART_H

#include "process.h"

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
