/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.h - is the kernel's whole state what it must be? Debug builds only.
 *
 * ABI_SYS_DEBUG_SNAPSHOT runs it; the fuzzer and the unit tests do, at
 * intervals. A broken invariant is a panic that names it, an object, and two
 * values. Read next: check.c, which says what is checked and how.
 */
#ifndef CORE_CHECK_H
#define CORE_CHECK_H

#include <object/tcb.h>

/* check_kernel - panic if anything is broken; returns how many capabilities. */
uint64_t check_kernel(void);

/* check_forget - a new machine begins (host tests make many). */
void check_forget(void);

/* --- the parts: check.c walks, these look at what it finds --- */

/* check_thread.c */
void check_threads_begin(void);
void check_tcb(const struct tcb *tcb);
void check_dead_tcb(const struct tcb *tcb);
void check_endpoint(const void *endpoint);
void check_notification(const void *notification);
void check_threads_end(void);

/* check_space.c; all slots are seen by _mark before the first _vspace */
void check_space_begin(void);
void check_space_mark(const struct cte *slot, bool first);
void check_space_vspace(const struct cte *slot);
void check_space_end(void);

/* The first capability of the list, and the one after; NULL at the end. */
static inline const struct cte *check_first(void)
{
	return cte_next(&cdt_first);
}

/* Panic with the invariant's name unless @holds. */
void check_that(bool holds, const char *what, const void *object, uint64_t got,
		uint64_t want);

#endif
