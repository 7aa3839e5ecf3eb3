/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * debug.c - debug system calls: print, identify a capability, name, dump, halt.
 *
 * PutChar is there in every build, because it is the console of first resort.
 * The others exist in debug builds only; there they raise an unknown-syscall
 * fault like any other number. They carry ambient authority (anybody may halt
 * the machine), which is why a release build leaves them out.
 */
#include <core/arch.h>
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

static bool debug_only(int64_t number)
{
	switch (number) {
	case ABI_SYS_DEBUG_DUMP_SCHEDULER:
		dump_scheduler();
		return true;
	case ABI_SYS_DEBUG_HALT:
		platform_off(0, false);
	case ABI_SYS_DEBUG_CAP_IDENTIFY:
		cap_identify(sched_current);
		return true;
	case ABI_SYS_DEBUG_SNAPSHOT:
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
