/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ticks.c - counter ticks to nanoseconds and back, without losing digits.
 *
 * Whole seconds and the rest are converted apart, so that no product passes
 * 64 bits: the rest is below 2^32 ticks or 10^9 ns, and either times the other
 * rate stays below 2^62. (128-bit division would pull in the compiler's
 * library.)
 */
#include <glue/rt.h>

#define NS_PER_S 1000000000ul

uint64_t glue_ticks_to_ns(uint64_t ticks)
{
	uint64_t hz = glue_env()->counter_hz;

	return ticks / hz * NS_PER_S + ticks % hz * NS_PER_S / hz;
}

uint64_t glue_ns_to_ticks(uint64_t ns)
{
	uint64_t hz = glue_env()->counter_hz;

	return ns / NS_PER_S * hz + ns % NS_PER_S * hz / NS_PER_S;
}

uint64_t glue_deadline_ns(uint64_t ns)
{
	return glue_time_ticks() + glue_ns_to_ticks(ns);
}
