// SPDX-License-Identifier: GPL-2.0-only
/*
 * irqdesc.c - interrupt numbers and what stands behind each.
 *
 * Stands for kernel/irq/irqdesc.c. A table of pointers replaces Linux's maple
 * tree, which would be the largest part of a small driver; a descriptor is made
 * when its number is given out. Everything else of kernel/irq is Linux's own.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/irqdomain.h>
#include <linux/kernel_stat.h>
#include <linux/slab.h>
#include <dde.h>

/* The bits of Linux's private kernel/irq/internals.h that callers pass us. */
#define CHECK_GLOBAL (1u << 0)
#define CHECK_PERCPU (1u << 1)

extern struct irq_desc *__irq_get_desc_lock(unsigned int irq,
					    unsigned long *flags, bool bus,
					    unsigned int check);
extern void __irq_put_desc_unlock(struct irq_desc *desc, unsigned long flags,
				  bool bus);
extern void irq_mark_irq(unsigned int irq);
extern unsigned int kstat_irqs_desc(struct irq_desc *desc,
				    const struct cpumask *cpumask);

struct counted_desc {
	struct irq_desc desc;
	struct irqstat stat;
};

static struct irq_desc *descs[NR_IRQS];
int nr_irqs = NR_IRQS;
DDE_EMULATED(nr_irqs);

struct irq_desc *irq_to_desc(unsigned int irq)
{
	return irq < NR_IRQS ? descs[irq] : NULL;
}
DDE_EMULATED(irq_to_desc);

/* As Linux leaves them: disabled, masked, without chip, not to be requested. */
static struct irq_desc *desc_make(unsigned int irq, struct module *owner)
{
	struct counted_desc *counted = kzalloc(sizeof(*counted), GFP_KERNEL);
	struct irq_desc *desc = &counted->desc;

	if (!counted)
		return NULL;
	desc->irq_data.common = &desc->irq_common_data;
	desc->irq_data.irq = irq;
	desc->irq_data.chip = &no_irq_chip;
	desc->irq_common_data.state_use_accessors = IRQD_IRQ_DISABLED |
						    IRQD_IRQ_MASKED;
	desc->status_use_accessors = ARCH_IRQ_INIT_FLAGS;
	desc->handle_irq = handle_bad_irq;
	desc->kstat_irqs = (struct irqstat __percpu *)&counted->stat;
	desc->depth = 1;
	desc->owner = owner;
	raw_spin_lock_init(&desc->lock);
	mutex_init(&desc->request_mutex);
	init_waitqueue_head(&desc->wait_for_threads);
	return desc;
}

void irq_free_descs(unsigned int from, unsigned int count)
{
	unsigned int irq;

	for (irq = from; irq < from + count && irq < NR_IRQS; irq++) {
		kfree(descs[irq]);
		descs[irq] = NULL;
	}
}
DDE_EMULATED(irq_free_descs);

/* The first of @count free numbers from @from on; NR_IRQS if there are none. */
static unsigned int free_area(unsigned int from, unsigned int count)
{
	unsigned int start = max(from, 1u);
	unsigned int irq;

	for (irq = start; irq < NR_IRQS && irq - start < count; irq++) {
		if (descs[irq])
			start = irq + 1;
	}
	return count <= NR_IRQS && start <= NR_IRQS - count ? start : NR_IRQS;
}

/**
 * __irq_alloc_descs - give out @count numbers in a row.
 * @irq:  the first one if it is fixed, else negative
 * @from: where the search begins
 *
 * Return: the first number; -EINVAL; -EEXIST if a fixed number is taken;
 *         -ENOMEM if no number or no memory is left.
 */
int __irq_alloc_descs(int irq, unsigned int from, unsigned int count, int node,
		      struct module *owner,
		      const struct irq_affinity_desc *affinity)
{
	unsigned int start, i;

	if (!count || (irq >= 0 && from > irq))
		return -EINVAL;
	start = free_area(irq >= 0 ? irq : from, count);
	if (irq >= 0 && start != irq)
		return -EEXIST;
	if (start == NR_IRQS)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		descs[start + i] = desc_make(start + i, owner);
		if (!descs[start + i]) {
			irq_free_descs(start, i);
			return -ENOMEM;
		}
	}
	return start;
}
DDE_EMULATED(__irq_alloc_descs);

/* The first number in use from @offset on; nr_irqs if there is none. */
unsigned int irq_get_next_irq(unsigned int offset)
{
	while (offset < NR_IRQS && !descs[offset])
		offset++;
	return offset;
}
DDE_EMULATED(irq_get_next_irq);

void irq_mark_irq(unsigned int irq)
{
}
DDE_NOOP(irq_mark_irq, "a number with a descriptor is in use");

int handle_irq_desc(struct irq_desc *desc)
{
	if (!desc)
		return -EINVAL;
	if (WARN_ON_ONCE(!in_hardirq() &&
			 irqd_is_handle_enforce_irqctx(&desc->irq_data)))
		return -EPERM;
	generic_handle_irq_desc(desc);
	return 0;
}
DDE_EMULATED(handle_irq_desc);

int generic_handle_irq(unsigned int irq)
{
	return handle_irq_desc(irq_to_desc(irq));
}
DDE_EMULATED(generic_handle_irq);

int generic_handle_irq_safe(unsigned int irq)
{
	unsigned long flags;
	int err;

	local_irq_save(flags);
	err = generic_handle_irq(irq);
	local_irq_restore(flags);
	return err;
}
DDE_EMULATED(generic_handle_irq_safe);

int generic_handle_domain_irq(struct irq_domain *domain, unsigned int hwirq)
{
	return handle_irq_desc(irq_resolve_mapping(domain, hwirq));
}
DDE_EMULATED(generic_handle_domain_irq);

int generic_handle_domain_irq_safe(struct irq_domain *domain,
				   unsigned int hwirq)
{
	unsigned long flags;
	int err;

	local_irq_save(flags);
	err = generic_handle_domain_irq(domain, hwirq);
	local_irq_restore(flags);
	return err;
}
DDE_EMULATED(generic_handle_domain_irq_safe);

/* Return: NULL also if the number is of another kind than the caller's. */
struct irq_desc *__irq_get_desc_lock(unsigned int irq, unsigned long *flags,
				     bool bus, unsigned int check)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc || (check & CHECK_GLOBAL && check & CHECK_PERCPU))
		return NULL;
	if (bus && desc->irq_data.chip->irq_bus_lock)
		desc->irq_data.chip->irq_bus_lock(&desc->irq_data);
	raw_spin_lock_irqsave(&desc->lock, *flags);
	return desc;
}
DDE_EMULATED(__irq_get_desc_lock);

void __irq_put_desc_unlock(struct irq_desc *desc, unsigned long flags, bool bus)
{
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	if (bus && desc->irq_data.chip->irq_bus_sync_unlock)
		desc->irq_data.chip->irq_bus_sync_unlock(&desc->irq_data);
}
DDE_EMULATED(__irq_put_desc_unlock);

unsigned int kstat_irqs_desc(struct irq_desc *desc,
			     const struct cpumask *cpumask)
{
	return desc->tot_count;
}
DDE_EMULATED(kstat_irqs_desc);
