/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip_world.h - two IP stacks with a wire between them, on the host.
 *
 * lwIP is one stack a process, so the other one (10.0.0.2, with all services)
 * lives in a child; the test's own is 10.0.0.1. Clocks run WORLD_SPEED times
 * as fast as real ones, so that retransmission does not take seconds.
 */
#ifndef IP_WORLD_H
#define IP_WORLD_H

#include <stddef.h>
#include <stdint.h>

#define WORLD_SPEED 20u
#define WORLD_PEER  0x0a000002u /* 10.0.0.2 */

/* Start both; once a program. Return: 0, as cmocka's set-up functions. */
int world_start(void);

/* End the other one. Return: 0 if it ended well, with every place back. */
int world_end(void);

/* Run this side until *@flag is not 0. Return: it; 0 after @seconds. */
int world_run(const volatile int *flag, unsigned int seconds);

/* A frame straight onto the wire. */
void world_frame(const void *data, size_t bytes);

#endif
