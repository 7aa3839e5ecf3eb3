/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stack.h - all cards of the process together, and the loop around them.
 */
#ifndef IP_STACK_H
#define IP_STACK_H

#include <glue/ip.h>

#include "config.h"
#include "nic.h"

/* Open the cards that @config names, or all there are. Return: how many. */
unsigned int ip_stack_open(const struct ip_config *config);

unsigned int ip_stack_count(void);
/* Return: NULL past the last one. */
struct ip_nic *ip_stack_nic(unsigned int index);

/* One turn of every card and of lwIP's clocks. @events: what has woken us; with
 * the broker's, a heartbeat at least, comes a look for cards that are back. */
void ip_stack_turn(uint64_t events);

/* When lwIP's next clock is due, in counter ticks. */
uint64_t ip_stack_deadline(void);

/* Announce sleep to the drivers; 0: something has come, do not sleep. Each
 * prepare is followed by an end. */
int ip_stack_sleep_prepare(void);
void ip_stack_sleep_end(void);

/* Answers to the ip class, put together from cards and lwIP. */
void ip_stack_describe(struct ip_nic *nic, struct glue_ip_if *info);
void ip_stack_stats(struct glue_ip_stats *stats);

#endif
