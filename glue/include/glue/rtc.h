/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rtc.h - the real-time clock class protocol. Form of requests: glue/request.h.
 *
 * Times are seconds since 1970-01-01 00:00:00 UTC.
 */
#ifndef GLUE_RTC_H
#define GLUE_RTC_H

#include <stdint.h>
#include <glue/request.h>

enum glue_rtc_op {
	GLUE_RTC_READ = GLUE_REQ_CLASS, /* value: the time */
	GLUE_RTC_SET,			/* arg: the time */
	/* arg: when; value: 0. Ends at that time with K_OK, or now if it has
	 * come, so also if it comes while the driver is away; K_ERR_BUSY while
	 * another alarm waits, K_ERR_UNSUPPORTED */
	GLUE_RTC_ALARM,
};

#define GLUE_RTC_F_SET	 (1u << 0)
#define GLUE_RTC_F_ALARM (1u << 1)

struct glue_rtc_info {
	uint32_t features; /* GLUE_RTC_F_* */
	uint32_t rsvd;
	int64_t first; /* range of times the clock can hold */
	int64_t last;
	char driver[32];
};

#endif
