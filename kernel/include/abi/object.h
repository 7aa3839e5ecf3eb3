/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object.h - kernel objects: type numbers, sizes, rights, errors, faults.
 *
 * Source: shared/abi.md sections 2, 3, 5, 6, 7, 9 (seL4 non-MCS, AArch64, one
 * core). Labels and types hold for that configuration only.
 */
#ifndef ABI_OBJECT_H
#define ABI_OBJECT_H

#include <stdint.h>
#include <abi/label.h>

/* clang-format off */
enum abi_object_type {
	ABI_OBJ_UNTYPED = 0,
	ABI_OBJ_TCB = 1,
	ABI_OBJ_ENDPOINT = 2,
	ABI_OBJ_NOTIFICATION = 3,
	ABI_OBJ_CNODE = 4,
	ABI_OBJ_FRAME_HUGE = 5,
	ABI_OBJ_VSPACE = 6,
	ABI_OBJ_FRAME_SMALL = 7,
	ABI_OBJ_FRAME_LARGE = 8,
	ABI_OBJ_PAGE_TABLE = 9,
	ABI_OBJ_COUNT
};

#define ABI_TCB_BITS		11
#define ABI_ENDPOINT_BITS	4
#define ABI_NOTIFICATION_BITS	5
#define ABI_SLOT_BITS		5    /* CNode: SLOT_BITS + radix           */
#define ABI_VSPACE_BITS		12
#define ABI_PAGE_TABLE_BITS	12
#define ABI_FRAME_SMALL_BITS	12
#define ABI_FRAME_LARGE_BITS	21
#define ABI_FRAME_HUGE_BITS	30
#define ABI_ASID_POOL_BITS	12
#define ABI_UNTYPED_MIN_BITS	4
#define ABI_UNTYPED_MAX_BITS	47
#define ABI_RETYPE_MAX		256

#define ABI_RIGHT_WRITE		1u
#define ABI_RIGHT_READ		2u
#define ABI_RIGHT_GRANT		4u
#define ABI_RIGHT_GRANT_REPLY	8u
#define ABI_RIGHT_ALL		0xfu

#define ABI_VM_CACHEABLE	1u
#define ABI_VM_PARITY		2u
#define ABI_VM_EXECUTE_NEVER	4u
#define ABI_VM_DEFAULT		3u

#define ABI_USER_TOP		0x00007fffffffffffull

/* Capability tags, as DebugCapIdentify shows them (section 4). */
enum abi_cap_tag {
	ABI_CAP_NULL = 0,
	ABI_CAP_FRAME = 1,
	ABI_CAP_UNTYPED = 2,
	ABI_CAP_PAGE_TABLE = 3,
	ABI_CAP_ENDPOINT = 4,
	ABI_CAP_NOTIFICATION = 6,
	ABI_CAP_REPLY = 8,
	ABI_CAP_VSPACE = 9,
	ABI_CAP_CNODE = 10,
	ABI_CAP_ASID_CONTROL = 11,
	ABI_CAP_THREAD = 12,
	ABI_CAP_ASID_POOL = 13,
	ABI_CAP_IRQ_CONTROL = 14,
	ABI_CAP_IRQ_HANDLER = 16,
	ABI_CAP_ZOMBIE = 18,
	ABI_CAP_DOMAIN = 20,
	ABI_CAP_SGI_SIGNAL = 27,
};

enum abi_error {
	ABI_OK = 0,
	ABI_INVALID_ARGUMENT = 1,
	ABI_INVALID_CAPABILITY = 2,
	ABI_ILLEGAL_OPERATION = 3,
	ABI_RANGE_ERROR = 4,
	ABI_ALIGNMENT_ERROR = 5,
	ABI_FAILED_LOOKUP = 6,
	ABI_TRUNCATED_MESSAGE = 7,
	ABI_DELETE_FIRST = 8,
	ABI_REVOKE_FIRST = 9,
	ABI_NOT_ENOUGH_MEMORY = 10,
};

enum abi_lookup_failure {
	ABI_LOOKUP_OK = 0,
	ABI_LOOKUP_INVALID_ROOT = 1,
	ABI_LOOKUP_MISSING = 2,
	ABI_LOOKUP_DEPTH = 3,
	ABI_LOOKUP_GUARD = 4,
};

/* Fault messages: label, and the words of each (section 9). */
enum abi_fault {
	ABI_FAULT_NONE = 0,
	ABI_FAULT_CAP = 1,
	ABI_FAULT_UNKNOWN_SYSCALL = 2,
	ABI_FAULT_USER_EXCEPTION = 3,
	ABI_FAULT_VM = 5,
};

#define ABI_FAULT_CAP_WORDS_MAX		7
#define ABI_FAULT_SYSCALL_WORDS		13
#define ABI_FAULT_EXCEPTION_WORDS	5
#define ABI_FAULT_VM_WORDS		4  /* IP, address, prefetch, FSR   */

#define ABI_CONTEXT_WORDS	36 /* Read/WriteRegisters, section 10      */
#define ABI_TCB_FLAG_FPU_OFF	1u

/* Initial capabilities of the root task (section 17). */
enum abi_initial_slot {
	ABI_SLOT_TCB = 1,
	ABI_SLOT_CNODE = 2,
	ABI_SLOT_VSPACE = 3,
	ABI_SLOT_IRQ_CONTROL = 4,
	ABI_SLOT_ASID_CONTROL = 5,
	ABI_SLOT_ASID_POOL = 6,
	ABI_SLOT_BOOT_INFO_FRAME = 9,
	ABI_SLOT_IPC_BUFFER_FRAME = 10,
	ABI_SLOT_DOMAIN = 11,
	ABI_SLOT_FIRST_FREE = 16,
};

/* Where x@number is among the words of Read/WriteRegisters, for 0 to 30; words
 * 0 to 2 are pc, sp and psr (section 10). */
static inline unsigned int abi_context_word(unsigned int number)
{
	static const uint8_t word[31] = {
		3,  4,	5,  6,	7,  8,	9,  10, 11,	/* x0..x8 */
		17, 18, 19, 20, 21, 22, 23,		/* x9..x15 */
		12, 13, 14,				/* x16..x18 */
		24, 25, 26, 27, 28, 29, 30, 31, 32, 33, /* x19..x28 */
		15, 16,					/* x29, x30 */
	};

	return word[number];
}
/* clang-format on */

#endif
