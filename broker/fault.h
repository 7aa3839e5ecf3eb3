/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.h - the kernel's fault messages, and the report of a dead process.
 */
#ifndef BROKER_FAULT_H
#define BROKER_FAULT_H

#include <stdint.h>

#include "process.h"

/* A fault message: label enum abi_fault, and its words. abi.md section 9. */
struct broker_fault {
	uint64_t label;
	uint32_t length;
	uint64_t word[16];
};

/* Print the report of a process that has stopped by a fault, */
void broker_fault_report(const struct broker_process *process,
			 const struct broker_fault *fault);

/* and of any that did not end by itself but will end so: its registers, if nobody
 * has killed it; the last value of each trace point, in the order of a request's
 * life, and if it was traced what it passed last. */
void broker_fault_last(const struct broker_process *process,
		       enum glue_process_state state);

#endif
