/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.c - an interrupt to its handler thread, and the handler's Ack.
 *
 * The PL011's transmitter is always ready, so opening its interrupt mask raises
 * the line at that very store: the interrupt's time is known to the
 * instruction. Source: ARM DDI 0183G, table 3-1 (UARTIMSC at 0x38, bit 5).
 */
#include "world.h"

#define UART_IRQ     33u
#define UART_IMSC    (*(volatile uint32_t *)(UART_VADDR + 0x38))
#define UART_IMSC_TX (1u << 5)

static uint64_t ntfn, handler;
static volatile uint64_t stamp, to_user, ack, n_irqs;

static void irq_thread(void)
{
	uint64_t now, acked;

	for (;;) {
		wait(ntfn);
		now = cycles();
		to_user += now - stamp;
		UART_IMSC = 0;
		now = cycles();
		svc2(ABI_SYS_CALL, handler,
		     abi_info(ABI_IRQ_HANDLER_ACK, 0, 0));
		acked = cycles();
		ack += acked - now;
		n_irqs++;
	}
}

static void irq_connect(void)
{
	struct request get = { .cap = ABI_SLOT_IRQ_CONTROL,
			       .label = ABI_IRQ_CONTROL_GET,
			       .n_caps = 1,
			       .n_words = 3,
			       .caps = { ABI_SLOT_CNODE } };
	struct request set = { .label = ABI_IRQ_HANDLER_SET_NOTIFICATION,
			       .n_caps = 1 };

	ntfn = object_make(ABI_OBJ_NOTIFICATION, 0);
	handler = slot_alloc();
	get.words[0] = UART_IRQ;
	get.words[1] = handler;
	get.words[2] = 64;
	request_send(&get);
	set.cap = handler;
	set.caps[0] = ntfn;
	request_send(&set);
}

/* What the two stamps cost: with the store, and without. */
static uint64_t stamp_cost(void)
{
	uint64_t now;

	stamp = cycles();
	UART_IMSC = 0;
	now = cycles();
	return now - stamp;
}

void bench_irq(void)
{
	uint64_t tcb, pair, store;
	unsigned int i;

	uart_map();
	irq_connect();
	tcb = worker_start(irq_thread, PRIORITY + 1, 0);
	store = stamp_cost();
	pair = cycles();
	pair = cycles() - pair;
	for (i = 0; i < ROUNDS; i++) {
		stamp = cycles();
		UART_IMSC = UART_IMSC_TX;
	}
	worker_stop(tcb);
	if (n_irqs != ROUNDS) {
		report("irqs_lost", ROUNDS - n_irqs);
		world_end(1);
	}
	report("irq_to_user", to_user / ROUNDS - store);
	report("irq_ack", ack / ROUNDS - pair);
}
