/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sections.h - the list of all conformance tests, in the order they run in.
 *
 * A file t_*.c says which sections of abi.md it checks.
 */
#ifndef TESTS_ABI_SECTIONS_H
#define TESTS_ABI_SECTIONS_H

/* clang-format off */
#define SECTIONS(X) \
	X(boot) X(trap) X(message) X(cspace) X(lookup) X(untyped) \
	X(retype) X(cnode) X(rotate) X(derive) X(derive_memory) \
	X(tcb) X(registers) X(spaces) X(states) X(endpoint) X(reply) \
	X(transfer) X(notification) X(bound) X(faults) \
	X(fault_replies) X(vspace) X(tables) X(cache) X(asid) \
	X(asid_pools) X(sched) X(slices) X(limit) X(irq) \
	X(device_irq) X(preempt) X(delete) X(fpu)

#define DECLARE(name) void test_##name(void);
SECTIONS(DECLARE)
/* clang-format on */

#endif
