/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * driver.h - a native driver: one declaration, a few functions, one life.
 *
 * A driver's file ends with
 *
 *	DDDK_DRIVER("class=rtc match=amba:d???41031") = {
 *		.regs_bytes = sizeof(struct clock_regs),
 *		.probe = clock_probe,
 *		.irq = clock_irq,
 *	};
 *
 * The text is what its manifest line says of it (docs/manifest.md), read from
 * the ELF when the system is built: nothing is registered anywhere else. The
 * kit finds the device, runs the loop and calls the driver:
 *
 *	probe     the device works after it, and the class serves (dddk_X_start)
 *	irq       an interrupt has come; the kit acknowledges it, later if
 *	          the device holds its level for nothing (driver/interrupts.c)
 *	timer     the deadline set by dddk_timer_set has passed
 *	quiesce   the device stops: no DMA, no interrupt when this returns
 *
 * A driver that finds its device out of its mind calls dddk_driver_broken and
 * returns. The kit then quiesces the device and ends the process; the broker
 * starts it again, and its clients' library asks its next life for what is open
 * (docs/reliability.md). So no driver has code for a recovery. One process
 * drives one device and is one thread, so nothing here takes a lock.
 * How to write one: docs/writing-a-driver.md. Read next: dddk/driver/main.c
 */
#ifndef DDDK_DRIVER_H
#define DDDK_DRIVER_H

#include <stdint.h>
#include <dddk/log.h>
#include <dddk/reg.h>
#include <glue/env.h>
#include <glue/err.h>

struct dddk_driver {
	/* The register block is at least so long, or probe is not called. */
	uint64_t regs_bytes;
	/* Make the device work and serve the class (dddk_X_start). */
	enum k_err (*probe)(void *regs);
	/* The device interrupts; with several lines, one of them. NULL for a
	 * device without one. */
	void (*irq)(void);
	/* The deadline has passed; there is none until it is set again. */
	void (*timer)(void);
	/* Stop the device: reset, and wait until it says so. From one that does
	 * not the broker keeps its memory. */
	void (*quiesce)(void);
	/* Serve the clients: around the class's own dddk_X_poll, or
	 * directly it for speed. NULL: that. */
	unsigned int (*poll)(uint64_t events);
};

/* The driver of this program; DDDK_DRIVER defines it. */
extern const struct dddk_driver dddk_driver;

#define DDDK_DRIVER(manifest)                                                  \
	DDDK_MANIFEST(manifest);                                               \
	const struct dddk_driver dddk_driver

/* The words alone, for a driver that has a loop of its own. */
#define DDDK_MANIFEST(manifest)                                                \
	__asm__(".pushsection dddk_manifest,\"\",%progbits\n"                  \
		".ascii \"" manifest "\"\n"                                    \
		".popsection")

/**
 * dddk_device_regs - a register block of the device beside the first.
 * @index: which of the device's regions; probe is given number 0
 * @bytes: the driver will touch so many, sizeof its structure
 *
 * Return: NULL, with a line in the log, if the device has no such region or it
 * is smaller.
 */
void *dddk_device_regs(unsigned int index, uint64_t bytes);

/**
 * dddk_timer_set - call the driver's timer at a tick.
 * @deadline_ticks: as glue_deadline_ns makes it; GLUE_FOREVER: never
 *
 * One deadline a driver; setting it again moves it.
 */
void dddk_timer_set(uint64_t deadline_ticks);

/**
 * dddk_driver_broken - the device does what no device may do.
 * @register_name: where it was seen: a register or a field of a ring
 * @value:         what stood there
 * @hint:          what it means, for people
 *
 * Returns; the driver must return to the loop and touch the device no more: this
 * process ends. Calls after the first are ignored.
 */
void dddk_driver_broken(const char *register_name, uint64_t value,
			const char *hint);

/* The same, where what has happened has been said. */
void dddk_driver_end(enum k_err why);

/**
 * dddk_driver_listen - end this process when its interrupts are lost.
 * @cause: the register that says why the device interrupts; 0: it does not. To
 *         read it changes nothing
 *
 * Read in each heartbeat of the broker, four times a second: a device that has
 * a cause while no interrupt has come is served all the same, but the third time
 * in a row the driver ends, and its next life has its interrupt again. To be
 * called in each probe, or nobody notices; dddk_virtio_begin does, on virtio-mmio.
 */
void dddk_driver_listen(dddk_ro32 *cause);

/* Is this the end? A driver's loops over a device's data end on it. */
int dddk_driver_is_broken(void);

#endif
