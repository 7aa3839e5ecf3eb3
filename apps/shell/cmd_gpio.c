/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_gpio.c - commands on general-purpose lines: list, get, set, watch.
 *
 * A line that is set or watched belongs to this command until its end; an
 * output keeps its level afterwards.
 */
#include <glue/class.h>
#include <glue/gpio.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "command.h"
#include "console.h"
#include "disk.h"
#include "service.h"

#define NAME_BYTES   64u
#define LINES_SHOWN  256u
#define WATCH_S	     10u
#define WATCH_MOST_S 86400u

static enum k_err ask(enum glue_gpio_op op, unsigned flags, uint64_t line,
		      uint32_t bytes, uint64_t *value)
{
	return glue_req_call(&service.port, op, flags, line, service_data(),
			     bytes, value,
			     glue_deadline_ns(SERVICE_PATIENCE_NS));
}

/* The name comes from the driver: shown up to its end, or to the room's. */
static void line_show(uint64_t line)
{
	uint64_t value, level;
	char *name = service_data();

	if (!service_good("line",
			  ask(GLUE_GPIO_LINE, 0, line, NAME_BYTES, &value)) ||
	    !service_good("get", ask(GLUE_GPIO_GET, 0, line, 0, &level)))
		return;
	name[NAME_BYTES - 1] = '\0';
	console_printf("  %3lu %-6s %lu %-5s %s", line,
		       value & GLUE_GPIO_IS_OUTPUT ? "output" : "input", level,
		       value & GLUE_GPIO_IS_TAKEN ? "taken" : "free", name);
	if (value >> GLUE_GPIO_KEY_SHIFT)
		console_printf(" (key %lu)", value >> GLUE_GPIO_KEY_SHIFT);
	console_printf("\n");
}

static void controller_show(const char *name)
{
	struct glue_gpio_info info;
	uint64_t deadline = glue_deadline_ns(SERVICE_PATIENCE_NS);
	uint64_t line;

	if (!service_open("gpio", GLUE_CLASS_GPIO, name, GLUE_PORT_LEND_MIN))
		return;
	if (service_good("info", glue_req_info(&service.port, &info,
					       sizeof(info), deadline))) {
		console_printf("%-6s %u lines, %.31s, %.31s\n", name,
			       info.lines, info.driver, info.label);
		for (line = 0; line < info.lines && line < LINES_SHOWN; line++)
			line_show(line);
	}
	service_close();
}

void cmd_gpio_list(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	service_each(GLUE_CLASS_GPIO, controller_show,
		     "no gpio controller: is its driver in "
		     "drivers.config?");
}

/* Open the controller that argv[0] names; argv[1] is the line. */
static int line_open(char **argv, uint64_t *line)
{
	return disk_number(argv[1], "LINE", line) &&
	       service_open("gpio", GLUE_CLASS_GPIO, argv[0],
			    GLUE_PORT_LEND_MIN);
}

void cmd_gpio_get(int argc, char **argv)
{
	uint64_t line, level;

	(void)argc;
	if (!line_open(argv, &line))
		return;
	if (service_good("get", ask(GLUE_GPIO_GET, 0, line, 0, &level)))
		console_printf("%s line %lu: %lu\n", service.name, line, level);
	service_close();
}

void cmd_gpio_set(int argc, char **argv)
{
	uint64_t line, level;

	(void)argc;
	if (!disk_number_in(argv[2], "LEVEL", 0, 1, &level) ||
	    !line_open(argv, &line))
		return;
	if (service_good("set",
			 ask(GLUE_GPIO_OUTPUT, (unsigned)level, line, 0, NULL)))
		console_printf("%s line %lu: output, %lu\n", service.name, line,
			       level);
	service_close();
}

/* Show each edge, until the time is over or ^C. */
static void edges_show(uint64_t line, uint64_t seconds)
{
	uint64_t end = glue_deadline_ns(seconds * 1000000000ul);
	uint64_t start = glue_time_ticks();
	uint64_t now, level;
	enum k_err err;

	for (now = start; now < end; now = glue_time_ticks()) {
		err = service_ask(GLUE_GPIO_WAIT, line, 0, &level,
				  glue_ticks_to_ns(end - now));
		if (err == K_ERR_TIMEOUT || !service_good("watch", err))
			return;
		console_printf("%6lu ms: %lu\n",
			       glue_ticks_to_ns(glue_time_ticks() - start) /
				       1000000,
			       level);
	}
}

void cmd_gpio_watch(int argc, char **argv)
{
	uint64_t line, seconds = WATCH_S;

	if (argc > 2 &&
	    !disk_number_in(argv[2], "SECONDS", 1, WATCH_MOST_S, &seconds))
		return;
	if (!line_open(argv, &line))
		return;
	console_printf("%s line %lu: edges for %lu s, ^C ends\n", service.name,
		       line, seconds);
	edges_show(line, seconds);
	service_close();
}
