/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request_sync.c - client of the small classes: calls that wait.
 */
#include <glue/request_client.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "request_internal.h"

enum k_err glue_req_wait(struct glue_req_port *port, struct glue_req *req,
			 uint64_t deadline_ticks)
{
	uint64_t events = 1;

	glue_req_kick(port);
	while (req->in_flight) {
		if (glue_req_poll(port) || !req->in_flight)
			continue;
		if (!events)
			return K_ERR_TIMEOUT;
		events = glue_port_sleep(&port->port, deadline_ticks);
	}
	return K_OK;
}

/* The deadline has passed: take the request back. */
static void end_late(struct glue_req_port *port, struct glue_req *req)
{
	glue_req_cancel(port, req);
	if (glue_req_wait(port, req, glue_deadline_ns(GLUE_REQ_GRACE_NS)))
		glue_req_lose(port, K_ERR_GONE);
	if (req->status == K_ERR_GONE)
		req->status = K_ERR_TIMEOUT;
}

enum k_err glue_req_call(struct glue_req_port *port, uint16_t op,
			 uint16_t flags, uint64_t arg, void *data,
			 uint32_t bytes, uint64_t *value,
			 uint64_t deadline_ticks)
{
	struct glue_req req = {
		.op = op,
		.flags = flags,
		.bytes = bytes,
		.arg = arg,
		.data = data,
	};
	enum k_err err = glue_req_submit(port, &req);

	if (err)
		return err;
	if (glue_req_wait(port, &req, deadline_ticks))
		end_late(port, &req);
	if (value)
		*value = req.value;
	return req.status;
}

enum k_err glue_req_info(struct glue_req_port *port, void *info, uint32_t bytes,
			 uint64_t deadline_ticks)
{
	void *data = glue_req_data(port);
	enum k_err err = glue_req_call(port, GLUE_REQ_INFO, 0, 0, data, bytes,
				       NULL, deadline_ticks);

	if (!err)
		memcpy(info, data, bytes);
	return err;
}
