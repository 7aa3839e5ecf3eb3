/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * disk.h - a fake disk at the server end of channel 0, for the block client.
 *
 * It runs when it is signalled, as a driver of higher priority would, and
 * answers at once unless `disk_hold` is set. Its broker opens the channel.
 */
#ifndef FAKE_DISK_H
#define FAKE_DISK_H

#include <stdint.h>
#include <glue/block_client.h>

#define DISK_SECTORS 4096u
#define DISK_REGION  (1u << 20)
#define DISK_DEPTH   128u

extern uint8_t disk_medium[DISK_SECTORS * 512];
extern struct glue_block_info disk_info;
extern int disk_hold;		    /* do not answer until let go */
extern enum k_err disk_next_status; /* of the next request, then K_OK */
extern enum k_err disk_connect_err; /* what the broker says */
extern unsigned int disk_disconnects, disk_reconnects;
extern uint64_t disk_complaints; /* bits: enum glue_complaint; it dies of one */
extern enum k_err disk_complaint_err; /* or the broker believes none, */
extern uint64_t disk_complaint_at;    /* before this tick if it is not 0 */

/* Entries taken from the ring so far, oldest first. */
extern struct glue_block_sqe disk_taken[4096];
extern unsigned int disk_n_taken;

/* A fresh process, a disk with known content, nothing connected. */
void disk_start(void);

/* Take what is in the ring and answer it, as after a signal. */
void disk_run(void);

/* Put any answer into the completion ring. */
void disk_answer(uint32_t tag, uint32_t status);

/* Do what was held, and answer it or not: of those in flight any may be next. */
void disk_move(const struct glue_block_sqe *sqe);
void disk_do(const struct glue_block_sqe *sqe);

/* The driver dies, with what it took and has not answered; the broker says so.
 * And it lives again, on rings that the client must have cleared. */
void disk_die(void);
void disk_live(void);

/* --- for tests with several requests in flight --------------------------- */

extern struct glue_block blk;
extern struct glue_block_request req[DISK_DEPTH + 1];
extern unsigned int done_order[DISK_DEPTH + 1], n_done;

/* disk_start, and blk open on it. Usable as a cmocka set-up. */
int disk_start_open(void **state);

/* Fill the first @n requests: 4 KiB reads, each with a buffer of its own. */
void disk_prepare(unsigned int n);

/* A deadline that the fake clock reaches at once. */
uint64_t soon(void);

#endif
