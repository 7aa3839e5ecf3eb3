/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * commands.c - the table of all commands, help, and how a line is run.
 *
 * To add a command: a line in the table, a declaration in command.h, the
 * function in the cmd_*.c file of its noun.
 */
#include <glue/string.h>

#include "command.h"
#include "console.h"
#include "text.h"

#define ARGS_MANY TEXT_WORDS_MAX

/* clang-format off */
const struct command commands[] = {
	{ "help", "[COMMAND]", "this list, or one command", 0, 2, cmd_help },
	{ "ps", "", "processes: kind, state, memory, time", 0, 0, cmd_ps },
	{ "devices", "", "devices of the machine and who drives them", 0, 0,
	  cmd_devices },
	{ "caps", "PROCESS", "its capabilities and its memory", 1, 1, cmd_caps },
	{ "counters", "PROCESS", "what a process has counted", 1, 1,
	  cmd_counters },
	{ "dde stubs", "DRIVER", "missing functions of Linux that it has called",
	  1, 1, cmd_dde_stubs },
	{ "services", "", "what drivers offer", 0, 0, cmd_services },
	{ "mem", "", "memory: all and free", 0, 0, cmd_mem },
	{ "blk list", "", "disks", 0, 0, cmd_blk_list },
	{ "blk info", "N", "size, limits and driver of disk N", 1, 1,
	  cmd_blk_info },
	{ "blk read", "N SECTOR COUNT", "show up to 64 sectors", 3, 3,
	  cmd_blk_read },
	{ "blk write", "N SECTOR TEXT", "put TEXT (in quotes if it has blanks) at a sector",
	  3, 3, cmd_blk_write },
	{ "blk flush", "N", "make earlier writes permanent", 1, 1,
	  cmd_blk_flush },
	{ "blk discard", "N SECTOR COUNT", "tell the disk to forget sectors",
	  3, 3, cmd_blk_discard },
	{ "blk zeroes", "N SECTOR COUNT", "fill sectors with zeroes", 3, 3,
	  cmd_blk_zeroes },
	{ "blk sum", "N [SECTOR COUNT]", "SHA-256 of the disk, or of a part",
	  1, 3, cmd_blk_sum },
	{ "blk fill", "N SECTOR COUNT SEED", "write a pattern made from SEED",
	  4, 4, cmd_blk_fill },
	{ "blk check", "N SECTOR COUNT SEED", "compare with that pattern",
	  4, 4, cmd_blk_check },
	{ "blk copy", "N SECTOR M SECTOR COUNT", "copy from disk N to disk M",
	  5, 5, cmd_blk_copy },
	{ "blk bench", "N [REQUESTS [write]]", "time of requests by size and depth", 1,
	  3,
	  cmd_blk_bench },
	{ "trace blk", "N SECTOR", "each hop of one read, in order", 2, 2,
	  cmd_trace_blk },
	{ "gpio list", "", "gpio controllers and their lines", 0, 0,
	  cmd_gpio_list },
	{ "gpio get", "N LINE", "level of a line", 2, 2, cmd_gpio_get },
	{ "gpio set", "N LINE LEVEL", "make it an output, drive it", 3, 3,
	  cmd_gpio_set },
	{ "gpio watch", "N LINE [SECONDS]", "show its edges", 2, 3,
	  cmd_gpio_watch },
	{ "input list", "", "keyboards, tablets, buttons", 0, 0,
	  cmd_input_list },
	{ "input info", "N", "what input device N can say", 1, 1,
	  cmd_input_info },
	{ "input watch", "N [SECONDS]", "show events as they come", 1, 2,
	  cmd_input_watch },
	{ "input led", "N LED ON", "LED: 0 num, 1 caps, 2 scroll; ON: 0 or 1",
	  3, 3, cmd_input_led },
	{ "rng list", "", "random number sources", 0, 0, cmd_rng_list },
	{ "rng read", "N BYTES [hex]", "random bytes, as a dump or plain digits",
	  2, 3, cmd_rng_read },
	{ "rtc", "", "real-time clocks and what they say", 0, 0, cmd_rtc },
	{ "rtc set", "YYYY-MM-DD HH:MM:SS [N]", "put a clock right", 2, 3,
	  cmd_rtc_set },
	{ "rtc alarm", "SECONDS [N]", "wait for a clock's alarm", 1, 2,
	  cmd_rtc_alarm },
	{ "date", "", "the time of clock 0", 0, 0, cmd_date },
	{ "net list", "", "network cards and their addresses", 0, 0,
	  cmd_net_list },
	{ "net info", "[CARD]", "one card of \"net list\", by number or name", 0, 1,
	  cmd_net_info },
	{ "net ping", "HOST [COUNT [STACK]]", "is a host there, how fast", 1, 3,
	  cmd_net_ping },
	{ "net arp", "", "hosts on the wire heard of lately", 0, 0,
	  cmd_net_arp },
	{ "net stats", "[STACK]", "what an IP stack and its cards have counted", 0, 1,
	  cmd_net_stats },
	{ "net resolve", "NAME", "a host's address, by DNS", 1, 1,
	  cmd_net_resolve },
	{ "serial list", "", "serial lines and virtual consoles", 0, 0,
	  cmd_serial_list },
	{ "serial info", "N", "settings and driver of line N", 1, 1,
	  cmd_serial_info },
	{ "serial stats", "N", "bytes and errors so far", 1, 1,
	  cmd_serial_stats },
	{ "serial set", "N BAUD [8n1 [rts]]", "speed and format", 2, 4,
	  cmd_serial_set },
	{ "serial break", "N [MS]", "send a break", 1, 2, cmd_serial_break },
	{ "serial write", "N TEXT", "send a text and a line end", 2, 2,
	  cmd_serial_write },
	{ "serial read", "N [BYTES]", "show what comes next", 1, 2,
	  cmd_serial_read },
	{ "serial sum", "N BYTES", "SHA-256 of what comes next", 2, 2,
	  cmd_serial_sum },
	{ "serial fill", "N BYTES SEED", "send a pattern made from SEED", 3, 3,
	  cmd_serial_fill },
	{ "serial echo", "N", "send back what comes", 1, 1, cmd_serial_echo },
	{ "serial bench", "N [LINES]", "time of 64-byte lines", 1, 2,
	  cmd_serial_bench },
	{ "console sum", "BYTES", "SHA-256 of what is pasted next", 1, 1,
	  cmd_console_sum },
	{ "run", "NAME [ARGS]", "start a program and wait for its end",
	  1, ARGS_MANY, cmd_run },
	{ "start", "NAME [ARGS]", "start a program, or a driver that has ended",
	  1, ARGS_MANY, cmd_start },
	{ "kill", "PROCESS", "end a process: its pid, service or program", 1, 1,
	  cmd_kill },
	{ "stop", "DRIVER", "let it end what its device has, and leave it off",
	  1, 1, cmd_stop },
	{ "hang", "PROCESS", "let a process loop for ever", 1, 1, cmd_hang },
	{ "fault", "PROCESS KIND [SEED]", "let it go wrong: instruction, "
	  "branch, pointer, stack, heap, register, null, hang, storm, deaf", 2, 3,
	  cmd_fault },
	{ "poweroff", "[STATUS]", "switch the machine off", 0, 1,
	  cmd_poweroff },
};
/* clang-format on */

const unsigned commands_count = sizeof(commands) / sizeof(commands[0]);

/* Name and arguments in one column, so that lines stay below 80. */
static void help_line(const struct command *cmd)
{
	char left[48];
	size_t used;

	used = glue_strlcpy(left, cmd->name, sizeof(left) - 2);
	left[used++] = ' ';
	glue_strlcpy(left + used, cmd->args, sizeof(left) - used);
	console_printf("  %-33s %s\n", left, cmd->help);
}

/* All commands whose name starts with the given words. */
void cmd_help(int argc, char **argv)
{
	char wanted[32] = "";
	unsigned i, shown = 0;
	size_t used;

	if (argc)
		glue_strlcpy(wanted, argv[0], sizeof(wanted));
	used = strlen(wanted);
	if (argc > 1 && used + 2 < sizeof(wanted)) {
		wanted[used++] = ' ';
		glue_strlcpy(wanted + used, argv[1], sizeof(wanted) - used);
	}
	for (i = 0; i < commands_count; i++) {
		if (strncmp(commands[i].name, wanted, strlen(wanted)))
			continue;
		help_line(&commands[i]);
		shown++;
	}
	if (!shown)
		console_printf("no command starts with \"%s\": \"help\" lists "
			       "all of them\n",
			       wanted);
	else if (!argc)
		console_printf(
			"N is a number that the list of its kind shows. "
			"Numbers: 12, 0x1f, 64k, 3M. ^C stops a command.\n");
}

/* A line with at least one word. */
static void words_run(int words, char **word)
{
	const struct command *cmd = NULL;
	int used = 0;

	switch (command_find(commands, commands_count, words, word, &cmd,
			     &used)) {
	case COMMAND_FOUND:
		cmd->run(words - used, word + used);
		break;
	case COMMAND_ARGS:
		console_printf("usage: %s%s%s - %s\n", cmd->name,
			       cmd->args[0] ? " " : "", cmd->args, cmd->help);
		break;
	case COMMAND_HALF:
		if (words > 1)
			console_printf("no command \"%s %s\": ", word[0],
				       word[1]);
		else
			console_printf("\"%s\" needs another word: ", word[0]);
		console_printf("\"help %s\" lists its commands\n", word[0]);
		break;
	default:
		console_printf("no command \"%s\": \"help\" lists all of "
			       "them\n",
			       word[0]);
		break;
	}
}

void command_line(char *line)
{
	char *word[TEXT_WORDS_MAX];
	int words = text_split(line, word);

	if (words > 0)
		words_run(words, word);
	else if (words == -1)
		console_printf("more than %d words: a command takes fewer, or "
			       "put the text into quotes\n",
			       TEXT_WORDS_MAX);
	else if (words < 0)
		console_printf("a quote does not end: close it, or write \\ "
			       "before it\n");
}
