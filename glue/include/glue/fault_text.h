/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault_text.h - fault messages in words, for whoever handles faults.
 *
 * A message is its label, enum abi_fault, and its words (16 may be read). All of
 * this is pure: no system call. Source: shared/abi.md section 9.
 */
#ifndef GLUE_FAULT_TEXT_H
#define GLUE_FAULT_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Was it a read or a write where nothing is mapped? Return: 1 if so. */
int glue_fault_is_unmapped(uint64_t label, const uint64_t *word);

/**
 * glue_fault_text - one line without the process's name.
 * @text: out: such as "read of unmapped address 0x10, pc 0x401234"
 */
void glue_fault_text(uint64_t label, const uint64_t *word, char *text,
		     size_t bytes);

/* What may help to find the cause. Return: "" or such as "stack overflow: ...". */
const char *glue_fault_hint(uint64_t label, const uint64_t *word,
			    uint64_t stack_bytes);

#endif
