// SPDX-License-Identifier: GPL-2.0-only
/*
 * msi.c - message-signalled interrupts: a driver process has none yet.
 *
 * Stands for kernel/irq/msi.c.
 */
#include <linux/errno.h>
#include <linux/irqdomain.h>
#include <dde.h>

int msi_device_domain_alloc_wired(struct irq_domain *domain, unsigned int hwirq,
				  unsigned int type)
{
	return -EOPNOTSUPP;
}
DDE_NOOP(msi_device_domain_alloc_wired,
	 "no controller turns lines to messages");

void msi_device_domain_free_wired(struct irq_domain *domain, unsigned int virq)
{
}
DDE_NOOP(msi_device_domain_free_wired, "no controller turns lines to messages");
