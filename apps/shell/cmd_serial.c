/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_serial.c - commands on serial lines: list, info, stats, set, break,
 * write, read, sum, fill, echo, bench.
 *
 * The line that carries this console may be named like any other; but what it
 * receives belongs to the console.
 */
#include <glue/broker_client.h>
#include <glue/pattern.h>
#include <glue/rt.h>
#include <glue/serial.h>
#include <glue/sha256.h>
#include <glue/string.h>

#include "command.h"
#include "console.h"
#include "disk.h"
#include "service.h"
#include "text.h"

#define LINE_BYTES	 64u /* of `serial bench`, with its end */
#define BENCH_LINES	 1000u
#define BENCH_LINES_MAX	 100000u
#define BULK_BYTES_MAX	 (1ul << 30)
#define READ_BYTES_MAX	 GLUE_SERIAL_BYTES_MAX
#define READ_PATIENCE_NS 60000000000ul

static int serial_open(const char *word)
{
	return service_open("serial", GLUE_CLASS_SERIAL, word,
			    GLUE_SERIAL_BYTES_MAX);
}

static void line_print(const struct glue_serial_line *line)
{
	static const char parity[] = "noe";

	if (!line->baud) {
		console_printf("no speed");
		return;
	}
	console_printf("%u %u%c%u%s", line->baud, line->bits,
		       parity[line->parity < 3 ? line->parity : 0], line->stops,
		       line->rts_cts ? " rts/cts" : "");
}

/* The terminal's settings into @line. Return 0 after a message. */
static int line_get(struct glue_serial_line *line)
{
	enum k_err err = service_ask(GLUE_SERIAL_GET_LINE, 0, sizeof(*line),
				     NULL, SERVICE_PATIENCE_NS);

	memcpy(line, service_data(), sizeof(*line));
	return service_good("reading its settings", err);
}

static int info_get(struct glue_serial_info *info)
{
	enum k_err err = service_ask(GLUE_REQ_INFO, 0, sizeof(*info), NULL,
				     SERVICE_PATIENCE_NS);

	memcpy(info, service_data(), sizeof(*info));
	info->driver[sizeof(info->driver) - 1] = '\0';
	info->name[sizeof(info->name) - 1] = '\0';
	return service_good("asking what it is", err);
}

/* A line of the list; @name is the service's. */
static void list_line(const char *name)
{
	struct glue_serial_info info;
	struct glue_serial_line line;

	if (!serial_open(name))
		return;
	if (info_get(&info) && line_get(&line)) {
		console_printf("%-9s %-10s ", name, info.name);
		line_print(&line);
		console_printf("  %s\n", info.driver);
	}
	service_close();
}

void cmd_serial_list(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	service_each(GLUE_CLASS_SERIAL, list_line,
		     "no serial line: add DDE_SERIAL_AMBA_PL011=y or "
		     "DDE_VIRTIO_CONSOLE=y to drivers.config");
}

void cmd_serial_info(int argc, char **argv)
{
	struct glue_serial_info info;
	struct glue_serial_line line;

	(void)argc;
	if (!serial_open(argv[0]))
		return;
	if (info_get(&info) && line_get(&line)) {
		console_printf("%s: %s, %s\nline: ", service.name, info.name,
			       info.driver);
		line_print(&line);
		console_printf("%s\n", info.features & GLUE_SERIAL_F_LINE ?
					       "" :
					       ", cannot be set");
		if (info.fifo_bytes)
			console_printf("FIFO: %u bytes\n", info.fifo_bytes);
	}
	service_close();
}

void cmd_serial_stats(int argc, char **argv)
{
	struct glue_serial_stats stats;
	enum k_err err;

	(void)argc;
	if (!serial_open(argv[0]))
		return;
	err = service_ask(GLUE_SERIAL_STATS, 0, sizeof(stats), NULL,
			  SERVICE_PATIENCE_NS);
	memcpy(&stats, service_data(), sizeof(stats));
	if (service_good("reading its counters", err))
		console_printf("%s: %lu bytes received, %lu sent; lost: %lu "
			       "overruns; errors: %lu framing, %lu parity; %lu "
			       "breaks\n",
			       service.name, stats.received, stats.sent,
			       stats.overruns, stats.frame_errors,
			       stats.parity_errors, stats.breaks);
	service_close();
}

/* "8n1": bits, parity, stop bits. */
static int format_read(const char *word, struct glue_serial_line *line)
{
	if (strlen(word) != 3 || word[0] < '5' || word[0] > '8' ||
	    word[2] < '1' || word[2] > '2')
		return 0;
	line->bits = (uint8_t)(word[0] - '0');
	line->stops = (uint8_t)(word[2] - '0');
	switch (word[1]) {
	case 'n':
		line->parity = GLUE_SERIAL_NO_PARITY;
		return 1;
	case 'o':
		line->parity = GLUE_SERIAL_ODD;
		return 1;
	case 'e':
		line->parity = GLUE_SERIAL_EVEN;
		return 1;
	default:
		return 0;
	}
}

/* serial set N BAUD [8n1 [rts]] */
void cmd_serial_set(int argc, char **argv)
{
	struct glue_serial_line line = { .bits = 8, .stops = 1 };
	uint64_t baud;

	if (!disk_number_in(argv[1], "BAUD", 1, 100000000, &baud))
		return;
	line.baud = (uint32_t)baud;
	line.rts_cts = argc > 3;
	if ((argc > 2 && !format_read(argv[2], &line)) ||
	    (argc > 3 && strcmp(argv[3], "rts"))) {
		console_printf("the format is written like 8n1, 7e1 or 8n2; "
			       "rts behind it asks for flow control\n");
		return;
	}
	if (!serial_open(argv[0]))
		return;
	memcpy(service_data(), &line, sizeof(line));
	if (service_good("changing its settings",
			 service_ask(GLUE_SERIAL_SET_LINE, 0, sizeof(line),
				     NULL, SERVICE_PATIENCE_NS)))
		console_printf("%s: set\n", service.name);
	service_close();
}

void cmd_serial_break(int argc, char **argv)
{
	uint64_t ms = 250;

	if (argc > 1 && !disk_number_in(argv[1], "MS", 1, 1000, &ms))
		return;
	if (!serial_open(argv[0]))
		return;
	if (service_good("a break", service_ask(GLUE_SERIAL_BREAK, ms, 0, NULL,
						SERVICE_PATIENCE_NS)))
		console_printf("%s: break of %lu ms sent\n", service.name, ms);
	service_close();
}

/* serial write N TEXT: the text and a line end. */
void cmd_serial_write(int argc, char **argv)
{
	uint32_t bytes;
	char *data;

	(void)argc;
	if (!serial_open(argv[0]))
		return;
	data = service_data();
	bytes = (uint32_t)glue_strlcpy(data, argv[1],
				       GLUE_SERIAL_BYTES_MAX - 1);
	data[bytes++] = '\n';
	if (service_good("a write", service_ask(GLUE_SERIAL_WRITE, 0, bytes,
						NULL, SERVICE_PATIENCE_NS)))
		console_printf("%s: %u bytes written\n", service.name, bytes);
	service_close();
}

static void hexdump(const uint8_t *data, uint64_t bytes)
{
	char text[TEXT_HEX_LINE];
	uint64_t at, piece;

	for (at = 0; at < bytes; at += piece) {
		piece = bytes - at < TEXT_HEX_COLUMNS ? bytes - at :
							TEXT_HEX_COLUMNS;
		text_hexdump(text, at, data + at, piece);
		console_printf("%s\n", text);
	}
}

/* serial read N [BYTES]: at least one, at most so many, in one piece. */
void cmd_serial_read(int argc, char **argv)
{
	uint64_t bytes = 256, got = 0;

	if (argc > 1 &&
	    !disk_number_in(argv[1], "BYTES", 1, READ_BYTES_MAX, &bytes))
		return;
	if (!serial_open(argv[0]))
		return;
	if (service_good("a read",
			 service_ask(GLUE_SERIAL_READ, 0, (uint32_t)bytes, &got,
				     READ_PATIENCE_NS)) &&
	    got <= bytes)
		hexdump(service_data(), got);
	service_close();
}

/* One more piece of a long transfer. Return: bytes moved; 0 after a message. */
static uint64_t piece_move(uint16_t op, const char *what, uint64_t bytes)
{
	uint64_t moved = 0;

	if (bytes > GLUE_SERIAL_BYTES_MAX)
		bytes = GLUE_SERIAL_BYTES_MAX;
	if (!service_good(what, service_ask(op, 0, (uint32_t)bytes, &moved,
					    READ_PATIENCE_NS)))
		return 0;
	return moved <= bytes ? moved : 0;
}

/* serial sum N BYTES: SHA-256 of the next so many bytes. */
void cmd_serial_sum(int argc, char **argv)
{
	char hex[GLUE_SHA256_HEX_BYTES];
	struct glue_sha256 sum;
	uint64_t all, left, piece;

	(void)argc;
	if (!disk_number_in(argv[1], "BYTES", 1, BULK_BYTES_MAX, &all) ||
	    !serial_open(argv[0]))
		return;
	console_printf("%s: send %lu bytes now\n", service.name, all);
	glue_sha256_start(&sum);
	for (left = all; left; left -= piece) {
		piece = piece_move(GLUE_SERIAL_READ, "a read", left);
		if (!piece)
			break;
		glue_sha256_feed(&sum, service_data(), piece);
	}
	glue_sha256_finish(&sum, hex);
	if (left && left < all)
		console_printf("%s: %lu bytes are missing\n", service.name,
			       left);
	else if (!left)
		console_printf("%s  %s\n", hex, service.name);
	service_close();
}

/* The pattern's bytes from @at on, into @data; @at is a multiple of 8. */
static void pattern_make(uint64_t *data, uint64_t seed, uint64_t at)
{
	unsigned int i;

	for (i = 0; i < GLUE_SERIAL_BYTES_MAX / 8; i++)
		data[i] = glue_pattern_word(seed, at / 8 + i);
}

/* serial fill N BYTES SEED: send a pattern that the other end can check. */
void cmd_serial_fill(int argc, char **argv)
{
	uint64_t bytes, seed, at, piece;

	(void)argc;
	if (!disk_number_in(argv[1], "BYTES", 1, BULK_BYTES_MAX, &bytes) ||
	    !disk_number(argv[2], "SEED", &seed) || !serial_open(argv[0]))
		return;
	for (at = 0; at < bytes; at += piece) {
		pattern_make(service_data(), seed, at);
		piece = piece_move(GLUE_SERIAL_WRITE, "a write", bytes - at);
		if (!piece)
			break;
	}
	if (at == bytes)
		console_printf("%s: %lu bytes written\n", service.name, bytes);
	service_close();
}

/* serial echo N: until ^C. */
void cmd_serial_echo(int argc, char **argv)
{
	uint64_t bytes, total = 0;
	enum k_err err;

	(void)argc;
	if (!serial_open(argv[0]))
		return;
	console_printf("%s: what comes goes back, until ^C\n", service.name);
	for (;;) {
		err = service_ask(GLUE_SERIAL_READ, 0, GLUE_SERIAL_BYTES_MAX,
				  &bytes, SERVICE_FOREVER_NS);
		if (err || bytes > GLUE_SERIAL_BYTES_MAX ||
		    !piece_move(GLUE_SERIAL_WRITE, "a write", bytes))
			break;
		total += bytes;
	}
	if (err == K_ERR_GONE || service_good("a read", err))
		console_printf("%s: %lu bytes sent back\n", service.name,
			       total);
	service_close();
}

/* serial bench N [LINES]: lines of 64 bytes, each answered before the next. */
void cmd_serial_bench(int argc, char **argv)
{
	uint64_t lines = BENCH_LINES, begin, ticks, i;
	enum k_err err = K_OK;
	char *data;

	if (argc > 1 &&
	    !disk_number_in(argv[1], "LINES", 1, BENCH_LINES_MAX, &lines))
		return;
	if (!serial_open(argv[0]))
		return;
	data = service_data();
	memset(data, '.', LINE_BYTES);
	memcpy(data + LINE_BYTES - 2, "\r\n", 2);
	console_drain();
	begin = glue_time_ticks();
	for (i = 0; i < lines && !err; i++)
		err = glue_req_call(&service.port, GLUE_SERIAL_WRITE, 0, 0,
				    data, LINE_BYTES, NULL,
				    glue_deadline_ns(SERVICE_PATIENCE_NS));
	ticks = glue_time_ticks() - begin;
	if (service_good("a write", err))
		console_printf("bench line64: %lu lines, %lu ticks, %lu ns "
			       "each\n",
			       lines, ticks, glue_ticks_to_ns(ticks) / lines);
	service_close();
}

/* console sum BYTES: what is typed or pasted next, counted raw. */
void cmd_console_sum(int argc, char **argv)
{
	char hex[GLUE_SHA256_HEX_BYTES];
	struct glue_sha256 sum;
	uint64_t left;
	char c;

	(void)argc;
	if (!disk_number_in(argv[0], "BYTES", 1, BULK_BYTES_MAX, &left))
		return;
	console_printf("console: paste %lu bytes now\n", left);
	glue_sha256_start(&sum);
	while (left--) {
		c = console_read();
		glue_sha256_feed(&sum, &c, 1);
	}
	glue_sha256_finish(&sum, hex);
	console_printf("%s  console\n", hex);
}
