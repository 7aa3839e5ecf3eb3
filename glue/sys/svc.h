/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * svc.h - the svc instruction: the one place where user code enters the kernel.
 *
 * Number in x7, capability in x0, message info in x1, four message words in
 * x2..x5; words from the fifth on and capabilities to pass lie in the IPC
 * buffer. Everything is inline, so that a system call costs its register moves
 * and nothing else. Source: shared/abi.md sections 1 and 6.
 */
#ifndef GLUE_SYS_SVC_H
#define GLUE_SYS_SVC_H

#include <stdint.h>
#include <abi/kaal.h>
#include <glue/sys.h>

/* Invocation errors carry at most five words (FAILED_LOOKUP, guard). */
#define SVC_ERROR_WORDS 5

extern struct abi_ipc_buffer *glue_ipc_buffer;

/*
 * Remember the words of a failed invocation; returns its error. By value, so
 * that a message whose call succeeds never needs to be in memory.
 */
enum abi_error glue_sys_keep_error(uint64_t info, uint64_t mr0, uint64_t mr1,
				   uint64_t mr2, uint64_t mr3);

/* Message in, message out: all six registers are read and written. */
static inline void svc_exchange(int64_t number, glue_cptr cap,
				struct glue_msg *msg)
{
	register uint64_t x0 __asm__("x0") = cap;
	register uint64_t x1 __asm__("x1") = msg->info;
	register uint64_t x2 __asm__("x2") = msg->mr[0];
	register uint64_t x3 __asm__("x3") = msg->mr[1];
	register uint64_t x4 __asm__("x4") = msg->mr[2];
	register uint64_t x5 __asm__("x5") = msg->mr[3];
	register int64_t x7 __asm__("x7") = number;

	__asm__ volatile("svc #0"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4),
			   "+r"(x5)
			 : "r"(x7)
			 : "memory");
	msg->badge = x0;
	msg->info = x1;
	msg->mr[0] = x2;
	msg->mr[1] = x3;
	msg->mr[2] = x4;
	msg->mr[3] = x5;
}

/* Message in, nothing out: the kernel keeps every register. */
static inline void svc_send(int64_t number, glue_cptr cap,
			    const struct glue_msg *msg)
{
	register uint64_t x0 __asm__("x0") = cap;
	register uint64_t x1 __asm__("x1") = msg->info;
	register uint64_t x2 __asm__("x2") = msg->mr[0];
	register uint64_t x3 __asm__("x3") = msg->mr[1];
	register uint64_t x4 __asm__("x4") = msg->mr[2];
	register uint64_t x5 __asm__("x5") = msg->mr[3];
	register int64_t x7 __asm__("x7") = number;

	__asm__ volatile("svc #0"
			 : "+r"(x0), "+r"(x1)
			 : "r"(x2), "r"(x3), "r"(x4), "r"(x5), "r"(x7)
			 : "memory");
}

/* One word in, one word out: signals, waits and the debug calls. */
static inline uint64_t svc_word(int64_t number, uint64_t word)
{
	register uint64_t x0 __asm__("x0") = word;
	register uint64_t x1 __asm__("x1") = 0;
	register int64_t x7 __asm__("x7") = number;

	__asm__ volatile("svc #0"
			 : "+r"(x0), "+r"(x1)
			 : "r"(x7)
			 : "x2", "x3", "x4", "x5", "memory");
	return x0;
}

/*
 * Call a kernel object. msg->info holds label, capabilities and length; the
 * results are in msg->mr, from the fifth on in the IPC buffer.
 */
static inline enum abi_error svc_invoke(glue_cptr cap, struct glue_msg *msg)
{
	svc_exchange(ABI_SYS_CALL, cap, msg);
	if (__builtin_expect(abi_info_label(msg->info) != 0, 0))
		return glue_sys_keep_error(msg->info, msg->mr[0], msg->mr[1],
					   msg->mr[2], msg->mr[3]);
	return ABI_OK;
}

#endif
