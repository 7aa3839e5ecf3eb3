/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * context.h - a thread's saved registers, as vectors.S saves them.
 *
 * While a thread runs at EL0, SP_EL1 points at its struct context, so that the
 * first instruction of a vector can store. Offsets are used by assembly.
 */
#ifndef ARCH_CONTEXT_H
#define ARCH_CONTEXT_H

/* clang-format off */
#define CONTEXT_X		0    /* x0..x30                            */
#define CONTEXT_SP		248  /* SP_EL0                             */
#define CONTEXT_PC		256  /* where the thread goes on           */
#define CONTEXT_SPSR		264
#define CONTEXT_FAULT_PC	272  /* the svc or the faulting instruction */
#define CONTEXT_TPIDR		280
#define CONTEXT_TPIDRRO		288
#define CONTEXT_BYTES		304  /* keeps 16-byte alignment            */

#define USER_SPSR_DEFAULT	0x140 /* EL0t, IRQ and debug unmasked      */
#define USER_SPSR_FLAGS		0xf0000000ul /* NZCV: what a user may set  */
/* clang-format on */

#ifndef __ASSEMBLY__
#include <stddef.h>
#include <stdint.h>

struct context {
	uint64_t x[31];
	uint64_t sp;
	uint64_t pc;
	uint64_t spsr;
	uint64_t fault_pc;
	uint64_t tpidr;
	uint64_t tpidrro;
	uint64_t rsvd;
};

struct fpu_state {
	uint64_t v[64]; /* v0..v31, 128 bits each */
	uint32_t fpsr;
	uint32_t fpcr;
	uint64_t rsvd;
};

_Static_assert(offsetof(struct context, sp) == CONTEXT_SP, "vectors.S");
_Static_assert(offsetof(struct context, pc) == CONTEXT_PC, "vectors.S");
_Static_assert(offsetof(struct context, tpidrro) == CONTEXT_TPIDRRO, "vectors");
_Static_assert(sizeof(struct context) == CONTEXT_BYTES, "vectors.S");
#endif
#endif
