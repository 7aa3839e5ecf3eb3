/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.c - the gpio service: lines, their owners, who waits for an edge.
 *
 * A line is listened to from its owner's first wait until it changes its
 * direction or leaves; an edge in between is kept. No line is listened to that
 * nobody has asked for, so a device's stray edges reach nobody. An edge that came
 * when no life of the driver listened is told if the level still shows it.
 */
#include <dddk/gpio_service.h>
#include <dddk/request_service.h>
#include <dddk/tree.h>
#include <glue/counters.h>
#include <glue/gpio_kept.h>

#define EDGE_BOTH (GLUE_GPIO_EDGE_RISING | GLUE_GPIO_EDGE_FALLING)

struct line {
	struct dddk_req_hold wait;
	uint32_t owner; /* client + 1, 0 nobody */
	uint32_t edges; /* listened for */
	int fired;	/* an edge nobody has been told of */
};

static struct {
	const struct dddk_gpio_ops *ops;
	uint32_t count;
	struct line line[DDDK_GPIO_LINES];
} gpio;

static void listen(uint32_t number, uint32_t edges)
{
	struct line *line = &gpio.line[number];

	if (line->edges == edges)
		return;
	line->edges = edges;
	line->fired = 0;
	gpio.ops->listen(number, edges);
}

/* The line changes its direction: who waits is told. */
static void listen_no_more(uint32_t number)
{
	listen(number, 0);
	glue_gpio_keep(glue_keepsake(), number, -1);
	dddk_req_release(&gpio.line[number].wait, K_ERR_GONE, 0);
}

/* Tell who waits of the edge that has come. */
static void tell(uint32_t number)
{
	struct line *line = &gpio.line[number];
	int level = gpio.ops->level(number);

	glue_gpio_keep(glue_keepsake(), number, level);
	if (!line->fired || !line->wait.waits)
		return;
	line->fired = 0;
	dddk_req_release(&line->wait, K_OK, (uint64_t)level);
}

void dddk_gpio_edge(uint32_t number)
{
	if (number >= gpio.count)
		return;
	gpio.line[number].fired = 1;
	tell(number);
}

static enum k_err wait_begin(const struct dddk_req *req)
{
	uint32_t number = (uint32_t)req->arg;
	uint32_t edges = req->flags ? req->flags : EDGE_BOTH;
	struct line *line = &gpio.line[number];
	int first = !line->edges;

	if (!dddk_req_hold(&line->wait, req))
		return K_OK;
	listen(number, edges);
	if (first && glue_gpio_missed(*glue_keepsake(), number, edges,
				      gpio.ops->level(number)))
		line->fired = 1;
	tell(number);
	return K_OK;
}

static uint64_t describe(const struct dddk_req *req)
{
	uint32_t number = (uint32_t)req->arg;
	uint64_t value = (uint64_t)dddk_tree_gpio(number, req->data, req->bytes)
			 << GLUE_GPIO_KEY_SHIFT;

	if (gpio.ops->is_output(number))
		value |= GLUE_GPIO_IS_OUTPUT;
	if (gpio.line[number].owner)
		value |= GLUE_GPIO_IS_TAKEN;
	return value;
}

/* What the line's owner may do. A wait stays open; the others end here. */
static enum k_err change(const struct dddk_req *req)
{
	uint32_t number = (uint32_t)req->arg;
	int is_output = gpio.ops->is_output(number);

	switch (req->op) {
	case GLUE_GPIO_WAIT:
		return is_output ? K_ERR_INVALID : wait_begin(req);
	case GLUE_GPIO_SET:
		if (!is_output)
			return K_ERR_INVALID;
		gpio.ops->make_output(number, req->flags & 1);
		break;
	case GLUE_GPIO_OUTPUT:
		listen_no_more(number);
		gpio.ops->make_output(number, req->flags & 1);
		break;
	default:
		listen_no_more(number);
		gpio.ops->make_input(number);
		break;
	}
	dddk_req_complete(req->token, K_OK, 0);
	return K_OK;
}

static enum k_err submit(void *drv, const struct dddk_req *req)
{
	struct line *line = &gpio.line[req->arg % DDDK_GPIO_LINES];
	enum k_err err;

	(void)drv;
	if (req->arg >= gpio.count)
		return K_ERR_RANGE;
	if (req->op == GLUE_GPIO_GET || req->op == GLUE_GPIO_LINE) {
		dddk_req_complete(req->token, K_OK,
				  req->op == GLUE_GPIO_LINE ?
					  describe(req) :
					  (uint64_t)gpio.ops->level(
						  (uint32_t)req->arg));
		return K_OK;
	}
	if (line->owner && line->owner != req->client + 1) {
		dddk_req_complete(req->token, K_ERR_BUSY, 0);
		return K_OK;
	}
	err = change(req);
	if (!err)
		line->owner = req->client + 1;
	return err;
}

/* Who leaves lets its lines go; their waits have ended. */
static void client(void *drv, uint32_t index, int opened)
{
	uint32_t i;

	(void)drv;
	for (i = 0; i < gpio.count && !opened; i++) {
		if (gpio.line[i].owner != index + 1)
			continue;
		listen_no_more(i);
		gpio.line[i].owner = 0;
	}
}

enum k_err dddk_gpio_serve(const struct dddk_gpio_ops *ops,
			   const struct glue_gpio_info *info)
{
	static const struct dddk_req_ops requests = { submit, 0, client };
	struct glue_gpio_info filled = *info;
	uint32_t i;

	if (info->lines > DDDK_GPIO_LINES)
		return K_ERR_RANGE;
	gpio.ops = ops;
	gpio.count = info->lines;
	for (i = 0; i < gpio.count; i++)
		ops->listen(i, 0);
	if (!filled.label[0])
		dddk_device_name(filled.label, sizeof(filled.label));
	return dddk_req_start(&dddk_class_gpio, &requests, 0, &filled);
}
