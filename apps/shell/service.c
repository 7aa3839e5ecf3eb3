/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.c - opening a small-class service, one request that ^C can leave.
 */
#include <glue/broker_client.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "console.h"
#include "service.h"
#include "text.h"

#define NUMBER_MOST 9999u /* of a service's name */

struct service service;

/* "0" and "serial0" both name serial0. */
static int name_read(const char *prefix, const char *word)
{
	size_t length = strlen(prefix);
	const char *digits = strncmp(word, prefix, length) ? word :
							     word + length;
	uint64_t number;

	if (!text_number(digits, &number) || number > NUMBER_MOST) {
		console_printf("no %s \"%s\": write it like %s0 or 0; "
			       "\"services\" shows what there is\n",
			       prefix, word, prefix);
		return 0;
	}
	glue_snprintf(service.name, sizeof(service.name), "%s%u", prefix,
		      (unsigned)number);
	service.prefix = prefix;
	return 1;
}

int service_open(const char *prefix, uint32_t class_id, const char *word,
		 uint64_t data_bytes)
{
	enum k_err err;

	if (!name_read(prefix, word))
		return 0;
	err = glue_req_open(&service.port, service.name, class_id, data_bytes);
	if (err == K_ERR_NOTFOUND)
		console_printf("%s: no such service: \"services\" shows what "
			       "there is\n",
			       service.name);
	else if (err)
		console_printf("%s: cannot be opened: %s (error %d)\n",
			       service.name, k_err_text(err), err);
	return !err;
}

void service_close(void)
{
	glue_req_close(&service.port);
}

/* Wait in slices short enough to notice ^C. */
static enum k_err await(struct glue_req *req, uint64_t patience_ns)
{
	uint64_t start = glue_time_ticks();
	uint64_t patience = glue_ns_to_ticks(patience_ns);

	while (glue_req_wait(&service.port, req,
			     glue_deadline_ns(CONSOLE_LOOK_NS))) {
		if (console_cancelled()) {
			console_printf("%s: stopped by ^C\n", service.name);
			return K_ERR_GONE;
		}
		if (glue_time_ticks() - start > patience)
			return K_ERR_TIMEOUT;
	}
	return req->status;
}

/* A request that was left is taken back; one that stays loses us the port. */
static void take_back(struct glue_req *req)
{
	glue_req_cancel(&service.port, req);
	if (glue_req_wait(&service.port, req,
			  glue_deadline_ns(GLUE_REQ_GRACE_NS)))
		glue_req_close(&service.port);
}

enum k_err service_ask(uint16_t op, uint64_t arg, uint32_t bytes,
		       uint64_t *value, uint64_t patience_ns)
{
	struct glue_req req = {
		.op = op,
		.arg = arg,
		.data = bytes ? service_data() : NULL,
		.bytes = bytes,
	};
	enum k_err err = glue_req_submit(&service.port, &req);

	if (err)
		return err;
	err = await(&req, patience_ns);
	if (req.in_flight)
		take_back(&req);
	if (value)
		*value = req.value;
	return err;
}

int service_good(const char *what, enum k_err err)
{
	if (err == K_ERR_BUSY)
		console_printf("%s: %s refused: another program has it\n",
			       service.name, what);
	else if (err)
		console_printf("%s: %s failed: %s (error %d)\n", service.name,
			       what, k_err_text(err), err);
	return !err;
}

void service_each(uint32_t class_id, void (*line)(const char *name),
		  const char *none)
{
	struct glue_service_info info;
	unsigned int i, count = 0;

	for (i = 0; !glue_broker_service(i, &info); i++) {
		if (info.class_id != class_id)
			continue;
		line(info.name);
		count++;
	}
	if (!count && none)
		console_printf("%s\n", none);
}
