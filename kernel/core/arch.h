/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch.h - what the portable kernel asks of the processor and the board.
 *
 * kernel/arch/aarch64 and kernel/platform implement it; the unit tests on the
 * host bring their own. No #if decides between them, the linker does.
 */
#ifndef CORE_ARCH_H
#define CORE_ARCH_H

#include <arch/counter.h>
#include <object/tcb.h>

/* --- threads --- */

/* Make @to's VSpace, TPIDRs and FPU rights current after @from's. @vspace_root
 * is the physical address of its level-0 table; 0: none, an empty VSpace. */
void arch_thread_switch(struct tcb *from, struct tcb *to, uint64_t vspace_root,
			uint64_t asid);

/* The TCB is going away or is to run elsewhere: its FPU registers in the
 * hardware are saved into it (@keep) or forgotten. */
void arch_fpu_release(struct tcb *tcb, bool keep);

/* Flags changed while current: apply ABI_TCB_FLAG_FPU_OFF now. */
void arch_fpu_update(struct tcb *tcb);

/* TPIDR_EL0 and TPIDRRO_EL0 live in the hardware while a thread is current. */
void arch_context_sync(struct tcb *current);   /* hardware -> context */
void arch_context_reload(struct tcb *current); /* context -> hardware */

/* --- memory --- */

/* Zero @bytes (a multiple of 16) and clean them to the point of coherency. */
void arch_memory_clear(void *start, uint64_t bytes);
void arch_tlb_flush_asid(uint64_t asid);
/* The VSpace of @asid goes for good: unload it if it is loaded, then flush. */
void arch_vspace_retire(uint64_t asid);
void arch_tlb_flush_page(uint64_t asid, uint64_t vaddr);
/* Store a table entry so that the walker sees it before the next return. */
void arch_pte_store(uint64_t *entry, uint64_t value);
/* [start, end) in kernel addresses; label is ABI_PAGE_CLEAN_DATA ... */
void arch_cache_op(unsigned int label, void *start, void *end, uint64_t paddr);

/* core/check.h: panic unless the kernel's own mappings are as they must be. */
void arch_check_kernel_map(void);

/* --- interrupts (GICv3: EOImode 1, end = drop priority, ack = deactivate) --- */

#define ARCH_IRQ_NONE 1023u
unsigned int arch_irq_max(void);
unsigned int arch_irq_timer(void); /* the kernel's own tick */
bool arch_irq_pending(void);	   /* for preemption points */
unsigned int arch_irq_take(void);  /* acknowledge + priority drop */
void arch_irq_deactivate(unsigned int irq);
void arch_irq_mask(unsigned int irq);
void arch_irq_unmask(unsigned int irq);
void arch_irq_set_trigger(unsigned int irq, bool edge);
bool arch_irq_sgi_target_valid(uint64_t target);
void arch_irq_send_sgi(unsigned int sgi, uint64_t target);

/* --- time, debug, end --- */

void arch_timer_rearm(void); /* next tick of 2 ms */
/* arch_counter() is inline: arch/counter.h */
void platform_putchar(char c);
_Noreturn void platform_off(uint64_t status, bool reset);

/* Print and stop: @what went wrong, the object's address and two values. */
_Noreturn void kernel_panic(const char *what, const void *object,
			    uint64_t value1, uint64_t value2);
void kernel_printf(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#define kernel_assert(cond)                                                    \
	((cond) ? (void)0 :                                                    \
		  kernel_panic("assertion " #cond, __FILE__, __LINE__, 0))
#endif
