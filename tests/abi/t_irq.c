/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_irq.c - section 15: handlers, Ack, the EL0 timer, a device's line, SGIs.
 */
#include "sections.h"
#include "suite.h"

#define TIMER 30u /* PPI of the EL1 physical timer, which EL0 may use */
#define UART  33u /* SPI 1: PL011 of QEMU's virt machine */

static struct reply get(u64 irq, u64 slot)
{
	return call(IRQ_CONTROL, IRQ_GET, M(MY_CNODE), M(irq, slot, 64));
}

static void timer_set(u64 ticks)
{
	__asm__ volatile("msr cntp_tval_el0, %0; msr cntp_ctl_el0, %1; isb"
			 :
			 : "r"(ticks), "r"(1ul));
}

static void timer_off(void)
{
	__asm__ volatile("msr cntp_ctl_el0, xzr; isb");
}

static void control_errors(u64 s)
{
	expect("15 Get: truncated", TRUNCATED, NONE,
	       call(IRQ_CONTROL, IRQ_GET, M(MY_CNODE), M(40, s)));
	expect("15 Get: no root", TRUNCATED, NONE,
	       call(IRQ_CONTROL, IRQ_GET, NONE, M(40, s, 64)));
	expect("15 Get: number", RANGE, M(0, 159), get(160, s));
	expect("15 Get: number", RANGE, M(0, 159), get(~0ull, s));
	expect("15 GetTrigger: number", RANGE, M(0, 159),
	       call(IRQ_CONTROL, IRQ_GET_TRIGGER, M(MY_CNODE),
		    M(1020, 1, s, 64)));
	expect("15 Get: the kernel's own", REVOKE_FIRST, NONE, get(27, s));
	expect("15 Get: slot taken", DELETE_FIRST, NONE, get(40, MY_TCB));
	expect("15 Get: depth", RANGE, M(1, 64),
	       call(IRQ_CONTROL, IRQ_GET, M(MY_CNODE), M(40, s, 0)));
	expect("15 GetTrigger: truncated", TRUNCATED, NONE,
	       call(IRQ_CONTROL, IRQ_GET_TRIGGER, M(MY_CNODE), M(40, 1, s)));
	expect("15 IRQControl: label", ILLEGAL, NONE,
	       call(IRQ_CONTROL, IRQ_ACK, M(MY_CNODE), M(40, s, 64)));
}

static void handler_errors(u64 s)
{
	u64 ntfn = make(NOTIFICATION, 0), ro = copied(ntfn, READ);

	expect("15 Get", OK, NONE, get(40, s));
	expect("15 Get: issued", REVOKE_FIRST, NONE, get(40, slot_new()));
	expect("15 SetNotification: none", TRUNCATED, NONE,
	       call(s, IRQ_SET, NONE, NONE));
	expect("15 SetNotification: wrong capability", INVALID_CAPABILITY, M(0),
	       call(s, IRQ_SET, M(MY_TCB), NONE));
	expect("15 SetNotification: without Write", INVALID_CAPABILITY, M(0),
	       call(s, IRQ_SET, M(ro), NONE));
	expect("15 SetNotification", OK, NONE, call(s, IRQ_SET, M(ntfn), NONE));
	expect("15 SetNotification again", OK, NONE,
	       call(s, IRQ_SET, M(ntfn), NONE));
	expect("15 Ack", OK, NONE, call(s, IRQ_ACK, NONE, NONE));
	expect("15 Clear", OK, NONE, call(s, IRQ_CLEAR, NONE, NONE));
	expect("15 handler: label", ILLEGAL, NONE,
	       call(s, IRQ_GET, NONE, NONE));
	expect("16 copy of a handler", OK, NONE, copy(next_slot, s, 0));
	on_slot(DELETE, s);
	expect("15 a copy keeps the line", REVOKE_FIRST, NONE, get(40, s));
	on_slot(DELETE, next_slot);
	expect("15 the last copy frees it", OK, NONE, get(40, s));
	on_slot(REVOKE, IRQ_CONTROL);
	truth("16 handlers are children of IRQControl", !occupied(s));
}

static u64 poll_ms(u64 ntfn, unsigned int ms)
{
	u64 end = now() + ms * ticks_per_ms(), badge;

	do {
		badge = receive(SYS_NBRECV, ntfn).badge;
	} while (!badge && now() < end);
	return badge;
}

static void timer_interrupt(void)
{
	u64 s = slot_new(), ntfn = make(NOTIFICATION, 0);
	u64 badged = minted(ntfn, WRITE, 0x1000);

	expect("15 GetTrigger, level", OK, NONE,
	       call(IRQ_CONTROL, IRQ_GET_TRIGGER, M(MY_CNODE),
		    M(TIMER, 0, s, 64)));
	try("15 SetNotification", call(s, IRQ_SET, M(badged), NONE));
	timer_set(ticks_per_ms());
	equal("15 timer interrupt", receive(SYS_RECV, ntfn).badge, 0x1000);
	timer_off();
	timer_set(0);
	equal("15 silent until Ack", poll_ms(ntfn, 5), 0);
	try("15 Ack", call(s, IRQ_ACK, NONE, NONE));
	equal("15 after Ack it comes", poll_ms(ntfn, 100), 0x1000);
	timer_off();
	try("15 Ack", call(s, IRQ_ACK, NONE, NONE));
	on_slot(DELETE, badged);
	timer_set(0);
	equal("15 a deleted notification capability is kept by the line",
	      poll_ms(ntfn, 20), 0x1000);
	timer_off();
	try("15 Ack", call(s, IRQ_ACK, NONE, NONE));
	try("15 Clear", call(s, IRQ_CLEAR, NONE, NONE));
	timer_set(0);
	equal("15 cleared: dropped", poll_ms(ntfn, 5), 0);
	timer_off();
	try("15 Ack", call(s, IRQ_ACK, NONE, NONE));
	on_slot(DELETE, s);
}

static void revoked_notification(void)
{
	u64 s = slot_new(), ntfn = make(NOTIFICATION, 0);
	u64 badged = minted(ntfn, ALL, 0x4), counted;

	try("15 Get", get(TIMER, s));
	__asm__ volatile("mrs %0, cntpct_el0" : "=r"(counted));
	truth("17 EL0 reads the physical counter", counted != 0);
	try("15 SetNotification", call(s, IRQ_SET, M(badged), NONE));
	on_slot(REVOKE, badged);
	timer_set(0);
	equal("15 the line's copy is revocable", poll_ms(ntfn, 5), 0);
	timer_off();
	on_slot(DELETE, s);
}

void test_irq(void)
{
	control_errors(slot_new());
	handler_errors(slot_new());
	timer_interrupt();
	revoked_notification();
}

static void software_interrupt(void)
{
	u64 handler = slot_new(), sgi = slot_new(), ntfn;

	ntfn = make(NOTIFICATION, 0);
	expect("15 IssueSGISignal: truncated", TRUNCATED, NONE,
	       call(IRQ_CONTROL, IRQ_SGI, M(MY_CNODE), M(5, 0, sgi)));
	expect("15 IssueSGISignal: 16", RANGE, M(0, 15),
	       call(IRQ_CONTROL, IRQ_SGI, M(MY_CNODE), M(16, 0, sgi, 64)));
	expect("15 IssueSGISignal: slot", DELETE_FIRST, NONE,
	       call(IRQ_CONTROL, IRQ_SGI, M(MY_CNODE), M(5, 0, MY_TCB, 64)));
	expect("15 IssueSGISignal", OK, NONE,
	       call(IRQ_CONTROL, IRQ_SGI, M(MY_CNODE), M(5, 0, sgi, 64)));
	expect("15 Get of an SGI", OK, NONE, get(5, handler));
	try("15 SetNotification",
	    call(handler, IRQ_SET, M(minted(ntfn, WRITE, 2)), NONE));
	send(SYS_SEND, sgi, 0, NONE, NONE);
	equal("15 Send raises it", poll_ms(ntfn, 10), 2);
	try("15 Ack", call(handler, IRQ_ACK, NONE, NONE));
	expect("15 Call raises it", OK, NONE, call(sgi, 77, NONE, M(1)));
	equal("15 Call raises it", poll_ms(ntfn, 10), 2);
	try("15 Ack", call(handler, IRQ_ACK, NONE, NONE));
	expect("16 copy of an SGI", OK, NONE, copy(slot_new(), sgi, ALL));
	on_slot(REVOKE, sgi);
	truth("16 the copy is a child", !occupied(next_slot - 1));
	on_slot(REVOKE, IRQ_CONTROL);
	truth("16 SGI capabilities are children of IRQControl",
	      !occupied(sgi) && !occupied(handler));
}

/* PL011: enabling the transmit interrupt after a character raises it. */
static void uart_interrupt(void)
{
	volatile uint32_t *uart = (volatile uint32_t *)0x600000000000;
	u64 page = device_page(0x09000000), s = slot_new();
	u64 ntfn = make(NOTIFICATION, 0);

	truth("17 the debug UART's page is a device untyped", page != 0);
	truth("12 tables", map_tables(MY_VSPACE, (u64)uart));
	try("12 Map of a device frame",
	    map(page, MY_VSPACE, (u64)uart, READ | WRITE, NO_EXECUTE));
	equal("12 device memory: PL011's id", uart[0xfe0 / 4] & 0xff, 0x11);
	try("15 GetTrigger",
	    call(IRQ_CONTROL, IRQ_GET_TRIGGER, M(MY_CNODE), M(UART, 0, s, 64)));
	try("15 SetNotification",
	    call(s, IRQ_SET, M(minted(ntfn, WRITE, 8)), NONE));
	equal("15 no interrupt yet", poll_ms(ntfn, 2), 0);
	uart[0x38 / 4] = 1 << 5; /* UARTIMSC: transmit */
	print("\n");
	equal("15 the device's line", poll_ms(ntfn, 50), 8);
	uart[0x44 / 4] = 0x7ff; /* UARTICR */
	try("15 Ack", call(s, IRQ_ACK, NONE, NONE));
	equal("15 quiet after the cause is gone", poll_ms(ntfn, 5), 0);
	print("\n");
	equal("15 and again", poll_ms(ntfn, 50), 8);
	uart[0x38 / 4] = 0;
	uart[0x44 / 4] = 0x7ff;
	try("15 Ack", call(s, IRQ_ACK, NONE, NONE));
	on_slot(DELETE, s);
}

void test_device_irq(void)
{
	software_interrupt();
	uart_interrupt();
}
