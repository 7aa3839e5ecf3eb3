/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.c - the report of a dead process.
 *
 * What a fault message means in words: glue/fault_text.h.
 */
#include "fault.h"

#include <glue/fault_text.h>
#include <glue/print.h>
#include <glue/sys.h>
#include <glue/trace.h>

#include "log.h"

#define TRACE_SHOWN 8u

static void report_registers(const struct broker_process *process)
{
	uint64_t word[ABI_CONTEXT_WORDS];

	if (glue_tcb_read_registers(process->tcb, 0, word, ABI_CONTEXT_WORDS))
		return;
	glue_printf("        pc  %016lx  sp  %016lx  psr %016lx",
		    (unsigned long)word[0], (unsigned long)word[1],
		    (unsigned long)word[2]);
	for (unsigned int i = 0; i < 31; i++)
		glue_printf("%sx%-3u%016lx", i % 4 ? "  " : "\n        ", i,
			    (unsigned long)word[abi_context_word(i)]);
	glue_printf("\n");
}

/* All from the process's own pages: an index is only used modulo the size. */
void broker_fault_last(const struct broker_process *process,
		       enum glue_process_state state)
{
	const struct glue_trace_page *trace = process->trace;
	const uint32_t *last = process->counters->last;
	const char *before = "        last";
	uint64_t next = 0;

	if (state != GLUE_PROC_KILLED)
		report_registers(process);
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
	char text[128];
	const char *hint = glue_fault_hint(fault->label, fault->word,
					   process->program->stack_bytes);

	glue_fault_text(fault->label, fault->word, text, sizeof(text));
	broker_log("fault: %s (pid %u): %s", process->label, process->pid,
		   text);
	if (fault->label == ABI_FAULT_VM ||
	    fault->label == ABI_FAULT_USER_EXCEPTION)
		glue_printf("        syndrome 0x%08lx%s%s\n",
			    (unsigned long)fault->word[3],
			    hint[0] != '\0' ? ": " : "", hint);
}
