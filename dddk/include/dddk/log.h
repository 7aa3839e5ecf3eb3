/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h - a driver's messages to people, one line each.
 */
#ifndef DDDK_LOG_H
#define DDDK_LOG_H

/* Print "SERVICE/PROGRAM: text" and a newline, as in "blk0/virtio_blk: ...". */
void dddk_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
