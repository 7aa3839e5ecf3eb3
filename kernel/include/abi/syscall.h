/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscall.h - system call numbers and the words that travel with them.
 *
 * The ABI is seL4's non-MCS AArch64 API (shared/abi.md sections 1, 2, 6):
 * number in x7, capability in x0, message info in x1, MR0..MR3 in x2..x5.
 * KaaL's own extensions are in kaal.h. Usable from C and assembly.
 */
#ifndef ABI_SYSCALL_H
#define ABI_SYSCALL_H

/* clang-format off */
#define ABI_SYS_CALL			(-1)
#define ABI_SYS_REPLY_RECV		(-2)
#define ABI_SYS_SEND			(-3)
#define ABI_SYS_NBSEND			(-4)
#define ABI_SYS_RECV			(-5)
#define ABI_SYS_REPLY			(-6)
#define ABI_SYS_YIELD			(-7)
#define ABI_SYS_NBRECV			(-8)
#define ABI_SYS_DEBUG_PUTCHAR		(-9)
#define ABI_SYS_DEBUG_DUMP_SCHEDULER	(-10)
#define ABI_SYS_DEBUG_HALT		(-11)
#define ABI_SYS_DEBUG_CAP_IDENTIFY	(-12)
#define ABI_SYS_DEBUG_SNAPSHOT		(-13)
#define ABI_SYS_DEBUG_NAME_THREAD	(-14)
#define ABI_SYS_BENCH_NULL		(-22) /* benchmark kernels only    */

/* Message info: label [63:12], capsUnwrapped [11:9], extraCaps [8:7],
 * length [6:0]. */
#define ABI_INFO_LENGTH_BITS	7
#define ABI_INFO_EXTRA_SHIFT	7
#define ABI_INFO_UNWRAP_SHIFT	9
#define ABI_INFO_LABEL_SHIFT	12
#define ABI_MSG_REGS		4    /* message words in registers         */
#define ABI_MSG_MAX		120  /* message words in all               */
#define ABI_EXTRA_CAPS_MAX	3

/* IPC buffer: 1024 bytes, 1024-aligned, inside one frame. */
#define ABI_IPCBUF_BITS		10
/* clang-format on */

#ifndef __ASSEMBLY__
#include <stdint.h>

struct abi_ipc_buffer {
	uint64_t tag;
	uint64_t msg[ABI_MSG_MAX];
	uint64_t user_data;
	uint64_t caps_or_badges[ABI_EXTRA_CAPS_MAX];
	uint64_t receive_cnode;
	uint64_t receive_index;
	uint64_t receive_depth;
};
_Static_assert(sizeof(struct abi_ipc_buffer) == 1024, "abi.md section 2");

static inline uint64_t abi_info(uint64_t label, uint64_t extra, uint64_t length)
{
	return label << ABI_INFO_LABEL_SHIFT | extra << ABI_INFO_EXTRA_SHIFT |
	       length;
}

static inline uint64_t abi_info_label(uint64_t info)
{
	return info >> ABI_INFO_LABEL_SHIFT;
}

static inline uint64_t abi_info_length(uint64_t info)
{
	return info & ((1u << ABI_INFO_LENGTH_BITS) - 1);
}

static inline uint64_t abi_info_extra(uint64_t info)
{
	return info >> ABI_INFO_EXTRA_SHIFT & 3;
}

static inline uint64_t abi_info_unwrapped(uint64_t info)
{
	return info >> ABI_INFO_UNWRAP_SHIFT & 7;
}
#endif
#endif
