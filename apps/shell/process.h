/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.h - processes as a user names them: by pid, service or program.
 */
#ifndef SHELL_PROCESS_H
#define SHELL_PROCESS_H

#include <glue/broker.h>

/**
 * process_find - the process that a word names.
 * @word: a pid, a service ("blk0"), or a program ("virtio_blk"); of several
 *        instances of a program the one that was started last
 *
 * Return: 1; 0 after a message if there is none such.
 */
int process_find(const char *word, struct glue_process_info *info);

/* Numbers of enum glue_process_state in words. */
const char *process_state_name(uint32_t state);

#endif
