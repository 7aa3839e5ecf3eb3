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

#define TENTH_NS   100000000ul
#define LOOKS	   4u  /* of who waits for an answer, until it complains */
#define PATIENCE_S 12u /* the broker hears each client every ten seconds */

static void *ring_of(unsigned int index)
{
	return (void *)(GLUE_RING_VADDR + index * GLUE_RING_SPAN);
}

/* Fill the struct for a channel that the broker has opened. */
static enum k_err attach(struct glue_port *port, unsigned int index,
			 const struct glue_port_kind *kind)
{
	const struct glue_chan *chan = glue_chan(index);
	struct glue_ring_shape shape = {
		.depth = chan->depth,
		.sqe_bytes = kind->sqe_bytes,
		.cqe_bytes = kind->cqe_bytes,
	};
	struct glue_ring_ends ends;

	if (chan->class_id != kind->class_id || chan->server ||
	    chan->depth < kind->depth_min || chan->depth > kind->depth_max ||
	    chan->data_bytes > GLUE_LENT_SPAN ||
	    glue_ring_attach(&ends, ring_of(index), chan->ring_bytes, &shape,
			     0))
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
		.kind = *kind,
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

/* Pairs with the broker's release: the rest is written before. */
static uint32_t state_of(const struct glue_port *port)
{
	return __atomic_load_n(&glue_chan(port->chan)->state, __ATOMIC_ACQUIRE);
}

/* The server has died: nobody else writes the rings now. The next one finds
 * them as empty as new ones. */
static enum glue_port_news let_go(struct glue_port *port)
{
	port->begun = glue_ring_begun(&port->cq);
	memset(ring_of(port->chan), 0, glue_chan(port->chan)->ring_bytes);
	/* What was put and not shown must not be shown any more by a kick. */
	port->sq.published = port->sq.next;
	port->sq.broken = port->cq.broken = 0; /* that was its doing */
	port->generation = glue_chan(port->chan)->generation;
	if (glue_broker_reconnect(port->chan))
		return GLUE_PORT_ENDED;
	port->state = GLUE_PORT_LOST;
	return GLUE_PORT_SAME;
}

/* The broker opens a lost channel only after we have let go of it. What is to
 * be sent again fits into rings as deep as they were. */
static enum glue_port_news come_back(struct glue_port *port)
{
	struct glue_port_kind kind = port->kind;

	kind.depth_min = kind.depth_max = port->sq.depth;
	return attach(port, port->chan, &kind) ? GLUE_PORT_ENDED :
						 GLUE_PORT_BACK;
}

enum glue_port_news glue_port_look(struct glue_port *port)
{
	const struct glue_chan *chan = glue_chan(port->chan);
	uint32_t state = state_of(port);
	int same = chan->generation == port->generation;

	if (port->state == GLUE_PORT_OPEN && state == GLUE_CHAN_LOST && same)
		return let_go(port);
	if (port->state == GLUE_PORT_LOST && state == GLUE_CHAN_OPEN && !same)
		return come_back(port);
	/* A whole life has passed unseen; or it begins between these looks. */
	if (port->state == GLUE_PORT_LOST && state == GLUE_CHAN_LOST && !same)
		return state_of(port) == GLUE_CHAN_LOST ? let_go(port) :
							  GLUE_PORT_SAME;
	if (same &&
	    ((port->state == GLUE_PORT_OPEN && state == GLUE_CHAN_OPEN) ||
	     (port->state == GLUE_PORT_LOST && state == GLUE_CHAN_LOST)))
		return GLUE_PORT_SAME;
	return GLUE_PORT_ENDED;
}

/* The broker hears each client so seldom that none can keep a server from others.
 * One that lies again before is of no use: wait; its signals mean nothing. */
static enum k_err complain(const struct glue_port *port,
			   enum glue_complaint what)
{
	unsigned int left = what == GLUE_COMPLAINT_RING ? PATIENCE_S : 0;
	enum k_err err;

	while ((err = glue_broker_complain(port->chan, what)) == K_ERR_BUSY &&
	       left-- > 0 && glue_port_alive(port))
		glue_sleep(10 * TENTH_NS);
	return err;
}

int glue_port_complain(struct glue_port *port, enum glue_complaint what)
{
	if (port->state != GLUE_PORT_OPEN)
		return 0;
	/* It may have died of what we complain about. */
	if (complain(port, what) && glue_port_alive(port))
		return 0;
	return glue_port_look(port) == GLUE_PORT_SAME &&
	       port->state == GLUE_PORT_LOST;
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

/* While the server is dead the rings are not ours: only the channel's state
 * can be news. */
static int still_lost(const struct glue_port *port)
{
	return port->state == GLUE_PORT_LOST &&
	       state_of(port) == GLUE_CHAN_LOST &&
	       glue_chan(port->chan)->generation == port->generation;
}

/* The work of glue_port_sleep_prepare; a request with an idle client passes
 * here, so it is not a call. */
static inline int announce_sleep(struct glue_port *port)
{
	if (port->state != GLUE_PORT_OPEN)
		return still_lost(port);
	glue_ring_sleep_begin(&port->sleep);
	return glue_ring_ready(&port->cq) == 0 && !port->cq.broken &&
	       glue_port_alive(port);
}

int glue_port_sleep_prepare(struct glue_port *port)
{
	return announce_sleep(port);
}

void glue_port_sleep_end(struct glue_port *port)
{
	if (port->state == GLUE_PORT_OPEN)
		glue_ring_sleep_end(&port->sleep);
}

uint64_t glue_port_sleep(struct glue_port *port, uint64_t deadline_ticks)
{
	uint64_t events = 1;

	if (announce_sleep(port)) {
		events = glue_wait_for(GLUE_PORT_EVENTS(port), deadline_ticks);
		glue_trace(GLUE_TRACE_CLIENT_WAKE, port->chan);
	}
	if (port->state == GLUE_PORT_OPEN)
		glue_ring_sleep_end(&port->sleep);
	return events;
}

enum k_err glue_port_room(struct glue_port *port)
{
	if (port->state != GLUE_PORT_OPEN || glue_ring_space(&port->sq) != 0)
		return K_OK;
	return port->sq.broken ? K_ERR_PROTOCOL : K_ERR_BUSY;
}

/* Whatever wakes us meanwhile, it is no answer. */
uint64_t glue_port_await(struct glue_port *port, uint64_t deadline_ticks,
			 struct glue_silence *silence)
{
	uint64_t tenths = glue_chan(port->chan)->patience;
	uint64_t step;

	if (!tenths)
		return glue_port_sleep(port, deadline_ticks);
	step = glue_ns_to_ticks(tenths * (TENTH_NS / LOOKS));
	if (!silence->look)
		silence->look = glue_time_ticks() + step;
	if (silence->look >= deadline_ticks)
		return glue_port_sleep(port, deadline_ticks);
	glue_port_sleep(port, silence->look);
	if (glue_time_ticks() < silence->look)
		return 1;
	silence->look = glue_time_ticks() + step;
	if (++silence->looks == LOOKS) {
		silence->looks = 0;
		glue_port_complain(port, GLUE_COMPLAINT_SILENT);
	}
	return 1;
}
