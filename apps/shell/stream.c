/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream.c - many sectors, several requests in flight, data in order.
 *
 * Piece i uses place i % STREAM_DEPTH. Before a place is used again its old
 * request must have ended, so waiting for the oldest keeps the order even
 * though the disk may answer in any order.
 */
#include "console.h"
#include "stream.h"

/* After ^C a silent disk gets this long to give the buffers back. */
#define CANCEL_WAIT_NS 1000000000ul

struct stream {
	struct disk *disk;
	enum glue_block_op op;
	stream_piece piece;
	void *ctx;
	uint8_t *data; /* STREAM_DEPTH pieces, in the lent region */
	uint32_t piece_sectors;
	uint32_t stopped;  /* no new pieces */
	uint32_t silent;   /* the disk does not answer: wait no more */
	uint64_t patience; /* when waiting for an answer ends, ticks */
	uint32_t used[STREAM_DEPTH]; /* a request of this place is out */
	struct glue_block_request req[STREAM_DEPTH];
};

/* No new pieces; those in flight are still awaited. */
static void stream_stop(struct stream *s, const char *why)
{
	if (!s->stopped && why)
		console_printf("%s: %s\n", s->disk->name, why);
	s->stopped = 1;
}

/* Looking costs a system call: once in a round of places, or while idle. */
static void cancel_look(struct stream *s)
{
	if (s->stopped || !console_cancelled())
		return;
	stream_stop(s, "stopped by ^C");
	s->patience = glue_deadline_ns(CANCEL_WAIT_NS);
}

/*
 * Wait until a place's request has ended. Return 0 if it does not: the device
 * may then still own its buffer, and nobody waits for the others either.
 */
static int request_await(struct stream *s, struct glue_block_request *req)
{
	enum k_err err;

	s->patience = s->stopped ? s->patience : disk_deadline();
	while (req->in_flight && !s->silent) {
		err = glue_block_wait(&s->disk->blk,
				      glue_deadline_ns(CONSOLE_LOOK_NS));
		cancel_look(s);
		if (err != K_ERR_TIMEOUT || glue_time_ticks() < s->patience)
			continue;
		disk_complain(s->disk, "request", req->sector, req->count, err);
		s->stopped = s->silent = 1;
	}
	return !req->in_flight;
}

/* The request of a place has ended: judge it, use the data of a read. */
static void place_finish(struct stream *s, unsigned place)
{
	struct glue_block_request *req = &s->req[place];

	if (!s->used[place] || !request_await(s, req))
		return;
	s->used[place] = 0;
	if (req->status && !s->stopped) {
		disk_complain(s->disk,
			      s->op == GLUE_BLOCK_READ ? "read" : "write",
			      req->sector, req->count, req->status);
		s->stopped = 1;
	} else if (s->op == GLUE_BLOCK_READ && !s->stopped &&
		   !s->piece(s->ctx, req->sector, req->data,
			     req->count * GLUE_BLOCK_SECTOR_BYTES)) {
		stream_stop(s, NULL);
	}
}

/* Fill a free place with the next piece and start it. */
static void place_begin(struct stream *s, unsigned place, uint64_t sector,
			uint32_t count)
{
	struct glue_block_request *req = &s->req[place];
	enum k_err err;

	*req = (struct glue_block_request){
		.op = (uint8_t)s->op,
		.sector = sector,
		.count = count,
		.data = s->data + place * STREAM_PIECE_BYTES,
	};
	if (s->op == GLUE_BLOCK_WRITE &&
	    !s->piece(s->ctx, sector, req->data,
		      count * GLUE_BLOCK_SECTOR_BYTES)) {
		stream_stop(s, NULL);
		return;
	}
	err = glue_block_submit(&s->disk->blk, req);
	if (err) {
		disk_complain(s->disk, "request", sector, count, err);
		s->stopped = 1;
		return;
	}
	s->used[place] = 1;
	glue_block_kick(&s->disk->blk);
}

/* Start pieces while places come free, then wait for the last ones. */
static void stream_pump(struct stream *s, uint64_t sector, uint64_t count)
{
	uint64_t part;
	unsigned place = 0, i;

	for (; count && !s->stopped; place = (place + 1) % STREAM_DEPTH) {
		place_finish(s, place);
		if (place == 0)
			cancel_look(s);
		if (s->stopped)
			break;
		part = count < s->piece_sectors ? count : s->piece_sectors;
		place_begin(s, place, sector, (uint32_t)part);
		sector += part;
		count -= part;
	}
	for (i = 0; i < STREAM_DEPTH; i++)
		place_finish(s, (place + i) % STREAM_DEPTH);
}

/* A silent disk keeps the buffers until the channel is closed. */
static void stream_close(struct stream *s)
{
	if (!s->silent)
		glue_block_free(&s->disk->blk, s->data, STREAM_LEND_BYTES);
}

int stream_run(struct disk *disk, enum glue_block_op op, uint64_t sector,
	       uint64_t count, stream_piece piece, void *ctx)
{
	static struct stream s;
	uint32_t most = disk->blk.info.max_sectors;

	s = (struct stream){
		.disk = disk, .op = op, .piece = piece, .ctx = ctx
	};
	s.piece_sectors = STREAM_PIECE_BYTES / GLUE_BLOCK_SECTOR_BYTES;
	if (most && most < s.piece_sectors)
		s.piece_sectors = most;
	s.data = glue_block_alloc(&disk->blk, STREAM_LEND_BYTES, 0);
	if (!s.data) {
		console_printf("%s: no room for buffers\n", disk->name);
		return 0;
	}
	stream_pump(&s, sector, count);
	stream_close(&s);
	return !s.stopped;
}
