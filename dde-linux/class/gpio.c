// SPDX-License-Identifier: GPL-2.0-only
/*
 * gpio.c - Linux's GPIO chips behind the gpio class protocol.
 *
 * Linux's own gpiolib does the work; here a client's request becomes a call of
 * it. A chip may sit behind a slow bus, so calls may sleep: one fiber serves
 * requests in order of arrival. All chips of the process share one row of line
 * numbers, in order of registration. A line that a client configures or waits
 * on is requested from gpiolib in that client's name until it leaves.
 * An edge comes as an interrupt; the fiber reads the level and answers.
 * Read next: gpio_names.c, glue/gpio.h, drivers/gpio/gpiolib.c (Linux's)
 */
#include <linux/delay.h>
#include <linux/gpio/consumer.h>
#include <linux/gpio/driver.h>
#include <linux/gpio/machine.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <glue/gpio_kept.h>
#include <kit_request.h>
#include <dde.h>
#include "class_gpio.h"

#define NOBODY	     KIT_REQ_CLIENTS
#define NOT_WAITING  KIT_REQ_TOKENS
#define EDGE_BOTH    (GLUE_GPIO_EDGE_RISING | GLUE_GPIO_EDGE_FALLING)
#define DEFAULT_FLAG GPIO_LOOKUP_FLAGS_DEFAULT

struct line {
	struct gpio_device *chip;
	struct gpio_desc *desc;
	unsigned int offset; /* in its chip */
	unsigned int owner;  /* client, or NOBODY */
	unsigned int waiter; /* token, or NOT_WAITING */
	unsigned int edges;  /* the interrupt is requested for; 0: is not */
	unsigned int irq;
	bool fired; /* an edge nobody has been told of */
};

struct request {
	struct list_head list; /* of gpio.waiting */
	struct kit_req req;
};

static struct {
	struct line *lines;
	unsigned int count;
	wait_queue_head_t more;
	struct list_head waiting; /* requests, oldest first */
	unsigned long leaving;	  /* clients whose lines are to be let go */
	bool edge;		  /* some line has fired */
	bool unwanted;		  /* what the fiber works on was taken back */
	struct request request[KIT_REQ_TOKENS];
} gpio;

/* --- lines ------------------------------------------------------------- */

static struct gpio_chip *chip_of(const struct line *line)
{
	return gpio_device_get_chip(line->chip);
}

/* Runs in the loop, or in a thread of the chip's. */
static irqreturn_t line_interrupt(int irq, void *dev_id)
{
	struct line *line = dev_id;

	line->fired = true;
	gpio.edge = true;
	wake_up(&gpio.more);
	return IRQ_HANDLED;
}

static void line_keep(const struct line *line, int level)
{
	glue_gpio_keep((uint64_t *)kit_keepsake(), line - gpio.lines, level);
}

static void line_unlisten(struct line *line)
{
	line_keep(line, -1);
	if (line->edges)
		free_irq(line->irq, line);
	line->edges = 0;
	line->fired = false;
}

/* Return: 0 or an error of Linux, for edges that the chip cannot tell. */
static int line_listen(struct line *line, unsigned int edges)
{
	unsigned long flags = 0;
	int irq, err;

	if (line->edges == edges)
		return 0;
	line_unlisten(line);
	irq = gpiod_to_irq(line->desc);
	if (irq < 0)
		return irq;
	if (edges & GLUE_GPIO_EDGE_RISING)
		flags |= IRQF_TRIGGER_RISING;
	if (edges & GLUE_GPIO_EDGE_FALLING)
		flags |= IRQF_TRIGGER_FALLING;
	err = request_any_context_irq(irq, line_interrupt, flags, "gpio", line);
	if (err < 0)
		return err;
	line->irq = irq;
	line->edges = edges;
	return 0;
}

static void line_release(struct line *line)
{
	line_unlisten(line);
	gpiochip_free_own_desc(line->desc);
	line->owner = NOBODY;
}

/* The first who configures a line has it; another driver may have it too. */
static enum kit_err line_claim(struct line *line, unsigned int client)
{
	struct gpio_desc *desc;

	if (line->owner == client)
		return KIT_OK;
	if (line->owner != NOBODY)
		return KIT_ERR_BUSY;
	desc = gpiochip_request_own_desc(chip_of(line), line->offset, "client",
					 DEFAULT_FLAG, GPIOD_ASIS);
	if (IS_ERR(desc))
		return PTR_ERR(desc) == -EBUSY ?
			       KIT_ERR_BUSY :
			       dde_err_from_errno(PTR_ERR(desc));
	line->owner = client;
	return KIT_OK;
}

/* The level as it is on the wire. Return: 0 or 1, or an error of Linux. */
static int line_level(const struct line *line)
{
	return gpiod_get_raw_value_cansleep(line->desc);
}

static enum kit_err line_get(const struct line *line, unsigned long *value)
{
	int level = line_level(line);

	if (level < 0)
		return dde_err_from_errno(level);
	*value = level;
	return KIT_OK;
}

static enum kit_err line_set(struct line *line, unsigned int level)
{
	if (gpiod_get_direction(line->desc) != GPIO_LINE_DIRECTION_OUT)
		return KIT_ERR_INVALID;
	gpiod_set_raw_value_cansleep(line->desc, level);
	return KIT_OK;
}

static enum kit_err line_direction(struct line *line, bool output,
				   unsigned int level)
{
	int err;

	line_unlisten(line);
	err = output ? gpiod_direction_output_raw(line->desc, level) :
		       gpiod_direction_input(line->desc);
	return dde_err_from_errno(err);
}

/* Answers at once if an edge has come since the last wait. */
static enum kit_err line_wait(struct line *line, const struct kit_req *req)
{
	unsigned long kept = line->edges ? 0 : *kit_keepsake();
	unsigned int edges = req->flags ?: EDGE_BOTH;
	int err, level;

	if (line->waiter != NOT_WAITING)
		return KIT_ERR_BUSY;
	if (gpiod_get_direction(line->desc) == GPIO_LINE_DIRECTION_OUT)
		return KIT_ERR_INVALID;
	err = line_listen(line, edges);
	if (err)
		return dde_err_from_errno(err);
	level = line_level(line);
	if (glue_gpio_missed(kept, line - gpio.lines, edges, level)) {
		msleep(1); /* the chip may tell of it, too: it is one edge */
		line->fired = true;
	}
	line_keep(line, level);
	line->waiter = req->token;
	if (line->fired)
		gpio.edge = true;
	return KIT_OK;
}

static void line_describe(const struct line *line, const struct kit_req *req,
			  unsigned long *value)
{
	*value = dde_gpio_key(chip_of(line), line->offset)
		 << GLUE_GPIO_KEY_SHIFT;
	if (gpiod_get_direction(line->desc) == GPIO_LINE_DIRECTION_OUT)
		*value |= GLUE_GPIO_IS_OUTPUT;
	if (line->owner != NOBODY)
		*value |= GLUE_GPIO_IS_TAKEN;
	dde_gpio_name(chip_of(line), line->offset, req->data, req->bytes);
}

/* --- requests, in the fiber -------------------------------------------- */

/* Every operation but WAIT ends here. */
static enum kit_err line_operate(struct line *line, const struct kit_req *req,
				 unsigned long *value)
{
	enum kit_err err;

	if (req->op == GLUE_GPIO_GET)
		return line_get(line, value);
	if (req->op == GLUE_GPIO_LINE) {
		line_describe(line, req, value);
		return KIT_OK;
	}
	err = line_claim(line, req->client);
	if (err)
		return err;
	switch (req->op) {
	case GLUE_GPIO_INPUT:
		return line_direction(line, false, 0);
	case GLUE_GPIO_OUTPUT:
		return line_direction(line, true, req->flags & 1);
	case GLUE_GPIO_SET:
		return line_set(line, req->flags & 1);
	default:
		return line_wait(line, req);
	}
}

static void serve_one(struct request *request)
{
	struct kit_req req = request->req;
	unsigned long value = 0;
	struct line *line;
	enum kit_err err;

	list_del_init(&request->list);
	if (req.arg >= gpio.count) {
		kit_req_complete(req.token, KIT_ERR_RANGE, 0);
		return;
	}
	line = &gpio.lines[req.arg];
	gpio.unwanted = false;
	err = line_operate(line, &req, &value);
	if (!err && line->waiter == req.token) {
		if (!gpio.unwanted)
			return;
		line->waiter = NOT_WAITING;
		err = KIT_ERR_GONE;
	}
	kit_req_complete(req.token, err, value);
}

/* Edges that have come are told to who waits; the others are kept. */
static void serve_edges(void)
{
	unsigned int i, token;
	struct line *line;
	int level;

	gpio.edge = false;
	for (i = 0; i < gpio.count; i++) {
		line = &gpio.lines[i];
		if (!line->fired || line->waiter == NOT_WAITING)
			continue;
		line->fired = false;
		level = line_level(line);
		line_keep(line, level);
		token = line->waiter;
		if (token == NOT_WAITING) /* cancelled meanwhile */
			continue;
		line->waiter = NOT_WAITING;
		kit_req_complete(token, KIT_OK, level > 0);
	}
}

static void serve_leaving(void)
{
	unsigned long clients = gpio.leaving;
	unsigned int i;

	gpio.leaving = 0;
	for (i = 0; i < gpio.count; i++) {
		if (gpio.lines[i].owner != NOBODY &&
		    clients & 1ul << gpio.lines[i].owner)
			line_release(&gpio.lines[i]);
	}
}

/* Who leaves comes first: its number may be a new client's by now. */
static void serve(void *unused)
{
	for (;;) {
		wait_event(gpio.more, gpio.leaving || gpio.edge ||
					      !list_empty(&gpio.waiting));
		if (gpio.leaving)
			serve_leaving();
		if (gpio.edge)
			serve_edges();
		if (!list_empty(&gpio.waiting))
			serve_one(list_first_entry(&gpio.waiting,
						   struct request, list));
	}
}

/* --- requests, in the loop ---------------------------------------------- */

static enum kit_err gpio_submit(void *drv, const struct kit_req *req)
{
	struct request *request = &gpio.request[req->token];

	request->req = *req;
	list_add_tail(&request->list, &gpio.waiting);
	wake_up(&gpio.more);
	return KIT_OK;
}

/* One that the fiber has begun ends by itself; it then does not wait. */
static void gpio_cancel(void *drv, unsigned int token)
{
	struct request *request = &gpio.request[token];
	unsigned int i;

	for (i = 0; i < gpio.count; i++) {
		if (gpio.lines[i].waiter == token)
			break;
	}
	if (i == gpio.count && list_empty(&request->list)) {
		gpio.unwanted = true;
		return;
	}
	if (i < gpio.count)
		gpio.lines[i].waiter = NOT_WAITING;
	else
		list_del_init(&request->list);
	kit_req_complete(token, KIT_ERR_GONE, 0);
}

static void gpio_client(void *drv, unsigned int client, int opened)
{
	if (opened)
		return;
	gpio.leaving |= 1ul << client;
	wake_up(&gpio.more);
}

static const struct kit_req_ops gpio_ops = {
	.submit = gpio_submit,
	.cancel = gpio_cancel,
	.client = gpio_client,
};

/* --- start --------------------------------------------------------------- */

static void lines_fill(struct gpio_device *chip, struct line *line)
{
	unsigned int count = gpio_device_get_chip(chip)->ngpio;
	unsigned int i;

	for (i = 0; i < count; i++, line++) {
		line->chip = chip;
		line->desc = gpio_device_get_desc(chip, i);
		line->offset = i;
		line->owner = NOBODY;
		line->waiter = NOT_WAITING;
	}
}

static int lines_make(struct gpio_device **chips, unsigned int chip_count)
{
	unsigned int i, first = 0;

	for (i = 0; i < chip_count; i++)
		gpio.count += gpio_device_get_chip(chips[i])->ngpio;
	gpio.lines = kcalloc(gpio.count, sizeof(*gpio.lines), GFP_KERNEL);
	if (!gpio.lines)
		return -ENOMEM;
	for (i = 0; i < chip_count; i++) {
		lines_fill(chips[i], &gpio.lines[first]);
		first += gpio_device_get_chip(chips[i])->ngpio;
	}
	return 0;
}

static void info_fill(struct glue_gpio_info *info, struct gpio_device *chip)
{
	info->lines = gpio.count;
	dde_driver_text(info->driver, sizeof(info->driver));
	strscpy(info->label, gpio_device_get_label(chip), sizeof(info->label));
}

static int gpio_start(void)
{
	struct gpio_device *chips[DDE_GPIO_CHIPS_MAX];
	unsigned int count = dde_gpio_chips(chips);
	struct glue_gpio_info info = { 0 };
	unsigned int i;
	int err;

	if (!count)
		return -ENODEV;
	err = lines_make(chips, count);
	if (err)
		return err;
	init_waitqueue_head(&gpio.more);
	INIT_LIST_HEAD(&gpio.waiting);
	for (i = 0; i < KIT_REQ_TOKENS; i++)
		INIT_LIST_HEAD(&gpio.request[i].list);
	if (!dde_fiber_start(serve, NULL, "gpio"))
		return -ENOMEM;
	info_fill(&info, chips[0]);
	kit_req_start(KIT_CLASS_GPIO, &gpio_ops, NULL, &info);
	return 0;
}

const struct dde_class dde_class_gpio = {
	.name = "gpio",
	.start = gpio_start,
	.poll = kit_req_poll,
};
