/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.c - fault messages to words, and the report of a dead process.
 *
 * Syndrome fields: Arm ARM D17.2.37, ESR_EL1. Word order: abi.md section 9.
 */
#include "fault.h"

#include <glue/print.h>
#include <glue/sys.h>
#include <glue/trace.h>

#include "log.h"

#define ESR_CLASS(esr)	    ((uint32_t)(esr) >> 26 & 0x3f)
#define ESR_WRITE	    (1u << 6) /* data abort: was a write */
#define ESR_STATUS(esr)	    ((uint32_t)(esr)&0x3f)
#define STATUS_BUS	    0x10u /* synchronous external abort */
#define STATUS_ALIGNMENT    0x21u
#define STATUS_KIND(status) ((status) >> 2) /* drops the table level */
#define STATUS_TRANSLATION  1u
#define STATUS_PERMISSION   3u

#define NULL_AREA_BYTES	 0x10000u
#define HINT_GUARD_BYTES 0x8000u
#define TRACE_SHOWN	 8u

static const char *access_name(const struct broker_fault *fault)
{
	if (fault->word[2])
		return "instruction fetch from";
	return fault->word[3] & ESR_WRITE ? "write to" : "read of";
}

/* Why the access was refused. The lower two bits of a translation or
 * permission fault tell the table level, which is of no use to people. */
static const char *place_name(const struct broker_fault *fault)
{
	uint32_t status = ESR_STATUS(fault->word[3]);

	if (status == STATUS_BUS)
		return "bus-refused";
	if (status == STATUS_ALIGNMENT)
		return "unaligned";
	if (STATUS_KIND(status) != STATUS_PERMISSION)
		return "unmapped";
	if (fault->word[1] > ABI_USER_TOP)
		return "kernel";
	if (fault->word[2])
		return "non-executable";
	return fault->word[3] & ESR_WRITE ? "read-only" : "protected";
}

/* Exception classes that a user process can cause: Arm ARM D17.2.37, EC. */
static const char *exception_name(uint64_t esr)
{
	static const char *const name[64] = {
		[0x00] = "undefined instruction",
		[0x07] = "floating point used, which is switched off for it",
		[0x18] = "privileged system register or instruction",
		[0x22] = "jump to an unaligned address",
		[0x26] = "unaligned stack pointer",
		[0x2c] = "floating point exception",
		[0x3c] = "breakpoint instruction (brk)",
	};

	return name[ESR_CLASS(esr)] ? name[ESR_CLASS(esr)] :
				      "processor exception";
}

int broker_fault_is_unmapped(const struct broker_fault *fault)
{
	return fault->label == ABI_FAULT_VM && !fault->word[2] &&
	       STATUS_KIND(ESR_STATUS(fault->word[3])) == STATUS_TRANSLATION;
}

void broker_fault_text(const struct broker_fault *fault, char *text,
		       size_t bytes)
{
	const uint64_t *w = fault->word;

	switch (fault->label) {
	case ABI_FAULT_VM:
		glue_snprintf(text, bytes, "%s %s address 0x%lx, pc 0x%lx",
			      access_name(fault), place_name(fault),
			      (unsigned long)w[1], (unsigned long)w[0]);
		return;
	case ABI_FAULT_CAP:
		glue_snprintf(
			text, bytes,
			"used capability slot %lu, which it was not given, pc 0x%lx",
			(unsigned long)w[1], (unsigned long)w[0]);
		return;
	case ABI_FAULT_UNKNOWN_SYSCALL:
		glue_snprintf(text, bytes, "unknown system call %ld, pc 0x%lx",
			      (long)w[12], (unsigned long)w[8]);
		return;
	case ABI_FAULT_USER_EXCEPTION:
		glue_snprintf(text, bytes, "%s, pc 0x%lx", exception_name(w[3]),
			      (unsigned long)w[0]);
		return;
	default:
		glue_snprintf(text, bytes, "unknown fault message %lu",
			      (unsigned long)fault->label);
	}
}

const char *broker_fault_hint(const struct broker_fault *fault,
			      uint64_t stack_bytes)
{
	uint64_t address = fault->word[1];
	uint64_t stack = GLUE_STACK_TOP - stack_bytes;

	if (fault->label != ABI_FAULT_VM)
		return "";
	if (address < NULL_AREA_BYTES)
		return "a null pointer, most likely";
	if (address < stack && stack - address <= HINT_GUARD_BYTES)
		return "stack overflow: enlarge stack_kib in the manifest";
	if (address > ABI_USER_TOP)
		return "that is the kernel's half of the address space";
	return "";
}

static void report_registers(const uint64_t *word)
{
	glue_printf("        pc  %016lx  sp  %016lx  psr %016lx",
		    (unsigned long)word[0], (unsigned long)word[1],
		    (unsigned long)word[2]);
	for (unsigned int i = 0; i < 31; i++)
		glue_printf("%sx%-3u%016lx", i % 4 ? "  " : "\n        ", i,
			    (unsigned long)word[abi_context_word(i)]);
	glue_printf("\n");
}

/* All from the process's own pages: an index is only used modulo the size. */
void broker_fault_last(const struct broker_process *process)
{
	const struct glue_trace_page *trace = process->trace;
	const uint32_t *last = process->counters->last;
	const char *before = "        last";
	uint64_t next = 0;

	if (trace && process->page->env.tracing)
		next = __atomic_load_n(&trace->next, __ATOMIC_ACQUIRE);
	for (uint32_t i = 0; i < GLUE_TRACE_COUNT; i++) {
		if (last[i] == GLUE_TRACE_NEVER)
			continue;
		glue_printf("%s %s %u", before, glue_trace_name(i), last[i]);
		before = "";
	}
	if (!*before)
		glue_printf("\n");
	for (uint64_t i = next < TRACE_SHOWN ? 0 : next - TRACE_SHOWN;
	     i != next; i++) {
		const struct glue_trace_entry *e =
			&trace->entry[i % GLUE_TRACE_ENTRIES];

		glue_printf("        trace %lu: %s %u\n",
			    (unsigned long)e->when, glue_trace_name(e->point),
			    e->value);
	}
}

void broker_fault_report(const struct broker_process *process,
			 const struct broker_fault *fault)
{
	uint64_t regs[ABI_CONTEXT_WORDS];
	char text[128];
	const char *hint = broker_fault_hint(fault,
					     process->program->stack_bytes);

	broker_fault_text(fault, text, sizeof(text));
	broker_log("fault: %s (pid %u): %s", process->label, process->pid,
		   text);
	if (fault->label == ABI_FAULT_VM ||
	    fault->label == ABI_FAULT_USER_EXCEPTION)
		glue_printf("        syndrome 0x%08lx%s%s\n",
			    (unsigned long)fault->word[3],
			    hint[0] != '\0' ? ": " : "", hint);
	if (glue_tcb_read_registers(process->tcb, 0, regs, ABI_CONTEXT_WORDS) ==
	    ABI_OK)
		report_registers(regs);
}
