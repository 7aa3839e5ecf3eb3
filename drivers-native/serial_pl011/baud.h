/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * baud.h - the PL011's divisor for a speed (ARM DDI 0183G, 3.3.6).
 */
#ifndef SERIAL_PL011_BAUD_H
#define SERIAL_PL011_BAUD_H

#include <stdint.h>

/**
 * pl011_divisor - clock / (16 * baud), in 64ths, rounded to the nearest.
 *
 * The speed it makes is off by at most 1/128 (0.8 %): half a 64th of the
 * smallest divisor, 1. Return: IBRD in bits 21:6, FBRD in bits 5:0; 0 if the
 * device has no such speed: below 1 or beyond 65535, or the clock is unknown.
 */
static inline uint32_t pl011_divisor(uint32_t clock_hz, uint32_t baud)
{
	uint64_t divisor = baud ? (clock_hz * 8ull + baud) / (2ull * baud) : 0;

	/* IBRD is 1 to 65535, and then FBRD 0. */
	return divisor < 64 || divisor > 65535 * 64 ? 0 : (uint32_t)divisor;
}

#endif
