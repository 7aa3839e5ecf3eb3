/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_rng.c - commands on random number sources: list, read.
 */
#include <glue/class.h>
#include <glue/rng.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "command.h"
#include "console.h"
#include "disk.h"
#include "service.h"
#include "text.h"

#define HEX_COLUMNS 32u
#define BYTES_MOST  (1ul << 30)

static void info_print(const struct glue_rng_info *info, const char *name)
{
	console_printf("%-6s %-24.31s %-24.31s ", name, info->driver,
		       info->name);
	if (info->quality)
		console_printf("%u of 1024 bits are random\n", info->quality);
	else
		console_printf("quality not known\n");
}

static void list_line(const char *name)
{
	struct glue_rng_info info;
	uint64_t deadline = glue_deadline_ns(SERVICE_PATIENCE_NS);

	if (!service_open("rng", GLUE_CLASS_RNG, name, GLUE_PORT_LEND_MIN))
		return;
	if (service_good("info", glue_req_info(&service.port, &info,
					       sizeof(info), deadline)))
		info_print(&info, name);
	service_close();
}

void cmd_rng_list(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	service_each(GLUE_CLASS_RNG, list_line,
		     "no random number source: QEMU needs one (-device "
		     "virtio-rng-device) and drivers.config its driver "
		     "(DDE_HW_RANDOM_VIRTIO=y)");
}

/* Plain digits, for programs that read the console. */
static void hex_print(const uint8_t *data, uint32_t bytes)
{
	static const char digit[] = "0123456789abcdef";
	char line[2 * HEX_COLUMNS + 1];
	uint32_t i, used = 0;

	for (i = 0; i < bytes; i++) {
		line[used++] = digit[data[i] >> 4];
		line[used++] = digit[data[i] & 15];
		if (used == 2 * HEX_COLUMNS || i + 1 == bytes) {
			line[used++] = '\n';
			console_write(line, used);
			used = 0;
		}
	}
}

static void dump_print(uint64_t offset, const uint8_t *data, uint32_t bytes)
{
	char line[TEXT_HEX_LINE];
	uint32_t i;

	for (i = 0; i < bytes; i += TEXT_HEX_COLUMNS) {
		uint32_t rest = bytes - i;

		text_hexdump(line, offset + i, data + i,
			     rest < TEXT_HEX_COLUMNS ? rest : TEXT_HEX_COLUMNS);
		console_printf("%s\n", line);
	}
}

/* A request's worth after the other; each is shown when it has come whole. */
static void read_all(uint64_t bytes, int hex)
{
	uint64_t done;
	uint32_t part;

	for (done = 0; done < bytes; done += part) {
		part = bytes - done < GLUE_RNG_BYTES_MAX ?
			       (uint32_t)(bytes - done) :
			       GLUE_RNG_BYTES_MAX;
		if (!service_good("read",
				  service_ask(GLUE_RNG_READ, 0, part, NULL,
					      SERVICE_PATIENCE_NS)))
			return;
		if (hex)
			hex_print(service_data(), part);
		else
			dump_print(done, service_data(), part);
		if (console_cancelled()) {
			console_printf("%s: stopped by ^C\n", service.name);
			return;
		}
	}
}

void cmd_rng_read(int argc, char **argv)
{
	uint64_t bytes;

	if (!disk_number_in(argv[1], "BYTES", 1, BYTES_MOST, &bytes))
		return;
	if (argc > 2 && strcmp(argv[2], "hex")) {
		console_printf("\"%s\": the only other form is hex: plain "
			       "digits, %u bytes a line\n",
			       argv[2], HEX_COLUMNS);
		return;
	}
	if (!service_open("rng", GLUE_CLASS_RNG, argv[0], GLUE_RNG_BYTES_MAX))
		return;
	read_all(bytes, argc > 2);
	service_close();
}
