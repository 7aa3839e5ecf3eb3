/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * port.h - a client's end of a channel, whatever the class: open, wake, sleep.
 *
 * The clients of the classes stand on it: they put requests into the rings and
 * match answers; here the channel is attached, watched and given back. One
 * thread; struct glue_port is the client library's.
 */
#ifndef GLUE_PORT_H
#define GLUE_PORT_H

#include <stdint.h>
#include <glue/broker.h>
#include <glue/env.h>
#include <glue/err.h>
#include <glue/ring.h>
#include <glue/rt.h>

enum glue_port_state {
	GLUE_PORT_CLOSED = 0,
	GLUE_PORT_OPEN = 1,
	GLUE_PORT_GONE = 2, /* the driver has ended or misbehaved */
	GLUE_PORT_LOST = 3, /* it has died, another life of it will follow */
};

/* What a class of channel must look like. */
struct glue_port_kind {
	uint32_t class_id; /* enum glue_class */
	uint32_t depth_min;
	uint32_t depth_max;
	uint32_t sqe_bytes;
	uint32_t cqe_bytes;
};

struct glue_port {
	struct glue_ring_producer sq;
	struct glue_ring_consumer cq;
	struct glue_ring_sleep sleep;
	uint32_t chan;
	uint32_t generation; /* of the channel when it was opened */
	uint32_t state;	     /* enum glue_port_state */
	uint8_t *data;	     /* lent region */
	uint64_t data_bytes;
	struct glue_port_kind kind;
	uint64_t begun; /* the dead server's last word: glue/request.h */
};

#define GLUE_PORT_LEND_MIN 4096u

/**
 * glue_port_open - connect to a service and attach to its rings.
 * @data_bytes: memory to lend, GLUE_PORT_LEND_MIN..GLUE_LENT_SPAN
 *
 * Return: K_ERR_INVALID (data_bytes), what glue_broker_connect returns, or
 *         K_ERR_PROTOCOL if the channel is not of this kind. On error the port
 *         is closed.
 */
enum k_err glue_port_open(struct glue_port *port, const char *service,
			  const struct glue_port_kind *kind,
			  uint64_t data_bytes);

/* Give the channel back; nothing to do if it is closed. */
void glue_port_close(struct glue_port *port);

/* Is the channel still the one that was opened? */
static inline int glue_port_alive(const struct glue_port *port)
{
	const struct glue_chan *chan = glue_chan(port->chan);
	uint32_t state = __atomic_load_n(&chan->state, __ATOMIC_ACQUIRE);

	return state == GLUE_CHAN_OPEN && chan->generation == port->generation;
}

/* Is it open, or will be again? Requests are taken then. */
static inline int glue_port_serves(const struct glue_port *port)
{
	return port->state == GLUE_PORT_OPEN || port->state == GLUE_PORT_LOST;
}

/* What glue_port_look has found. */
enum glue_port_news {
	GLUE_PORT_SAME,	 /* or LOST just now, with all answers in the rings */
	GLUE_PORT_BACK,	 /* empty rings: send again what is unanswered */
	GLUE_PORT_ENDED, /* for ever */
};

/**
 * glue_port_look - see what has become of the channel, and follow.
 *
 * A port whose server has died lets go of its rings and is LOST until the
 * server's next life. Answers that were not taken yet are lost with the rings:
 * take first what shall count.
 */
enum glue_port_news glue_port_look(struct glue_port *port);

/**
 * glue_port_complain - the server does not do its work.
 *
 * The broker ends it and starts it again, unless we have complained lately: of
 * broken rings we then do so again, in up to ten seconds; all else has to wait.
 *
 * Return: 1: the port is LOST and comes back; 0: nothing is done.
 */
int glue_port_complain(struct glue_port *port, enum glue_complaint what);

/* Is there room in the ring, for whoever has a slot? Only a server that takes no
 * entry, or cheats with its index, can leave none; the rings of a dead one are not
 * ours to judge. Return: K_OK; K_ERR_BUSY; K_ERR_PROTOCOL: it has cheated. */
enum k_err glue_port_room(struct glue_port *port);

/* Show what was put to the server; one signal, only if it sleeps. */
void glue_port_kick(struct glue_port *port);

/* Returns 0 if something has come meanwhile: poll, do not sleep. Each prepare
 * is followed by an end. */
int glue_port_sleep_prepare(struct glue_port *port);
void glue_port_sleep_end(struct glue_port *port);

/* Sleep until something may have changed. Return: 0 at the deadline. */
uint64_t glue_port_sleep(struct glue_port *port, uint64_t deadline_ticks);

/* Of who waits for an answer: { 0 } at the begin. */
struct glue_silence {
	uint64_t look; /* ticks: when to count again */
	uint32_t looks;
};

/**
 * glue_port_await - sleep until something may have changed; an answer is due.
 *
 * A driver that is silent for its channel's patience is complained about. That
 * is told by looks, four in the time: when the machine stood still, one comes
 * late and counts once.
 *
 * Return: 0 at the deadline.
 */
uint64_t glue_port_await(struct glue_port *port, uint64_t deadline_ticks,
			 struct glue_silence *silence);

#define GLUE_PORT_EVENTS(port)                                                 \
	(GLUE_EVENT_CHAN((port)->chan) | GLUE_EVENT_CONTROL)

#endif
