/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.c - what of a thread lives in the processor while it is current.
 *
 * General registers are vectors.S's work. Here: the address space (TTBR0), the
 * thread pointers, and the FPU, which is lent lazily: it stays closed until a
 * thread's first FPU instruction traps, and its registers stay in the hardware
 * until another thread needs them.
 *
 * No write here is followed by an ISB or DSB. What it changes is used by EL0
 * only, and the ERET on the way there synchronises (Arm ARM,
 * "Synchronization requirements for AArch64 System registers");
 * the kernel itself runs from TTBR1 and uses no FPU. A new TTBR0 needs no TLB
 * flush, because its ASID travels in the same register.
 */
#include <arch/mmu.h>
#include <arch/regs_cpu.h>
#include <arch/sysreg.h>
#include <arch/thread.h>
#include <arch/vectors.h>
#include <core/arch.h>
#include <core/sched.h>

#define TTBR_ASID_SHIFT 48

/*
 * What of the FPU the processor holds. One struct, so that the compiler forms
 * one address. The FPU is open only for its owner, so without an owner it is closed.
 */
static struct {
	struct tcb *fpu_owner; /* whose registers the FPU holds */
	bool fpu_open;	       /* CPACR_EL1 lets EL0 use it */
} loaded;

static void fpu_set_open(bool open)
{
	if (open == loaded.fpu_open)
		return;
	sysreg_write(cpacr_el1, open ? CPACR_FPEN : 0);
	loaded.fpu_open = open;
}

void arch_fpu_update(struct tcb *tcb)
{
	fpu_set_open(tcb == loaded.fpu_owner &&
		     !(tcb->flags & ABI_TCB_FLAG_FPU_OFF));
}

void arch_context_sync(struct tcb *current)
{
	current->context.tpidr = sysreg_read(tpidr_el0);
}

void arch_context_reload(struct tcb *current)
{
	uint64_t tpidr = current->context.tpidr;
	uint64_t tpidrro = current->context.tpidrro;

	sysreg_write(tpidr_el0, tpidr);
	sysreg_write(tpidrro_el0, tpidrro);
}

/*
 * A thread without address space gets an empty one. The idle thread keeps the
 * last thread's loaded: it uses none, and most often that thread is the next to
 * run. A VSpace that goes for good is unloaded first (arch_vspace_retire).
 */
static void load_empty(void)
{
	sysreg_write(ttbr0_el1,
		     image_virt_to_phys(mmu_boot_table(BOOT_TABLE_EMPTY)));
}

static void vspace_load_none(const struct tcb *tcb)
{
	if (tcb != &sched_idle)
		load_empty();
}

/*
 * While TTBR0 holds the dying tables, the processor may walk them ahead of any
 * use and fill the TLB again behind the flush, under an ASID that somebody else
 * gets later. The ISB makes the new TTBR0 hold before the flush begins (Arm
 * ARM, "Synchronization requirements for AArch64 System registers").
 */
void arch_vspace_retire(uint64_t asid)
{
	if (sysreg_read(ttbr0_el1) >> TTBR_ASID_SHIFT == asid) {
		load_empty();
		barrier_isb();
	}
	arch_tlb_flush_asid(asid);
}

/* Writing TTBR0 anew costs less than asking whether it holds the value. */
void arch_thread_switch(struct tcb *from, struct tcb *to, uint64_t vspace_root,
			uint64_t asid)
{
	arch_context_sync(from);
	arch_context_reload(to);
	if (vspace_root)
		sysreg_write(ttbr0_el1, vspace_root | asid << TTBR_ASID_SHIFT);
	else
		vspace_load_none(to);
	if (loaded.fpu_owner)
		arch_fpu_update(to);
}

/* The kernel's own FPU instructions trap as EL0's do: open it first. */
static void fpu_claim(void)
{
	sysreg_write(cpacr_el1, CPACR_FPEN);
	loaded.fpu_open = true;
	barrier_isb();
}

void arch_fpu_release(struct tcb *tcb, bool keep)
{
	if (tcb != loaded.fpu_owner)
		return;
	if (keep) {
		fpu_claim();
		fpu_save(&tcb->fpu);
	}
	loaded.fpu_owner = NULL;
	fpu_set_open(false);
}

bool thread_fpu_trap(struct tcb *tcb)
{
	if (tcb->flags & ABI_TCB_FLAG_FPU_OFF)
		return false;
	fpu_claim();
	if (loaded.fpu_owner == tcb)
		return true;
	if (loaded.fpu_owner)
		fpu_save(&loaded.fpu_owner->fpu);
	fpu_load(&tcb->fpu);
	loaded.fpu_owner = tcb;
	return true;
}
