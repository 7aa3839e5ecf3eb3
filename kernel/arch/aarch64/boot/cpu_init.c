/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpu_init.c - grants and traps for EL0, set once at boot, and the idle thread.
 */
#include <arch/boot.h>
#include <arch/regs_cpu.h>
#include <arch/sysreg.h>
#include <arch/vectors.h>
#include <core/arch.h>
#include <core/sched.h>

/* The counters are open, the physical timer as configured (abi.md 15). */
static void cpu_open_timers(void)
{
	uint64_t grants = CNTKCTL_EL0PCTEN | CNTKCTL_EL0VCTEN;

	if (KAAL_USER_TIMER)
		grants |= CNTKCTL_EL0PTEN;
	sysreg_write(cntkctl_el1, grants);
}

void cpu_init(void)
{
	cpu_open_timers();
	sysreg_write(pmuserenr_el0, KAAL_BENCH ? PMUSERENR_EN : 0);
	sysreg_write(mdscr_el1, 0);
	sysreg_write(cpacr_el1, 0);
	sched_idle.context.pc = (uint64_t)vectors_idle;
	sched_idle.context.spsr = SPSR_EL1H_MASKED;
	barrier_isb();
}
