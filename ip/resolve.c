/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * resolve.c - questions to lwIP's DNS client, and who waits for them.
 *
 * lwIP cannot forget a question, so an entry whose asker has gone stays until
 * lwIP calls. It says "no" in one way only; a name server that did not answer
 * is told from one that answered "no such name" by the time it took.
 */
#include "resolve.h"

#include <glue/ip.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <lwip/dns.h>

/* lwIP asks four times, the last times seconds apart. */
#define SILENT_NS 3000000000ul

struct question {
	uint32_t used;
	uint32_t gone; /* nobody waits for it any more */
	uint32_t token;
	uint64_t asked_ticks;
	ip_resolve_done *done;
};

static struct question questions[IP_RESOLVES];

static void found(const char *name, const ip_addr_t *address, void *arg)
{
	struct question *q = arg;
	uint64_t took = glue_ticks_to_ns(glue_time_ticks() - q->asked_ticks);

	(void)name;
	q->used = 0;
	if (q->gone)
		return;
	if (address)
		q->done(q->token, K_OK, lwip_ntohl(ip_2_ip4(address)->addr));
	else
		q->done(q->token,
			took < SILENT_NS ? K_ERR_NOTFOUND : K_ERR_TIMEOUT, 0);
}

static struct question *question_find_free(void)
{
	for (unsigned int i = 0; i < IP_RESOLVES; i++) {
		if (!questions[i].used)
			return &questions[i];
	}
	return NULL;
}

/* Letters, digits, dots, dashes and underscores: nothing else is a name. */
static int name_valid(const char *name, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		char c = name[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_')
			return 0;
	}
	return bytes > 0 && bytes <= GLUE_IP_NAME_MAX;
}

enum k_err ip_resolve_start(uint32_t token, const char *name, size_t bytes,
			    ip_resolve_done *done)
{
	struct question *q = question_find_free();
	char text[GLUE_IP_NAME_MAX + 1];
	ip_addr_t address;

	if (!name_valid(name, bytes))
		return K_ERR_INVALID;
	if (!q)
		return K_ERR_BUSY;
	memcpy(text, name, bytes);
	text[bytes] = '\0';
	*q = (struct question){ .used = 1,
				.token = token,
				.done = done,
				.asked_ticks = glue_time_ticks() };
	switch (dns_gethostbyname(text, &address, found, q)) {
	case ERR_OK:
		found(text, &address, q);
		return K_OK;
	case ERR_INPROGRESS:
		return K_OK;
	case ERR_VAL: /* no name server is known */
		q->used = 0;
		return K_ERR_TIMEOUT;
	default:
		q->used = 0;
		return K_ERR_BUSY;
	}
}

int ip_resolve_cancel(uint32_t token)
{
	for (unsigned int i = 0; i < IP_RESOLVES; i++) {
		struct question *q = &questions[i];

		if (q->used && !q->gone && q->token == token) {
			q->gone = 1;
			q->done(token, K_ERR_GONE, 0);
			return 1;
		}
	}
	return 0;
}
