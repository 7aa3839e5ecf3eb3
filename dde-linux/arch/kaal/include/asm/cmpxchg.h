/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cmpxchg.h - exchange and compare-exchange as plain loads and stores.
 *
 * Nothing runs between the load and the store (asm/irqflags.h), so the plain
 * sequence is atomic for every observer that these operations exist for. They
 * must not be used on memory that a device or another process writes; Linux
 * has no such use in drivers.
 */
#ifndef _ASM_KAAL_CMPXCHG_H
#define _ASM_KAAL_CMPXCHG_H

#ifndef __ASSEMBLY__

#include <linux/compiler.h>

#define arch_xchg(ptr, new)                                                    \
	({                                                                     \
		typeof(ptr) __xchg_p = (ptr);                                  \
		typeof(*__xchg_p) __xchg_old = READ_ONCE(*__xchg_p);           \
		WRITE_ONCE(*__xchg_p, (typeof(*__xchg_p))(new));               \
		__xchg_old;                                                    \
	})

#define arch_cmpxchg(ptr, old, new)                                            \
	({                                                                     \
		typeof(ptr) __cas_p = (ptr);                                   \
		typeof(*__cas_p) __cas_want = (typeof(*__cas_p))(old);         \
		typeof(*__cas_p) __cas_new = (typeof(*__cas_p))(new);          \
		typeof(*__cas_p) __cas_old = READ_ONCE(*__cas_p);              \
		if (__cas_old == __cas_want)                                   \
			WRITE_ONCE(*__cas_p, __cas_new);                       \
		__cas_old;                                                     \
	})

#define arch_cmpxchg_local   arch_cmpxchg
#define arch_cmpxchg64	     arch_cmpxchg
#define arch_cmpxchg64_local arch_cmpxchg

#endif
#endif
