/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_arch.h - what the stand-in processor has been told, for tests to read.
 */
#ifndef FAKE_ARCH_H
#define FAKE_ARCH_H

#include <stdbool.h>
#include <stdint.h>

#define FAKE_IRQS  192u /* INTIDs 0..191: more than IRQ_LIMIT */
#define FAKE_TIMER 27u

struct fake_arch {
	/* threads */
	struct tcb *loaded;
	uint64_t root, asid;	 /* of the last switch */
	uint64_t tpidr, tpidrro; /* the registers themselves */
	unsigned int switches;
	struct tcb *fpu_released;
	/* memory */
	unsigned int flushed_asids, flushed_pages;
	uint64_t flushed_asid, flushed_vaddr; /* the last ones */
	uint64_t cleared;		      /* bytes in all */
	unsigned int cache_label;
	uint64_t cache_start, cache_bytes;
	/* interrupts */
	bool masked[FAKE_IRQS], edge[FAKE_IRQS];
	unsigned int deactivated[FAKE_IRQS];
	unsigned int take;	/* what arch_irq_take answers next */
	uint64_t pending_after; /* checks until pending; 0 never */
	uint64_t pending_checks;
	bool pending_always;
	uint64_t sgi, sgi_target;
	unsigned int rearmed;
	/* the end */
	uint64_t counter;
	bool off;
	uint64_t off_status;
	bool off_reset;
	char printed[2048]; /* the last of it */
	unsigned int n_printed;
};

extern struct fake_arch fake;

void fake_reset(void);

#endif
