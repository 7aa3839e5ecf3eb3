/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heartbeat.h - services that run in circles or wait for ever.
 */
#ifndef BROKER_HEARTBEAT_H
#define BROKER_HEARTBEAT_H

#include <stdint.h>

#include "process.h"

/* At boot: nobody has been asked. */
void broker_heartbeat_init(void);

/**
 * broker_heartbeat - ask all services whether they live, if it is time.
 * @now:  CNTVCT ticks
 * @hung: called for each that has not answered for its stall_ms
 *
 * Return: when to ask again, in ticks; 0: there is nobody to ask.
 */
uint64_t broker_heartbeat(uint64_t now,
			  void (*hung)(struct broker_process *process));

#endif
