/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.h - the cases of the probe program, which system tests start.
 *
 * A probe does one thing that a well-behaved process never does. Its words
 * come from `run probe CASE ARGS` in the shell; its exit status is 0 when the
 * system behaved, 1 when something got through, 2 for a bad command line.
 */
#ifndef SELFTEST_PROBE_H
#define SELFTEST_PROBE_H

#include <stdint.h>

#define PROBE_HELD  0 /* the system held */
#define PROBE_BROKE 1 /* the probe got through */
#define PROBE_USAGE 2

/* A case gets the words behind its name; missing ones are "". */
typedef int (*probe_case)(char *first, char *second, char *third);

/* main.c: run a case by its name. */
int probe_run(char *name, char *first, char *second, char *third);

/* wreck.c: a driver that runs a case once it is traced; instructions that
 * fault. */
int probe_wreck(char *name, char *first, char *second);
int probe_instruction(char *name, char *second, char *third);

/* isolation.c: each ends in a fault, or returns PROBE_BROKE. */
int probe_read(char *place, char *second, char *third);
int probe_write(char *place, char *second, char *third);
int probe_jump(char *place, char *second, char *third);
int probe_halt(char *first, char *second, char *third);
int probe_cap(char *slot, char *second, char *third);

/* ask.c: any request to the broker; it reads the whole line. */
int probe_ask(char *first, char *second, char *third);

/* channel.c: a client that breaks the block protocol on the raw ring. */
int probe_garbage(char *disk, char *kind, char *seed);
int probe_requests(char *disk, char *second, char *third);
int probe_clients(char *disk, char *count, char *ms);
int probe_deaf(char *disk, char *ms, char *third);
int probe_flood(char *disk, char *ms, char *third);

/* load.c: a client that keeps a disk busy. */
int probe_load(char *disk, char *seconds, char *third);

/* random.c: a hasty client of a random number source. */
int probe_random(char *service, char *rounds, char *third);

/* input.c: a client that does not read its events. */
int probe_input(char *service, char *second, char *third);

/* timer.c: a client of the timer service that keeps time, one that lies. */
int probe_ticks(char *ms, char *count, char *third);
int probe_timers(char *count, char *second, char *third);

int probe_alarms(char *service, char *count, char *seed);

/* uses.c: clients of small services, whose drivers are killed meanwhile. */
int probe_words(char *service, char *ms, char *third);
int probe_clock(char *service, char *ms, char *third);
int probe_pins(char *service, char *ms, char *third);
int probe_points(char *service, char *second, char *third);

/* serial.c: a client of a line that may be another's. */
int probe_serial(char *service, char *what, char *third);

/* line.c: numbered bytes over a line, which tell what is missing. */
int probe_line(char *service, char *what, char *count);

#endif
