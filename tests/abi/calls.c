/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calls.c - the svc instruction and messages, from abi.md sections 1 and 2.
 *
 * A thread finds its IPC buffer through TPIDR_EL0, which is its own to use.
 */
#include "suite.h"

/* What the compiler calls for structs; always with words. */
void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int value, size_t n);

void *memcpy(void *to, const void *from, size_t n)
{
	u64 *t = to;
	const u64 *f = from;

	for (; n >= 8; n -= 8)
		*t++ = *f++;
	for (; n; n--)
		((char *)t)[n - 1] = ((const char *)f)[n - 1];
	return to;
}

void *memset(void *to, int value, size_t n)
{
	u64 *t = to;

	for (; n >= 8; n -= 8)
		*t++ = (uint8_t)value * 0x0101010101010101ull;
	for (; n; n--)
		((char *)t)[n - 1] = (char)value;
	return to;
}

struct ipc_buffer *buffer(void)
{
	struct ipc_buffer *b;

	__asm__ volatile("mrs %0, tpidr_el0" : "=r"(b));
	return b;
}

struct reply trap(int64_t number, u64 cap, u64 tag, const struct words *mr)
{
	register u64 x0 __asm__("x0") = cap;
	register u64 x1 __asm__("x1") = tag;
	register u64 x2 __asm__("x2") = mr->w[0];
	register u64 x3 __asm__("x3") = mr->w[1];
	register u64 x4 __asm__("x4") = mr->w[2];
	register u64 x5 __asm__("x5") = mr->w[3];
	register int64_t x7 __asm__("x7") = number;
	struct reply r;
	unsigned int i;

	__asm__ volatile("svc #0"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4),
			   "+r"(x5)
			 : "r"(x7)
			 : "memory");
	r.badge = x0;
	r.info = x1;
	r.mr = (struct words){ x1 & 127, { x2, x3, x4, x5 } };
	for (i = 4; i < r.mr.n && i < 40; i++)
		r.mr.w[i] = buffer()->msg[i];
	return r;
}

struct reply send(int64_t number, u64 cap, u64 label, struct words caps,
		  struct words args)
{
	unsigned int i;

	for (i = 4; i < args.n && i < 40; i++)
		buffer()->msg[i] = args.w[i];
	for (i = 0; i < caps.n; i++)
		buffer()->caps[i] = caps.w[i];
	return trap(number, cap, INFO(label, 0, caps.n, args.n), &args);
}

struct reply call(u64 cap, u64 label, struct words caps, struct words args)
{
	return send(SYS_CALL, cap, label, caps, args);
}

struct reply receive(int64_t number, u64 cap)
{
	struct words nothing = NONE;

	return trap(number, cap, 0, &nothing);
}

void reply(u64 label, struct words mr)
{
	send(SYS_REPLY, 0, label, NONE, mr);
}
