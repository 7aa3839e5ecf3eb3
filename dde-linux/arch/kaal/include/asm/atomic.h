/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * atomic.h - atomic counters of a machine with one thread of execution.
 *
 * The argument is that of asm/cmpxchg.h: between load and store nothing else
 * runs, so `+=` is atomic. Linux builds every other form (acquire, release,
 * relaxed, inc, dec_and_test, ...) from these by itself.
 */
#ifndef _ASM_KAAL_ATOMIC_H
#define _ASM_KAAL_ATOMIC_H

#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/cmpxchg.h>

#define arch_atomic_read(v)	READ_ONCE((v)->counter)
#define arch_atomic_set(v, i)	WRITE_ONCE((v)->counter, (i))
#define arch_atomic64_read(v)	READ_ONCE((v)->counter)
#define arch_atomic64_set(v, i) WRITE_ONCE((v)->counter, (i))
#define ATOMIC64_INIT(i)                                                       \
	{                                                                      \
		(i)                                                            \
	}

/* pfx: atomic or atomic64; num: its number type; op: name; c_op: in C */
#define KAAL_ATOMIC_OP(pfx, num, op, c_op)                                     \
	static __always_inline void arch_##pfx##_##op(num i, pfx##_t *v)       \
	{                                                                      \
		WRITE_ONCE(v->counter, READ_ONCE(v->counter) c_op i);          \
	}

#define KAAL_ATOMIC_FETCH(pfx, num, op, c_op)                                  \
	static __always_inline num arch_##pfx##_fetch_##op(num i, pfx##_t *v)  \
	{                                                                      \
		num old = READ_ONCE(v->counter);                               \
                                                                               \
		WRITE_ONCE(v->counter, old c_op i);                            \
		return old;                                                    \
	}

#define KAAL_ATOMIC_RETURN(pfx, num, op, c_op)                                 \
	static __always_inline num arch_##pfx##_##op##_return(num i,           \
							      pfx##_t *v)      \
	{                                                                      \
		num now = READ_ONCE(v->counter) c_op i;                        \
                                                                               \
		WRITE_ONCE(v->counter, now);                                   \
		return now;                                                    \
	}

#define KAAL_ATOMIC_ARITH(pfx, num, op, c_op)                                  \
	KAAL_ATOMIC_OP(pfx, num, op, c_op)                                     \
	KAAL_ATOMIC_FETCH(pfx, num, op, c_op)                                  \
	KAAL_ATOMIC_RETURN(pfx, num, op, c_op)

#define KAAL_ATOMIC_LOGIC(pfx, num, op, c_op)                                  \
	KAAL_ATOMIC_OP(pfx, num, op, c_op)                                     \
	KAAL_ATOMIC_FETCH(pfx, num, op, c_op)

#define KAAL_ATOMIC_ALL(pfx, num)                                              \
	KAAL_ATOMIC_ARITH(pfx, num, add, +)                                    \
	KAAL_ATOMIC_ARITH(pfx, num, sub, -)                                    \
	KAAL_ATOMIC_LOGIC(pfx, num, and, &)                                    \
	KAAL_ATOMIC_LOGIC(pfx, num, or, |)                                     \
	KAAL_ATOMIC_LOGIC(pfx, num, xor, ^)

KAAL_ATOMIC_ALL(atomic, int)
KAAL_ATOMIC_ALL(atomic64, s64)

/* Told to Linux, so that it does not emulate them by compare-exchange. */
#define arch_atomic_add_return	 arch_atomic_add_return
#define arch_atomic_sub_return	 arch_atomic_sub_return
#define arch_atomic_fetch_add	 arch_atomic_fetch_add
#define arch_atomic_fetch_sub	 arch_atomic_fetch_sub
#define arch_atomic_fetch_and	 arch_atomic_fetch_and
#define arch_atomic_fetch_or	 arch_atomic_fetch_or
#define arch_atomic_fetch_xor	 arch_atomic_fetch_xor
#define arch_atomic64_add_return arch_atomic64_add_return
#define arch_atomic64_sub_return arch_atomic64_sub_return
#define arch_atomic64_fetch_add	 arch_atomic64_fetch_add
#define arch_atomic64_fetch_sub	 arch_atomic64_fetch_sub
#define arch_atomic64_fetch_and	 arch_atomic64_fetch_and
#define arch_atomic64_fetch_or	 arch_atomic64_fetch_or
#define arch_atomic64_fetch_xor	 arch_atomic64_fetch_xor

#endif
