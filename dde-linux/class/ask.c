// SPDX-License-Identifier: GPL-2.0-only
/*
 * ask.c - requests that a fiber answers, one after the other.
 *
 * A cancelled token may come back at once with another request, while the
 * fiber still works for the old one: so it works on a copy, and `serving` says
 * whether anybody waits for that.
 */
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/wait.h>
#include <dde.h>

#include "ask.h"
#include "watch.h"

struct waiting {
	struct list_head list;
	struct dde_ask ask;
};

static struct {
	wait_queue_head_t more;
	struct list_head waiting; /* oldest first */
	struct waiting *serving;  /* NULL: nobody waits for it */
	bool asking;		  /* the handler is at work, for whomever */
	struct dde_watch watch;
	dde_ask_fn *handle;
	struct waiting slot[KIT_REQ_TOKENS];
} asks;

enum kit_err dde_ask_submit(void *drv, const struct kit_req *req)
{
	struct waiting *slot = &asks.slot[req->token];

	slot->ask = (struct dde_ask){
		.token = req->token,
		.op = req->op,
		.bytes = req->bytes,
		.arg = req->arg,
		.data = req->data,
	};
	list_add_tail(&slot->list, &asks.waiting);
	wake_up(&asks.more);
	return KIT_OK;
}

void dde_ask_cancel(void *drv, unsigned int token)
{
	struct waiting *slot = &asks.slot[token];

	if (asks.serving == slot)
		asks.serving = NULL;
	else
		list_del(&slot->list);
	kit_req_complete(token, KIT_ERR_GONE, 0);
}

bool dde_ask_wanted(void)
{
	return asks.serving;
}

void dde_ask_keep(void)
{
	asks.serving = NULL;
}

static void serve_one(struct waiting *slot)
{
	struct dde_ask ask = slot->ask;
	unsigned long value = 0;
	enum kit_err err;

	list_del(&slot->list);
	asks.serving = slot;
	asks.asking = true;
	dde_watch(&asks.watch);
	err = asks.handle(&ask, &value);
	asks.asking = false;
	asks.watch.ended++;
	if (asks.serving)
		kit_req_complete(ask.token, err, err ? 0 : value);
	asks.serving = NULL;
}

static void serve(void *unused)
{
	for (;;) {
		wait_event(asks.more, !list_empty(&asks.waiting));
		serve_one(
			list_first_entry(&asks.waiting, struct waiting, list));
	}
}

/* A source of random numbers may be slow; clocks and pins never are. */
static bool is_asking(void)
{
	return asks.asking;
}

static const struct dde_watch_ops watch_ops = { .busy = is_asking };

int dde_ask_start(dde_ask_fn *handle, const char *name)
{
	init_waitqueue_head(&asks.more);
	INIT_LIST_HEAD(&asks.waiting);
	asks.handle = handle;
	dde_watch_init(&asks.watch, &watch_ops, name, NULL);
	return dde_fiber_start(serve, NULL, name) ? 0 : -ENOMEM;
}
