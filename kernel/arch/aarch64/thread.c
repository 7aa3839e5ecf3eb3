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
 * What the processor holds. One struct, so that the compiler forms one address.
 * The FPU is open only for its owner, so without an owner it is closed.
 */
static struct {
	struct tcb *thread; /* owner of TPIDR_EL0 */
	uint64_t ttbr0;
	struct tcb *fpu_owner; /* whose registers the FPU holds */
	bool fpu_open;	       /* CPACR_EL1 lets EL0 use it */
} loaded = { .thread = &sched_idle };

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

static void vspace_load(uint64_t value)
{
	if (value == loaded.ttbr0)
		return;
	sysreg_write(ttbr0_el1, value);
	loaded.ttbr0 = value;
}

/*
 * A thread without address space gets an empty one. The idle thread keeps the
 * last thread's loaded: it uses none, and most often that thread is the next to
 * run. If that VSpace has been deleted meanwhile, its tables are intact until
 * some thread runs and reuses the memory, and that thread's switch replaces
 * TTBR0 first.
 */
static void vspace_load_none(const struct tcb *tcb)
{
	if (tcb != &sched_idle)
		vspace_load(
			image_virt_to_phys(mmu_boot_table(BOOT_TABLE_EMPTY)));
}

void arch_thread_switch(struct tcb *tcb, uint64_t vspace_root, uint64_t asid)
{
	arch_context_sync(loaded.thread);
	loaded.thread = tcb;
	arch_context_reload(tcb);
	if (vspace_root)
		vspace_load(vspace_root | asid << TTBR_ASID_SHIFT);
	else
		vspace_load_none(tcb);
	if (loaded.fpu_owner)
		arch_fpu_update(tcb);
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
