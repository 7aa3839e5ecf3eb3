/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inject.h - one software fault in another process.
 */
#ifndef APPS_INJECT_H
#define APPS_INJECT_H

#include <stdint.h>
#include <glue/err.h>
#include <glue/fault.h>

#define INJECT_LOOP	 0x14000000u /* b . */
#define INJECT_REGISTERS 34u	     /* pc sp psr x0..x30: abi.md section 10 */

/* A fault that is being put in. The first four fields are the caller's. */
struct injection {
	uint32_t pid;
	uint64_t seed;
	const char *label; /* of the process, for messages */
	uint32_t *window;  /* GLUE_VICTIM_VADDR */
	uint64_t drawn;
	struct glue_victim victim;
	uint64_t regs[INJECT_REGISTERS]; /* of its thread, as it was */
	uint64_t page;
	uint64_t stop;	  /* pc at which the thread loops in the end */
	uint32_t becomes; /* the instruction there */
};

/**
 * inject_begin - change what the seed says.
 *
 * Of kinds with inject_waits() it is complete only when the thread has come to
 * in->stop. Return: as glue_broker_fault.
 */
enum k_err inject_begin(struct injection *in, enum glue_fault_kind kind);

/* Must somebody call inject_met until it says so? */
int inject_waits(enum glue_fault_kind kind);

/**
 * inject_met - if the thread has come to in->stop, let it go on.
 *
 * Return: K_OK: it has, and what was changed has been printed; K_ERR_BUSY: it has
 *         not; another error: it never will.
 */
enum k_err inject_met(struct injection *in, enum glue_fault_kind kind);

#endif
