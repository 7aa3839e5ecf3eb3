/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * panic.c - the end: the kernel found its own state broken.
 *
 * Bad data from a user or a device never comes here, only a fault of the
 * kernel or of the hardware. So the report says all that helps to find it:
 * what, which object, which values, which thread, the last trace points, and
 * what the reader does next.
 */
#include <core/arch.h>
#include <core/panic.h>
#include <core/sched.h>
#include <core/trace.h>

#define PANIC_TRACE_SHOWN 16u

static const char *const event_names[] = {
	[TRACE_SYSCALL] = "syscall", [TRACE_IRQ] = "irq",
	[TRACE_FAULT] = "fault",     [TRACE_SWITCH] = "switch",
	[TRACE_DELETE] = "delete",
};

void panic_begin(const char *what)
{
	static unsigned int depth;

	if (depth++)
		platform_off(PANIC_STATUS, false);
	kernel_printf("\nKaaL: kernel panic: %s\n", what);
}

static void print_thread(void)
{
	const struct tcb *tcb = sched_current;

	if (!tcb) {
		kernel_printf("  no thread yet: during boot\n");
		return;
	}
	kernel_printf("  thread \"%s\" at %p, state %u, priority %u, pc %lx\n",
		      tcb == &sched_idle ? "idle" : tcb->name, (void *)tcb,
		      tcb->state, tcb->priority, tcb->context.pc);
}

static void print_trace_entry(const struct trace_entry *entry)
{
	const char *name = "?";

	if (entry->event < sizeof(event_names) / sizeof(event_names[0]) &&
	    event_names[entry->event])
		name = event_names[entry->event];
	kernel_printf("  %12lu %-8s %lx %lx\n", entry->when, name, entry->a,
		      entry->b);
}

static void print_trace(void)
{
	uint64_t i = 0;

	if (trace_next > PANIC_TRACE_SHOWN)
		i = trace_next - PANIC_TRACE_SHOWN;
	if (i < trace_next)
		kernel_printf("  last events (counter, event, values):\n");
	for (; i < trace_next; i++)
		print_trace_entry(&trace_ring[i % TRACE_ENTRIES]);
}

void panic_end(uint64_t pc)
{
	print_thread();
	print_trace();
	kernel_printf("  Next: aarch64-linux-gnu-addr2line -fe "
		      "build/kernel.elf %lx, or make qemu-gdb\n",
		      pc);
	platform_off(PANIC_STATUS, false);
}

void kernel_panic(const char *what, const void *object, uint64_t value1,
		  uint64_t value2)
{
	panic_begin(what);
	kernel_printf("  object %p, values %lx %lx\n", object, value1, value2);
	panic_end((uint64_t)__builtin_return_address(0));
}
