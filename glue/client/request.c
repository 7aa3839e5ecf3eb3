/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.c - client of the small classes: submit, cancel, collect answers.
 *
 * A request occupies a slot from submit to completion (tags.h). The server is not
 * trusted: an answer that fits no request closes the port on this side. One
 * CANCEL is in the ring at a time, in a slot of its own; others wait as bits.
 * Blocking calls: request_sync.c
 */
#include <glue/request_client.h>
#include <glue/ring_ops.h>
#include <glue/trace.h>

#include "request_internal.h"
#include "tags.h"

#define SLOT_CANCEL GLUE_REQ_OPEN_MAX
#define NO_SLOT	    (GLUE_TAG_SLOTS - 1)

/* Whatever is open, with its CANCEL, fits into the ring. */
#define DEPTH_MIN (2 * GLUE_REQ_OPEN_MAX)
_Static_assert(DEPTH_MIN <= GLUE_REQ_DEPTH, "the broker's rings are enough");
_Static_assert(SLOT_CANCEL < NO_SLOT, "slot number in the tag");

enum k_err glue_req_open(struct glue_req_port *port, const char *service,
			 uint32_t class_id, uint64_t data_bytes)
{
	struct glue_port_kind kind = {
		.class_id = class_id,
		.depth_min = DEPTH_MIN,
		.depth_max = GLUE_RING_DEPTH_MAX,
		.sqe_bytes = sizeof(struct glue_req_sqe),
		.cqe_bytes = sizeof(struct glue_req_cqe),
	};

	*port = (struct glue_req_port){ .serial = GLUE_TAG_SLOTS };
	return glue_port_open(&port->port, service, &kind, data_bytes);
}

void glue_req_close(struct glue_req_port *port)
{
	glue_req_lose(port, K_ERR_GONE);
	glue_port_close(&port->port);
}

/* The request leaves the library's hands; done may submit it again. */
static void end_request(struct glue_req_port *port, struct glue_req *req,
			enum k_err status, uint64_t value)
{
	uint32_t slot = glue_tag_slot(req->tag);

	port->slot[slot] = NULL;
	port->cancels &= ~(1u << slot);
	req->status = status;
	req->value = value + req->begun;
	req->in_flight = 0;
	glue_trace(GLUE_TRACE_CLIENT_COMPLETE, req->tag);
	if (req->done)
		req->done(req);
}

static struct glue_req *next_request(const struct glue_req_port *port,
				     uint32_t after)
{
	return GLUE_TAG_NEXT(struct glue_req, port->slot, GLUE_REQ_OPEN_MAX,
			     after);
}

void glue_req_lose(struct glue_req_port *port, enum k_err status)
{
	struct glue_req *req;

	if (!glue_port_serves(&port->port))
		return;
	port->port.state = GLUE_PORT_GONE;
	while ((req = next_request(port, glue_tag_oldest(port->serial))) !=
	       NULL)
		end_request(port, req, status, 0);
}

static uint32_t free_slot(const struct glue_req_port *port)
{
	uint32_t slot;

	for (slot = 0; slot < GLUE_REQ_OPEN_MAX; slot++) {
		if (!port->slot[slot])
			return slot;
	}
	return NO_SLOT;
}

/* Put an entry into the ring, which has room. */
static void send(struct glue_req_port *port, const struct glue_req_sqe *sqe)
{
	*(struct glue_req_sqe *)glue_ring_slot(&port->port.sq,
					       sizeof(*sqe)) = *sqe;
	glue_ring_push(&port->port.sq);
	glue_trace(GLUE_TRACE_CLIENT_SUBMIT, sqe->tag);
}

/* A pointer below the region becomes a huge offset: out of range. */
static uint64_t offset_of(const struct glue_req_port *port,
			  const struct glue_req *req)
{
	return req->bytes ? (uintptr_t)req->data - (uintptr_t)port->port.data :
			    0;
}

static void send_request(struct glue_req_port *port, const struct glue_req *req)
{
	struct glue_req_sqe sqe = { .op = req->op,
				    .flags = req->flags,
				    .tag = req->tag,
				    .arg = req->arg,
				    .offset = offset_of(port, req) + req->begun,
				    .bytes = req->bytes - req->begun };

	send(port, &sqe);
}

/* What it says makes no sense: its next life may know better. */
static void distrust(struct glue_req_port *port)
{
	if (!glue_port_complain(&port->port, GLUE_COMPLAINT_RING))
		glue_req_lose(port, K_ERR_PROTOCOL);
}

/* Of a server that cheats the next life gets it. */
static enum k_err find_room(struct glue_req_port *port)
{
	enum k_err err = glue_port_room(&port->port);

	if (err != K_ERR_PROTOCOL)
		return err;
	distrust(port);
	return glue_port_serves(&port->port) ? K_OK : K_ERR_GONE;
}

enum k_err glue_req_submit(struct glue_req_port *port, struct glue_req *req)
{
	uint64_t offset = offset_of(port, req);
	uint32_t slot = free_slot(port);
	enum k_err err;

	if (!glue_port_serves(&port->port))
		return K_ERR_GONE;
	if (offset > port->port.data_bytes ||
	    req->bytes > port->port.data_bytes - offset)
		return K_ERR_RANGE;
	err = slot == NO_SLOT ? K_ERR_BUSY : find_room(port);
	if (err)
		return err;
	req->tag = glue_tag_new(&port->serial, slot);
	req->begun = 0;
	req->in_flight = 1;
	port->slot[slot] = req;
	if (port->port.state == GLUE_PORT_OPEN)
		send_request(port, req); /* else when the server lives again */
	return K_OK;
}

/* The next request that is to be cancelled, if none is on its way already. */
static void send_cancel(struct glue_req_port *port)
{
	struct glue_req_sqe sqe = { .op = GLUE_REQ_CANCEL };
	unsigned int slot;

	if (port->port.state != GLUE_PORT_OPEN)
		return;
	if (!port->cancels || port->cancel_tag ||
	    glue_ring_space(&port->port.sq) == 0)
		return;
	slot = (unsigned int)__builtin_ctz(port->cancels);
	port->cancels &= ~(1u << slot);
	sqe.arg = port->cancelling = port->slot[slot]->tag;
	sqe.tag = port->cancel_tag = glue_tag_new(&port->serial, SLOT_CANCEL);
	send(port, &sqe);
}

enum k_err glue_req_cancel(struct glue_req_port *port, struct glue_req *req)
{
	uint32_t slot = glue_tag_slot(req->tag);

	if (!req->in_flight || slot >= GLUE_REQ_OPEN_MAX ||
	    port->slot[slot] != req)
		return K_ERR_INVALID;
	port->cancels |= 1u << slot;
	send_cancel(port);
	return K_OK;
}

void glue_req_kick(struct glue_req_port *port)
{
	glue_port_kick(&port->port);
}

/* Match one answer to its request; 0 if there is none such. */
static int complete_one(struct glue_req_port *port,
			const struct glue_req_cqe *cqe)
{
	uint32_t slot = glue_tag_slot(cqe->tag);
	enum k_err status = cqe->status < K_ERR_COUNT ?
				    (enum k_err)cqe->status :
				    K_ERR_PROTOCOL;

	if (port->cancel_tag && cqe->tag == port->cancel_tag) {
		port->cancel_tag = 0;
		return 1;
	}
	if (slot >= GLUE_REQ_OPEN_MAX || !port->slot[slot] ||
	    port->slot[slot]->tag != cqe->tag)
		return 0;
	end_request(port, port->slot[slot], status, cqe->value);
	return 1;
}

/* Take what is in the ring. Return: how many answers. */
static unsigned int collect(struct glue_req_port *port)
{
	struct glue_ring_consumer *cq = &port->port.cq;
	struct glue_req_cqe cqe;
	unsigned int n = 0;

	/* done may close or lose the port: its state is asked each time. */
	while (port->port.state == GLUE_PORT_OPEN && glue_ring_ready(cq)) {
		glue_ring_peek(cq, &cqe, sizeof(cqe));
		glue_ring_pop(cq);
		if (!complete_one(port, &cqe))
			cq->broken = 1;
		n++;
	}
	return n;
}

/* While there is no server, or after its death: who was to be cancelled is. */
static void end_cancelled(struct glue_req_port *port)
{
	uint32_t slot = glue_tag_slot(port->cancelling);

	if (port->cancel_tag && port->slot[slot] &&
	    port->slot[slot]->tag == port->cancelling)
		port->cancels |= 1u << slot;
	port->cancel_tag = 0;
	while (port->cancels) {
		slot = (uint32_t)__builtin_ctz(port->cancels);
		end_request(port, port->slot[slot], K_ERR_GONE, 0);
	}
}

/*
 * The server has died, having begun what must not be done twice: of the last
 * such request only the rest is to be done, and those of the same operation
 * before it are done, though their answers were lost.
 */
static void end_begun(struct glue_req_port *port, struct glue_req *last)
{
	uint32_t tag = glue_tag_oldest(port->serial), until = last->tag;
	uint16_t op = last->op;
	struct glue_req *req;

	while ((req = next_request(port, tag)) != NULL &&
	       !glue_tag_is_newer(req->tag, until)) {
		tag = req->tag;
		if (req->op == op && (tag != until || req->begun == req->bytes))
			end_request(port, req, K_OK, req->bytes - req->begun);
	}
}

static void settle(struct glue_req_port *port)
{
	uint32_t tag = (uint32_t)(port->port.begun >> 32);
	uint32_t slot = glue_tag_slot(tag), bytes = (uint32_t)port->port.begun;
	struct glue_req *req = slot < GLUE_REQ_OPEN_MAX ? port->slot[slot] :
							  NULL;

	port->port.begun = 0;
	if (!req || req->tag != tag || bytes > req->bytes - req->begun)
		return;
	req->begun += bytes;
	end_begun(port, req);
}

/* The next life of the server gets what the last one has not answered. */
static void replay(struct glue_req_port *port)
{
	uint32_t tag = glue_tag_oldest(port->serial);
	const struct glue_req *req;

	while ((req = next_request(port, tag)) != NULL) {
		tag = req->tag;
		send_request(port, req);
	}
	glue_port_kick(&port->port);
}

/* The channel may have become another one. Return: the last answers of a dead
 * server, which would be lost with its rings. */
static unsigned int look(struct glue_req_port *port)
{
	unsigned int n = collect(port);
	enum glue_port_news news = glue_port_look(&port->port);

	if (news == GLUE_PORT_BACK)
		replay(port);
	else if (news == GLUE_PORT_ENDED)
		glue_req_lose(port, K_ERR_GONE);
	return n;
}

unsigned int glue_req_poll(struct glue_req_port *port)
{
	unsigned int n = collect(port);

	if (port->port.cq.broken || port->port.sq.broken)
		distrust(port);
	if (!glue_port_serves(&port->port))
		return n;
	if (n && port->port.state == GLUE_PORT_OPEN)
		glue_ring_release(&port->port.cq);
	else if (!glue_port_alive(&port->port))
		n += look(port);
	if (port->port.state == GLUE_PORT_LOST) {
		settle(port);
		end_cancelled(port);
	}
	if (port->cancels) {
		send_cancel(port);
		glue_port_kick(&port->port);
	}
	return n;
}

int glue_req_sleep_prepare(struct glue_req_port *port)
{
	return glue_port_sleep_prepare(&port->port);
}

void glue_req_sleep_end(struct glue_req_port *port)
{
	glue_port_sleep_end(&port->port);
}
