/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_client.h - using a disk: open, read, write, many requests in flight.
 *
 * Data lies in the region lent to the driver: get buffers by glue_block_alloc;
 * the device reads and writes these very pages. A request belongs to the
 * library from glue_block_submit until its done callback. The library keeps
 * every unanswered request, in order, so that it can be sent again when a
 * driver has been replaced. One thread; struct glue_block is the caller's.
 * Protocol: glue/block.h. Read next: glue/client/block.c
 */
#ifndef GLUE_BLOCK_CLIENT_H
#define GLUE_BLOCK_CLIENT_H

#include <stdint.h>
#include <glue/block.h>
#include <glue/block_sums.h>
#include <glue/env.h>
#include <glue/err.h>
#include <glue/port.h>

#define GLUE_BLOCK_PAGE_BYTES 4096u
#define GLUE_BLOCK_PAGES_MAX  (GLUE_LENT_SPAN / GLUE_BLOCK_PAGE_BYTES)

/* One request. The caller fills the first part and keeps the struct (and the
 * data) untouched until the end. */
struct glue_block_request {
	uint8_t op;	/* enum glue_block_op, not INFO */
	uint8_t flags;	/* GLUE_BLOCK_FUA, GLUE_BLOCK_NO_UNMAP */
	uint16_t watch; /* the library's: block_sums.c */
	uint32_t count; /* sectors */
	uint64_t sector;
	void *data; /* inside the lent region; READ, WRITE only */
	void (*done)(struct glue_block_request *req); /* may be NULL */
	void *owner;				      /* the caller's own */
	/* Written by the library. */
	enum k_err status; /* valid once in_flight is 0 */
	uint32_t in_flight;
	uint32_t tag; /* grows with each submit, wraps around */
};

/* An open disk, about 4 KiB. Every field belongs to glue/client. */
struct glue_block {
	struct glue_port port;
	struct glue_block_request *slot[GLUE_BLOCK_DEPTH];
	uint8_t free_slot[GLUE_BLOCK_DEPTH]; /* stack of free slots */
	uint32_t n_free;
	uint32_t n_slots; /* as many as the ring is deep */
	uint32_t n_plain; /* the same; 0 if sums are kept: the long way */
	uint32_t serial;  /* upper tag bits: late answers, order */
	struct glue_block_info info;
	struct glue_block_request sync;		  /* of the blocking calls */
	uint64_t used[GLUE_BLOCK_PAGES_MAX / 64]; /* pages handed out */
	uint32_t next_page; /* where the search for free pages begins */
	struct glue_block_sums sums;
};

/**
 * glue_block_open - connect to a disk and read its properties.
 * @data_bytes:     memory to lend for buffers, 4096..GLUE_LENT_SPAN
 * @deadline_ticks: when to stop waiting for the driver's answer
 *
 * Return: what glue_broker_connect returns; K_ERR_TIMEOUT; K_ERR_PROTOCOL if
 *         the channel is not a block channel or the driver's answer is bad.
 */
enum k_err glue_block_open(struct glue_block *blk, const char *service,
			   uint64_t data_bytes, uint64_t deadline_ticks);

/* Give the channel back. Requests in flight end with K_ERR_GONE first. */
void glue_block_close(struct glue_block *blk);
/* Properties as of opening, or of the last refresh, which asks the driver.
 * Return of refresh: K_ERR_TIMEOUT, K_ERR_GONE; K_ERR_PROTOCOL: its answer is
 * bad, and what was known is kept. */
static inline const struct glue_block_info *glue_block_info(
	const struct glue_block *blk)
{
	return &blk->info;
}
enum k_err glue_block_refresh(struct glue_block *blk, uint64_t deadline_ticks);

/* Buffers in the lent region, whole pages. @align: a power of two, or 0 for
 * page-aligned. Return: NULL when there is no such run of free pages. */
void *glue_block_alloc(struct glue_block *blk, uint64_t bytes, uint64_t align);
void glue_block_free(struct glue_block *blk, void *data, uint64_t bytes);

/*
 * Blocking calls. Longer ones are cut by the disk's max_sectors. On
 * K_ERR_TIMEOUT the device may still own the data: until its answer comes the
 * next blocking call first waits for it (within its own deadline). A driver's
 * error, or K_ERR_GONE when the channel has closed.
 */
enum k_err glue_block_read(struct glue_block *blk, uint64_t sector,
			   uint32_t count, void *data, uint64_t deadline_ticks);
enum k_err glue_block_write(struct glue_block *blk, uint64_t sector,
			    uint32_t count, const void *data,
			    uint64_t deadline_ticks);
enum k_err glue_block_flush(struct glue_block *blk, uint64_t deadline_ticks);
enum k_err glue_block_discard(struct glue_block *blk, uint64_t sector,
			      uint32_t count, uint64_t deadline_ticks);
enum k_err glue_block_write_zeroes(struct glue_block *blk, uint64_t sector,
				   uint32_t count, uint64_t deadline_ticks);

/**
 * glue_block_submit - start a request; it leaves with the next kick or wait.
 *
 * Return: K_OK: done will be called, from glue_block_poll or _wait, never from
 *         here. Else the request was not taken: K_ERR_BUSY (as many in flight
 *         as the ring holds), K_ERR_GONE, K_ERR_INVALID, K_ERR_RANGE,
 *         K_ERR_ALIGN, K_ERR_READONLY, K_ERR_UNSUPPORTED.
 */
enum k_err glue_block_submit(struct glue_block *blk,
			     struct glue_block_request *req);

/* Show submitted requests to the driver; one signal, only if it sleeps. */
void glue_block_kick(struct glue_block *blk);
/* Handle completions that are there, or the channel's end. Return: how many
 * completions. */
unsigned int glue_block_poll(struct glue_block *blk);

/**
 * glue_block_wait - kick, then sleep until at least one request has ended.
 *
 * Return: K_OK: one or more ended (their done has run); K_ERR_TIMEOUT;
 *         K_ERR_GONE: the channel has closed and every request has ended with
 *         K_ERR_GONE; K_ERR_INVALID: nothing is in flight.
 */
enum k_err glue_block_wait(struct glue_block *blk, uint64_t deadline_ticks);

/* Requests that were taken and have not ended. */
static inline unsigned int glue_block_in_flight(const struct glue_block *blk)
{
	return blk->n_slots - blk->n_free;
}

/* For programs with their own event loop. Prepare returns 0 if something has
 * come meanwhile: poll, do not sleep. Each prepare is followed by an end. */
int glue_block_sleep_prepare(struct glue_block *blk);
void glue_block_sleep_end(struct glue_block *blk);
#define GLUE_BLOCK_EVENTS(blk) GLUE_PORT_EVENTS(&(blk)->port)

#endif
