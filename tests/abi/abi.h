/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * abi.h - the kernel's ABI as a stranger reads it: numbers from abi.md alone.
 *
 * Written a second time on purpose and not taken from kernel/include/abi: if a
 * number there is wrong, the suite notices. Section numbers are abi.md's.
 */
#ifndef TESTS_ABI_H
#define TESTS_ABI_H

#include <stdint.h>

typedef uint64_t u64;

/* clang-format off */
/* 1: system calls */
enum { SYS_CALL = -1, SYS_REPLY_RECV = -2, SYS_SEND = -3, SYS_NBSEND = -4,
       SYS_RECV = -5, SYS_REPLY = -6, SYS_YIELD = -7, SYS_NBRECV = -8,
       SYS_PUTCHAR = -9, SYS_IDENTIFY = -12 };

/* 2: encodings */
#define INFO(label, unwrapped, extra, length) \
	((u64)(label) << 12 | (u64)(unwrapped) << 9 | (u64)(extra) << 7 | \
	 (u64)(length))
enum { WRITE = 1, READ = 2, GRANT = 4, GRANT_REPLY = 8, ALL = 15 };
enum { CACHEABLE = 1, NO_EXECUTE = 4 };

/* 3: object types */
enum { UNTYPED, TCB, ENDPOINT, NOTIFICATION, CNODE, HUGE_FRAME, VSPACE,
       FRAME, LARGE_FRAME, PAGE_TABLE };

/* 4: capability tags */
enum { TAG_NULL = 0, TAG_FRAME = 1, TAG_UNTYPED = 2, TAG_TABLE = 3,
       TAG_ENDPOINT = 4, TAG_NOTIFICATION = 6, TAG_VSPACE = 9, TAG_CNODE = 10,
       TAG_ASID_CONTROL = 11, TAG_THREAD = 12, TAG_POOL = 13,
       TAG_IRQ_CONTROL = 14, TAG_IRQ_HANDLER = 16, TAG_DOMAIN = 20,
       TAG_SGI = 27 };

/* 5: lookup failures; 6: errors */
enum { INVALID_ROOT = 1, MISSING = 2, DEPTH = 3, GUARD = 4 };
enum { OK, INVALID_ARGUMENT, INVALID_CAPABILITY, ILLEGAL, RANGE, ALIGNMENT,
       LOOKUP, TRUNCATED, DELETE_FIRST, REVOKE_FIRST, NO_MEMORY };

/* 7: labels */
enum { RETYPE = 1, READ_REGS, WRITE_REGS, COPY_REGS, CONFIGURE, SET_PRIORITY,
       SET_MCP, SET_SCHED, SET_BUFFER, SET_SPACE, SUSPEND, RESUME, BIND,
       UNBIND, SET_TLS, SET_FLAGS, REVOKE, DELETE, CANCEL_BADGED, COPY, MINT,
       MOVE, MUTATE, ROTATE, SAVE_CALLER, IRQ_GET, IRQ_ACK, IRQ_SET, IRQ_CLEAR,
       DOMAIN_SET, DOMAIN_CONFIGURE, DOMAIN_START, VS_CLEAN, VS_INVALIDATE,
       VS_CLEAN_INVALIDATE, VS_UNIFY, SMC, TABLE_MAP, TABLE_UNMAP, PAGE_MAP,
       PAGE_UNMAP, PAGE_CLEAN, PAGE_INVALIDATE, PAGE_CLEAN_INVALIDATE,
       PAGE_UNIFY, PAGE_ADDRESS, MAKE_POOL, ASSIGN, IRQ_GET_TRIGGER,
       IRQ_SGI };
/* KaaL's own: on IRQControl, on a TCB, and a fault (kaal.h) */
enum { MACHINE_OFF = 0x4b00, SET_LIMIT = 0x4b02, LIMIT_FAULT = 0x4b03 };

/* 9: fault labels */
enum { CAP_FAULT = 1, UNKNOWN_SYSCALL = 2, USER_EXCEPTION = 3, VM_FAULT = 5 };

/* 10: words of a thread's context */
enum { REG_PC = 0, REG_SP = 1, REG_SPSR = 2, REG_X0 = 3, REG_X30 = 16,
       REG_TPIDR = 34, REG_TPIDRRO = 35, REGS = 36 };

/* 17: slots of the root CNode */
enum { MY_TCB = 1, MY_CNODE, MY_VSPACE, IRQ_CONTROL, ASID_CONTROL, MY_POOL,
       BOOT_INFO_FRAME = 9, BUFFER_FRAME = 10, DOMAIN = 11 };
/* clang-format on */

struct ipc_buffer {
	u64 tag;
	u64 msg[120];
	u64 user;
	u64 caps[3];
	u64 receive_cnode, receive_index, receive_depth;
};

struct region {
	u64 start, end;
};

struct boot_info {
	u64 extra_bytes, node, nodes, io_levels, ipc_buffer;
	struct region empty, shared, image, tables, io_space, extra;
	u64 cnode_bits, domain;
	struct region untyped;
	struct {
		u64 paddr;
		uint8_t bits, device, pad[6];
	} list[230];
};

_Static_assert(sizeof(struct ipc_buffer) == 1024, "abi.md 2");
_Static_assert(sizeof(struct boot_info) == 3848, "abi.md 17");
_Static_assert(IRQ_SGI == 50 && MAKE_POOL == 47 && REVOKE == 17, "abi.md 7");

#endif
