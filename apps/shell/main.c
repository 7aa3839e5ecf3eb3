/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - the shell: prompt, line, command, again.
 *
 * An ordinary process: it may connect to drivers' services, and may ask the
 * broker for lists, traces, test programs and power off. Nothing else.
 * Read next: commands.c (what it can do), line.c (how a line is edited).
 */
#include <glue/print.h>
#include <glue/rt.h>

#include "command.h"
#include "console.h"
#include "line.h"

/* What the line editor shows goes to the console. */
static void host_put(void *ctx, const char *text, size_t bytes)
{
	(void)ctx;
	console_write(text, bytes);
}

/* Tab completes the names of the table of commands. */
static const char *host_candidate(void *ctx, unsigned i)
{
	(void)ctx;
	return i < commands_count ? commands[i].name : NULL;
}

static const struct line_host host = { host_put, host_candidate, NULL };

/* One prompt and what the person answers. Return 1 if there is a line. */
static int line_ask(struct line *line)
{
	enum line_event event;

	line_prompt(line, "kaal> ");
	do {
		event = line_feed(line, console_read());
	} while (event == LINE_MORE);
	if (event == LINE_TOO_LONG)
		console_printf("line not run: it has %u characters more than "
			       "the %u that fit\n",
			       line->dropped, LINE_BYTES - 1);
	return event == LINE_READY;
}

/* Never returns but without a console: `poweroff` ends the whole machine. */
int glue_program_main(const struct glue_env *env)
{
	static struct line line;

	if (!console_open(env)) {
		glue_printf("shell: no console: no serial driver works, and no "
			    "UART was granted\n");
		return 1;
	}
	line_open(&line, &host);
	console_printf("KaaL shell. \"help\" lists the commands.\n");
	for (;;)
		if (line_ask(&line))
			command_line(line.text);
}
