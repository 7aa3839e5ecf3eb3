/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_rtc.c - commands on real-time clocks: rtc, rtc set, rtc alarm, date.
 */
#include <glue/class.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/rtc.h>
#include <glue/string.h>

#include "calendar.h"
#include "command.h"
#include "console.h"
#include "disk.h"
#include "service.h"

#define ALARM_SLACK_NS 5000000000ul /* clocks tick in whole seconds */
#define ALARM_SECONDS  1000000ul    /* most that a person waits for */

static char first_clock[] = "0";

static int clock_open(const char *word)
{
	return service_open("rtc", GLUE_CLASS_RTC, word, GLUE_PORT_LEND_MIN);
}

/* One operation without data; 0 after a message. */
static int clock_ask(const char *what, uint16_t op, uint64_t arg,
		     uint64_t *value)
{
	return service_good(what, service_ask(op, arg, 0, value,
					      SERVICE_PATIENCE_NS));
}

static void info_print(void)
{
	struct glue_rtc_info info;
	uint64_t deadline = glue_deadline_ns(SERVICE_PATIENCE_NS);
	char last[CALENDAR_TEXT_BYTES];

	if (!service_good("info", glue_req_info(&service.port, &info,
						sizeof(info), deadline)))
		return;
	calendar_text(info.last, last);
	console_printf("      %.31s%s%s, until %s\n", info.driver,
		       info.features & GLUE_RTC_F_SET ? ", can be set" : "",
		       info.features & GLUE_RTC_F_ALARM ? ", alarm" : "", last);
}

static int time_print(const char *name)
{
	char text[CALENDAR_TEXT_BYTES];
	uint64_t now;

	if (!clock_ask("read", GLUE_RTC_READ, 0, &now))
		return 0;
	calendar_text((int64_t)now, text);
	console_printf("%s%s UTC (%lu)\n", name, text, now);
	return 1;
}

static void list_clock(const char *name)
{
	char left[24];

	if (!clock_open(name))
		return;
	glue_snprintf(left, sizeof(left), "%-6s", name);
	if (time_print(left))
		info_print();
	service_close();
}

void cmd_rtc(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	service_each(GLUE_CLASS_RTC, list_clock,
		     "no clock: drivers.config names its driver, for "
		     "QEMU's virt DDE_RTC_DRV_PL031=y");
}

void cmd_date(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (!clock_open(first_clock))
		return;
	time_print("");
	service_close();
}

void cmd_rtc_set(int argc, char **argv)
{
	struct calendar date;
	int64_t seconds = -1;
	enum k_err err;

	if (calendar_read(argv[0], argv[1], &date))
		seconds = calendar_seconds(&date);
	if (seconds < 0) {
		console_printf("\"%s %s\" is no date from 1970 to 9999: write "
			       "it like 2026-11-21 03:04:05\n",
			       argv[0], argv[1]);
		return;
	}
	if (!clock_open(argc > 2 ? argv[2] : first_clock))
		return;
	err = service_ask(GLUE_RTC_SET, (uint64_t)seconds, 0, NULL,
			  SERVICE_PATIENCE_NS);
	if (err == K_ERR_RANGE)
		console_printf(
			"%s cannot count as far as %s: \"rtc\" shows its "
			"last date\n",
			service.name, argv[0]);
	else if (service_good("set", err))
		time_print("");
	service_close();
}

/* The request ends when the clock's interrupt has come. */
static void alarm_wait(uint64_t seconds)
{
	uint64_t patience = seconds * 1000000000ul + ALARM_SLACK_NS;
	uint64_t start = glue_time_ticks();
	uint64_t now, ms;

	if (!clock_ask("read", GLUE_RTC_READ, 0, &now) ||
	    !service_good("alarm", service_ask(GLUE_RTC_ALARM, now + seconds, 0,
					       NULL, patience)))
		return;
	ms = glue_ticks_to_ns(glue_time_ticks() - start) / 1000000;
	console_printf("%s: alarm after %lu.%03lu s\n", service.name, ms / 1000,
		       ms % 1000);
	time_print("");
}

void cmd_rtc_alarm(int argc, char **argv)
{
	uint64_t seconds;

	if (!disk_number_in(argv[0], "SECONDS", 1, ALARM_SECONDS, &seconds) ||
	    !clock_open(argc > 1 ? argv[1] : first_clock))
		return;
	alarm_wait(seconds);
	service_close();
}
