/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native.h - a native driver, its client and its fake device in one process.
 *
 * The client is our own library at the other end of a channel (loopback.h).
 * The driver's loop runs when its client signals, when the device interrupts,
 * and the device works when somebody would sleep: the driver in its probe, or
 * the client. Nothing runs at the same time as anything else.
 */
#ifndef FAKE_NATIVE_H
#define FAKE_NATIVE_H

#include <stdint.h>
#include <glue/err.h>

struct native {
	/* What the test says before native_probe. */
	uint16_t class_id;
	uint32_t depth;	 /* of the rings */
	uint64_t region; /* bytes that the client lends */
	/* The device does one thing. Returns 0 if it has nothing to do. */
	int (*device_step)(void);
	/* Empty what the class's service keeps beside tokens and channels, and
	 * a next life of the process does not have. */
	void (*forget)(void);
	int revives; /* who waits for a driver that ended sees its next life */
	/* What the driver came to. */
	enum k_err driver_end; /* what ended the process */
	unsigned int lives;    /* that have ended */
	int in_driver;	       /* nobody calls it again from inside */
};
extern struct native native;

/* A fresh process; the test describes its device in fake_env() then. */
void native_start(uint16_t class_id, uint32_t depth, uint64_t region,
		  int (*device_step)(void));

/* Probe, or probe again, as it is. Return: what probe says. */
enum k_err native_probe(void);

/* The driver's loop with these events, until it would sleep. */
void native_run(uint64_t events);

/* Probe fails with this error and a log that has these words. */
void native_refused(enum k_err err, const char *why);

/* So much time, in which the driver is woken whenever it likes, and the device
 * does nothing. */
void native_pass(unsigned int ms);

/* The driver has come to this, K_OK: it goes on, and has said that. */
void native_expect(enum k_err end, const char *said);

/* The driver's own end, for this reason. Return: the process's status. */
int native_stop(enum k_err why);

/* The driver has ended: its next life. The client finds out at its next poll,
 * and asks again what was open. */
void native_live_again(void);

/* The end of a test: a driver that has ended, or does now, begins anew. */
void native_end(void);

#endif
