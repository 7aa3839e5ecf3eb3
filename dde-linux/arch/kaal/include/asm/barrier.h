/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * barrier.h - ordering against devices; against other CPUs there is none to do.
 *
 * One thread of execution: it sees its own accesses in program order (Arm ARM
 * DDI 0487, B2.3), so smp_*() of a uniprocessor stay compiler barriers, which
 * is asm-generic's default. What remains is a device that reads and writes our
 * memory at the same time:
 *
 * - dma_*() order accesses to memory shared with the device. DMB orders them
 *   for observers in the named domain; the outer shareable domain holds every
 *   coherent bus master (B2.3.7 DMB). OSHLD: earlier loads before later loads
 *   and stores. OSHST: earlier stores before later stores.
 * - virt_*() are what virtio_ring uses towards a device that behaves as one
 *   more CPU (no VIRTIO_F_ORDER_PLATFORM). asm-generic builds them from
 *   __smp_*(), which are therefore real here: inner shareable DMB.
 * - mb(), rmb(), wmb() also order against device registers, whatever the
 *   interconnect does with them: DSB, which waits for completion. They stand
 *   on no hot path of a virtio driver.
 */
#ifndef _ASM_KAAL_BARRIER_H
#define _ASM_KAAL_BARRIER_H

#ifndef __ASSEMBLY__

#define kaal_dmb(domain) asm volatile("dmb " #domain : : : "memory")
#define kaal_dsb(domain) asm volatile("dsb " #domain : : : "memory")

#define mb()  kaal_dsb(sy)
#define rmb() kaal_dsb(ld)
#define wmb() kaal_dsb(st)

#define dma_mb()  kaal_dmb(osh)
#define dma_rmb() kaal_dmb(oshld)
#define dma_wmb() kaal_dmb(oshst)

#define __smp_mb()  kaal_dmb(ish)
#define __smp_rmb() kaal_dmb(ishld)
#define __smp_wmb() kaal_dmb(ishst)

#include <asm-generic/barrier.h>

#endif
#endif
