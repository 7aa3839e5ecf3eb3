/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gic.h - what gic.c and its set-up in boot/gic_init.c share.
 */
#ifndef ARCH_GIC_H
#define ARCH_GIC_H

#include <stdbool.h>
#include <stdint.h>

/* Kernel addresses of the registers. Written at boot only. */
struct gic {
	char *dist;	       /* distributor */
	char *redist;	       /* this CPU's redistributor, first frame */
	char *sgi_frame;       /* its second frame: lines 0..31 */
	unsigned int line_max; /* highest line there is */
};

extern struct gic gic;

/* gic_line_reg - the register with line @irq's @bits bits of array @offset. */
void *gic_line_reg(unsigned int offset, unsigned int irq, unsigned int bits);

/* gic_wait_clear - until the bit is clear; false if it stays set. */
bool gic_wait_clear(void *reg, uint32_t bit);

#endif
