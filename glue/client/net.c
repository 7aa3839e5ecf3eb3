/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net.c - net client: frames and buffers into the ring, answers out of it.
 *
 * A frame occupies a slot from send or fill to completion (tags.h). The driver
 * is not trusted: an answer that fits no frame, or claims more bytes than its
 * buffer has, closes the card on this side. There are as many slots as ring
 * entries, so the ring has room for whatever has a slot; two of them belong to
 * the library's own requests. Open, close, calls that block: net_sync.c.
 */
#include <glue/net_check.h>
#include <glue/net_client.h>
#include <glue/ring_ops.h>
#include <glue/trace.h>

#include "net_internal.h"
#include "tags.h"

_Static_assert(GLUE_NET_DEPTH == GLUE_TAG_SLOTS, "each tag has a slot");

/* What in_flight says, beside 0. */
enum { SENT = 1, LENT = 2, OWN = 3 };

static void end_frame(struct glue_net_frame *frame, enum k_err status)
{
	frame->status = status;
	frame->in_flight = 0;
	glue_trace(GLUE_TRACE_CLIENT_COMPLETE, frame->tag);
	if (frame->done)
		frame->done(frame);
}

static void give_slot(struct glue_net *net, uint32_t slot)
{
	net->slot[slot] = NULL;
	if (slot < glue_net_slot_rejoin(net))
		net->free_slot[net->n_free++] = (uint8_t)slot;
}

static struct glue_net_frame *next_frame(const struct glue_net *net,
					 uint32_t after)
{
	return GLUE_TAG_NEXT(struct glue_net_frame, net->slot, net->n_slots,
			     after);
}

void glue_net_lose(struct glue_net *net, enum k_err status)
{
	struct glue_net_frame *frame;

	if (!glue_port_serves(&net->port))
		return;
	net->port.state = GLUE_PORT_GONE;
	net->info.link = 0;
	while ((frame = next_frame(net, glue_tag_oldest(net->serial))) !=
	       NULL) {
		give_slot(net, glue_tag_slot(frame->tag));
		end_frame(frame, status);
	}
}

/* What it says makes no sense: its next life may know better. */
static void distrust(struct glue_net *net)
{
	if (!glue_port_complain(&net->port, GLUE_COMPLAINT_RING))
		glue_net_lose(net, K_ERR_PROTOCOL);
}

static uint64_t offset_of(const struct glue_net *net,
			  const struct glue_net_frame *frame)
{
	/* A pointer below the region becomes a huge offset: out of range. */
	return (uintptr_t)frame->data - (uintptr_t)net->port.data;
}

/* From now on the frame is the library's. Return: its tag. */
static inline uint32_t keep(struct glue_net *net, struct glue_net_frame *frame,
			    uint32_t slot, uint32_t kind)
{
	uint32_t tag = glue_tag_new(&net->serial, slot);

	frame->tag = tag;
	frame->in_flight = kind;
	net->slot[slot] = frame;
	return tag;
}

/* There is room in the ring. */
static inline void put(struct glue_net *net, uint32_t tag,
		       const struct glue_net_sqe *sqe)
{
	struct glue_net_sqe *entry = glue_ring_slot(&net->port.sq,
						    sizeof(*entry));

	*entry = *sqe;
	entry->tag = tag;
	glue_ring_push(&net->port.sq);
	glue_trace(GLUE_TRACE_CLIENT_SUBMIT, tag);
}

/* Of a driver that cheats the next life gets it. */
static enum k_err find_room(struct glue_net *net)
{
	enum k_err err = glue_port_room(&net->port);

	if (err != K_ERR_PROTOCOL)
		return err;
	distrust(net);
	return glue_port_serves(&net->port) ? K_OK : K_ERR_GONE;
}

/* Is there a slot, and room in the ring as far as is known? */
static inline int has_room(const struct glue_net *net)
{
	const struct glue_ring_producer *sq = &net->port.sq;

	return net->n_free && sq->next - sq->seen != sq->depth;
}

static inline void put_frame(struct glue_net *net, struct glue_net_frame *frame,
			     uint32_t kind, const struct glue_net_sqe *sqe)
{
	uint32_t slot = net->free_slot[--net->n_free];

	put(net, keep(net, frame, slot, kind), sqe);
}

/* A checked frame; room was short when last looked at, or there is no driver:
 * then the frame waits for the next one. */
static enum k_err submit(struct glue_net *net, struct glue_net_frame *frame,
			 uint32_t kind, const struct glue_net_sqe *sqe)
{
	enum k_err err = net->n_free ? find_room(net) : K_ERR_BUSY;

	if (err)
		return err;
	if (net->port.state == GLUE_PORT_OPEN)
		put_frame(net, frame, kind, sqe);
	else
		keep(net, frame, net->free_slot[--net->n_free], kind);
	return K_OK;
}

static struct glue_net_sqe describe(const struct glue_net *net,
				    const struct glue_net_frame *frame,
				    uint32_t kind)
{
	struct glue_net_sqe sqe = { .op = GLUE_NET_FILL,
				    .offset = (uint32_t)offset_of(net, frame),
				    .bytes = frame->room };

	if (kind == LENT)
		return sqe;
	sqe.op = GLUE_NET_SEND;
	sqe.bytes = frame->bytes;
	if (frame->flags | frame->gso_type) {
		sqe.flags = frame->flags;
		sqe.gso_type = frame->gso_type;
		sqe.csum_start = frame->csum_start;
		sqe.csum_offset = frame->csum_offset;
		sqe.gso_size = frame->gso_size;
		sqe.header_bytes = frame->header_bytes;
	}
	return sqe;
}

/* A frame that is wrong, has offloads or finds no room: what the rules say. */
static __attribute__((noinline)) enum k_err submit_other(
	struct glue_net *net, struct glue_net_frame *frame, uint32_t kind)
{
	struct glue_net_sqe sqe = describe(net, frame, kind);
	enum k_err err;

	if (!glue_port_serves(&net->port))
		return K_ERR_GONE;
	err = glue_net_check(&net->info, net->port.data_bytes, &sqe);
	if (!err && offset_of(net, frame) > net->port.data_bytes)
		err = K_ERR_RANGE; /* the entry has half of it */
	return err ? err : submit(net, frame, kind, &sqe);
}

enum k_err glue_net_send(struct glue_net *net, struct glue_net_frame *frame)
{
	uint64_t offset = offset_of(net, frame);
	struct glue_net_sqe sqe = { .op = GLUE_NET_SEND,
				    .offset = (uint32_t)offset,
				    .bytes = frame->bytes };

	if (net->port.state != GLUE_PORT_OPEN ||
	    (frame->flags | frame->gso_type) || !has_room(net) ||
	    !glue_net_send_fits(&net->info, net->port.data_bytes, offset,
				frame->bytes))
		return submit_other(net, frame, SENT);
	put_frame(net, frame, SENT, &sqe);
	return K_OK;
}

enum k_err glue_net_fill(struct glue_net *net, struct glue_net_frame *frame)
{
	uint64_t offset = offset_of(net, frame);
	struct glue_net_sqe sqe = { .op = GLUE_NET_FILL,
				    .offset = (uint32_t)offset,
				    .bytes = frame->room };

	if (net->port.state != GLUE_PORT_OPEN || !has_room(net) ||
	    !glue_net_fill_fits(&net->info, net->port.data_bytes, offset,
				frame->room))
		return submit_other(net, frame, LENT);
	put_frame(net, frame, LENT, &sqe);
	return K_OK;
}

static struct glue_net_sqe describe_own(const struct glue_net *net,
					const struct glue_net_frame *frame,
					uint32_t op)
{
	return (struct glue_net_sqe){
		.op = (uint8_t)op,
		.gso_type = frame->gso_type,
		.offset = frame->data ? (uint32_t)offset_of(net, frame) : 0,
		.bytes = frame->bytes,
	};
}

enum k_err glue_net_send_own(struct glue_net *net, uint32_t slot,
			     struct glue_net_frame *frame, enum glue_net_op op)
{
	struct glue_net_sqe sqe = describe_own(net, frame, op);
	enum k_err err;
	uint32_t tag;

	if (!glue_port_serves(&net->port))
		return K_ERR_GONE;
	err = find_room(net);
	if (err)
		return err;
	tag = keep(net, frame, slot, OWN);
	if (net->port.state == GLUE_PORT_OPEN)
		put(net, tag, &sqe);
	return K_OK;
}

/* Tell a new driver what its earlier life had not answered. */
static void put_again(struct glue_net *net, const struct glue_net_frame *frame)
{
	uint32_t op = frame == &net->link ? GLUE_NET_LINK : net->control_op;
	struct glue_net_sqe sqe = frame->in_flight == OWN ?
					  describe_own(net, frame, op) :
					  describe(net, frame,
						   frame->in_flight);

	net->sent_again += frame->in_flight == SENT;
	put(net, frame->tag, &sqe);
}

/* First the groups, so that no frame for them passes by. */
static void replay(struct glue_net *net)
{
	uint32_t tag = glue_tag_oldest(net->serial);
	const struct glue_net_frame *frame;

	if (net->slot[glue_net_slot_rejoin(net)])
		give_slot(net, glue_net_slot_rejoin(net));
	glue_net_stats_keep(net);
	glue_net_rejoin(net);
	while ((frame = next_frame(net, tag)) != NULL) {
		tag = frame->tag;
		if (frame != &net->rejoin)
			put_again(net, frame);
	}
	glue_port_kick(&net->port);
}

/* The channel may have become another one. */
static void look(struct glue_net *net)
{
	enum glue_port_news news = glue_port_look(&net->port);

	if (news == GLUE_PORT_BACK)
		replay(net);
	else if (news == GLUE_PORT_ENDED)
		glue_net_lose(net, K_ERR_GONE);
}

/* The driver's words about a received frame; 0 if they make no sense. */
static inline int accept_fill(struct glue_net_frame *frame,
			      const struct glue_net_cqe *cqe)
{
	if (cqe->bytes > frame->room)
		return 0;
	frame->bytes = cqe->bytes;
	frame->flags = cqe->flags;
	frame->gso_type = cqe->gso_type;
	frame->gso_size = cqe->gso_size;
	return 1;
}

/* Match one answer to its frame; 0 if there is none such. */
static inline int complete_one(struct glue_net *net,
			       const struct glue_net_cqe *cqe)
{
	uint32_t slot = glue_tag_slot(cqe->tag);
	struct glue_net_frame *frame = net->slot[slot];

	if (!frame || frame->tag != cqe->tag)
		return 0;
	if (frame->in_flight == LENT && !accept_fill(frame, cqe))
		return 0;
	if (frame->in_flight == OWN)
		frame->flags = cqe->flags;
	else
		net->free_slot[net->n_free++] = (uint8_t)slot;
	net->slot[slot] = NULL;
	end_frame(frame, cqe->status < K_ERR_COUNT ? (enum k_err)cqe->status :
						     K_ERR_PROTOCOL);
	return 1;
}

unsigned int glue_net_poll(struct glue_net *net)
{
	struct glue_net_cqe cqe;
	unsigned int n = 0;

	/* done may close or lose the card: its state is asked each time. A
	 * driver that answers at once must not keep us here for ever. */
	while (net->port.state == GLUE_PORT_OPEN && n < GLUE_NET_DEPTH &&
	       glue_ring_ready(&net->port.cq)) {
		glue_ring_peek(&net->port.cq, &cqe, sizeof(cqe));
		glue_ring_pop(&net->port.cq);
		if (!complete_one(net, &cqe)) {
			distrust(net);
			return n;
		}
		n++;
	}
	if (net->port.cq.broken)
		distrust(net);
	if (!glue_port_serves(&net->port))
		return n;
	if (n && net->port.state == GLUE_PORT_OPEN)
		glue_ring_release(&net->port.cq);
	else if (!glue_port_alive(&net->port))
		look(net);
	return n;
}

enum k_err glue_net_wait(struct glue_net *net, uint64_t deadline_ticks)
{
	uint64_t events = 1;

	if (!glue_port_serves(&net->port))
		return K_ERR_GONE;
	glue_port_kick(&net->port);
	for (;;) {
		if (glue_net_poll(net))
			return K_OK;
		if (!glue_port_serves(&net->port))
			return K_ERR_GONE;
		if (!events)
			return K_ERR_TIMEOUT;
		events = glue_port_sleep(&net->port, deadline_ticks);
	}
}
