/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ask.h - requests that a fiber answers, one after the other.
 *
 * For classes whose Linux side sleeps: submit only queues, the fiber asks
 * Linux. A request that is cancelled while Linux works on it is answered at
 * once; what Linux says later goes to nobody.
 */
#ifndef DDE_ASK_H
#define DDE_ASK_H

#include <linux/types.h>
#include <kit_request.h>

struct dde_ask {
	unsigned int token;
	unsigned short op;
	unsigned int bytes;
	unsigned long arg;
	void *data; /* the client's: see dde_ask_wanted */
};

/* Runs in a fiber and may sleep. @ask is a copy. Return: the answer. */
typedef enum kit_err dde_ask_fn(const struct dde_ask *ask,
				unsigned long *value);

/* Begin; before kit_req_start. Return: -ENOMEM. */
int dde_ask_start(dde_ask_fn *handle, const char *name);

/* Is the request in the handler's hands still waited for? If not, its client
 * may use the data for something else already. */
bool dde_ask_wanted(void);

/* From here on the class answers that request itself, by kit_req_complete;
 * what the handler returns is nobody's. */
void dde_ask_keep(void);

/* kit_req_ops.submit and .cancel. Run in the loop. */
enum kit_err dde_ask_submit(void *drv, const struct kit_req *req);
void dde_ask_cancel(void *drv, unsigned int token);

#endif
