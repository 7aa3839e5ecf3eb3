// SPDX-License-Identifier: GPL-2.0-only
/*
 * percpu.c - memory for each CPU: there is one CPU.
 *
 * Stands for mm/percpu.c.
 */
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <dde.h>

/* Powers of two are aligned to their size (slub.c), so others are rounded up. */
void __percpu *pcpu_alloc_noprof(size_t bytes, size_t align, bool reserved,
				 gfp_t gfp)
{
	size_t size = align > sizeof(long) ?
			      roundup_pow_of_two(max(bytes, align)) :
			      bytes;

	return (void __percpu *)kzalloc(size, gfp);
}
DDE_EMULATED(pcpu_alloc_noprof);

void free_percpu(void __percpu *memory)
{
	kfree((void *)memory);
}
DDE_EMULATED(free_percpu);
