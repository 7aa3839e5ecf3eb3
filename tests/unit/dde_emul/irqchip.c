// SPDX-License-Identifier: BSD-2-Clause
/*
 * irqchip.c - interrupts behind an interrupt: domains, chained and nested
 * handlers, as gpiolib uses them; and lines that nobody serves.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqchip/chained_irq.h>
#include <linux/irqdomain.h>
#include <linux/string.h>
#include "check.h"

#define EDGE	 1
#define LEVEL	 2
#define CHILDREN 8

static struct irq_domain *domain;
static unsigned int handled, masks, acks_seen, pending_lines, again_lines;
static int cookie;

static void child_mask(struct irq_data *data)
{
	masks |= 1u << irqd_to_hwirq(data);
}

static void child_unmask(struct irq_data *data)
{
	masks &= ~(1u << irqd_to_hwirq(data));
}

static int child_set_type(struct irq_data *data, unsigned int type)
{
	return 0;
}

static struct irq_chip child_chip = {
	.name = "child",
	.irq_mask = child_mask,
	.irq_unmask = child_unmask,
	.irq_set_type = child_set_type,
};

static int child_map(struct irq_domain *unused, unsigned int virq,
		     irq_hw_number_t line)
{
	irq_set_chip_and_handler(virq, &child_chip, handle_simple_irq);
	return 0;
}

static const struct irq_domain_ops child_ops = { .map = child_map };

/* The other ways by which drivers hand an interrupt on. */
static void handle_twice(unsigned int line)
{
	CHECK(!generic_handle_irq(irq_find_mapping(domain, line)));
	CHECK(!generic_handle_domain_irq_safe(domain, line));
}

/* What pl061_irq_handler and its like do. */
static void demultiplex(struct irq_desc *desc)
{
	struct irq_chip *chip = irq_desc_get_chip(desc);
	unsigned int line;

	chained_irq_enter(chip, desc);
	for (line = 0; line < CHILDREN; line++) {
		if (pending_lines & 1u << line)
			generic_handle_domain_irq(domain, line);
		if (again_lines & 1u << line)
			handle_twice(line);
	}
	chained_irq_exit(chip, desc);
}

static irqreturn_t child_handler(int irq, void *dev_id)
{
	CHECK(irq == irq_find_mapping(domain, 3));
	acks_seen = fake_acks[1];
	handled++;
	return IRQ_HANDLED;
}

static void fire(unsigned int irq)
{
	fake_events |= KIT_EVENT_IRQ(irq - 1);
	msleep(1);
}

static void chained(void)
{
	unsigned int child;

	handled = 0;
	fake_acks[1] = 0;
	domain = irq_domain_create_linear(NULL, CHILDREN, &child_ops, NULL);
	CHECK(domain);
	irq_set_chained_handler_and_data(LEVEL, demultiplex, domain);
	child = irq_create_mapping(domain, 3);
	CHECK(child > LEVEL && irq_find_mapping(domain, 3) == child);
	CHECK(irq_create_mapping(domain, 3) == child);
	CHECK(request_irq(LEVEL, child_handler, 0, "parent", &cookie) < 0);
	CHECK(!request_irq(child, child_handler, IRQF_TRIGGER_FALLING, "child",
			   &cookie));
	CHECK(!(masks & 1u << 3));
	pending_lines = 1u << 3;
	fire(LEVEL);
	CHECK(handled == 1 && acks_seen == 0 && fake_acks[1] == 1);
	pending_lines = 1u << 5; /* nobody has mapped it */
	fire(LEVEL);
	CHECK(handled == 1 && fake_acks[1] == 2);
	pending_lines = 0;
	again_lines = 1u << 3;
	fire(LEVEL);
	CHECK(handled == 3 && fake_acks[1] == 3);
	again_lines = 0;
	disable_irq(child);
	CHECK(irqd_irq_disabled(irq_get_irq_data(child)));
	enable_irq(child);
	free_irq(child, &cookie);
	irq_dispose_mapping(child);
	CHECK(!irq_find_mapping(domain, 3));
	irq_set_chained_handler_and_data(LEVEL, NULL, NULL);
	irq_domain_remove(domain);
}

static irqreturn_t nobody(int irq, void *dev_id)
{
	handled++;
	return IRQ_NONE;
}

/* 99,900 of 100,000 unhandled: Linux switches the line off and says so. */
static void spurious(void)
{
	unsigned int i;

	handled = 0;
	CHECK(!request_irq(EDGE, nobody, 0, "nobody", &cookie));
	fake_log_clear();
	for (i = 0; i < 100000; i++)
		generic_handle_irq_safe(EDGE);
	CHECK(handled == 100000);
	CHECK(strstr(fake_log, "nobody cared"));
	fake_acks[0] = 0;
	fire(EDGE);
	CHECK(handled == 100000 && fake_acks[0] == 0);
	free_irq(EDGE, &cookie);
}

/* The broker sets triggers by the device tree; a driver cannot. */
static void wrong_trigger(void)
{
	fake_log_clear();
	CHECK(request_irq(EDGE, nobody, IRQF_TRIGGER_HIGH, "x", &cookie) ==
	      -EINVAL);
	CHECK(strstr(fake_log, "asks for a level"));
	CHECK(!request_irq(EDGE, nobody, IRQF_TRIGGER_RISING, "x", &cookie));
	free_irq(EDGE, &cookie);
}

static void numbers(void)
{
	int irq = irq_alloc_descs(-1, 10, 4, 0);

	CHECK(irq >= 10 && irq_to_desc(irq + 3) != NULL);
	CHECK(irq_alloc_descs(irq + 1, 0, 1, 0) == -EEXIST);
	CHECK(irq_alloc_descs(-1, 0, 10000, 0) == -ENOMEM);
	CHECK(request_irq(irq, nobody, 0, "x", &cookie) < 0);
	irq_free_descs(irq, 4);
	CHECK(!irq_to_desc(irq));
}

static void check_irqchip(void)
{
	chained();
	spurious();
	wrong_trigger();
	numbers();
}
CHECK_GROUP(irqchip);
