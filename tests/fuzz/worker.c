/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * worker.c - a worker's loop: make a call, count it, make another one.
 *
 * Three of four calls follow the grammar, half of them with one flaw; the rest
 * is noise in all registers. Now and then it causes a fault on purpose. It may
 * block for ever, lose its memory or its capabilities: the supervisor sees that
 * the count stands still and sets it going again.
 */
#include "grammar.h"
#include "letters.h"

/* Calls to kernel objects, and those that suit messages to threads. */
static const int8_t object_calls[] = { ABI_SYS_CALL, ABI_SYS_CALL,
				       ABI_SYS_CALL, ABI_SYS_CALL,
				       ABI_SYS_SEND, ABI_SYS_NBSEND };
static const int8_t ipc_calls[] = { ABI_SYS_CALL,   ABI_SYS_SEND,
				    ABI_SYS_NBSEND, ABI_SYS_NBSEND,
				    ABI_SYS_RECV,   ABI_SYS_NBRECV,
				    ABI_SYS_NBRECV, ABI_SYS_REPLY_RECV,
				    ABI_SYS_REPLY,  ABI_SYS_YIELD };

/*
 * Workers that only try everything would hardly ever meet, and soon all of them
 * would wait. So half of the time each follows a trade: two serve an endpoint,
 * to which faults go as well, one waits for signals, two call and signal, and
 * the last, of the lowest priority, never waits.
 */
enum trade { SERVER, SERVER_TOO, WAITER, CLIENT, CLIENT_TOO, RESTLESS };

static enum trade trade_of(const struct worker *w)
{
	return (enum trade)(w - shared.worker);
}

static bool is_ipc(enum abi_cap_tag tag)
{
	return tag == ABI_CAP_ENDPOINT || tag == ABI_CAP_NOTIFICATION ||
	       tag == ABI_CAP_REPLY;
}

/* Numbers -1 .. -30 but for those that stop the machine, print, or take long. */
static int64_t any_number(uint64_t *random)
{
	int64_t number = -1 - (int64_t)below(random, 30);

	if (number <= ABI_SYS_DEBUG_PUTCHAR && number >= ABI_SYS_DEBUG_HALT)
		return ABI_SYS_YIELD;
	if (number == ABI_SYS_DEBUG_SNAPSHOT)
		return ABI_SYS_DEBUG_CAP_IDENTIFY;
	return number;
}

static int64_t number_for(struct worker *w, const struct message *m)
{
	uint64_t *random = &w->random;

	if (one_in(random, 20))
		return any_number(random);
	if (is_ipc(cap_tag_of(m->cptr)))
		return trade_of(w) == RESTLESS ?
			       ABI_SYS_NBSEND :
			       ipc_calls[below(random, sizeof(ipc_calls))];
	return object_calls[below(random, sizeof(object_calls))];
}

static void cause_fault(struct worker *w)
{
	w->fault++;
	switch (below(&w->random, 6)) {
	case 0:
		*(volatile uint64_t *)(PLAY_VADDR + 0x800000) = 1;
		break;
	case 1:
		__asm__ volatile(".inst 0");
		break;
	case 2:
		__asm__ volatile("brk #1");
		break;
	case 3: /* in the kernel's half */
		(void)*(volatile uint64_t *)0xffffff8000000000ull;
		break;
	case 4:
		((void (*)(void))PLAY_VADDR)();
		break;
	default: /* no fault unless its FPU is off */
		__asm__ volatile(".inst 0x9e670000"); /* fmov d0, x0 */
	}
}

/* Where a capability that comes with a message shall go. */
static void set_receive_slot(struct worker *w, struct abi_ipc_buffer *buffer)
{
	buffer->receive_cnode = WORLD_SELF;
	buffer->receive_index = empty_slot(&w->random);
	buffer->receive_depth = one_in(&w->random, 8) ? below(&w->random, 70) :
							WORLD_DEPTH;
}

/* The answer of a kernel object has badge 0 and an error as label. */
static void count_answer(struct worker *w, const struct message *m,
			 const struct regs *regs)
{
	uint64_t error = abi_info_label(regs->x[1]);

	w->answered++;
	w->good += error == ABI_OK;
	if (m->label >= 64)
		return;
	if (error == ABI_OK)
		shared.good[m->label]++;
	else
		shared.bad[m->label]++;
}

/* The supervisor sees the world only while it runs itself, on top of all. */
static void check_now(struct worker *w)
{
	struct regs regs = { .x = { [7] = (uint64_t)ABI_SYS_DEBUG_SNAPSHOT } };

	w->inside = INSIDE_CHECK;
	fuzz_svc(&regs);
	w->inside = 0;
	w->checked++;
}

/* The first few objects of a kind, where workers meet. */
static uint64_t meeting_place(uint64_t *random, enum abi_cap_tag tag)
{
	bool other = one_in(random, 3); /* or one with a badge of its own */

	return shared.kind[tag].slot[other ? 1 + below(random, 8) : 0];
}

/* What a worker of this trade does; fills in *@m. */
static int64_t follow_trade(struct worker *w, struct message *m)
{
	static const int8_t to_server[] = { ABI_SYS_CALL, ABI_SYS_CALL,
					    ABI_SYS_SEND, ABI_SYS_NBSEND };
	enum trade trade = trade_of(w);
	bool signals = trade == WAITER ||
		       (trade > WAITER && one_in(&w->random, 2));
	unsigned int i;

	m->cptr = meeting_place(&w->random, signals ? ABI_CAP_NOTIFICATION :
						      ABI_CAP_ENDPOINT);
	m->label = m->n_caps = 0;
	m->n_words = (unsigned int)below(&w->random, 8);
	for (i = 0; i < m->n_words; i++)
		m->words[i] = any_word(&w->random);
	if (one_in(&w->random, 4))
		m->caps[m->n_caps++] = any_slot(&w->random);
	if (trade < WAITER)
		return one_in(&w->random, 3) ? ABI_SYS_RECV :
					       ABI_SYS_REPLY_RECV;
	if (trade == RESTLESS)
		return ABI_SYS_NBSEND;
	if (signals)
		return trade == WAITER ? ABI_SYS_RECV : ABI_SYS_SEND;
	return to_server[below(&w->random, sizeof(to_server))];
}

static void try_one(struct worker *w, struct abi_ipc_buffer *buffer)
{
	struct message m;
	struct regs regs;
	int64_t number;
	bool to_kernel;

	if (one_in(&w->random, 4)) {
		make_noise(&w->random, &m);
	} else {
		make_valid(&w->random, &m);
		if (one_in(&w->random, 2))
			damage(&w->random, &m);
	}
	number = number_for(w, &m);
	to_kernel = number == ABI_SYS_CALL && !is_ipc(cap_tag_of(m.cptr));
	if (one_in(&w->random, 4))
		set_receive_slot(w, buffer);
	w->inside = m.label;
	send(&m, number, buffer, &regs);
	w->inside = 0;
	w->calls++;
	if (to_kernel)
		count_answer(w, &m, &regs);
}

static void one_call(struct worker *w, struct abi_ipc_buffer *buffer)
{
	struct message m;
	struct regs regs;

	if (one_in(&w->random, 2)) {
		try_one(w, buffer);
		return;
	}
	send(&m, follow_trade(w, &m), buffer, &regs);
	w->calls++;
}

void worker_main(struct worker *w)
{
	struct abi_ipc_buffer *buffer = (struct abi_ipc_buffer *)w->buffer;

	for (;;) {
		if (one_in(&w->random, 150))
			cause_fault(w);
		one_call(w, buffer);
		if (w->checks && one_in(&w->random, w->checks))
			check_now(w);
	}
}
