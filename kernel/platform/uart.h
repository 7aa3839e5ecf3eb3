/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uart.h - what power.c asks of the UART.
 */
#ifndef PLATFORM_UART_H
#define PLATFORM_UART_H

/* uart_drain - wait, not for ever, until all characters have left. */
void uart_drain(void);

#endif
