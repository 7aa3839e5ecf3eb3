/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * command.h - a command of the shell: its name, arguments, help and function.
 *
 * A name has one or two words ("ps", "blk read"). The table is the only list
 * of commands: help, completion and the check of arguments all read it.
 */
#ifndef SHELL_COMMAND_H
#define SHELL_COMMAND_H

#include <stdint.h>

struct command {
	const char *name;
	const char *args; /* as help shows them, [optional] */
	const char *help; /* one line */
	uint8_t min_args; /* behind the name */
	uint8_t max_args;
	/* argv[0] is the first argument behind the name. */
	void (*run)(int argc, char **argv);
};

extern const struct command commands[];
extern const unsigned commands_count;

/* How the words of a line relate to the table. */
enum command_match {
	COMMAND_FOUND,
	COMMAND_UNKNOWN,
	COMMAND_HALF, /* first word of a two-word name, no more */
	COMMAND_ARGS, /* found, but too few or too many arguments */
};

/**
 * command_find - look a line's words up.
 * @table: @count commands
 * @cmd:   out for FOUND and ARGS
 * @used:  out for FOUND and ARGS: words that the name takes
 */
enum command_match command_find(const struct command *table, unsigned count,
				int words, char **word,
				const struct command **cmd, int *used);

/* Run one line; bad ones get one message. The line is cut up. */
void command_line(char *line);

/* The commands, one function each. */
void cmd_help(int argc, char **argv);
void cmd_ps(int argc, char **argv);
void cmd_devices(int argc, char **argv);
void cmd_caps(int argc, char **argv);
void cmd_counters(int argc, char **argv);
void cmd_dde_stubs(int argc, char **argv);
void cmd_services(int argc, char **argv);
void cmd_mem(int argc, char **argv);
void cmd_run(int argc, char **argv);
void cmd_start(int argc, char **argv);
void cmd_kill(int argc, char **argv);
void cmd_stop(int argc, char **argv);
void cmd_hang(int argc, char **argv);
void cmd_fault(int argc, char **argv);
void cmd_poweroff(int argc, char **argv);
void cmd_trace_blk(int argc, char **argv);
void cmd_blk_list(int argc, char **argv);
void cmd_blk_info(int argc, char **argv);
void cmd_blk_read(int argc, char **argv);
void cmd_blk_write(int argc, char **argv);
void cmd_blk_flush(int argc, char **argv);
void cmd_blk_discard(int argc, char **argv);
void cmd_blk_zeroes(int argc, char **argv);
void cmd_blk_sum(int argc, char **argv);
void cmd_blk_fill(int argc, char **argv);
void cmd_blk_check(int argc, char **argv);
void cmd_blk_copy(int argc, char **argv);
void cmd_blk_bench(int argc, char **argv);
void cmd_rng_list(int argc, char **argv);
void cmd_rng_read(int argc, char **argv);
void cmd_net_list(int argc, char **argv);
void cmd_net_info(int argc, char **argv);
void cmd_net_ping(int argc, char **argv);
void cmd_net_arp(int argc, char **argv);
void cmd_net_stats(int argc, char **argv);
void cmd_net_resolve(int argc, char **argv);
void cmd_serial_list(int argc, char **argv);
void cmd_serial_info(int argc, char **argv);
void cmd_serial_stats(int argc, char **argv);
void cmd_serial_set(int argc, char **argv);
void cmd_serial_break(int argc, char **argv);
void cmd_serial_write(int argc, char **argv);
void cmd_serial_read(int argc, char **argv);
void cmd_serial_sum(int argc, char **argv);
void cmd_serial_fill(int argc, char **argv);
void cmd_serial_echo(int argc, char **argv);
void cmd_serial_bench(int argc, char **argv);
void cmd_console_sum(int argc, char **argv);
void cmd_gpio_list(int argc, char **argv);
void cmd_gpio_get(int argc, char **argv);
void cmd_gpio_set(int argc, char **argv);
void cmd_gpio_watch(int argc, char **argv);
void cmd_input_list(int argc, char **argv);
void cmd_input_info(int argc, char **argv);
void cmd_input_watch(int argc, char **argv);
void cmd_input_led(int argc, char **argv);
void cmd_rtc(int argc, char **argv);
void cmd_rtc_set(int argc, char **argv);
void cmd_rtc_alarm(int argc, char **argv);
void cmd_date(int argc, char **argv);

#endif
