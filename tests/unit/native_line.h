/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_line.h - a fake PL011, its native driver, and a client of the class.
 */
#ifndef NATIVE_LINE_H
#define NATIVE_LINE_H

#include <stdint.h>
#include <glue/request_client.h>
#include <glue/serial.h>

#define SECOND	 1000000000ul
#define LCR_8N1	 0x70u /* eight bits, FIFOs */
#define INT_IN	 0x50u
#define IN_QUEUE 2048u /* the kit keeps so many that nobody reads */

extern struct glue_req_port port;
extern uint8_t *data; /* the lent region */

/* The driver works, with these properties in its tree; the port is open. */
void line_start(const char *of_device, const char *of_clock);
#define CLOCK_24MHZ                                                            \
	"compatible = \"fixed-clock\"; clock-frequency = <24000000>;"

/* cmocka: as on QEMU's board; afterwards nothing may be left broken. */
int line_set_up(void **state);
int line_tear_down(void **state);

void line_open(void);

/* One operation, on the first @bytes of `data`. */
enum k_err ask_for(uint16_t op, uint64_t arg, uint32_t bytes, uint64_t *value,
		   uint64_t ns);
/* The same with patience. */
enum k_err ask(uint16_t op, uint64_t arg, uint32_t bytes);

/* The answer to a READ that must succeed. */
uint32_t read_some(uint32_t room);
/* Read so many bytes: 0, 1, 2 ..., as fake_uart_send sends them. */
void read_all(uint32_t bytes);

/* Read what has come and nobody has read. */
void line_empty(void);

struct glue_serial_stats stats(void);
uint32_t baud_now(void);
enum k_err set_line(uint32_t baud, uint8_t bits, uint8_t parity, uint8_t stops,
		    uint8_t rts_cts);

/* Bytes to write into `data`; and they are what has gone out, all of it. */
void fill(uint32_t bytes);
void expect_out(uint32_t bytes);

#endif
