// SPDX-License-Identifier: GPL-2.0-only
/*
 * manage.c - interrupts: from an event bit to a driver's handler.
 *
 * Stands for kernel/irq/{manage,handle,chip}.c. Linux's irq number of the
 * device's interrupt i is IRQ_FIRST + i. An event says that the line has fired
 * and that the interrupt controller keeps it quiet until it is acknowledged.
 *
 * When to acknowledge:
 * - edge: before the handlers run. An edge that comes while they look at the
 *   device then makes a new event; acknowledged later, it could be one that the
 *   handlers no longer see, if the controller does not latch while active.
 * - level: after the handlers, because until they have quietened the device
 *   the line is still high and would fire again at once. With IRQF_ONESHOT,
 *   after the threads, for the same reason.
 * - disabled or without handler: not at all. The line stays quiet, the event
 *   is remembered and replayed by enable_irq() or request_irq().
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <kit.h>
#include <dde.h>
#include <dde_irq.h>

#define SPURIOUS_LIMIT 100 /* unhandled in a row before we say so */

struct action {
	struct action *next;
	irq_handler_t handler;
	irq_handler_t thread_fn;
	void *dev_id;
	const char *name;
	unsigned long flags;
	struct task_struct *thread; /* NULL without thread_fn */
	bool wanted;		    /* the thread has something to do */
	bool ended;		    /* the thread must end */
};

struct line {
	struct action *actions;
	unsigned int depth;   /* of disable_irq */
	bool fired;	      /* not acknowledged yet */
	unsigned int threads; /* threads that have not finished */
	unsigned int unhandled;
	unsigned int number; /* of the interrupt controller */
	bool edge;
};

unsigned long dde_irqs_off;
DDE_EMULATED(dde_irqs_off);

static struct line lines[KIT_IRQ_MAX];
static unsigned int line_count;
static unsigned long replay_events;
static DECLARE_WAIT_QUEUE_HEAD(threads_idle);

void dde_irq_init(void)
{
	const struct kit_device *device = kit_device();

	for (line_count = 0; line_count < device->irq_count; line_count++) {
		lines[line_count].number = device->irq[line_count].number;
		lines[line_count].edge = device->irq[line_count].edge;
	}
}

static struct line *line_of(unsigned int irq)
{
	unsigned int index = irq - DDE_IRQ_FIRST;

	return index < line_count ? &lines[index] : NULL;
}

static unsigned int line_index(const struct line *line)
{
	return line - lines;
}

static void line_ack(struct line *line)
{
	line->fired = false;
	kit_irq_ack(line_index(line));
}

/* A remembered event is delivered in the loop's next turn. */
static void line_replay(struct line *line)
{
	if (!line->fired || line->depth)
		return;
	replay_events |= KIT_EVENT_IRQ(line_index(line));
	dde_pending |= DDE_PENDING_IRQ;
}

/*
 * A threaded handler's fiber. The state is set before the test, so a wake-up
 * between the two is not lost (the usual Linux pattern).
 */
static void thread_main(void *arg)
{
	struct action *action = arg;
	unsigned int irq = (unsigned long)current->worker_private;
	struct line *line = line_of(irq);

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!action->wanted && !action->ended) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		if (action->ended)
			break;
		action->wanted = false;
		action->thread_fn(irq, action->dev_id);
		if (!--line->threads && line->fired && !line->depth)
			line_ack(line);
		wake_up_all(&threads_idle);
	}
	kfree(action);
}

/* A second interrupt before the thread ran asks for one run, not for two. */
static void thread_wake(struct line *line, struct action *action)
{
	if (action->wanted)
		return;
	action->wanted = true;
	line->threads++;
	wake_up_process(action->thread);
}

/* Every handler of a shared line runs: any of the devices may have fired. */
static irqreturn_t line_run_handlers(struct line *line, unsigned int irq)
{
	irqreturn_t all = IRQ_NONE;
	struct action *action;
	irqreturn_t one;

	for (action = line->actions; action; action = action->next) {
		one = action->handler(irq, action->dev_id);
		if (one == IRQ_WAKE_THREAD)
			thread_wake(line, action);
		all |= one;
	}
	return all;
}

/*
 * The line keeps being acknowledged; the count tells a person why it is slow.
 */
static void line_count_spurious(struct line *line, unsigned int irq)
{
	if (++line->unhandled % SPURIOUS_LIMIT == 0)
		pr_warn("irq %u: %u in a row that no handler wanted\n", irq,
			line->unhandled);
}

/*
 * One fired interrupt. Handlers run with the marks that Linux code asks for:
 * in_hardirq() and irqs_disabled() are true.
 */
static void line_deliver(struct line *line)
{
	unsigned int irq = DDE_IRQ_FIRST + line_index(line);

	line->fired = true;
	if (line->depth || !line->actions)
		return;
	if (line->edge)
		line_ack(line);
	kit_trace(KIT_TRACE_IRQ, line->number);
	preempt_count_add(HARDIRQ_OFFSET);
	dde_irqs_off = 1;
	if (unlikely(line_run_handlers(line, irq) == IRQ_NONE))
		line_count_spurious(line, irq);
	else
		line->unhandled = 0;
	dde_irqs_off = 0;
	preempt_count_sub(HARDIRQ_OFFSET);
	if (!line->edge && !line->threads)
		line_ack(line);
}

void dde_irq_deliver(unsigned long events)
{
	unsigned int i;

	events |= replay_events;
	replay_events = 0;
	dde_pending &= ~DDE_PENDING_IRQ;
	for (i = 0; i < line_count; i++) {
		if (events & KIT_EVENT_IRQ(i))
			line_deliver(&lines[i]);
	}
}

/* A handler that only asks for its thread (NULL given by the driver). */
static irqreturn_t irq_default_primary_handler(int irq, void *dev_id)
{
	return IRQ_WAKE_THREAD;
}

static int action_add_thread(struct action *action, unsigned int irq)
{
	action->thread = dde_fiber_start(thread_main, action, action->name);
	if (!action->thread)
		return -ENOMEM;
	action->thread->worker_private = (void *)(unsigned long)irq;
	return 0;
}

static bool sharing_allowed(const struct line *line, unsigned long flags)
{
	return !line->actions || (line->actions->flags & flags & IRQF_SHARED);
}

/*
 * The first action decides whether the line starts enabled. What fired before
 * anybody listened is delivered now.
 */
static void line_add_action(struct line *line, struct action *action)
{
	struct action **link = &line->actions;

	if (!line->actions)
		line->depth = action->flags & IRQF_NO_AUTOEN ? 1 : 0;
	while (*link)
		link = &(*link)->next;
	*link = action;
	line_replay(line);
}

/**
 * request_threaded_irq - listen to an interrupt.
 * @irq: from platform_get_irq()
 * @handler: runs in the loop, must not sleep; NULL if there is a @thread_fn
 * @thread_fn: runs in a fiber of its own; may be NULL
 *
 * Return: 0; -EINVAL; -EBUSY if the line is taken and not shared; -ENOMEM.
 */
int request_threaded_irq(unsigned int irq, irq_handler_t handler,
			 irq_handler_t thread_fn, unsigned long flags,
			 const char *name, void *dev_id)
{
	struct line *line = line_of(irq);
	struct action *action;
	int err;

	if (!line || (!handler && !thread_fn))
		return -EINVAL;
	if ((flags & IRQF_SHARED) && !dev_id)
		return -EINVAL;
	if (!sharing_allowed(line, flags))
		return -EBUSY;
	action = kzalloc(sizeof(*action), GFP_KERNEL);
	if (!action)
		return -ENOMEM;
	action->handler = handler ?: irq_default_primary_handler;
	action->thread_fn = thread_fn;
	action->flags = flags;
	action->name = name ?: "irq";
	action->dev_id = dev_id;
	err = thread_fn ? action_add_thread(action, irq) : 0;
	if (err) {
		kfree(action);
		return err;
	}
	line_add_action(line, action);
	return 0;
}
DDE_EMULATED(request_threaded_irq);

/* A thread may be in the middle of its function: it frees the action itself. */
static void action_end(struct action *action)
{
	if (!action->thread) {
		kfree(action);
		return;
	}
	action->ended = true;
	wake_up_process(action->thread);
}

/* Waits for the line's threads. Return: the name given at request, or NULL. */
const void *free_irq(unsigned int irq, void *dev_id)
{
	struct line *line = line_of(irq);
	struct action **link;
	struct action *action;
	const char *name;

	if (WARN_ON(!line))
		return NULL;
	link = &line->actions;
	while (*link && (*link)->dev_id != dev_id)
		link = &(*link)->next;
	action = *link;
	if (WARN_ON(!action))
		return NULL;
	*link = action->next;
	synchronize_irq(irq);
	name = action->name;
	action_end(action);
	return name;
}
DDE_EMULATED(free_irq);

/* Handlers run to their end in the loop; only threads can be under way. */
void synchronize_irq(unsigned int irq)
{
	struct line *line = line_of(irq);

	if (line)
		wait_event(threads_idle, !line->threads);
}
DDE_EMULATED(synchronize_irq);

void disable_irq_nosync(unsigned int irq)
{
	struct line *line = line_of(irq);

	if (line)
		line->depth++;
}
DDE_EMULATED(disable_irq_nosync);

void disable_irq(unsigned int irq)
{
	disable_irq_nosync(irq);
	synchronize_irq(irq);
}
DDE_EMULATED(disable_irq);

void enable_irq(unsigned int irq)
{
	struct line *line = line_of(irq);

	if (!line)
		return;
	if (WARN(!line->depth, "unbalanced enable for irq %u\n", irq))
		return;
	if (!--line->depth)
		line_replay(line);
}
DDE_EMULATED(enable_irq);

int irq_set_irq_wake(unsigned int irq, unsigned int on)
{
	return 0;
}
DDE_NOOP(irq_set_irq_wake, "a driver process is never suspended");

struct irq_data *irq_get_irq_data(unsigned int irq)
{
	return NULL;
}
DDE_NOOP(irq_get_irq_data, "trigger types are set by the broker");
