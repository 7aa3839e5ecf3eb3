/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kit_request.c - the request service of the small classes, through the waist.
 *
 * The structures of kit_request.h and dddk/request_service.h are the same bytes
 * (proved below), so a request passes by pointer and costs one call.
 */
#include <dddk/request_service.h>
#include <glue/class.h>
#include <glue/env.h>
#include <kit_request.h>

#include "same.h"

SAME(kit_req, dddk_req, op);
SAME(kit_req, dddk_req, flags);
SAME(kit_req, dddk_req, token);
SAME(kit_req, dddk_req, client);
SAME(kit_req, dddk_req, bytes);
SAME(kit_req, dddk_req, arg);
SAME(kit_req, dddk_req, data);
_Static_assert(KIT_REQ_TOKENS == DDDK_REQ_TOKENS, "token range");
_Static_assert(KIT_REQ_CLIENTS == GLUE_CHANS_MAX, "client range");

static const struct dddk_req_class *const classes[] = {
	[KIT_CLASS_SERIAL] = &dddk_class_serial,
	[KIT_CLASS_RNG] = &dddk_class_rng,
	[KIT_CLASS_RTC] = &dddk_class_rtc,
	[KIT_CLASS_GPIO] = &dddk_class_gpio,
	[KIT_CLASS_INPUT] = &dddk_class_input,
};
_Static_assert((int)KIT_CLASS_SERIAL == GLUE_CLASS_SERIAL, "same numbers");
_Static_assert((int)KIT_CLASS_RNG == GLUE_CLASS_RNG, "same numbers");
_Static_assert((int)KIT_CLASS_RTC == GLUE_CLASS_RTC, "same numbers");
_Static_assert((int)KIT_CLASS_GPIO == GLUE_CLASS_GPIO, "same numbers");
_Static_assert((int)KIT_CLASS_INPUT == GLUE_CLASS_INPUT, "same numbers");

static const struct kit_req_ops *linux_ops;

/* The two halves of the waist differ in types only, so these are one jump. */
static enum k_err req_submit(void *drv, const struct dddk_req *req)
{
	return (enum k_err)linux_ops->submit(drv, (const struct kit_req *)req);
}

static void req_cancel(void *drv, uint32_t token)
{
	if (linux_ops->cancel)
		linux_ops->cancel(drv, token);
}

static void req_client(void *drv, uint32_t client, int opened)
{
	if (linux_ops->client)
		linux_ops->client(drv, client, opened);
}

void kit_req_start(enum kit_req_class class, const struct kit_req_ops *ops,
		   void *drv, const void *info)
{
	static const struct dddk_req_ops dddk_ops = {
		.submit = req_submit,
		.cancel = req_cancel,
		.client = req_client,
	};

	linux_ops = ops;
	dddk_req_start(classes[class], &dddk_ops, drv, info);
}

void kit_req_set_info(const void *info)
{
	dddk_req_set_info(info);
}

void kit_req_poll(unsigned long events)
{
	dddk_req_poll(events);
}

void kit_req_begun(unsigned int token, unsigned int bytes)
{
	dddk_req_begun(token, bytes);
}

void kit_req_complete(unsigned int token, enum kit_err status,
		      unsigned long value)
{
	dddk_req_complete(token, (enum k_err)status, value);
}
