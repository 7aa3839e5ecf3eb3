/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.h - the kernel's fault messages in words.
 */
#ifndef BROKER_FAULT_H
#define BROKER_FAULT_H

#include <stddef.h>
#include <stdint.h>

#include "process.h"

/* A fault message: label enum abi_fault, and its words. abi.md section 9. */
struct broker_fault {
	uint64_t label;
	uint32_t length;
	uint64_t word[16];
};

/* Was it a read or a write where nothing is mapped? */
int broker_fault_is_unmapped(const struct broker_fault *fault);

/**
 * broker_fault_text - one line without the process's name.
 *
 * Such as "read of unmapped address 0x10, pc 0x401234". Pure: no kernel call.
 */
void broker_fault_text(const struct broker_fault *fault, char *text,
		       size_t bytes);

/* A second line that helps: "" or such as "stack overflow: ...". */
const char *broker_fault_hint(const struct broker_fault *fault,
			      uint64_t stack_bytes);

/* Print the report of a process that has stopped by a fault, */
void broker_fault_report(const struct broker_process *process,
			 const struct broker_fault *fault);

/* and of any that did not end by itself: the last value of each trace point, in
 * the order of a request's life, and if it was traced what it passed last. */
void broker_fault_last(const struct broker_process *process);

#endif
