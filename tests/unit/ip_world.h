/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip_world.h - two IP stacks with a wire between them, on the host.
 *
 * lwIP is one stack a process, so the other one (10.0.0.2, with all services)
 * lives in a child; the test's own is 10.0.0.1. Their time is the wire's own
 * (ip_fake_net.h): a test's seconds are WORLD_SPEED of it.
 */
#ifndef IP_WORLD_H
#define IP_WORLD_H

#include <stddef.h>
#include <stdint.h>
#include <glue/err.h>
#include <lwip/ip_addr.h>

#define WORLD_SPEED  20u
#define WORLD_PEER   0x0a000002u /* 10.0.0.2 */
#define WORLD_WAIT_S 20u	 /* longer than anything takes that works */

extern const ip_addr_t world_peer; /* WORLD_PEER for lwIP */

/* cmocka's set-up of a group: start both stacks; once a program. */
int world_start(void **state);

/* cmocka's tear-down: the other one ended well, with every place back. */
int world_end(void **state);

/* Run this side until *@flag is not 0. Return: it; 0 after @seconds. */
int world_run(const volatile int *flag, unsigned int seconds);

/* How the ping or the name that was asked for last has ended. */
struct world_answer {
	volatile int ended;
	uint32_t token;
	enum k_err status;
	uint64_t value;
};
extern struct world_answer world_answer;

/* The stack calls this at such an end. */
void world_answered(uint32_t token, enum k_err status, uint64_t value);

/* Ping and wait. Return: how it ended, or why it could not begin. */
enum k_err world_ping(uint32_t address, uint32_t bytes, uint32_t wait_ms);

/* A frame straight onto the wire. */
void world_frame(const void *data, size_t bytes);

#endif
