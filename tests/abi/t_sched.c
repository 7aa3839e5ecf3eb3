/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_sched.c - section 14: who runs, told from the order in which threads log.
 */
#include "sections.h"
#include "suite.h"

static volatile unsigned int logged[32], n_logged;

static void note(u64 id, u64 unused1, u64 unused2)
{
	(void)unused1;
	(void)unused2;
	logged[n_logged++ & 31] = (unsigned int)id;
}

/* Wait for @ntfn, then note. */
static void wait_note(u64 id, u64 ntfn, u64 unused)
{
	(void)unused;
	receive(SYS_RECV, ntfn);
	note(id, 0, 0);
}

static void yield(void)
{
	struct words nothing = NONE;

	trap(SYS_YIELD, 0, 0, &nothing);
}

static void log_is(const char *what, struct words want)
{
	unsigned int i;
	bool good = n_logged == want.n;

	for (i = 0; i < want.n; i++)
		good = good && logged[i] == want.w[i];
	truth(what, good);
	n_logged = 0;
}

static void wake_order(void)
{
	struct thread high = thread_new(MAIN + 10), low = thread_new(MAIN - 10);
	struct thread same = thread_new(MAIN), twin = thread_new(MAIN);

	thread_run(&high, note, 1, 0, 0);
	log_is("14 a higher thread runs at once", M(1));
	thread_run(&same, note, 2, 0, 0);
	log_is("14 an equal one waits", NONE);
	thread_run(&twin, note, 3, 0, 0);
	yield();
	log_is("14 Yield: equals in order", M(2, 3));
	thread_run(&low, note, 4, 0, 0);
	yield();
	log_is("14 Yield: a lower one does not run", NONE);
	try("7.2 SetPriority: lift it",
	    call(low.tcb, SET_PRIORITY, M(MY_TCB), M(MAIN + 1)));
	log_is("14 SetPriority: now it does", M(4));
}

static void notifications(void)
{
	struct thread a = thread_new(MAIN + 5), b = thread_new(MAIN + 9);
	u64 ntfn = make(NOTIFICATION, 0);

	thread_run(&a, wait_note, 1, ntfn, 0);
	thread_run(&b, wait_note, 2, ntfn, 0);
	send(SYS_SEND, ntfn, 0, NONE, NONE);
	log_is("8 waiters are first come, first served", M(1));
	send(SYS_SEND, ntfn, 0, NONE, NONE);
	log_is("14 a woken higher thread runs at once", M(2));
}

/* A woken equal goes behind those that are ready already. */
static void equal_last(void)
{
	struct thread ready = thread_new(MAIN), woken = thread_new(MAIN);
	u64 ntfn = make(NOTIFICATION, 0);

	thread_run(&woken, wait_note, 2, ntfn, 0);
	yield();
	thread_run(&ready, note, 1, 0, 0);
	send(SYS_SEND, ntfn, 0, NONE, NONE);
	log_is("14 a woken equal does not run at once", NONE);
	yield();
	log_is("14 a woken equal goes to the tail", M(1, 2));
}

static void own_priority(void)
{
	struct thread mid = thread_new(MAIN - 20);

	thread_run(&mid, note, 1, 0, 0);
	log_is("14 lower: not yet", NONE);
	try("7.2 SetPriority: below it",
	    call(MY_TCB, SET_PRIORITY, M(MY_TCB), M(MAIN - 30)));
	note(2, 0, 0);
	log_is("14 lowering oneself lets others run", M(1, 2));
	try("7.2 SetPriority: back",
	    call(MY_TCB, SET_PRIORITY, M(MY_TCB), M(MAIN)));
}

/* A preempted thread goes to the head of its queue. */
static void preempted_first(void)
{
	struct thread same = thread_new(MAIN), high = thread_new(MAIN + 9);
	u64 ntfn = make(NOTIFICATION, 0);

	thread_run(&same, note, 1, 0, 0);
	thread_run(&high, note, 2, 0, 0);
	note(3, 0, 0);
	yield();
	log_is("14 preempted: first again", M(2, 3, 1));
	thread_run(&high, wait_note, 2, ntfn, 0);
	thread_run(&same, note, 1, 0, 0);
	send(SYS_SEND, ntfn, 0, NONE, NONE);
	note(3, 0, 0);
	yield();
	log_is("14 preempted by a signal: first again", M(2, 3, 1));
}

static void suspended(void)
{
	struct thread same = thread_new(MAIN);

	thread_run(&same, note, 1, 0, 0);
	try("7.2 Suspend", call(same.tcb, SUSPEND, NONE, NONE));
	yield();
	log_is("11 suspended while ready: does not run", NONE);
	try("7.2 Resume", call(same.tcb, RESUME, NONE, NONE));
	try("7.2 Resume twice", call(same.tcb, RESUME, NONE, NONE));
	yield();
	log_is("11 resumed: runs once", M(1));
}

/* Answer one call, noting when. */
static void serve_note(u64 id, u64 ep, u64 unused)
{
	(void)unused;
	receive(SYS_RECV, ep);
	note(id, 0, 0);
	reply(0, NONE);
}

/* A caller that blocks hands the processor straight to an equal server. */
static void direct_switch(void)
{
	struct thread server = thread_new(MAIN), same = thread_new(MAIN);
	u64 ep = make(ENDPOINT, 0);

	thread_run(&server, serve_note, 1, ep, 0);
	yield();
	thread_run(&same, note, 2, 0, 0);
	call(ep, 0, NONE, NONE);
	note(3, 0, 0);
	yield();
	log_is("14 Call to an equal: direct switch", M(1, 2, 3));
}

/* A woken lower thread goes before others of its priority. */
static void lower_first(void)
{
	struct thread a = thread_new(MAIN - 10), b = thread_new(MAIN - 10);
	u64 ntfn = make(NOTIFICATION, 0), tick = make(NOTIFICATION, 0);

	thread_run(&b, wait_note, 2, ntfn, 0);
	thread_run(&a, wait_note, 1, tick, 0);
	call(MY_TCB, SET_PRIORITY, M(MY_TCB), M(MAIN - 20));
	call(MY_TCB, SET_PRIORITY, M(MY_TCB), M(MAIN));
	send(SYS_SEND, tick, 0, NONE, NONE);
	send(SYS_SEND, ntfn, 0, NONE, NONE);
	call(MY_TCB, SET_PRIORITY, M(MY_TCB), M(MAIN - 20));
	call(MY_TCB, SET_PRIORITY, M(MY_TCB), M(MAIN));
	log_is("14 woken lower threads: the last one first", M(2, 1));
}

void test_sched(void)
{
	n_logged = 0;
	wake_order();
	notifications();
	equal_last();
	own_priority();
	preempted_first();
	suspended();
	direct_switch();
	lower_first();
}

/* Equal threads that never yield share the processor by time slices. */
void test_slices(void)
{
	static volatile u64 count[3];
	struct thread t[2];
	unsigned int i;
	u64 end, begin, longest = 0, last;

	for (i = 0; i < 2; i++) {
		count[i] = 0;
		t[i] = thread_new(MAIN);
		thread_start(&t[i], snip_count, M((u64)&count[i]));
	}
	equal("14 equals wait for the slice", count[0] + count[1], 0);
	begin = last = now();
	end = begin + 200 * ticks_per_ms();
	while (last < end) {
		u64 t_now = now();

		if (t_now - last > longest)
			longest = t_now - last;
		last = t_now;
	}
	truth("14 both have run", count[0] > 1000 && count[1] > 1000);
	truth("14 a slice is 10 ms",
	      longest > 10 * ticks_per_ms() && longest < 60 * ticks_per_ms());
	truth("14 equals get equal shares",
	      count[0] < 4 * count[1] && count[1] < 4 * count[0]);
	for (i = 0; i < 2; i++)
		try("7.2 Suspend", call(t[i].tcb, SUSPEND, NONE, NONE));
}

static void yield_for_ever(u64 unused1, u64 unused2, u64 unused3)
{
	(void)unused1;
	(void)unused2;
	(void)unused3;
	for (;;)
		yield();
}

/* The thread, above us, has been stopped; @from, @bytes: where it runs. */
static void limit_met(const struct thread *t, u64 from, u64 bytes)
{
	struct reply r = receive(SYS_RECV, t->ep);

	equal("kaal.h limit: the fault", label_of(r), LIMIT_FAULT);
	equal("kaal.h limit: two words", r.mr.n, 2);
	truth("kaal.h limit: IP", r.mr.w[0] - from < bytes);
	equal("kaal.h limit: ticks", r.mr.w[1], 4);
}

/* KaaL's own: who runs for too long without that another one runs. */
void test_limit(void)
{
	static volatile u64 count;
	struct thread t = thread_new(MAIN + 10), same = thread_new(MAIN);
	u64 begin = now(), counted;

	expect("kaal.h limit: no word", TRUNCATED, NONE,
	       call(t.tcb, SET_LIMIT, NONE, NONE));
	expect("kaal.h limit: of no thread", ILLEGAL, NONE,
	       call(MY_VSPACE, SET_LIMIT, NONE, M(3)));
	expect("kaal.h limit", OK, NONE, call(t.tcb, SET_LIMIT, NONE, M(3)));
	thread_start(&t, snip_count, M((u64)&count));
	limit_met(&t, (u64)snip_count, 16);
	truth("kaal.h limit: at the fourth tick, of 2 ms",
	      now() - begin > 6 * ticks_per_ms());
	counted = count;
	reply(5, M(0));
	truth("kaal.h limit: any reply lets it go on", count > counted);
	limit_met(&t, (u64)snip_count, 16);
	thread_run(&t, yield_for_ever, 0, 0, 0);
	limit_met(&t, (u64)image_start, MB(1));
	expect("kaal.h limit", OK, NONE, call(same.tcb, SET_LIMIT, NONE, M(6)));
	thread_start(&same, snip_count, M((u64)&count));
	spin_ms(100);
	equal("kaal.h limit: slices keep it", receive(SYS_NBRECV, same.ep).info,
	      0);
	try("7.2 Suspend", call(same.tcb, SUSPEND, NONE, NONE));
}
