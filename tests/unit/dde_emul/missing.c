// SPDX-License-Identifier: BSD-2-Clause
/*
 * missing.c - calls of functions that are not there: counted, logged once.
 *
 * What the link step makes up for a driver is made here by hand; that it makes
 * the right thing is missing_test.py's and the system tests' part.
 */
#include <linux/string.h>
#include <dde_missing.h>
#include "check.h"

const unsigned int dde_missing_count = 2;
const struct dde_caller dde_callers[] = {
	{ 0x1000, 0x1040, "first_caller" },
	{ 0x2000, 0x2040, "second_caller" },
	{ 0, 0, NULL },
};

static struct dde_missing named = { .name = "no_such_function" };
static struct dde_missing other = { .name = "nor_this_one" };

static void check_missing(void)
{
	fake_log_clear();
	dde_missing_announce();
	CHECK(strstr(fake_log, "2 functions of Linux are missing") != NULL);
	CHECK(*kit_counter(KIT_COUNTER_GAUGE, "functions missing") == 2);

	dde_missing_called(&named, 0x2004);
	CHECK(strstr(fake_log, "no_such_function") != NULL);
	CHECK(strstr(fake_log, "from second_caller+0x4;") != NULL);
	CHECK(*kit_counter(KIT_COUNTER_STUB, "no_such_function") == 1);

	fake_log_clear();
	dde_missing_called(&named, 0x1004);
	CHECK(!strstr(fake_log, "no_such_function"));
	CHECK(*kit_counter(KIT_COUNTER_STUB, "no_such_function") == 2);

	/* The address behind a last call still belongs to the caller. */
	dde_missing_called(&other, 0x1040);
	CHECK(strstr(fake_log, "from first_caller+0x40;") != NULL);
	dde_missing_called(&other, 0x3000);
	CHECK(*kit_counter(KIT_COUNTER_STUB, "nor_this_one") == 2);
}
CHECK_GROUP(missing);
