/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_clock.c - around the native drivers of a PL031.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glue/class.h>
#include <glue/rt.h>
#include "fake/clock.h"
#include "fake/forget.h"
#include "fake/native.h"
#include "native_clock.h"

#define SECOND 1000000000ul

struct glue_req_port port;

int clock_set_up(void **state)
{
	(void)state;
	native_start(GLUE_CLASS_RTC, GLUE_REQ_DEPTH, 4096, fake_clock_step);
	native.forget = forget_requests;
	fake_clock_start(NOW);
	assert_int_equal(native_probe(), K_OK);
	return glue_req_open(&port, "rtc0", GLUE_CLASS_RTC, 4096);
}

int clock_tear_down(void **state)
{
	(void)state;
	native_end();
	glue_req_close(&port);
	return 0;
}

enum k_err ask(uint16_t op, uint64_t arg, uint64_t *value)
{
	return glue_req_call(&port, op, 0, arg, NULL, 0, value,
			     glue_deadline_ns(60 * SECOND));
}
