/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exception.c - sorts EL0's exceptions that are no system call, and reports
 * those that nobody can handle.
 *
 * A data or instruction abort becomes a VM fault, an FPU trap lends the FPU,
 * everything else is a user exception: all for the thread's own handler. An
 * exception inside the kernel, or a system error, means that the kernel cannot
 * be trusted any more; it says all it knows and stops.
 * Read next: core/entry.h, esr.c
 */
#include <arch/esr.h>
#include <arch/regs_cpu.h>
#include <arch/sysreg.h>
#include <arch/thread.h>
#include <arch/vectors.h>
#include <core/arch.h>
#include <core/entry.h>
#include <core/panic.h>
#include <core/sched.h>

static const char *const trap_names[] = {
	[TRAP_KERNEL_SYNC] = "exception in the kernel",
	[TRAP_KERNEL_IRQ] = "interrupt in the kernel, where they are masked",
	[TRAP_KERNEL_FIQ] = "FIQ in the kernel",
	[TRAP_KERNEL_SERROR] = "system error (SError) in the kernel",
	[TRAP_USER_FIQ] = "FIQ; the interrupt controller sends none",
	[TRAP_USER_SERROR] = "system error (SError) while a thread ran",
	[TRAP_NO_STACK] = "exception on the wrong kernel stack",
	[TRAP_AARCH32] = "32-bit code at EL0",
};

void exception_user(uint64_t esr)
{
	switch (esr >> ESR_EC_SHIFT & 0x3f) {
	case ESR_EC_FPU:
		if (thread_fpu_trap(sched_current))
			return;
		break;
	case ESR_EC_DABT_LOW:
		kernel_vm_fault(sysreg_read(far_el1), esr, false);
		return;
	case ESR_EC_IABT_LOW:
		kernel_vm_fault(sched_current->context.fault_pc, esr, true);
		return;
	default:
		break;
	}
	kernel_user_exception(esr);
}

static void print_registers(const struct context *frame)
{
	unsigned int i;

	for (i = 0; i < 31; i++)
		kernel_printf("  x%-2u %016lx%s", i, frame->x[i],
			      i % 4 == 3 ? "\n" : "");
	kernel_printf("\n  sp  %016lx  pc  %016lx  spsr %lx\n", frame->sp,
		      frame->pc, frame->spsr);
}

void exception_panic(const struct context *frame, unsigned int trap)
{
	uint64_t esr = sysreg_read(esr_el1);
	uint64_t far = sysreg_read(far_el1);

	panic_begin(trap_names[trap]);
	esr_print(esr, far);
	print_registers(frame);
	panic_end(frame->pc);
}
