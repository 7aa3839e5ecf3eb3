/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.c - the serial service: requests to their lines, settings, start.
 */
#include <dddk/tree.h>
#include <dddk/log.h>
#include <glue/counters.h>
#include <glue/string.h>

#include "internal.h"

#define SPEED_DEFAULT 115200u /* consoles' usual one */

const struct dddk_serial_ops *dddk_serial_driver;
struct glue_serial_stats dddk_serial_stats;
struct glue_serial_line dddk_serial_line;

/* --- settings ------------------------------------------------------------- */

static int line_is_valid(const struct glue_serial_line *wish)
{
	return wish->baud && wish->bits >= 5 && wish->bits <= 8 &&
	       wish->parity <= GLUE_SERIAL_EVEN && wish->stops >= 1 &&
	       wish->stops <= 2 && wish->rts_cts <= 1;
}

enum k_err dddk_serial_line_set(const void *data)
{
	struct glue_serial_line wish;
	enum k_err err;

	if (!dddk_serial_driver->set_line)
		return K_ERR_UNSUPPORTED;
	memcpy(&wish, data, sizeof(wish));
	if (!line_is_valid(&wish))
		return K_ERR_INVALID;
	err = dddk_serial_driver->set_line(&wish);
	if (err)
		return err;
	dddk_serial_line = wish;
	memcpy(glue_keepsake(), &wish, sizeof(wish));
	return K_OK;
}

/* As an earlier life left it, else as the tree says. */
static void line_start(void)
{
	struct glue_serial_line wish = { .bits = 8, .stops = 1 };
	enum k_err err;

	dddk_serial_line = wish;
	if (!dddk_serial_driver->set_line ||
	    !dddk_serial_line_set(glue_keepsake()))
		return;
	wish.baud = dddk_tree_number("current-speed", SPEED_DEFAULT);
	err = dddk_serial_line_set(&wish);
	if (err)
		dddk_log("the line stays as it is: %u baud: %s", wish.baud,
			 k_err_text(err));
}

/* --- requests ------------------------------------------------------------- */

/* An answer that is there already. */
static enum k_err tell(const struct dddk_req *req, const void *answer)
{
	memcpy(req->data, answer, req->bytes);
	dddk_req_complete(req->token, K_OK, 0);
	return K_OK;
}

/* The service has checked operation, bytes and arg. */
static enum k_err submit(void *drv, const struct dddk_req *req)
{
	(void)drv;
	switch (req->op) {
	case GLUE_SERIAL_GET_LINE:
		return tell(req, &dddk_serial_line);
	case GLUE_SERIAL_STATS:
		return tell(req, &dddk_serial_stats);
	case GLUE_SERIAL_READ:
		dddk_req_queue(DDDK_SERIAL_READS, req);
		dddk_serial_reads_serve();
		return K_OK;
	default:
		dddk_req_queue(DDDK_SERIAL_OUTPUT, req);
		if (dddk_req_first(DDDK_SERIAL_OUTPUT)->token == req->token)
			dddk_serial_more();
		return K_OK;
	}
}

/* What comes after it may go on. */
static void cancel(void *drv, uint32_t token)
{
	dddk_req_queue_cancel(drv, token);
	dddk_serial_more();
}

enum k_err dddk_serial_serve(const struct dddk_serial_ops *ops,
			     const struct glue_serial_info *info)
{
	static const struct dddk_req_ops requests = { submit, cancel, 0 };
	struct glue_serial_info filled = *info;

	dddk_serial_driver = ops;
	filled.features = ops->set_line ? GLUE_SERIAL_F_LINE : 0;
	if (!filled.name[0])
		dddk_device_name(filled.name, sizeof(filled.name));
	line_start();
	return dddk_req_start(&dddk_class_serial, &requests, 0, &filled);
}
