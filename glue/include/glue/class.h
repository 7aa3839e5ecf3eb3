/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * class.h - the classes of services; each has its protocol header in glue.
 */
#ifndef GLUE_CLASS_H
#define GLUE_CLASS_H

enum glue_class {
	GLUE_CLASS_NONE = 0,
	GLUE_CLASS_BLOCK = 1,
	GLUE_CLASS_NET = 2,
	GLUE_CLASS_SERIAL = 3,
	GLUE_CLASS_RNG = 4,
	GLUE_CLASS_RTC = 5,
	GLUE_CLASS_GPIO = 6,
	GLUE_CLASS_INPUT = 7,
	GLUE_CLASS_IP = 8,
	GLUE_CLASS_TIMER = 9, /* no channels: glue/timer.h */
};

#endif
