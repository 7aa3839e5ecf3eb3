/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * internal.h - what the parts of the serial service share.
 *
 * service.c puts requests into two lines: input.c ends those of one, output.c
 * those of the other.
 */
#ifndef DDDK_SERIAL_INTERNAL_H
#define DDDK_SERIAL_INTERNAL_H

#include <dddk/request_queue.h>
#include <dddk/serial_service.h>

enum dddk_serial_line { DDDK_SERIAL_READS, DDDK_SERIAL_OUTPUT };

extern const struct dddk_serial_ops *dddk_serial_driver;
extern struct glue_serial_line dddk_serial_line; /* as it is set */
extern struct glue_serial_stats dddk_serial_stats;

/* A READ has been put into its line. */
void dddk_serial_reads_serve(void);

/* Change the line and remember it. @data: struct glue_serial_line, or not. */
enum k_err dddk_serial_line_set(const void *data);

#endif
