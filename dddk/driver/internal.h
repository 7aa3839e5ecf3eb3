/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * internal.h - a driver's life in steps, for its loop and for tests.
 */
#ifndef DDDK_DRIVER_INTERNAL_H
#define DDDK_DRIVER_INTERNAL_H

#include <stdint.h>
#include <glue/err.h>

/* A life begins: probe. */
enum k_err dddk_driver_start(void);

/* One turn of the loop, without the sleep before it. Returns what ends the
 * process. */
enum k_err dddk_driver_turn(uint64_t events);

/* The end of a life: with K_OK what the device has is ended first, or else
 * that is why. Return: the process's status. */
int dddk_driver_stop(enum k_err err);

/* The kit's own deadline, beside the driver's timer: @look is called once. */
void dddk_driver_look_at(uint64_t deadline_ticks, void (*look)(void));

/* When the loop wakes by itself. */
uint64_t dddk_driver_wake_at(void);

/* Interrupts that rest: they are acknowledged at `until`. */
struct dddk_driver_rest {
	uint32_t interrupts; /* bit i: of glue_env()->irq */
	uint64_t until;
};
extern struct dddk_driver_rest dddk_driver_rest;

/* Let the driver serve the interrupts among the events, and acknowledge. To be
 * called if there are any, or any rests. */
void dddk_driver_interrupts(uint64_t events);

/* A heartbeat without any: has the device one that has not come? */
void dddk_driver_miss_interrupts(void);

#endif
