/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_clock.h - a fake PL031, one of its native drivers, and a client.
 */
#ifndef NATIVE_CLOCK_H
#define NATIVE_CLOCK_H

#include <stdint.h>
#include <glue/request_client.h>
#include <glue/rtc.h>

#define NOW 1000u /* when a test begins */

extern struct glue_req_port port;

int clock_set_up(void **state);
int clock_tear_down(void **state);

/* One request, answered within a minute of the process's time. */
enum k_err ask(uint16_t op, uint64_t arg, uint64_t *value);

#endif
