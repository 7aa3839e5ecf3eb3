/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * life.h - how a process starts, ends, and starts again; all in process.c.
 *
 * An end is stop, quiet, (channels), end, in this order; supervisor.c does it.
 */
#ifndef BROKER_LIFE_H
#define BROKER_LIFE_H

#include "process.h"

/**
 * broker_process_start - start a program, with or without a device.
 * @service: name of the service it offers; "" if none
 * @args:    words after those of the manifest; ""
 * @out:     the running process
 *
 * Return: an error after one message that says what is wrong.
 */
enum k_err broker_process_start(const struct broker_program *program,
				struct broker_device *device,
				const char *service, const char *args,
				struct broker_process **out);

/**
 * broker_process_again - start a process that has ended in its own entry.
 *
 * It gets a new pid and keeps service, device and channels; whoever could
 * signal it still can.
 *
 * Return: an error after one message; the entry has then FAILED.
 */
enum k_err broker_process_again(struct broker_process *process);
/* Until then it is WAITING, and its device is nobody else's. */
void broker_process_wait(struct broker_process *process);

/* First step of an end: the thread runs no more, interrupts are masked. */
void broker_process_stop(struct broker_process *process);

/**
 * broker_process_quiet - second step: stop what its device reads and writes.
 *
 * Return: 0 if the device may still do so. Then the memory stays out of use,
 *         and the device too.
 */
int broker_process_quiet(const struct broker_process *process);

/**
 * broker_process_end - third step: nothing is left of what a process had.
 * @quiet: 0: its device may still write to memory
 *
 * That memory then stays out of use, and so does the device. Its channels must
 * have been closed or lost before. Other memory and slots are kept for its next
 * life, so that nobody can take them meanwhile, until it is released.
 */
void broker_process_end(struct broker_process *process, int quiet,
			enum glue_process_state state, int32_t status);
/* There will be no next life. */
void broker_process_release(struct broker_process *process);

#endif
