/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault_text.c - the kernel's fault messages in words.
 *
 * Syndrome fields: Arm ARM D17.2.37, ESR_EL1. Word order: abi.md section 9.
 */
#include <abi/kaal.h>
#include <abi/object.h>
#include <glue/fault_text.h>
#include <glue/places.h>
#include <glue/print.h>

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

static const char *access_name(const uint64_t *word)
{
	if (word[2])
		return "instruction fetch from";
	return word[3] & ESR_WRITE ? "write to" : "read of";
}

/* Why the access was refused. The lower two bits of a translation or
 * permission fault tell the table level, which is of no use to people. */
static const char *place_name(const uint64_t *word)
{
	uint32_t status = ESR_STATUS(word[3]);

	if (status == STATUS_BUS)
		return "bus-refused";
	if (status == STATUS_ALIGNMENT)
		return "unaligned";
	if (STATUS_KIND(status) != STATUS_PERMISSION)
		return "unmapped";
	if (word[1] > ABI_USER_TOP)
		return "kernel";
	if (word[2])
		return "non-executable";
	return word[3] & ESR_WRITE ? "read-only" : "protected";
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

int glue_fault_is_unmapped(uint64_t label, const uint64_t *word)
{
	return label == ABI_FAULT_VM && !word[2] &&
	       STATUS_KIND(ESR_STATUS(word[3])) == STATUS_TRANSLATION;
}

void glue_fault_text(uint64_t label, const uint64_t *word, char *text,
		     size_t bytes)
{
	switch (label) {
	case ABI_FAULT_VM:
		glue_snprintf(text, bytes, "%s %s address 0x%lx, pc 0x%lx",
			      access_name(word), place_name(word),
			      (unsigned long)word[1], (unsigned long)word[0]);
		return;
	case ABI_FAULT_CAP:
		glue_snprintf(
			text, bytes,
			"used capability slot %lu, which it was not given, pc 0x%lx",
			(unsigned long)word[1], (unsigned long)word[0]);
		return;
	case ABI_FAULT_UNKNOWN_SYSCALL:
		glue_snprintf(text, bytes, "unknown system call %ld, pc 0x%lx",
			      (long)word[12], (unsigned long)word[8]);
		return;
	case ABI_FAULT_USER_EXCEPTION:
		glue_snprintf(text, bytes, "%s, pc 0x%lx",
			      exception_name(word[3]), (unsigned long)word[0]);
		return;
	case ABI_KAAL_FAULT_LIMIT:
		glue_snprintf(text, bytes,
			      "ran for %lu ms without a pause, pc 0x%lx",
			      (unsigned long)word[1] * ABI_KAAL_TICK_US / 1000,
			      (unsigned long)word[0]);
		return;
	default:
		glue_snprintf(text, bytes, "unknown fault message %lu",
			      (unsigned long)label);
	}
}

const char *glue_fault_hint(uint64_t label, const uint64_t *word,
			    uint64_t stack_bytes)
{
	uint64_t stack = GLUE_STACK_TOP - stack_bytes;

	if (label != ABI_FAULT_VM)
		return "";
	if (word[1] < NULL_AREA_BYTES)
		return "a null pointer, most likely";
	if (word[1] < stack && stack - word[1] <= HINT_GUARD_BYTES)
		return "stack overflow: enlarge stack_kib in the manifest";
	if (word[1] > ABI_USER_TOP)
		return "that is the kernel's half of the address space";
	return "";
}
