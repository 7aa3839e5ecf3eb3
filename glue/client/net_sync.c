/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_sync.c - net client: open and close, the link, and the calls that block.
 *
 * A blocking call uses the control request inside struct glue_net and the
 * first bytes of the lent region. When its deadline passes the driver may
 * still be writing there, so the request stays in flight, and the next
 * blocking call waits for it first. The link is followed by a request that
 * ends when it changes, and is then made again.
 */
#include <glue/net_check.h>
#include <glue/string.h>

#include "net_internal.h"

_Static_assert(sizeof(struct glue_net_info) <= GLUE_NET_CONTROL_BYTES, "fits");
_Static_assert(sizeof(struct glue_net_stats) <= GLUE_NET_CONTROL_BYTES, "fits");
_Static_assert(GLUE_NET_CONTROL_BYTES + 6 * GLUE_NET_MULTICASTS <=
		       GLUE_NET_OWN_BYTES,
	       "fits");

/* Wait until the control request is not in flight. */
static enum k_err settle(struct glue_net *net, uint64_t deadline_ticks)
{
	while (net->control.in_flight) {
		enum k_err err = glue_net_wait(net, deadline_ticks);

		if (err == K_ERR_TIMEOUT)
			return err;
	}
	return K_OK;
}

/* One blocking request with @bytes of data, those of @in if not NULL. */
static enum k_err run(struct glue_net *net, enum glue_net_op op, const void *in,
		      uint32_t bytes, uint64_t deadline_ticks)
{
	enum k_err err = settle(net, deadline_ticks);

	if (err)
		return err;
	net->control = (struct glue_net_frame){ .data = net->port.data,
						.bytes = bytes };
	net->control_op = op;
	if (in)
		memcpy(net->port.data, in, bytes);
	err = glue_net_send_own(net, glue_net_slot_control(net), &net->control,
				op);
	if (err)
		return err;
	err = settle(net, deadline_ticks);
	return err ? err : net->control.status;
}

/* The driver's text field ends where it should; its numbers make sense. */
static enum k_err accept_info(struct glue_net *net)
{
	struct glue_net_info info;

	memcpy(&info, net->port.data, sizeof(info));
	__atomic_signal_fence(__ATOMIC_SEQ_CST); /* check the copy only */
	info.driver[sizeof(info.driver) - 1] = 0;
	info.link = info.link != 0;
	if (glue_net_check_info(&info))
		return K_ERR_PROTOCOL;
	net->info = info;
	return K_OK;
}

enum k_err glue_net_refresh(struct glue_net *net, uint64_t deadline_ticks)
{
	enum k_err err = run(net, GLUE_NET_INFO, NULL,
			     sizeof(struct glue_net_info), deadline_ticks);
	uint8_t link = net->info.link;

	if (err)
		return err;
	err = accept_info(net);
	/* The request that follows the link knows the old state, and tells. */
	if (net->link.in_flight)
		net->info.link = link;
	return err;
}

enum k_err glue_net_recall(struct glue_net *net, uint64_t deadline_ticks)
{
	return run(net, GLUE_NET_RECALL, NULL, 0, deadline_ticks);
}

/* Index of a joined group; n_groups if it is none. */
static uint32_t find_group(const struct glue_net *net, const uint8_t group[6])
{
	uint32_t i = 0;

	while (i < net->n_groups && memcmp(net->group[i], group, 6) != 0)
		i++;
	return i;
}

enum k_err glue_net_join(struct glue_net *net, const uint8_t group[6],
			 uint64_t deadline_ticks)
{
	enum k_err err = run(net, GLUE_NET_JOIN, group, 6, deadline_ticks);

	if (!err && net->n_groups < GLUE_NET_MULTICASTS &&
	    find_group(net, group) == net->n_groups)
		memcpy(net->group[net->n_groups++], group, 6);
	return err;
}

enum k_err glue_net_leave(struct glue_net *net, const uint8_t group[6],
			  uint64_t deadline_ticks)
{
	enum k_err err = run(net, GLUE_NET_LEAVE, group, 6, deadline_ticks);
	uint32_t i = find_group(net, group);

	if (!err && i < net->n_groups)
		memcpy(net->group[i], net->group[--net->n_groups], 6);
	return err;
}

void glue_net_rejoin(struct glue_net *net)
{
	uint8_t *data = net->port.data + GLUE_NET_CONTROL_BYTES;

	if (net->n_groups == 0)
		return;
	net->rejoin = (struct glue_net_frame){ .data = data,
					       .bytes = 6 * net->n_groups };
	memcpy(data, net->group, net->rejoin.bytes);
	glue_net_send_own(net, glue_net_slot_rejoin(net), &net->rejoin,
			  GLUE_NET_JOIN);
}

static void stats_add(struct glue_net_stats *sum,
		      const struct glue_net_stats *more)
{
	sum->sent_frames += more->sent_frames;
	sum->sent_bytes += more->sent_bytes;
	sum->received_frames += more->received_frames;
	sum->received_bytes += more->received_bytes;
	sum->dropped_no_buffer += more->dropped_no_buffer;
	sum->dropped_too_long += more->dropped_too_long;
	sum->refused += more->refused;
}

void glue_net_stats_keep(struct glue_net *net)
{
	stats_add(&net->before, &net->known);
	memset(&net->known, 0, sizeof(net->known));
}

enum k_err glue_net_stats(struct glue_net *net, struct glue_net_stats *stats,
			  uint64_t deadline_ticks)
{
	enum k_err err = run(net, GLUE_NET_STATS, NULL, sizeof(*stats),
			     deadline_ticks);

	if (err)
		return err;
	memcpy(&net->known, net->port.data, sizeof(net->known));
	*stats = net->before;
	stats_add(stats, &net->known);
	return K_OK;
}

static void link_done(struct glue_net_frame *frame)
{
	struct glue_net *net = frame->owner;

	if (glue_port_serves(&net->port) && !frame->status) {
		net->info.link = (frame->flags & GLUE_NET_LINK_UP) != 0;
		glue_net_watch_link(net);
	}
	if (net->link_changed)
		net->link_changed(net);
}

void glue_net_watch_link(struct glue_net *net)
{
	net->link = (struct glue_net_frame){ .gso_type = net->info.link,
					     .done = link_done,
					     .owner = net };
	glue_net_send_own(net, glue_net_slot_link(net), &net->link,
			  GLUE_NET_LINK);
	/* Nobody need wait for the next frame to take it along. */
	glue_port_kick(&net->port);
}

enum k_err glue_net_wait_link(struct glue_net *net, int up,
			      uint64_t deadline_ticks)
{
	while (net->info.link != (up != 0)) {
		enum k_err err = glue_net_wait(net, deadline_ticks);

		if (err)
			return err;
	}
	return K_OK;
}

void *glue_net_alloc(struct glue_net *net, uint64_t bytes)
{
	uint64_t left = net->port.data_bytes - net->data_used;
	uint8_t *data = net->port.data + net->data_used;

	if (bytes == 0 || bytes > left)
		return NULL;
	bytes = (bytes + GLUE_NET_ALLOC_ALIGN - 1) &
		~(uint64_t)(GLUE_NET_ALLOC_ALIGN - 1);
	net->data_used += bytes < left ? bytes : left;
	return data;
}

static void fill_slots(struct glue_net *net, uint32_t n_slots)
{
	uint32_t i;

	net->n_slots = n_slots;
	net->n_free = n_slots - GLUE_NET_OWN_SLOTS;
	for (i = 0; i < net->n_free; i++)
		net->free_slot[i] = (uint8_t)(net->n_free - 1 - i);
}

static const struct glue_port_kind net_kind = {
	.class_id = GLUE_CLASS_NET,
	.depth_min = GLUE_NET_OWN_SLOTS + 1,
	.depth_max = GLUE_NET_DEPTH,
	.sqe_bytes = sizeof(struct glue_net_sqe),
	.cqe_bytes = sizeof(struct glue_net_cqe),
};

enum k_err glue_net_open(struct glue_net *net, const char *service,
			 uint64_t data_bytes, uint64_t deadline_ticks)
{
	enum k_err err = K_ERR_INVALID;

	memset(net, 0, sizeof(*net));
	if (data_bytes >= GLUE_NET_LEND_MIN)
		err = glue_port_open(&net->port, service, &net_kind,
				     data_bytes);
	if (err)
		return err;
	err = K_ERR_PROTOCOL;
	if (net->port.data_bytes < GLUE_NET_OWN_BYTES)
		goto close_port;
	net->data_used = GLUE_NET_OWN_BYTES;
	fill_slots(net, net->port.sq.depth);
	err = glue_net_refresh(net, deadline_ticks);
	if (err)
		goto close_port;
	glue_net_watch_link(net);
	return K_OK;

close_port:
	glue_port_close(&net->port);
	return err;
}

void glue_net_close(struct glue_net *net)
{
	glue_net_lose(net, K_ERR_GONE);
	glue_port_close(&net->port);
}
