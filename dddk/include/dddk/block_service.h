/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_service.h - the block service that every driver, native or Linux,
 * stands behind.
 *
 * The service owns the channels: it takes requests from up to 32 clients in
 * turn, checks each, answers bad ones itself, and hands good ones to the
 * driver. A driver sees no ring, no client and no bad request. One service a
 * process; one thread; nothing here blocks. The driver's loop, and how it
 * sleeps: dddk/service.h.
 * Owner of a request's data: the device from submit until complete.
 * Protocol: glue/block.h. Read next: dddk/block/service.c
 */
#ifndef DDDK_BLOCK_SERVICE_H
#define DDDK_BLOCK_SERVICE_H

#include <stdint.h>
#include <glue/block.h>
#include <glue/err.h>

#define DDDK_BLOCK_TOKENS 256u /* most requests inside the driver */

/*
 * A checked request: op is READ, WRITE, FLUSH, DISCARD or WRITE_ZEROES and the
 * device can do it; sector and count lie on the disk, fit logical_bytes and
 * the limits in info; data is memory the device may use. FUA never shows: the
 * service turns it into a FLUSH after the WRITE, with the same token.
 */
struct dddk_block_req {
	uint8_t op;	 /* enum glue_block_op */
	uint8_t flags;	 /* GLUE_BLOCK_NO_UNMAP or 0 */
	uint32_t token;	 /* names the request; < DDDK_BLOCK_TOKENS */
	uint64_t sector; /* 512-byte units */
	uint32_t count;	 /* sectors */
	uint32_t bytes;	 /* count * 512 for READ and WRITE, else 0 */
	void *data;	 /* NULL without data */
	uint64_t bus;	 /* what the device must be told; contiguous */
};

struct dddk_block_ops {
	/*
	 * Start one request, or queue it for commit. K_ERR_BUSY: no room; the
	 * request stays in the client's ring and is offered again after the
	 * next completion. Any other error answers the client.
	 * The request struct is valid only during the call.
	 */
	enum k_err (*submit)(void *drv, const struct dddk_block_req *req);
	/* After a batch of submits: tell the device, once. May be NULL. */
	void (*commit)(void *drv);
};

/**
 * dddk_block_start - begin to serve; call once the device works.
 * @ops, @drv: the driver; must stay
 * @info:      copied. `driver` and `serial` are for people. The limits are
 *             kept: max_sectors 0 means no limit of the device's own
 *
 * Return: K_ERR_INVALID, with a line in the log, if info makes no sense
 *         (logical_bytes must be a power of two, 512..4096).
 */
enum k_err dddk_block_start(const struct dddk_block_ops *ops, void *drv,
			    const struct glue_block_info *info);

/* The device has changed (size, read-only): later requests see the new info.
 * K_ERR_INVALID: it makes no sense (logged), and they see the old. */
enum k_err dddk_block_set_info(const struct glue_block_info *info);

/**
 * dddk_block_poll - take what clients have submitted and give it to the driver.
 * @events: what dddk_service_wait or glue_wait returned, all of it: it tells
 *          which clients have signalled, and GLUE_EVENT_CONTROL that the
 *          channel table has changed
 *
 * Call it after each wait, also when only an interrupt came: what the driver
 * had no room for is offered again.
 *
 * Return: requests taken out of the rings, also those answered at once.
 */
unsigned int dddk_block_poll(uint64_t events);

/**
 * dddk_block_complete - the driver has finished a request, in any order.
 * @token:  from the request
 * @status: K_OK or the reason, as the client will see it
 *
 * May be called from inside submit. A token that is not in flight is dropped
 * with one log line; an answer to a client that has gone is dropped silently.
 * The client sees it with the next dddk_service_flush.
 */
void dddk_block_complete(uint32_t token, enum k_err status);

/* Requests inside the driver now. */
unsigned int dddk_block_in_flight(void);

/*
 * Called when a channel opens (1) and after its last request has ended (0),
 * with the memory that its client lends. For drivers that keep data on each
 * page, as Linux does. Set before dddk_block_start.
 */
struct dddk_block_region {
	void *data;
	uint64_t bus;
	uint64_t bytes;
};
void dddk_block_on_region(
	void (*changed)(const struct dddk_block_region *region, int opened));

#endif
