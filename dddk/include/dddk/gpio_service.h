/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpio_service.h - the gpio class for native drivers (glue/gpio.h).
 *
 * The kit keeps what the class promises and no device does: who owns a line,
 * who waits for it, an edge that nobody has been told of, what the line is for.
 * A driver reads and sets levels and directions, and calls dddk_gpio_edge from
 * its interrupt.
 * Read next: dddk/gpio/service.c
 */
#ifndef DDDK_GPIO_SERVICE_H
#define DDDK_GPIO_SERVICE_H

#include <stdint.h>
#include <dddk/request_service.h>
#include <glue/gpio.h>

#define DDDK_GPIO_LINES 32u /* most of one controller */

struct dddk_gpio_ops {
	/* The level on the wire, 0 or 1. */
	int (*level)(uint32_t line);
	int (*is_output)(uint32_t line);
	void (*make_input)(uint32_t line);
	/* Also of a line that is an output already: the new level. */
	void (*make_output)(uint32_t line, int level);
	/* Tell of these edges from now on, GLUE_GPIO_EDGE_*; 0: of none. */
	void (*listen)(uint32_t line, uint32_t edges);
};

/**
 * dddk_gpio_serve - begin to serve.
 * @ops:   must stay
 * @info:  lines at most DDDK_GPIO_LINES; an empty label becomes the device's
 *
 * Return: K_OK, for a probe to end with.
 */
enum k_err dddk_gpio_serve(const struct dddk_gpio_ops *ops,
			   const struct glue_gpio_info *info);

/* An edge has come. One of a line that is not listened to is forgotten. */
void dddk_gpio_edge(uint32_t line);

#endif
