// SPDX-License-Identifier: GPL-2.0-only
/*
 * irq-gic-v3.c - the interrupt controller as Linux's kernel/irq sees it.
 *
 * Stands for drivers/irqchip/irq-gic-v3.c. Interrupt i of the device is Linux's
 * number DDE_IRQ_FIRST + i. An event says that a line has fired; the kernel
 * then keeps it quiet until it is acknowledged. So "masked" costs nothing: a
 * masked line is one that we do not acknowledge.
 *
 * When to acknowledge:
 * - edge: before the handlers run. An edge that comes while they look at the
 *   device then makes a new event; acknowledged later, it could be one that the
 *   handlers no longer see, if the controller does not latch while active.
 * - level: after the handlers, because until they have quietened the device
 *   the line is still high and would fire again at once. With IRQF_ONESHOT,
 *   after the threads, for the same reason.
 * - masked (disabled, or nobody listens): when it is unmasked. A level that is
 *   still high then fires by itself; an edge is delivered once more.
 * - a level that no handler knows (a device that holds its line for nothing):
 *   after STORM_LIMIT in a row later, by a timer, so that others can run. It
 *   stays Linux's decision to give the line up (note_interrupt).
 *
 * Interrupts may be lost on their way. Handlers that share their line with others
 * may be called at any time and say whether their device had a cause: with each
 * heartbeat of the broker they are. One that had, again and again, without an
 * interrupt in between, has lost them. (For native drivers: dddk/driver/.)
 * Read next: kernel/irq/chip.c of Linux, tests/unit/dde_emul/irq.c
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/kernel.h>
#include <kit.h>
#include <dde.h>
#include <dde_irq.h>

/* Source: Linux's device tree binding arm,gic-v3. */
#define GIC_CELLS    3
#define GIC_PPI	     1
#define GIC_PPI_BASE 16
#define GIC_SPI_BASE 32

#define STORM_LIMIT 100
#define MISSED_MAX  2 /* one may be on its way */

struct line {
	struct irq_desc *desc;
	unsigned int index;
	unsigned int number; /* of the machine's controller, for messages */
	bool edge;
	bool masked;
	bool fired;		/* and not acknowledged yet */
	unsigned int unhandled; /* times in a row */
	unsigned int missed; /* heartbeats with a cause, since the last one */
	struct timer_list calm;
};

unsigned long dde_irqs_off;
DDE_EMULATED(dde_irqs_off);

static struct line lines[KIT_IRQ_MAX];
static unsigned int line_count;
static unsigned long replay_events;

static void line_calmed(struct timer_list *timer)
{
	struct line *line = from_timer(line, timer, calm);

	if (line->masked || !line->fired)
		return;
	line->fired = false;
	kit_irq_ack(line->index);
}

static void line_ack(struct line *line)
{
	if (unlikely(line->unhandled >= STORM_LIMIT)) {
		mod_timer(&line->calm, jiffies + 1);
		return;
	}
	line->fired = false;
	kit_irq_ack(line->index);
}

static struct line *line_of(struct irq_data *data)
{
	return irq_data_get_irq_chip_data(data);
}

static void chip_mask(struct irq_data *data)
{
	line_of(data)->masked = true;
}

/* What came meanwhile: an edge in the loop's next turn, a level by itself. */
static void chip_unmask(struct irq_data *data)
{
	struct line *line = line_of(data);

	line->masked = false;
	if (!line->fired)
		return;
	if (!line->edge) {
		line_ack(line);
		return;
	}
	replay_events |= KIT_EVENT_IRQ(line->index);
	dde_pending |= DDE_PENDING_IRQ;
}

/* A level is acknowledged by chip_unmask(), when its handlers have run. */
static void chip_ack(struct irq_data *data)
{
	struct line *line = line_of(data);

	if (line->edge)
		line_ack(line);
}

/* The broker has set the trigger, from the device tree. */
static int chip_set_type(struct irq_data *data, unsigned int type)
{
	struct line *line = line_of(data);
	bool edge = type & IRQ_TYPE_EDGE_BOTH;

	if (edge == line->edge)
		return 0;
	pr_err("irq %u (interrupt %u): the driver asks for %s, the device tree has %s\n",
	       data->irq, line->number, edge ? "an edge" : "a level",
	       line->edge ? "an edge" : "a level");
	return -EINVAL;
}

/* Deliver an edge again that came while nobody could take it. */
static int chip_retrigger(struct irq_data *data)
{
	struct line *line = line_of(data);

	replay_events |= KIT_EVENT_IRQ(line->index);
	dde_pending |= DDE_PENDING_IRQ;
	return 1;
}

static struct irq_chip chip = {
	.name = "kaal",
	.irq_enable = chip_unmask,
	.irq_disable = chip_mask,
	.irq_mask = chip_mask,
	.irq_unmask = chip_unmask,
	.irq_ack = chip_ack,
	.irq_set_type = chip_set_type,
	.irq_retrigger = chip_retrigger,
	.flags = IRQCHIP_SKIP_SET_WAKE,
};

/* The usual case, without the steps that Linux takes for all the others. */
static void line_run_handler(struct irq_desc *desc, struct irqaction *action)
{
	struct line *line = irq_desc_get_chip_data(desc);
	irqreturn_t result;

	desc->tot_count++;
	if (line->edge)
		line_ack(line);
	result = action->handler(irq_desc_get_irq(desc), action->dev_id);
	if (unlikely(result != IRQ_HANDLED))
		note_interrupt(desc, result);
	if (!line->edge && !line->masked)
		line_ack(line);
}

static void line_flow(struct irq_desc *desc)
{
	struct irqaction *action = desc->action;
	struct line *line = irq_desc_get_chip_data(desc);

	if (likely(action && !action->next && !action->thread_fn))
		line_run_handler(desc, action);
	else if (line->edge)
		handle_edge_irq(desc);
	else
		handle_level_irq(desc);
}

/* Linux counts what no handler has known; it forgets after a while. */
static void line_deliver(struct line *line)
{
	unsigned int before = line->desc->irqs_unhandled;

	line->fired = true;
	line->missed = 0;
	if (line->masked)
		return;
	kit_trace(KIT_TRACE_IRQ, line->number);
	generic_handle_irq_desc(line->desc);
	if (likely(line->desc->irqs_unhandled == before))
		line->unhandled = 0;
	else
		line->unhandled++;
}

/*
 * Handlers run with the marks that Linux code asks for: in_hardirq() and
 * irqs_disabled() are true. What they leave to softirqs runs in the loop.
 */
static void handlers_begin(void)
{
	preempt_count_add(HARDIRQ_OFFSET);
	dde_irqs_off = 1;
}

static void handlers_end(void)
{
	dde_irqs_off = 0;
	preempt_count_sub(HARDIRQ_OFFSET);
}

void dde_irq_deliver(unsigned long events)
{
	unsigned int i;

	events |= replay_events;
	replay_events = 0;
	handlers_begin();
	if (unlikely(dde_pending & DDE_PENDING_IRQ)) {
		dde_pending &= ~DDE_PENDING_IRQ;
		if (dde_optional.irq_work_run)
			dde_optional.irq_work_run();
	}
	for (i = 0; i < line_count; i++) {
		if (events & KIT_EVENT_IRQ(i))
			line_deliver(&lines[i]);
	}
	handlers_end();
}

/* Had its device a cause? */
static bool line_ask(struct line *line)
{
	struct irqaction *action = line->desc->action;

	if (line->masked || line->fired || !action || action->next ||
	    action->thread_fn || !(action->flags & IRQF_SHARED))
		return false;
	return action->handler(irq_desc_get_irq(line->desc), action->dev_id) ==
	       IRQ_HANDLED;
}

void dde_irq_ask(void)
{
	unsigned int i;

	for (i = 0; i < line_count; i++) {
		struct line *line = &lines[i];
		bool had;

		handlers_begin();
		had = line_ask(line);
		handlers_end();
		if (had && line->missed++ >= MISSED_MAX)
			dde_fatal(
				"interrupt %u is lost: %u times the device had a cause and none came: this driver ends",
				line->number, line->missed);
	}
}

/* The "interrupt to self" under irq_work: in the loop's next turn. */
void arch_irq_work_raise(void)
{
	dde_pending |= DDE_PENDING_IRQ;
}
DDE_EMULATED(arch_irq_work_raise);

static void line_init(struct line *line, const struct kit_irq *irq,
		      unsigned int index)
{
	unsigned int virq = DDE_IRQ_FIRST + index;

	*line = (struct line){
		.desc = irq_to_desc(virq),
		.index = index,
		.number = irq->number,
		.edge = irq->edge,
		.masked = true,
	};
	timer_setup(&line->calm, line_calmed, 0);
	irq_set_chip_and_handler(virq, &chip, line_flow);
	irq_set_chip_data(virq, line);
	irqd_set_trigger_type(irq_get_irq_data(virq),
			      irq->edge ? IRQ_TYPE_EDGE_RISING :
					  IRQ_TYPE_LEVEL_HIGH);
	irq_clear_status_flags(virq, IRQ_NOREQUEST);
}

/*
 * Three cells of the device tree, kind, number and trigger, to the device's
 * interrupt of that number. The trigger is what the broker has set.
 */
static int domain_xlate(struct irq_domain *domain, struct device_node *node,
			const u32 *cells, unsigned int count,
			unsigned long *hwirq, unsigned int *type)
{
	unsigned int number, i;

	if (count < GIC_CELLS || cells[0] > GIC_PPI)
		return -EINVAL;
	number = cells[1] + (cells[0] == GIC_PPI ? GIC_PPI_BASE : GIC_SPI_BASE);
	for (i = 0; i < line_count; i++) {
		if (lines[i].number != number)
			continue;
		*hwirq = i;
		*type = irq_get_trigger_type(DDE_IRQ_FIRST + i);
		return 0;
	}
	return -ENXIO;
}

static const struct irq_domain_ops domain_ops = {
	.xlate = domain_xlate,
};

void dde_irq_domain_create(struct device_node *controller)
{
	if (line_count &&
	    !irq_domain_add_legacy(controller, line_count, DDE_IRQ_FIRST, 0,
				   &domain_ops, NULL))
		pr_err("no memory for interrupts\n");
}

int dde_irq_init(void)
{
	const struct kit_device *device = kit_device();
	unsigned int count = min(device->irq_count, (unsigned int)KIT_IRQ_MAX);
	int first;

	if (!count)
		return 0;
	first = irq_alloc_descs(DDE_IRQ_FIRST, DDE_IRQ_FIRST, count, 0);
	if (first < 0)
		return first;
	for (; line_count < count; line_count++)
		line_init(&lines[line_count], &device->irq[line_count],
			  line_count);
	return 0;
}
