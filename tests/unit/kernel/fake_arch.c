/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_arch.c - kernel/core/arch.h on the host: it records, and does little.
 *
 * The portable kernel cannot tell it from a processor: memory is memory, TLB
 * and caches only count, interrupts are what the test says. Powering off ends
 * the test that did not ask for it. One world at a time (world.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <core/arch.h>
#include <core/panic.h>
#include "tests/unit/kernel/fake_arch.h"

struct fake_arch fake;

void fake_reset(void)
{
	unsigned int i;

	memset(&fake, 0, sizeof(fake));
	fake.take = ARCH_IRQ_NONE;
	for (i = 0; i < FAKE_IRQS; i++)
		fake.masked[i] = true;
}

void arch_thread_switch(struct tcb *from, struct tcb *tcb, uint64_t vspace_root,
			uint64_t asid)
{
	if (fake.loaded && fake.loaded != from)
		kernel_panic("a switch away from a thread that is not loaded",
			     from, (uint64_t)fake.loaded, 0);
	if (fake.loaded) {
		from->context.tpidr = fake.tpidr;
		from->context.tpidrro = fake.tpidrro;
	}
	fake.loaded = tcb;
	arch_context_reload(tcb);
	fake.root = vspace_root;
	fake.asid = asid;
	fake.switches++;
}

void arch_fpu_release(struct tcb *tcb, bool keep)
{
	(void)keep;
	fake.fpu_released = tcb;
}

void arch_fpu_update(struct tcb *tcb)
{
	(void)tcb;
}

void arch_context_sync(struct tcb *current)
{
	current->context.tpidr = fake.tpidr;
}

void arch_context_reload(struct tcb *current)
{
	fake.tpidr = current->context.tpidr;
	fake.tpidrro = current->context.tpidrro;
}

void arch_memory_clear(void *start, uint64_t bytes)
{
	memset(start, 0, bytes);
	fake.cleared += bytes;
}

void arch_tlb_flush_asid(uint64_t asid)
{
	fake.flushed_asids++;
	fake.flushed_asid = asid;
}

void arch_vspace_retire(uint64_t asid)
{
	arch_tlb_flush_asid(asid);
}

void arch_tlb_flush_page(uint64_t asid, uint64_t vaddr)
{
	fake.flushed_pages++;
	fake.flushed_asid = asid;
	fake.flushed_vaddr = vaddr;
}

void arch_pte_store(uint64_t *entry, uint64_t value)
{
	*entry = value;
}

void arch_cache_op(unsigned int label, void *start, void *end, uint64_t paddr)
{
	(void)paddr;
	fake.cache_label = label;
	fake.cache_start = (uint64_t)start;
	fake.cache_bytes = (uint64_t)end - (uint64_t)start;
}

unsigned int arch_irq_max(void)
{
	return FAKE_IRQS - 1;
}

unsigned int arch_irq_timer(void)
{
	return FAKE_TIMER;
}

bool arch_irq_pending(void)
{
	fake.pending_checks++;
	return fake.pending_always || fake.pending_checks == fake.pending_after;
}

unsigned int arch_irq_take(void)
{
	unsigned int irq = fake.take;

	fake.take = ARCH_IRQ_NONE;
	return irq;
}

void arch_irq_deactivate(unsigned int irq)
{
	fake.deactivated[irq]++;
}

void arch_irq_mask(unsigned int irq)
{
	fake.masked[irq] = true;
}

void arch_irq_unmask(unsigned int irq)
{
	fake.masked[irq] = false;
}

void arch_irq_set_trigger(unsigned int irq, bool edge)
{
	fake.edge[irq] = edge;
}

bool arch_irq_sgi_target_valid(uint64_t target)
{
	return target < 8;
}

void arch_irq_send_sgi(unsigned int sgi, uint64_t target)
{
	fake.sgi = sgi;
	fake.sgi_target = target;
}

void arch_timer_rearm(void)
{
	fake.rearmed++;
}

uint64_t arch_counter(void)
{
	return ++fake.counter;
}

void platform_putchar(char c)
{
	fake.printed[fake.n_printed++ % sizeof(fake.printed)] = c;
	if (fake.off)
		putchar(c);
}

/* Only a panic gets here: no test turns the machine off on purpose. */
void platform_off(uint64_t status, bool reset)
{
	fake.off = true;
	fake.off_status = status;
	fake.off_reset = reset;
	printf("kernel stopped with status %lu, after printing:\n%.*s\n",
	       status, (int)sizeof(fake.printed), fake.printed);
	fflush(stdout);
	abort();
}

/* The host has no kernel mappings to judge. */
void arch_check_kernel_map(void)
{
}
