/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * input.h - the input class protocol: keyboards, tablets, buttons.
 *
 * Form of requests: glue/request.h. Event types and codes are Linux's evdev
 * numbers (which VIRTIO 1.2, 5.8 uses too). Each client has a queue of its own
 * of GLUE_INPUT_QUEUE events; when it is full, whole reports are dropped and
 * counted, and the next report begins with an EV_SYN/SYN_DROPPED (0, 3).
 */
#ifndef GLUE_INPUT_H
#define GLUE_INPUT_H

#include <stdint.h>
#include <glue/request.h>

#define GLUE_INPUT_QUEUE 256u

enum glue_input_op {
	/* data: room for whole glue_input_event; ends when at least one report
	 * (events up to EV_SYN) is there; value: bytes */
	GLUE_INPUT_READ = GLUE_REQ_CLASS,
	/* arg: axis (ABS_*); struct glue_input_axis into the data */
	GLUE_INPUT_AXIS,
	/* arg: evdev type; bitmap of its codes into the data; value: bytes */
	GLUE_INPUT_CODES,
	/* arg: type << 32 | code << 16 | value: LEDs, sounds */
	GLUE_INPUT_SEND,
	/* value: events dropped on this channel since it opened */
	GLUE_INPUT_DROPPED,
};

struct glue_input_event {
	uint64_t when_ticks; /* CNTVCT_EL0 */
	uint16_t type;
	uint16_t code;
	int32_t value;
};

struct glue_input_axis {
	int32_t minimum;
	int32_t maximum;
	int32_t fuzz;
	int32_t flat;
	int32_t resolution;
	int32_t value; /* now */
};

struct glue_input_info {
	uint32_t types; /* bit 1 << evdev type */
	uint16_t bus;
	uint16_t vendor;
	uint16_t product;
	uint16_t version;
	char name[64];
	char driver[32];
};

_Static_assert(sizeof(struct glue_input_event) == 16, "packed in data");

#endif
