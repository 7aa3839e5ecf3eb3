// SPDX-License-Identifier: BSD-2-Clause
/*
 * req_gpio.c - the gpio class over Linux's gpiolib and a made-up chip.
 *
 * The chip may sleep and fail; lines belong to who takes them first, until that
 * client leaves; a wait can be taken back at any time.
 */
#include <linux/delay.h>
#include <linux/gpio/driver.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <glue/gpio.h>
#include <dde.h>
#include "check.h"
#include "fake_request.h"

#define LINES 4
#define DEAF  3 /* the line without an interrupt */

static DECLARE_WAIT_QUEUE_HEAD(gate);
static bool closed, caller_waits;
static unsigned int outputs, levels;
static int failure, first_irq;

/* --- the chip ------------------------------------------------------------- */

static void chip_slow(void)
{
	if (!closed)
		return;
	caller_waits = true;
	wait_event(gate, !closed);
	caller_waits = false;
}

static int chip_get_direction(struct gpio_chip *chip, unsigned int line)
{
	return outputs & 1u << line ? GPIO_LINE_DIRECTION_OUT :
				      GPIO_LINE_DIRECTION_IN;
}

static int chip_input(struct gpio_chip *chip, unsigned int line)
{
	chip_slow();
	if (!failure)
		outputs &= ~(1u << line);
	return failure;
}

static int chip_get(struct gpio_chip *chip, unsigned int line)
{
	chip_slow();
	return failure ?: levels >> line & 1;
}

static void chip_set(struct gpio_chip *chip, unsigned int line, int level)
{
	levels = (levels & ~(1u << line)) | (unsigned int)level << line;
}

static int chip_output(struct gpio_chip *chip, unsigned int line, int level)
{
	if (failure)
		return failure;
	outputs |= 1u << line;
	chip_set(chip, line, level);
	return 0;
}

static int chip_to_irq(struct gpio_chip *chip, unsigned int line)
{
	chip_slow();
	return line == DEAF ? -ENXIO : first_irq + line;
}

static struct gpio_chip chip = {
	.label = "check",
	.get_direction = chip_get_direction,
	.direction_input = chip_input,
	.direction_output = chip_output,
	.get = chip_get,
	.set = chip_set,
	.to_irq = chip_to_irq,
	.base = -1,
	.ngpio = LINES,
	.can_sleep = true,
};

static void chip_make(void)
{
	unsigned int i;

	first_irq = irq_alloc_descs(-1, 10, LINES, 0);
	CHECK(first_irq > 0);
	for (i = 0; i < LINES; i++) {
		irq_set_chip_and_handler(first_irq + i, &dummy_irq_chip,
					 handle_simple_irq);
		irq_clear_status_flags(first_irq + i, IRQ_NOREQUEST);
	}
	CHECK(!gpiochip_add_data(&chip, NULL));
}

static void edge(unsigned int line, unsigned int level)
{
	chip_set(&chip, line, level);
	generic_handle_irq_safe(first_irq + line);
	msleep(4);
}

/* --- clients -------------------------------------------------------------- */

static void start(unsigned int token, unsigned int client, unsigned short op,
		  unsigned long line, unsigned short flags)
{
	struct kit_req req = { .op = op,
			       .flags = flags,
			       .token = token,
			       .client = client,
			       .arg = line };

	fake_request(&req);
}

static int answer(unsigned int client, unsigned short op, unsigned long line,
		  unsigned short flags)
{
	start(1, client, op, line, flags);
	return fake_req_wait(1);
}

static void leaves(unsigned int client)
{
	fake_req_ops->client(NULL, client, 0);
	msleep(4);
}

static bool is_taken(unsigned int line)
{
	CHECK(answer(9, GLUE_GPIO_LINE, line, 0) == KIT_OK);
	return fake_req_value[1] & GLUE_GPIO_IS_TAKEN;
}

static void levels_and_directions(void)
{
	levels = 2;
	CHECK(answer(0, GLUE_GPIO_GET, 1, 0) == KIT_OK && fake_req_value[1]);
	CHECK(answer(0, GLUE_GPIO_GET, 0, 0) == KIT_OK && !fake_req_value[1]);
	CHECK(!is_taken(0));
	CHECK(answer(0, GLUE_GPIO_SET, 0, 1) == KIT_ERR_INVALID);
	CHECK(answer(0, GLUE_GPIO_OUTPUT, 0, 1) == KIT_OK && levels == 3);
	CHECK(answer(0, GLUE_GPIO_SET, 0, 0) == KIT_OK && levels == 2);
	CHECK(answer(0, GLUE_GPIO_INPUT, 0, 0) == KIT_OK && !outputs);
	CHECK(answer(0, GLUE_GPIO_GET, LINES, 0) == KIT_ERR_RANGE);
	CHECK(answer(0, GLUE_GPIO_WAIT, U32_MAX, 0) == KIT_ERR_RANGE);
}

static void lines_have_owners(void)
{
	CHECK(is_taken(0));
	CHECK(answer(1, GLUE_GPIO_OUTPUT, 0, 1) == KIT_ERR_BUSY && !outputs);
	CHECK(answer(1, GLUE_GPIO_WAIT, 0, 0) == KIT_ERR_BUSY);
	CHECK(answer(1, GLUE_GPIO_GET, 0, 0) == KIT_OK);
	leaves(0);
	CHECK(!is_taken(0));
	CHECK(answer(1, GLUE_GPIO_INPUT, 0, 0) == KIT_OK && is_taken(0));
	leaves(1);
}

static void chip_fails(void)
{
	failure = -EIO;
	CHECK(answer(0, GLUE_GPIO_GET, 1, 0) == KIT_ERR_IO);
	CHECK(answer(0, GLUE_GPIO_INPUT, 1, 0) == KIT_ERR_IO);
	CHECK(answer(0, GLUE_GPIO_OUTPUT, 1, 1) == KIT_ERR_IO && !outputs);
	failure = 0;
	CHECK(answer(0, GLUE_GPIO_WAIT, DEAF, 0) == KIT_ERR_NOTFOUND);
	leaves(0);
	CHECK(!is_taken(1) && !is_taken(DEAF));
}

/* An edge between two waits is kept; one that nobody waits for is not told. */
static void waits(void)
{
	start(2, 0, GLUE_GPIO_WAIT, 1, GLUE_GPIO_EDGE_RISING);
	msleep(4);
	CHECK(fake_req_status[2] == FAKE_OPEN);
	CHECK(answer(0, GLUE_GPIO_WAIT, 1, 0) == KIT_ERR_BUSY);
	edge(1, 1);
	CHECK(fake_req_status[2] == KIT_OK && fake_req_value[2] == 1);
	edge(1, 0);
	CHECK(answer(0, GLUE_GPIO_WAIT, 1, GLUE_GPIO_EDGE_RISING) == KIT_OK);
	CHECK(fake_req_value[1] == 0);
	start(2, 0, GLUE_GPIO_WAIT, 1, GLUE_GPIO_EDGE_RISING);
	msleep(4);
	CHECK(fake_req_status[2] == FAKE_OPEN);
	fake_req_cancel(2);
	CHECK(fake_req_status[2] == KIT_ERR_GONE);
	leaves(0);
	edge(1, 1);
	CHECK(!is_taken(1));
}

/* What an earlier life has seen of lines 1 and 2: low. The first is high now. */
static void moved_meanwhile(void)
{
	*kit_keepsake() = 1 << 1 | 1 << 2;
	start(2, 0, GLUE_GPIO_WAIT, 1, GLUE_GPIO_EDGE_FALLING);
	start(3, 0, GLUE_GPIO_WAIT, 2, 0);
	msleep(4);
	CHECK(fake_req_status[2] == FAKE_OPEN &&
	      fake_req_status[3] == FAKE_OPEN);
	CHECK(*kit_keepsake() == (1 << 1 | 1 << 2 | 1ul << 33));
	fake_req_cancel(2);
	fake_req_cancel(3);
	leaves(0);
	CHECK(!*kit_keepsake());
	*kit_keepsake() = 1 << 1;
	CHECK(answer(0, GLUE_GPIO_WAIT, 1, 0) == KIT_OK && fake_req_value[1]);
	start(2, 0, GLUE_GPIO_WAIT, 1, 0);
	msleep(4);
	CHECK(fake_req_status[2] == FAKE_OPEN); /* it is told once */
	fake_req_cancel(2);
	leaves(0);
}

static void chip_waits(unsigned short op)
{
	closed = true;
	start(3, 0, op, 2, 0);
	while (!caller_waits)
		msleep(1);
}

static void chip_goes_on(void)
{
	closed = false;
	wake_up_all(&gate);
	msleep(4);
}

/* Taken back while the chip is asked: it ends soon, and once. */
static void taken_back_while_it_runs(void)
{
	chip_waits(GLUE_GPIO_INPUT);
	start(4, 1, GLUE_GPIO_GET, 2, 0);
	fake_req_cancel(3);
	fake_req_cancel(4);
	CHECK(fake_req_status[4] == KIT_ERR_GONE);
	chip_goes_on();
	CHECK(fake_req_status[3] != FAKE_OPEN);
	chip_waits(GLUE_GPIO_WAIT);
	fake_req_cancel(3);
	chip_goes_on();
	CHECK(fake_req_wait(3) == KIT_ERR_GONE);
	start(4, 0, GLUE_GPIO_WAIT, 2, 0);
	msleep(4);
	CHECK(fake_req_status[4] == FAKE_OPEN); /* the line is free for it */
	edge(2, 1);
	CHECK(fake_req_status[4] == KIT_OK && fake_req_value[4] == 1);
	leaves(0);
}

static void every_token(void)
{
	unsigned int token;

	chip_waits(GLUE_GPIO_INPUT);
	for (token = 4; token < KIT_REQ_TOKENS; token++)
		start(token, 1, GLUE_GPIO_GET, 2, 0);
	for (token = 4; token < KIT_REQ_TOKENS; token += 3)
		fake_req_cancel(token);
	chip_goes_on();
	for (token = 4; token < KIT_REQ_TOKENS; token++)
		CHECK(fake_req_wait(token) ==
		      ((token - 4) % 3 ? KIT_OK : KIT_ERR_GONE));
	leaves(0);
}

static void check_req_gpio(void)
{
	const struct glue_gpio_info *info = (const void *)fake_req_info;

	CHECK(dde_class_gpio.start() == -ENODEV);
	chip_make();
	CHECK(!dde_class_gpio.start() && fake_req_class == KIT_CLASS_GPIO);
	CHECK(info->lines == LINES && !strcmp(info->label, "check"));
	levels_and_directions();
	lines_have_owners();
	chip_fails();
	waits();
	moved_meanwhile();
	taken_back_while_it_runs();
	every_token();
	gpiochip_remove(&chip);
}
CHECK_GROUP(req_gpio);
