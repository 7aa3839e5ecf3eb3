/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * port.c - a client's end of a channel: attach, wake the server, sleep.
 *
 * The server is not trusted: shape and size of the rings are checked against
 * the class before anything is read from them.
 */
#include <glue/broker_client.h>
#include <glue/port.h>
#include <glue/ring_ops.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <glue/sys.h>
#include <glue/trace.h>

/* Fill the struct for a channel that the broker has just opened. */
static enum k_err attach(struct glue_port *port, unsigned int index,
			 const struct glue_port_kind *kind)
{
	const struct glue_chan *chan = glue_chan(index);
	struct glue_ring_shape shape = {
		.depth = chan->depth,
		.sqe_bytes = kind->sqe_bytes,
		.cqe_bytes = kind->cqe_bytes,
	};
	void *ring = (void *)(GLUE_RING_VADDR + index * GLUE_RING_SPAN);
	struct glue_ring_ends ends;

	if (chan->class_id != kind->class_id || chan->server ||
	    chan->depth < kind->depth_min || chan->depth > kind->depth_max ||
	    chan->data_bytes > GLUE_LENT_SPAN ||
	    glue_ring_attach(&ends, ring, chan->ring_bytes, &shape, 0))
		return K_ERR_PROTOCOL;
	*port = (struct glue_port){
		.sq = ends.tx,
		.cq = ends.rx,
		.sleep = ends.sleep,
		.chan = index,
		.generation = chan->generation,
		.state = GLUE_PORT_OPEN,
		.data = (uint8_t *)chan->data_vaddr,
		.data_bytes = chan->data_bytes,
	};
	return K_OK;
}

enum k_err glue_port_open(struct glue_port *port, const char *service,
			  const struct glue_port_kind *kind,
			  uint64_t data_bytes)
{
	unsigned int index;
	enum k_err err;

	port->state = GLUE_PORT_CLOSED;
	if (data_bytes < GLUE_PORT_LEND_MIN || data_bytes > GLUE_LENT_SPAN)
		return K_ERR_INVALID;
	err = glue_broker_connect(service, data_bytes, &index);
	if (err)
		return err;
	err = attach(port, index, kind);
	if (err)
		glue_broker_disconnect(index);
	return err;
}

void glue_port_close(struct glue_port *port)
{
	if (port->state == GLUE_PORT_CLOSED)
		return;
	port->state = GLUE_PORT_CLOSED;
	glue_broker_disconnect(port->chan);
}

void glue_port_kick(struct glue_port *port)
{
	if (port->sq.published == port->sq.next)
		return;
	/* First the room for answers, or the driver would find none. */
	glue_ring_release(&port->cq);
	glue_ring_publish(&port->sq);
	if (glue_ring_peer_sleeps(&port->sleep)) {
		glue_trace(GLUE_TRACE_CLIENT_SIGNAL, port->chan);
		glue_sys_signal(GLUE_CAP_PEER0 + port->chan);
	}
}

/* The work of glue_port_sleep_prepare; a request with an idle client passes
 * here, so it is not a call. */
static inline int announce_sleep(struct glue_port *port)
{
	glue_ring_sleep_begin(&port->sleep);
	return port->state == GLUE_PORT_OPEN &&
	       glue_ring_ready(&port->cq) == 0 && !port->cq.broken &&
	       glue_port_alive(port);
}

int glue_port_sleep_prepare(struct glue_port *port)
{
	return announce_sleep(port);
}

void glue_port_sleep_end(struct glue_port *port)
{
	if (port->state != GLUE_PORT_CLOSED)
		glue_ring_sleep_end(&port->sleep);
}

uint64_t glue_port_sleep(struct glue_port *port, uint64_t deadline_ticks)
{
	uint64_t events = 1;

	if (announce_sleep(port)) {
		events = glue_wait_for(GLUE_PORT_EVENTS(port), deadline_ticks);
		glue_trace(GLUE_TRACE_CLIENT_WAKE, port->chan);
	}
	if (port->state != GLUE_PORT_CLOSED)
		glue_ring_sleep_end(&port->sleep);
	return events;
}
