/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block.c - block client: requests into the ring, completions out of it.
 *
 * A request occupies a slot from submit to completion (tags.h). The driver is
 * not trusted: an answer that fits no request closes the disk on this side.
 * There are as many slots as ring entries, so the ring has room for whatever
 * has a slot. Blocking calls: block_sync.c. Buffers: block_memory.c.
 */
#include <glue/block_check.h>
#include <glue/block_client.h>
#include <glue/ring_ops.h>
#include <glue/trace.h>

#include "block_internal.h"
#include "tags.h"

_Static_assert(GLUE_BLOCK_DEPTH <= GLUE_TAG_SLOTS, "slot number in the tag");

static uint32_t take_slot(struct glue_block *blk)
{
	return blk->free_slot[--blk->n_free];
}

static void give_slot(struct glue_block *blk, uint32_t slot)
{
	blk->slot[slot] = NULL;
	blk->free_slot[blk->n_free++] = (uint8_t)slot;
}

/* The request leaves the library's hands; done may submit it again. */
static void end_request(struct glue_block_request *req, enum k_err status)
{
	req->status = status;
	req->in_flight = 0;
	glue_trace(GLUE_TRACE_CLIENT_COMPLETE, req->tag);
	if (req->done)
		req->done(req);
}

static struct glue_block_request *next_request(const struct glue_block *blk,
					       uint32_t after)
{
	return GLUE_TAG_NEXT(struct glue_block_request, blk->slot, blk->n_slots,
			     after);
}

void glue_block_lose(struct glue_block *blk, enum k_err status)
{
	struct glue_block_request *req;

	if (!glue_port_serves(&blk->port))
		return;
	blk->port.state = GLUE_PORT_GONE;
	while ((req = next_request(blk, glue_tag_oldest(blk->serial))) !=
	       NULL) {
		give_slot(blk, glue_tag_slot(req->tag));
		end_request(req, status);
	}
}

/* What it says makes no sense: its next life may know better. */
static void distrust(struct glue_block *blk)
{
	if (!glue_port_complain(&blk->port, GLUE_COMPLAINT_RING))
		glue_block_lose(blk, K_ERR_PROTOCOL);
}

/* Why not; or K_OK for what only the long way finds good. */
static __attribute__((noinline, cold)) enum k_err check_request(
	const struct glue_block *blk, const struct glue_block_request *req,
	uint64_t offset)
{
	struct glue_block_sqe sqe = {
		.op = req->op,
		.flags = req->flags,
		.sector = req->sector,
		.count = req->count,
		.offset = offset,
	};

	return glue_block_check(&blk->info, blk->port.data_bytes, &sqe);
}

/* From now on it is the library's. Return: its tag. */
static inline uint32_t keep(struct glue_block *blk,
			    struct glue_block_request *req)
{
	uint32_t slot = take_slot(blk);
	uint32_t tag = glue_tag_new(&blk->serial, slot);

	req->tag = tag;
	req->in_flight = 1;
	blk->slot[slot] = req;
	return tag;
}

/* Put a request that is kept into the ring; there is room. */
static inline void send(struct glue_block *blk,
			const struct glue_block_request *req, uint32_t tag,
			uint64_t offset)
{
	struct glue_block_sqe *entry = glue_ring_slot(&blk->port.sq,
						      sizeof(*entry));

	*entry = (struct glue_block_sqe){
		.op = req->op,
		.flags = req->flags,
		.tag = tag,
		.sector = req->sector,
		.count = req->count,
		.offset = offset,
	};
	glue_ring_push(&blk->port.sq);
	glue_trace(GLUE_TRACE_CLIENT_SUBMIT, tag);
}

/* A pointer below the region becomes a huge offset: out of range. */
static inline uint64_t offset_of(const struct glue_block *blk,
				 const struct glue_block_request *req)
{
	return req->data ? (uintptr_t)req->data - (uintptr_t)blk->port.data : 0;
}

/*
 * The driver's next life knows nothing of what the last one had not answered.
 * All of it is sent again in the order of its submission, so that no request
 * passes a flush that it was behind. What the device has done already it does
 * once more, with the same result.
 */
static void replay(struct glue_block *blk)
{
	uint32_t tag = glue_tag_oldest(blk->serial);
	const struct glue_block_request *req;

	while ((req = next_request(blk, tag)) != NULL &&
	       glue_ring_space(&blk->port.sq)) {
		tag = req->tag;
		send(blk, req, tag, offset_of(blk, req));
	}
	glue_block_kick(blk);
}

/* The channel, if nothing was in it: it may have become another one. */
static void look(struct glue_block *blk)
{
	enum glue_port_news news;

	if (!glue_port_serves(&blk->port))
		return;
	news = glue_port_look(&blk->port);
	if (news == GLUE_PORT_BACK)
		replay(blk);
	else if (news == GLUE_PORT_ENDED)
		glue_block_lose(blk, K_ERR_GONE);
}

/* Without a driver a good request is kept until the driver's next life. */
static __attribute__((noinline, cold)) enum k_err keep_for_later(
	struct glue_block *blk, struct glue_block_request *req, uint64_t offset)
{
	enum k_err err;

	if (!glue_port_serves(&blk->port))
		return K_ERR_GONE;
	err = check_request(blk, req, offset);
	if (err)
		return err;
	if (blk->n_free == 0)
		return K_ERR_BUSY;
	keep(blk, req);
	return blk->n_plain ? K_OK : glue_block_sums_begin(blk, req);
}

/* No room though there is a slot: only a driver that takes no entry, or cheats
 * with its index, can do that. Of one that cheats the next life gets it. */
static __attribute__((noinline, cold)) enum k_err no_room(
	struct glue_block *blk, struct glue_block_request *req, uint64_t offset)
{
	if (!blk->port.sq.broken)
		return K_ERR_BUSY;
	distrust(blk);
	return keep_for_later(blk, req, offset);
}

/* INFO comes through here too; it is not offered to users. */
enum k_err glue_block_send(struct glue_block *blk,
			   struct glue_block_request *req)
{
	uint64_t offset = offset_of(blk, req);

	if (blk->port.state != GLUE_PORT_OPEN)
		return keep_for_later(blk, req, offset);
	if (req->flags ||
	    !glue_block_fits(&blk->info, blk->port.data_bytes, req->op,
			     req->sector, req->count, offset)) {
		enum k_err err = check_request(blk, req, offset);

		if (err)
			return err;
	}
	if (blk->n_free == 0)
		return K_ERR_BUSY;
	if (glue_ring_space(&blk->port.sq) == 0)
		return no_room(blk, req, offset);
	send(blk, req, keep(blk, req), offset);
	return blk->n_plain ? K_OK : glue_block_sums_begin(blk, req);
}

enum k_err glue_block_submit(struct glue_block *blk,
			     struct glue_block_request *req)
{
	if (req->op == GLUE_BLOCK_INFO)
		return K_ERR_UNSUPPORTED;
	if (!req->data &&
	    (req->op == GLUE_BLOCK_READ || req->op == GLUE_BLOCK_WRITE))
		return K_ERR_INVALID;
	return glue_block_send(blk, req);
}

void glue_block_kick(struct glue_block *blk)
{
	glue_port_kick(&blk->port);
}

/* Whose answer it is, if its slot is below @slots; NULL: nobody's. */
static inline struct glue_block_request *request_of(
	const struct glue_block *blk, uint32_t tag, uint32_t slots)
{
	struct glue_block_request *req;

	if (glue_tag_slot(tag) >= slots)
		return NULL;
	req = blk->slot[glue_tag_slot(tag)];
	return req && req->tag == tag ? req : NULL;
}

static inline enum k_err status_of(uint32_t said)
{
	return said < K_ERR_COUNT ? (enum k_err)said : K_ERR_PROTOCOL;
}

/* The same for a client that keeps sums. 0 also if the data is doubted: the
 * request stays, for the driver's next life. */
static __attribute__((noinline, cold)) int complete_watched(
	struct glue_block *blk, uint32_t tag, uint32_t said)
{
	struct glue_block_request *req = request_of(blk, tag, blk->n_slots);
	enum glue_block_verdict verdict;

	if (!req)
		return 0;
	verdict = glue_block_sums_end(blk, req, status_of(said));
	if (verdict == GLUE_BLOCK_DOUBTED &&
	    glue_port_complain(&blk->port, GLUE_COMPLAINT_DATA))
		return 0;
	give_slot(blk, glue_tag_slot(tag));
	end_request(req, verdict ? K_ERR_DAMAGED : status_of(said));
	return 1;
}

/* Match one answer to its request; 0 if there is none such. */
static int complete_one(struct glue_block *blk,
			const struct glue_block_cqe *cqe)
{
	struct glue_block_request *req = request_of(blk, cqe->tag,
						    blk->n_plain);

	if (!req)
		return complete_watched(blk, cqe->tag, cqe->status);
	give_slot(blk, glue_tag_slot(cqe->tag));
	end_request(req, status_of(cqe->status));
	return 1;
}

unsigned int glue_block_poll(struct glue_block *blk)
{
	struct glue_block_cqe cqe;
	unsigned int n = 0;

	/* done may close or lose the disk: its state is asked each time. */
	while (blk->port.state == GLUE_PORT_OPEN &&
	       glue_ring_ready(&blk->port.cq)) {
		glue_ring_peek(&blk->port.cq, &cqe, sizeof(cqe));
		glue_ring_pop(&blk->port.cq);
		if (!complete_one(blk, &cqe)) {
			if (blk->port.state == GLUE_PORT_OPEN)
				distrust(blk);
			return n;
		}
		n++;
	}
	if (blk->port.cq.broken)
		distrust(blk);
	if (n && blk->port.state == GLUE_PORT_OPEN)
		glue_ring_release(&blk->port.cq);
	else if (!glue_port_alive(&blk->port))
		look(blk);
	return n;
}

int glue_block_sleep_prepare(struct glue_block *blk)
{
	return glue_port_sleep_prepare(&blk->port);
}

void glue_block_sleep_end(struct glue_block *blk)
{
	glue_port_sleep_end(&blk->port);
}

enum k_err glue_block_wait(struct glue_block *blk, uint64_t deadline_ticks)
{
	uint64_t events = 1;
	struct glue_silence silence = { 0 };

	if (!glue_port_serves(&blk->port))
		return K_ERR_GONE;
	if (glue_block_in_flight(blk) == 0)
		return K_ERR_INVALID;
	glue_block_kick(blk);
	for (;;) {
		if (glue_block_poll(blk))
			return K_OK;
		if (!glue_port_serves(&blk->port))
			return K_ERR_GONE;
		if (!events)
			return K_ERR_TIMEOUT;
		events = glue_port_await(&blk->port, deadline_ticks, &silence);
	}
}
