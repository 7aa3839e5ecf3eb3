/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_tcb.c - sections 7.2, 10, 11: TCB invocations, their errors, registers.
 */
#include "sections.h"
#include "suite.h"

static void truncated(u64 tcb)
{
	static const struct {
		unsigned int label, words, caps;
	} least[] = {
		{ READ_REGS, 2, 0 },	{ WRITE_REGS, 2, 0 },
		{ COPY_REGS, 1, 1 },	{ CONFIGURE, 4, 3 },
		{ SET_PRIORITY, 1, 1 }, { SET_MCP, 1, 1 },
		{ SET_SCHED, 2, 1 },	{ SET_BUFFER, 1, 1 },
		{ SET_SPACE, 3, 2 },	{ BIND, 0, 1 },
		{ SET_TLS, 1, 0 },	{ SET_FLAGS, 2, 0 },
	};
	struct words args = M(0, 0, 0, 0), caps = M(tcb, tcb, tcb);
	unsigned int i;

	for (i = 0; i < sizeof(least) / sizeof(least[0]); i++) {
		args.n = least[i].words - 1;
		caps.n = least[i].caps;
		if (least[i].words)
			expect("7.2 too few words", TRUNCATED, NONE,
			       call(tcb, least[i].label, caps, args));
		args.n = 4;
		caps.n = least[i].caps - 1;
		if (least[i].caps)
			expect("7.2 too few capabilities", TRUNCATED, NONE,
			       call(tcb, least[i].label, caps, args));
	}
}

static void priorities(u64 tcb)
{
	u64 low = make(TCB, 0);

	expect("7.2 SetPriority: authority is no TCB", INVALID_CAPABILITY, M(1),
	       call(tcb, SET_PRIORITY, M(MY_CNODE), M(1)));
	expect("7.2 SetPriority 256", RANGE, M(0, 255),
	       call(tcb, SET_PRIORITY, M(MY_TCB), M(256)));
	expect("7.2 SetMCPriority 256", RANGE, M(0, 255),
	       call(tcb, SET_MCP, M(MY_TCB), M(~0ull)));
	expect("7.2 SetPriority above the authority", RANGE, M(0, 0),
	       call(tcb, SET_PRIORITY, M(low), M(1)));
	expect("7.2 SetMCPriority", OK, NONE,
	       call(low, SET_MCP, M(MY_TCB), M(50)));
	expect("7.2 SetPriority at the authority's MCP", OK, NONE,
	       call(tcb, SET_PRIORITY, M(low), M(50)));
	expect("7.2 SetPriority above", RANGE, M(0, 50),
	       call(tcb, SET_PRIORITY, M(low), M(51)));
	expect("7.2 SetSchedParams: mcp first", RANGE, M(0, 50),
	       call(tcb, SET_SCHED, M(low), M(60, 70)));
	expect("7.2 SetSchedParams: priority", RANGE, M(0, 50),
	       call(tcb, SET_SCHED, M(low), M(50, 51)));
	expect("7.2 SetSchedParams: authority", INVALID_CAPABILITY, M(1),
	       call(tcb, SET_SCHED, M(MY_CNODE), M(1, 1)));
	expect("7.2 SetSchedParams", OK, NONE,
	       call(tcb, SET_SCHED, M(low), M(20, 50)));
}

static void flags_and_binding(u64 tcb)
{
	u64 n = make(NOTIFICATION, 0), w = copied(n, WRITE);
	u64 other = make(TCB, 0);

	expect("7.2 SetFlags", OK, M(1), call(tcb, SET_FLAGS, NONE, M(0, 1)));
	expect("7.2 SetFlags: unknown bits", OK, M(1),
	       call(tcb, SET_FLAGS, NONE, M(0, 0xfffffffe)));
	expect("7.2 SetFlags: clear before set", OK, M(1),
	       call(tcb, SET_FLAGS, NONE, M(1, 1)));
	expect("7.2 SetFlags: clear", OK, M(0),
	       call(tcb, SET_FLAGS, NONE, M(~0ull, 0)));
	expect("7.2 Unbind: nothing bound", ILLEGAL, NONE,
	       call(tcb, UNBIND, NONE, NONE));
	expect("7.2 Bind: no notification", ILLEGAL, NONE,
	       call(tcb, BIND, M(MY_TCB), NONE));
	expect("7.2 Bind: without Read", ILLEGAL, NONE,
	       call(tcb, BIND, M(w), NONE));
	expect("7.2 Bind", OK, NONE, call(tcb, BIND, M(n), NONE));
	expect("7.2 Bind: bound thread", ILLEGAL, NONE,
	       call(tcb, BIND, M(make(NOTIFICATION, 0)), NONE));
	expect("7.2 Bind: bound notification", ILLEGAL, NONE,
	       call(other, BIND, M(n), NONE));
	expect("7.2 Unbind", OK, NONE, call(tcb, UNBIND, NONE, NONE));
	expect("7.2 Bind the other", OK, NONE, call(other, BIND, M(n), NONE));
	on_slot(DELETE, other);
	expect("8 binding dies with the thread", OK, NONE,
	       call(tcb, BIND, M(n), NONE));
	on_slot(REVOKE, n);
	on_slot(DELETE, n);
	expect("8 binding dies with the notification", ILLEGAL, NONE,
	       call(tcb, UNBIND, NONE, NONE));
}

void test_tcb(void)
{
	u64 tcb = make(TCB, 0);

	truncated(tcb);
	priorities(tcb);
	flags_and_binding(tcb);
	expect("11 Suspend of a new thread", OK, NONE,
	       call(tcb, SUSPEND, NONE, NONE));
	expect("7.3 DomainSet_Set", OK, NONE,
	       call(DOMAIN, DOMAIN_SET, M(tcb), M(0)));
	expect("7.3 DomainSet_Set: domain 1", INVALID_ARGUMENT, M(0),
	       call(DOMAIN, DOMAIN_SET, M(tcb), M(1)));
	expect("7.3 DomainSet_Set: no TCB", INVALID_ARGUMENT, M(1),
	       call(DOMAIN, DOMAIN_SET, M(MY_CNODE), M(0)));
	expect("7.3 DomainSet_Set: truncated", TRUNCATED, NONE,
	       call(DOMAIN, DOMAIN_SET, NONE, M(0)));
	expect("7.3 ScheduleConfigure", OK, NONE,
	       call(DOMAIN, DOMAIN_CONFIGURE, NONE, M(0, 0, 100)));
	expect("7.3 ScheduleConfigure: truncated", TRUNCATED, NONE,
	       call(DOMAIN, DOMAIN_CONFIGURE, NONE, M(0, 0)));
	expect("7.3 ScheduleSetStart", OK, NONE,
	       call(DOMAIN, DOMAIN_START, NONE, M(0)));
	expect("7.3 Domain: unknown label", ILLEGAL, NONE,
	       call(DOMAIN, SUSPEND, NONE, M(0)));
}

static void register_errors(u64 tcb)
{
	struct words seven = M(0, 6, 1, 2, 3, 4, 5);

	expect("7.2 ReadRegisters count 0", RANGE, M(1, REGS),
	       call(tcb, READ_REGS, NONE, M(0, 0)));
	expect("7.2 ReadRegisters count 37", RANGE, M(1, REGS),
	       call(tcb, READ_REGS, NONE, M(0, 37)));
	expect("7.2 ReadRegisters: own, bad count", RANGE, M(1, REGS),
	       call(MY_TCB, READ_REGS, NONE, M(0, 0)));
	expect("7.2 ReadRegisters: own", ILLEGAL, NONE,
	       call(MY_TCB, READ_REGS, NONE, M(0, 1)));
	expect("7.2 WriteRegisters: own", ILLEGAL, NONE,
	       call(MY_TCB, WRITE_REGS, NONE, M(0, 1, 2)));
	expect("7.2 WriteRegisters: count above length", TRUNCATED, NONE,
	       call(tcb, WRITE_REGS, NONE, seven));
	expect("7.2 CopyRegisters: no TCB", INVALID_CAPABILITY, M(1),
	       call(tcb, COPY_REGS, M(MY_CNODE), M(0)));
	expect("7.2 SetTLSBase", OK, NONE, call(tcb, SET_TLS, NONE, M(0x77)));
}

static struct words pattern(u64 count)
{
	struct words m = M(0, count);
	unsigned int i;

	for (i = 0; i < REGS; i++)
		m.w[2 + i] = 0x3000 + i;
	m.n = 38;
	return m;
}

static struct words registers(u64 tcb)
{
	return call(tcb, READ_REGS, NONE, M(0, REGS)).mr;
}

/* NZCV is the writer's, the mode is the kernel's. */
static bool spsr_is(u64 spsr, u64 nzcv)
{
	return spsr == (nzcv | 0x140) || spsr == (nzcv | 0x40);
}

static void written_is_read(u64 tcb)
{
	struct words got, m = pattern(REGS);
	unsigned int i;

	m.w[2 + REG_SPSR] = 0xffffffff;
	expect("7.2 WriteRegisters", OK, NONE, call(tcb, WRITE_REGS, NONE, m));
	got = registers(tcb);
	for (i = 0; i < REGS; i++) {
		if (i != REG_SPSR)
			equal("10 words come back", got.w[i], 0x3000 + i);
	}
	truth("9 SPSR keeps NZCV only", spsr_is(got.w[REG_SPSR], 0xf0000000));
	expect("7.2 ReadRegisters, three", OK, M(0x3000, 0x3001, got.w[2]),
	       call(tcb, READ_REGS, NONE, M(1, 3)));
	m.n = 4;
	m.w[1] = 2;
	m.w[2] = 0x9000;
	m.w[3] = 0x9008;
	expect("7.2 WriteRegisters, two", OK, NONE,
	       call(tcb, WRITE_REGS, NONE, m));
	got = registers(tcb);
	equal("7.2 WriteRegisters, two", got.w[1], 0x9008);
	equal("7.2 WriteRegisters, the rest stays", got.w[3], 0x3003);
}

static void copies_registers(u64 src)
{
	u64 dst = make(TCB, 0);
	struct words got;

	expect("7.2 CopyRegisters: frame", OK, NONE,
	       call(dst, COPY_REGS, M(src), M(4)));
	got = registers(dst);
	equal("7.2 CopyRegisters: pc", got.w[REG_PC], 0x9000);
	equal("7.2 CopyRegisters: x30", got.w[REG_X30], 0x3010);
	equal("7.2 CopyRegisters: integer not asked", got.w[17], 0);
	expect("7.2 CopyRegisters: integer", OK, NONE,
	       call(dst, COPY_REGS, M(src), M(8)));
	equal("7.2 CopyRegisters: x9", registers(dst).w[17], 0x3011);
}

/* Our own registers as a source; our own TCB as a target. */
static void copies_own(u64 tcb)
{
	struct words got;

	expect("7.2 CopyRegisters from oneself", OK, NONE,
	       call(tcb, COPY_REGS, M(MY_TCB), M(8)));
	got = registers(tcb);
	equal("7.2 CopyRegisters from oneself: tpidr_el0", got.w[REG_TPIDR],
	      (u64)buffer());
	expect("7.2 CopyRegisters to oneself, nothing", OK, NONE,
	       call(MY_TCB, COPY_REGS, M(tcb), M(0)));
}

/* In a running thread the words are where section 10 says. */
static void real_registers(void)
{
	struct thread t = thread_new(MAIN + 10);
	struct reply r;
	u64 regs[REGS];
	unsigned int i;

	r = thread_fault(&t, snip_brk,
			 M(0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17));
	equal("9 UserException", label_of(r), USER_EXCEPTION);
	thread_regs(&t, regs);
	equal("10 pc", regs[REG_PC], (u64)snip_brk);
	equal("10 sp", regs[REG_SP], (u64)t.stack_top);
	for (i = 0; i < 8; i++)
		equal("10 x0..x7", regs[REG_X0 + i], 0x10 + i);
	equal("10 tpidr_el0", regs[REG_TPIDR], (u64)t.ipc);
	try("7.2 SetTLSBase", call(t.tcb, SET_TLS, NONE, M(0x123450)));
	thread_regs(&t, regs);
	equal("7.2 SetTLSBase", regs[REG_TPIDR], 0x123450);
}

void test_registers(void)
{
	u64 tcb = make(TCB, 0);

	register_errors(tcb);
	written_is_read(tcb);
	copies_registers(tcb);
	copies_own(tcb);
	real_registers();
	equal("7.2 SetTLSBase of the own TCB",
	      (call(MY_TCB, SET_TLS, NONE, M(info->ipc_buffer)), (u64)buffer()),
	      info->ipc_buffer);
}

static void space_errors(u64 tcb)
{
	u64 frame = make(FRAME, 0), loose = make(VSPACE, 0);
	struct words good = M(MY_CNODE, MY_VSPACE, frame);

	expect("7.2 Configure: buffer alignment", ALIGNMENT, NONE,
	       call(tcb, CONFIGURE, good, M(0, 0, 0, 0x1010)));
	expect("7.2 Configure: buffer is no frame", ILLEGAL, NONE,
	       call(tcb, CONFIGURE, M(MY_CNODE, MY_VSPACE, MY_TCB),
		    M(0, 0, 0, 0x1000)));
	expect("7.2 Configure: buffer 0 needs no frame", OK, NONE,
	       call(tcb, CONFIGURE, M(MY_CNODE, MY_VSPACE, MY_TCB),
		    M(0, 0, 0, 0)));
	expect("7.2 Configure: CSpace is no CNode", ILLEGAL, NONE,
	       call(tcb, CONFIGURE, M(MY_TCB, MY_VSPACE, frame),
		    M(0, 0, 0, 0x1000)));
	expect("7.2 Configure: VSpace is none", ILLEGAL, NONE,
	       call(tcb, CONFIGURE, M(MY_CNODE, MY_CNODE, frame),
		    M(0, 0, 0, 0x1000)));
	expect("7.2 SetSpace: VSpace without ASID", ILLEGAL, NONE,
	       call(tcb, SET_SPACE, M(MY_CNODE, loose), M(0, 0, 0)));
	expect("7.2 SetSpace: guard too long", ILLEGAL, NONE,
	       call(tcb, SET_SPACE, M(MY_CNODE, MY_VSPACE), M(0, 63, 0)));
	expect("7.2 SetSpace", OK, NONE,
	       call(tcb, SET_SPACE, M(MY_CNODE, MY_VSPACE), M(5, 0, 6)));
	expect("7.2 SetIPCBuffer: alignment", ALIGNMENT, NONE,
	       call(tcb, SET_BUFFER, M(frame), M(0x1200)));
	expect("7.2 SetIPCBuffer", OK, NONE,
	       call(tcb, SET_BUFFER, M(frame), M(0x1400)));
}

/* The last capability of a CNode is the TCB's own: no long delete in here. */
static void long_delete(u64 tcb)
{
	u64 node = make(CNODE, 4);

	try("7.2 SetSpace",
	    call(tcb, SET_SPACE, M(node, MY_VSPACE), M(0, 0, 0)));
	on_slot(DELETE, node);
	expect("7.2 SetSpace: last capability of a CNode", ILLEGAL, NONE,
	       call(tcb, SET_SPACE, M(MY_CNODE, MY_VSPACE), M(0, 0, 0)));
}

/* The kernel reaches the buffer by the frame capability, not the mapping. */
static void buffer_revoked(void)
{
	struct thread t = thread_new(MAIN + 10);
	u64 frame = make(FRAME, 0), ep = make(ENDPOINT, 0);
	struct words mr = M(1, 2, 3, 4, 5, 6);
	u64 regs[REGS], turn;

	for (turn = 0; turn < 2; turn++) {
		try("7.2 SetIPCBuffer",
		    call(t.tcb, SET_BUFFER, M(frame), M(0x700000000000)));
		thread_start(&t, snip_svc,
			     M(ep, 0, 0, 0, 0, 0, 0, (u64)SYS_RECV));
		if (turn)
			try("16 Revoke", on_slot(REVOKE, frame));
		send(SYS_SEND, ep, 1, NONE, mr);
		thread_regs(&t, regs);
		equal("2 buffer by capability, then revoked", regs[REG_X0 + 1],
		      INFO(1, 0, 0, turn ? 4 : 6));
	}
}

/* A buffer inside a large frame, at an offset. */
static void buffer_in_large(void)
{
	struct thread t = thread_new(MAIN + 10);
	u64 large = make(LARGE_FRAME, 0), ep = make(ENDPOINT, 0);
	u64 base = 0x600000000000, at = base + 0x123400;
	struct words mr = M(1, 2, 3, 4, 5, 0x666);
	unsigned int i;

	for (i = 0; i < 2; i++)
		try("12 table", call(make(PAGE_TABLE, 0), TABLE_MAP,
				     M(MY_VSPACE), M(base, 0)));
	try("12 Map", map(large, MY_VSPACE, base, READ | WRITE, CACHEABLE));
	try("7.2 SetIPCBuffer", call(t.tcb, SET_BUFFER, M(large), M(at)));
	thread_start(&t, snip_svc, M(ep, 0, 0, 0, 0, 0, 0, (u64)SYS_RECV));
	send(SYS_SEND, ep, 1, NONE, mr);
	equal("2 buffer inside a large frame",
	      ((struct ipc_buffer *)at)->msg[5], 0x666);
}

/* The TCB's copies are children: revoking the CNode stops the thread. */
void test_spaces(void)
{
	struct thread t = thread_new(MAIN + 10);
	u64 node = make(CNODE, 4), ntfn = make(NOTIFICATION, 0);

	space_errors(make(TCB, 0));
	long_delete(make(TCB, 0));
	buffer_revoked();
	buffer_in_large();
	try("7.1 Copy", call(node, COPY, M(MY_CNODE), M(1, 4, t.ep, 64, ALL)));
	try("7.1 Copy", call(node, COPY, M(MY_CNODE), M(2, 4, ntfn, 64, ALL)));
	try("7.2 SetSpace",
	    call(t.tcb, SET_SPACE, M(node, MY_VSPACE), M(1ull << 60, 0, 0)));
	thread_start(&t, snip_svc,
		     M(2ull << 60, 0, 0, 0, 0, 0, 0, (u64)SYS_SEND));
	equal("7.2 SetSpace: the new CSpace counts",
	      label_of(receive(SYS_RECV, t.ep)), USER_EXCEPTION);
	try("16 Revoke", on_slot(REVOKE, node));
	thread_start(&t, snip_brk, NONE);
	equal("16 Revoke of the CNode takes the TCB's CSpace",
	      label_of(receive(SYS_NBRECV, t.ep)), 0);
	truth("9 nobody is told: thread is Inactive",
	      registers(t.tcb).w[REG_PC] == (u64)snip_brk);
}
