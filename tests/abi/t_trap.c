/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_trap.c - sections 1 and 2: what a system call keeps, and message lengths.
 */
#include "sections.h"
#include "suite.h"

static struct machine in, out;

/* A pattern in every register, then trap with these four. */
static void trap_all(int64_t number, u64 x0, u64 x1)
{
	unsigned int i;

	for (i = 0; i < 31; i++)
		in.x[i] = 0x1111000000000000 + i;
	for (i = 0; i < 64; i++)
		in.v[i] = 0x2222000000000000 + i;
	in.x[0] = x0;
	in.x[1] = x1;
	in.x[7] = (u64)number;
	in.nzcv = 0xa0000000;
	in.tpidr = (u64)buffer();
	out = in;
	machine_svc(&out);
}

/* All but x0..x5 must be as before. */
static bool rest_kept(void)
{
	unsigned int i;

	for (i = 6; i < 31; i++) {
		if (out.x[i] != in.x[i])
			return false;
	}
	for (i = 0; i < 64; i++) {
		if (out.v[i] != in.v[i])
			return false;
	}
	return out.nzcv == in.nzcv && out.tpidr == in.tpidr &&
	       out.sp == (u64)&out;
}

static void registers(const char *what, u64 x0, u64 x1, struct words mr)
{
	unsigned int i;
	bool good = out.x[0] == x0 && out.x[1] == x1;

	for (i = 0; i < 4; i++)
		good = good &&
		       out.x[2 + i] == (i < mr.n ? mr.w[i] : in.x[2 + i]);
	truth(what, good && rest_kept());
}

static void echo(u64 ep, u64 unused1, u64 unused2)
{
	struct words mr = M(0x51, 0x52, 0x53, 0x54);
	struct reply r = receive(SYS_RECV, ep);

	(void)unused1;
	(void)unused2;
	mr.n = r.mr.n;
	reply(9, mr);
}

/* The same with ReplyRecv, as servers do it, for ever. */
static void echo_loop(u64 ep, u64 unused1, u64 unused2)
{
	struct words mr = M(0x51, 0x52, 0x53, 0x54, 0x55, 0x56);
	struct reply r = receive(SYS_RECV, ep);

	(void)unused1;
	(void)unused2;
	for (;;) {
		mr.n = r.mr.n;
		r = send(SYS_REPLY_RECV, ep, 9, NONE, mr);
	}
}

/* Each length: nothing but the words of the message may change. */
static void trap_lengths(u64 ep)
{
	struct thread server = thread_new(MAIN + 10);
	struct words mr = M(0x51, 0x52, 0x53, 0x54);
	unsigned int n;

	thread_run(&server, echo_loop, ep, 0, 0);
	for (n = 0; n < 7; n++) {
		mr.n = n < 4 ? n : 4;
		trap_all(SYS_CALL, ep, INFO(5, 7, 0, n));
		registers("1 Call, ReplyRecv", 0, INFO(9, 0, 0, n), mr);
	}
	equal("2 fifth word", buffer()->msg[4], 0x55);
	equal("2 sixth word", buffer()->msg[5], 0x56);
}

static void trap_call(u64 tcb)
{
	struct thread server = thread_new(MAIN + 10);
	u64 ep = make(ENDPOINT, 0);
	u64 badged = minted(ep, ALL, 0x77);

	trap_all(SYS_CALL, tcb, INFO(SUSPEND, 0, 0, 3));
	registers("1 Call, no results", 0, 0, NONE);
	trap_all(SYS_CALL, tcb, INFO(READ_REGS, 0, 0, 4));
	registers("1 Call, RangeError", 0, INFO(RANGE, 0, 0, 2), M(1, REGS));
	trap_all(SYS_SEND, tcb, INFO(READ_REGS, 0, 0, 4));
	registers("1 Send, error dropped", tcb, in.x[1], NONE);
	thread_run(&server, echo, ep, 0, 0);
	trap_all(SYS_CALL, badged, INFO(5, 0, 0, 3));
	registers("1 Call to a server, 3 words", 0, INFO(9, 0, 0, 3),
		  M(0x51, 0x52, 0x53));
	thread_run(&server, echo, ep, 0, 0);
	trap_all(SYS_CALL, badged, INFO(5, 0, 0, 0));
	registers("1 Call to a server, 0 words", 0, INFO(9, 0, 0, 0), NONE);
}

void test_trap(void)
{
	u64 ntfn = make(NOTIFICATION, 0), ep = make(ENDPOINT, 0);
	u64 badged = minted(ntfn, ALL, 0x30);

	trap_all(SYS_YIELD, 1, 2);
	registers("1 Yield", 1, 2, NONE);
	trap_all(SYS_REPLY, 1, 2);
	registers("1 Reply without caller", 1, 2, NONE);
	trap_all(SYS_NBSEND, ep, INFO(7, 0, 0, 4));
	registers("1 NBSend, nobody there", ep, in.x[1], NONE);
	trap_all(SYS_NBRECV, ep, 5);
	registers("1 NBRecv, idle endpoint", 0, 5, NONE);
	trap_all(SYS_NBRECV, ntfn, 5);
	registers("1 NBRecv, idle notification", 0, 5, NONE);
	trap_all(SYS_SEND, badged, 0);
	registers("1 Signal", badged, 0, NONE);
	trap_all(SYS_RECV, ntfn, 5);
	registers("1 Wait, active", 0x30, 5, NONE);
	trap_all(SYS_CALL, badged, INFO(3, 0, 0, 2));
	registers("1 Call on a notification", 0, 0, NONE);
	trap_all(SYS_NBRECV, ntfn, 5);
	registers("1 Poll, active", 0x30, 5, NONE);
	trap_all(SYS_SEND, 0, INFO(3, 0, 0, 2));
	registers("1 Send to a null capability", 0, in.x[1], NONE);
	trap_call(make(TCB, 0));
	trap_lengths(make(ENDPOINT, 0));
}

/* What the receiver of the message tests saw. */
static struct reply seen;
static u64 seen_word[120];

static void take(u64 ep, u64 unused1, u64 unused2)
{
	unsigned int i;
	struct words mr = M(0xa0, 0xa1, 0xa2, 0xa3);

	(void)unused1;
	(void)unused2;
	for (i = 0; i < 120; i++)
		buffer()->msg[i] = 0xdead;
	seen = trap(SYS_RECV, ep, 0, &mr);
	for (i = 0; i < 120; i++)
		seen_word[i] = buffer()->msg[i];
	reply(0, NONE); /* if it was a Call */
}

static unsigned int words_arrived(void)
{
	unsigned int i;

	for (i = 4; i < 120 && seen_word[i] == 0x100 + i; i++)
		;
	return i;
}

static void message(const struct thread *t, int64_t number, u64 ep,
		    unsigned int length)
{
	struct words mr = M(0x100, 0x101, 0x102, 0x103);
	unsigned int i;

	thread_run(t, take, ep, 0, 0);
	for (i = 4; i < 120; i++)
		buffer()->msg[i] = 0x100 + i;
	trap(number, ep, INFO(0xabcde, 5, 0, length), &mr);
}

static void message_lengths(const struct thread *t, int64_t number, u64 ep)
{
	static const unsigned int lengths[] = { 0, 1, 3, 4, 5, 10, 119, 120 };
	unsigned int i, n;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		n = lengths[i];
		message(t, number, ep, n);
		equal("2 message length", seen.info, INFO(0xabcde, 0, 0, n));
		equal("2 message words", words_arrived(), n < 4 ? 4 : n);
		equal("2 register words", seen.mr.w[0], n ? 0x100 : 0xa0);
		equal("2 register words", seen.mr.w[2], n > 2 ? 0x102 : 0xa2);
		equal("2 register words", seen.mr.w[3], n > 3 ? 0x103 : 0xa3);
	}
	message(t, number, ep, 127);
	equal("2 length above 120 is clamped", seen.info,
	      INFO(0xabcde, 0, 0, 120));
}

/* Without a buffer, or one without rights, length is clamped to 4. */
static void message_no_buffer(const struct thread *t, u64 ep)
{
	u64 frame = make(FRAME, 0), read_only = copied(frame, READ);

	call(t->tcb, SUSPEND, NONE, NONE);
	try("7.2 SetIPCBuffer 0", call(t->tcb, SET_BUFFER, M(frame), M(0)));
	message(t, SYS_SEND, ep, 10);
	equal("2 receiver without buffer", seen.info, INFO(0xabcde, 0, 0, 4));
	try("7.2 SetIPCBuffer read-only",
	    call(t->tcb, SET_BUFFER, M(read_only), M((u64)t->ipc)));
	message(t, SYS_SEND, ep, 10);
	equal("2 receiver with a read-only buffer", seen.info,
	      INFO(0xabcde, 0, 0, 4));
}

/* The other way round: the sender has none, also for capabilities. */
static void sender_no_buffer(const struct thread *t, u64 ep)
{
	struct job job = { SYS_SEND,	   ep,	 7, M(ep), M(1, 2, 3, 4, 5, 6),
			   { 0, 0, NONE }, false };
	struct job retype_job = { SYS_CALL,
				  arena,
				  RETYPE,
				  M(MY_CNODE),
				  M(ENDPOINT, 0, 0, 0, next_slot, 1),
				  { 0, 0, NONE },
				  false };

	try("7.2 SetIPCBuffer 0", call(t->tcb, SET_BUFFER, M(ep), M(0)));
	job_start(t, &job);
	equal("2 sender without buffer", receive(SYS_RECV, ep).info,
	      INFO(7, 0, 0, 4));
	job_start(t, &retype_job);
	equal("6 invocation without buffer", retype_job.got.info,
	      INFO(TRUNCATED, 0, 0, 0));
}

void test_message(void)
{
	struct thread t = thread_new(MAIN + 10);
	u64 ep = make(ENDPOINT, 0);

	message_lengths(&t, SYS_SEND, ep);
	message_lengths(&t, SYS_CALL, ep);
	message_no_buffer(&t, ep);
	sender_no_buffer(&t, ep);
}
