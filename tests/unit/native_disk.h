/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_disk.h - a fake disk behind a fake virtio device, for its driver.
 *
 * It is honest until a test sets `disk.lie`. Who runs when: fake/native.h
 */
#ifndef NATIVE_DISK_H
#define NATIVE_DISK_H

#include <stdint.h>
#include <glue/err.h>

#define SECTORS 2048u
#define REGION	(2u << 20)
#define ARENA	(64u << 10)

#define F_RO	       (1ull << 5)
#define F_BLK_SIZE     (1ull << 6)
#define F_FLUSH	       (1ull << 9)
#define F_DISCARD      (1ull << 13)
#define F_WRITE_ZEROES (1ull << 14)
#define F_INDIRECT     (1ull << 28)
#define F_EVENT	       (1ull << 29)
#define ALL	       (F_BLK_SIZE | F_FLUSH | F_DISCARD | F_WRITE_ZEROES | F_EVENT)

enum lie {
	HONEST,
	/* Data is written, and then: */
	NO_STATUS,  /* the status byte is not */
	BAD_STATUS, /* some number: `bad_status` */
	IO_ERROR,   /* an honest failure */
	/* It is not: */
	SHORT,	     /* success, but not all of the data */
	WRONG_ID,    /* no head of a request */
	FAR_ID,	     /* beyond the queue */
	TWICE,	     /* the same request ends twice */
	LONG,	     /* more bytes than it could write */
	JUMP,	     /* the index leaps */
	SILENT,	     /* nothing happens any more, but interrupts come */
	NEEDS_RESET, /* it says so itself */
};

struct native_disk {
	uint8_t medium[SECTORS * 512];
	uint8_t last_unmap;
	enum lie lie;
	unsigned int lies; /* told so far; honest after `lies_most` */
	unsigned int lies_most;
	uint8_t bad_status;
	unsigned int most_open; /* requests with the device at once */
	/* A request has been dealt with; has all of it been done, and does the
	 * device say so? May be NULL. */
	void (*on_answer)(uint32_t type, uint64_t sector, int is_done);
};
extern struct native_disk disk;

/* A fresh process with a fresh device, probed. Return: what probe says. */
enum k_err disk_start(uint64_t features, uint32_t blk_size);

/* The device is honest again, and its configuration what it was. */
void disk_behave(uint32_t blk_size);

/* The device answers one request of the driver. Return: 0 if there is none. */
int disk_step(void);

#endif
