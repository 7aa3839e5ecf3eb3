/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * debug.c - debug system calls: print, identify, name, dump, check, halt.
 *
 * PutChar is there in every build, because it is the console of first resort.
 * The others exist in debug builds only; there they raise an unknown-syscall
 * fault like any other number. Naming a thread needs its capability; halting
 * the machine and checking the whole kernel need the root task's IRQControl,
 * so that even in a debug build no driver can stop the system.
 */
#include <core/arch.h>
#include <core/check.h>
#include <core/debug.h>
#include <core/lookup.h>
#include <core/sched.h>
#include <core/thread.h>

static void cap_identify(struct tcb *tcb)
{
	struct lookup found = lookup_cap(tcb, tcb->context.x[0]);

	tcb->context.x[0] = found.slot ? cap_tag(found.slot->cap) : 0;
}

/* The name lies in the caller's IPC buffer, after the tag word. */
static void name_thread(struct tcb *tcb)
{
	struct lookup found = lookup_cap(tcb, tcb->context.x[0]);
	struct abi_ipc_buffer *buffer = thread_buffer(tcb, false);
	const char *name;
	struct tcb *target;
	unsigned int i;

	if (!found.slot || !cap_is(found.slot->cap, ABI_CAP_THREAD) || !buffer)
		return;
	name = (const char *)buffer->msg;
	target = cap_ptr(found.slot->cap);
	for (i = 0; i + 1 < sizeof(target->name) && name[i]; i++)
		target->name[i] = name[i];
	target->name[i] = 0;
}

static void dump_scheduler(void)
{
	const struct tcb *tcb = sched_current;

	kernel_printf("current thread %s: priority %u, pc %#lx\n", tcb->name,
		      tcb->priority, (unsigned long)tcb->context.pc);
}

/* Has the caller the IRQControl capability in its initial slot, as the root
 * task has? Then MACHINE_OFF is open to it anyway. */
static bool owns_machine(struct tcb *tcb)
{
	struct lookup found = lookup_cap(tcb, ABI_SLOT_IRQ_CONTROL);

	return found.slot && cap_is(found.slot->cap, ABI_CAP_IRQ_CONTROL);
}

/* Calls that stop or delay everybody: for the machine's owner only. */
static bool owner_only(int64_t number)
{
	if (!owns_machine(sched_current))
		return false;
	if (number == ABI_SYS_DEBUG_HALT)
		platform_off(0, false);
	sched_current->context.x[0] = check_kernel();
	return true;
}

static bool debug_only(int64_t number)
{
	switch (number) {
	case ABI_SYS_DEBUG_DUMP_SCHEDULER:
		dump_scheduler();
		return true;
	case ABI_SYS_DEBUG_HALT:
	case ABI_SYS_DEBUG_SNAPSHOT:
		return owner_only(number);
	case ABI_SYS_DEBUG_CAP_IDENTIFY:
		cap_identify(sched_current);
		return true;
	case ABI_SYS_DEBUG_NAME_THREAD:
		name_thread(sched_current);
		return true;
	default:
		return false;
	}
}

bool debug_syscall(int64_t number)
{
	if (number == ABI_SYS_DEBUG_PUTCHAR) {
		platform_putchar((char)sched_current->context.x[0]);
		return true;
	}
	return KAAL_DEBUG && debug_only(number);
}
