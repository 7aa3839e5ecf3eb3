/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h - one line a message, for the person at the console.
 */
#ifndef FINDER_LOG_H
#define FINDER_LOG_H

#include <glue/print.h>

/* The broker puts our name in front. */
#define finder_log(format, ...) glue_printf(format "\n", ##__VA_ARGS__)

#endif
