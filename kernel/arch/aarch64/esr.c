/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * esr.c - decodes ESR_EL1 for panics.
 *
 * Source: Arm ARM (DDI 0487), "ESR_EL1, Exception Syndrome Register (EL1)".
 */
#include <stdbool.h>
#include <arch/esr.h>
#include <arch/regs_cpu.h>
#include <core/arch.h>

#define ESR_ISS_WRITE	(1u << 6) /* data abort: by a write */
#define ESR_ISS_STATUS	0x3fu	  /* fault status code */
#define ESR_EC_DABT_EL1 0x25u
#define ESR_EC_IABT_EL1 0x21u

const char *esr_class(uint64_t esr)
{
	switch (esr >> ESR_EC_SHIFT & 0x3f) {
	case 0x00:
		return "undefined instruction";
	case ESR_EC_FPU:
		return "FPU instruction, trapped";
	case 0x0e:
		return "illegal execution state";
	case ESR_EC_SVC64:
		return "system call";
	case 0x18:
		return "system register access, trapped";
	case ESR_EC_IABT_LOW:
	case ESR_EC_IABT_EL1:
		return "instruction abort";
	case 0x22:
		return "PC not aligned";
	case ESR_EC_DABT_LOW:
	case ESR_EC_DABT_EL1:
		return "data abort";
	case 0x26:
		return "SP not aligned";
	case 0x2f:
		return "system error";
	case 0x3c:
		return "BRK instruction";
	default:
		return "class not named here";
	}
}

const char *esr_fault(uint64_t esr)
{
	switch (esr & ESR_ISS_STATUS & ~3u) {
	case 0x00:
		return "address too large, level";
	case 0x04:
		return "not mapped, level";
	case 0x08:
		return "access flag clear, level";
	case 0x0c:
		return "no permission, level";
	case 0x14:
		return "bus error in a table walk, level";
	default:
		break;
	}
	switch (esr & ESR_ISS_STATUS) {
	case 0x10:
		return "bus error, sub-code";
	case 0x21:
		return "not aligned, sub-code";
	default:
		return "status";
	}
}

static bool esr_is_abort(uint64_t esr)
{
	unsigned int ec = esr >> ESR_EC_SHIFT & 0x3f;

	return ec == ESR_EC_IABT_LOW || ec == ESR_EC_IABT_EL1 ||
	       ec == ESR_EC_DABT_LOW || ec == ESR_EC_DABT_EL1;
}

void esr_print(uint64_t esr, uint64_t far)
{
	kernel_printf("  ESR %lx: %s", esr, esr_class(esr));
	if (esr_is_abort(esr))
		kernel_printf(", %s at address %lx: %s %lu",
			      esr & ESR_ISS_WRITE ? "write" : "read or fetch",
			      far, esr_fault(esr), esr & 3);
	kernel_printf("\n");
}
