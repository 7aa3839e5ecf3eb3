/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kaal.h - KaaL's extensions to the seL4 ABI, and how to live without them.
 *
 * Labels start at 0x4b00, far above seL4's. On seL4 each of these invocations
 * answers IllegalOperation; the caller must then do what "without" says.
 */
#ifndef ABI_KAAL_H
#define ABI_KAAL_H

/*
 * IRQControl, M0 = status, M1 = 0 power off, 1 reset. Does not return.
 * The kernel prints "KaaL: power off, status N" and calls PSCI.
 * Without: the root task says that the machine may be switched off, and stops.
 */
#define ABI_KAAL_MACHINE_OFF 0x4b00

/*
 * TCB, no arguments. R: MR0 = CNTVCT ticks this thread has run.
 * Without: show CPU time as not known.
 */
#define ABI_KAAL_TCB_CPU_TIME 0x4b01

/*
 * TCB, M0 = how many ticks of the kernel's timer, one after the other, may find
 * this thread running without that another one has run in between; 0: any. The
 * next one raises ABI_KAAL_FAULT_LIMIT. Ticks, not time: there are none while the
 * machine stands still because its host has no time for it.
 * Without: a thread above all others that never waits stops them for ever.
 */
#define ABI_KAAL_TCB_SET_LIMIT 0x4b02
#define ABI_KAAL_TICK_US       2000u

/* Fault message: IP, ticks. Any reply lets the thread go on. */
#define ABI_KAAL_FAULT_LIMIT	   0x4b03
#define ABI_KAAL_FAULT_LIMIT_WORDS 2

#endif
