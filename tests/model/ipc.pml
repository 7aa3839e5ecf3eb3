/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc.pml - call, reply, notification and deletion, against each other.
 *
 * Three threads, one endpoint, one notification and one slot for a saved reply
 * capability. Each runnable thread may do any IPC at any moment; a fourth
 * party, the broker, may suspend, resume, delete or make anew anything between
 * any two of these. The kernel's entries are atomic (one core, interrupts
 * masked), so one step here is one entry there; the deletion of a TCB, which
 * can be preempted, is one step for each of its slots. Which runnable thread
 * goes next is left open: the properties must hold for every scheduler.
 *
 * An inline has the name of the kernel function it follows (run.py checks that
 * it exists); only the words of messages are left out. After every step
 * check.pml judges the whole state. Read next: check.pml, then run.py.
 */
#ifndef N
#define N	3		/* threads; the broker is number N */
#endif
#define BROKER	N
#define NONE	15

/* enum thread_state */
#define INACTIVE	0
#define RUNNING		1
#define RESTART		2
#define BLOCKED_RECV	3
#define BLOCKED_SEND	4
#define BLOCKED_REPLY	5
#define BLOCKED_NTFN	6

/* enum endpoint_state, enum ntfn_state */
#define IDLE	0
#define SEND	1
#define RECV	2
#define WAITING	1
#define ACTIVE	2

/* flags of a sender; GRANT stands for GRANT or GRANT_REPLY */
#define CALL	1
#define GRANT	2

/* Slots of the derivation tree: two in each TCB, one in some CNode. */
#define REPLY(t)	(t)
#define CALLER(t)	(N + (t))
#define SAVED		(2 * N)
#define SLOTS		(2 * N + 1)
#define EMPTY		NONE

/* Life of a TCB: none, alive, or a zombie with so many slots left + 1. */
#define TCB_NONE	0
#define TCB_ALIVE	9
#define TCB_SLOTS	2

byte life[N], state[N], flags[N], ep_next[N], ep_prev[N];
bit badge[N], fault[N], bound[N], ready[N];

bit ep_alive, ntfn_alive;
byte ep_state, ep_head, ep_tail;
byte ntfn_state, ntfn_head, ntfn_tail, ntfn_bound;

/* A capability is the number of the caller that a reply capability names. */
byte cap[SLOTS], cdt_prev[SLOTS], cdt_next[SLOTS];

/* Ghosts, for what the ABI documents; forget() in check.pml clears them. */
bit orphan[N];			/* its reply capability was given up */
bit late;			/* bound an active one, already waiting */

byte cur, who, op;		/* the step under way: who does what to whom */
hidden byte r, c, q, s, what;	/* variables of inlines, dead between steps */

/* ---- object/queue.h ---------------------------------------------------- */

inline tcb_queue_append(head, tail, t)
{
	ep_prev[t] = tail;
	ep_next[t] = NONE;
	if
	:: tail != NONE -> ep_next[tail] = t
	:: else -> head = t
	fi;
	tail = t
}

inline tcb_queue_remove(head, tail, t)
{
	if
	:: ep_prev[t] != NONE -> ep_next[ep_prev[t]] = ep_next[t]
	:: else -> head = ep_next[t]
	fi;
	if
	:: ep_next[t] != NONE -> ep_prev[ep_next[t]] = ep_prev[t]
	:: else -> tail = ep_prev[t]
	fi
}

/* ---- object/cdt.c: what reply capabilities need of it ------------------- */

inline cdt_insert_master(slot, what)
{
	cap[slot] = what;
	cdt_prev[slot] = NONE;
	cdt_next[slot] = NONE
}

inline cdt_insert(slot, what, parent)
{
	assert(cap[slot] == EMPTY);
	s = cdt_next[parent];
	cap[slot] = what;
	cdt_prev[slot] = parent;
	cdt_next[slot] = s;
	if
	:: s != NONE -> cdt_prev[s] = slot
	:: else
	fi;
	cdt_next[parent] = slot
}

inline clear_slot(slot)
{
	cap[slot] = EMPTY;
	cdt_prev[slot] = NONE;
	cdt_next[slot] = NONE
}

inline link_neighbours(slot)
{
	if
	:: cdt_prev[slot] != NONE -> cdt_next[cdt_prev[slot]] = slot
	:: else
	fi;
	if
	:: cdt_next[slot] != NONE -> cdt_prev[cdt_next[slot]] = slot
	:: else
	fi
}

inline cdt_move(dst, src)
{
	cap[dst] = cap[src];
	cdt_prev[dst] = cdt_prev[src];
	cdt_next[dst] = cdt_next[src];
	clear_slot(src);
	link_neighbours(dst)
}

inline cdt_remove(slot)
{
	if
	:: cdt_prev[slot] != NONE ->
		cdt_next[cdt_prev[slot]] = cdt_next[slot]
	:: else
	fi;
	if
	:: cdt_next[slot] != NONE ->
		cdt_prev[cdt_next[slot]] = cdt_prev[slot]
	:: else
	fi;
	clear_slot(slot)
}

/* Only masters are original, so only they have children. */
#define cdt_has_child(slot) \
	(cdt_next[slot] != NONE && cap[cdt_next[slot]] == cap[slot])

/* ---- core/sched.c ------------------------------------------------------ */

#define thread_is_runnable(t)	(state[t] == RUNNING || state[t] == RESTART)

inline thread_set_state(t, new)
{
	state[t] = new
}

inline sched_wake(t)
{
	if
	:: t != cur -> ready[t] = 1
	:: else
	fi
}

inline sched_dequeue(t)
{
	ready[t] = 0
}

/* The end of an entry: the current thread queues up if it can go on. */
inline sched_run()
{
	if
	:: cur < N && thread_is_runnable(cur) -> ready[cur] = 1
	:: else
	fi
}

/* ---- core/ipc.c --------------------------------------------------------- */

inline ipc_give_reply_cap(from, to)
{
	thread_set_state(from, BLOCKED_REPLY);
	cdt_insert(CALLER(to), from, REPLY(from))
}

/* The reply of a fault handler restarts the thread or leaves it inactive. */
inline ipc_reply(slot, goes_on)
{
	c = cap[slot];
	assert(state[c] == BLOCKED_REPLY);
	cdt_remove(slot);
	if
	:: !fault[c] ->
		thread_set_state(c, RUNNING);
		sched_wake(c)
	:: fault[c] && (goes_on) ->
		fault[c] = 0;
		thread_set_state(c, RESTART);
		sched_wake(c)
	:: else ->
		fault[c] = 0;
		thread_set_state(c, INACTIVE)
	fi
}

inline ipc_abort_wait(t)
{
	fault[t] = 0;
	thread_set_state(t, RESTART);
	sched_wake(t)
}

/* ---- object/endpoint.c -------------------------------------------------- */

inline ep_set(new)
{
	if
	:: ep_head == NONE -> ep_state = IDLE
	:: else -> ep_state = new
	fi
}

inline ep_wait(t, new)
{
	tcb_queue_append(ep_head, ep_tail, t);
	ep_set(new)
}

inline ep_take(t)
{
	t = ep_head;
	tcb_queue_remove(ep_head, ep_tail, t);
	ep_set(ep_state)
}

inline settle_sender(from, to, how)
{
	if
	:: (how) & GRANT -> ipc_give_reply_cap(from, to)
	:: else -> thread_set_state(from, INACTIVE)
	fi
}

inline endpoint_send(from, b, how, blocking)
{
	if
	:: ep_state != RECV && !(blocking)
	:: ep_state != RECV && (blocking) ->
		badge[from] = (b);
		flags[from] = (how);
		thread_set_state(from, BLOCKED_SEND);
		ep_wait(from, SEND)
	:: else ->
		ep_take(r);
		thread_set_state(r, RUNNING);
		sched_wake(r);
		if
		:: (how) & CALL -> settle_sender(from, r, how)
		:: else
		fi
	fi
}

inline receive_from(to)
{
	ep_take(r);
	if
	:: flags[r] & CALL -> settle_sender(r, to, flags[r])
	:: else ->
		thread_set_state(r, RUNNING);
		sched_wake(r)
	fi
}

inline endpoint_receive(to, blocking)
{
	if
	:: bound[to] && ntfn_state == ACTIVE -> notification_take()
	:: else ->
		if
		:: ep_state == SEND -> receive_from(to)
		:: ep_state != SEND && (blocking) ->
			thread_set_state(to, BLOCKED_RECV);
			ep_wait(to, RECV)
		:: else
		fi
	fi
}

inline endpoint_cancel(t)
{
	tcb_queue_remove(ep_head, ep_tail, t);
	ep_set(ep_state)
}

inline endpoint_cancel_all()
{
	do
	:: ep_state != IDLE ->
		ep_take(r);
		ipc_abort_wait(r)
	:: else -> break
	od
}

inline endpoint_cancel_badged(b)
{
	if
	:: ep_state == SEND ->
		r = ep_head;
		do
		:: r != NONE ->
			q = ep_next[r];
			if
			:: badge[r] == (b) ->
				tcb_queue_remove(ep_head, ep_tail, r);
				ipc_abort_wait(r)
			:: else
			fi;
			r = q
		:: else -> break
		od;
		ep_set(SEND)
	:: else
	fi
}

/* ---- object/notification.c ---------------------------------------------- */

inline ntfn_set()
{
	if
	:: ntfn_head != NONE -> ntfn_state = WAITING
	:: else -> ntfn_state = IDLE
	fi
}

inline wake_with_badge(t)
{
	thread_set_state(t, RUNNING);
	sched_wake(t)
}

inline take_waiter(t)
{
	t = ntfn_head;
	tcb_queue_remove(ntfn_head, ntfn_tail, t);
	ntfn_set()
}

inline notification_signal()
{
	if
	:: ntfn_state == WAITING ->
		take_waiter(r);
		wake_with_badge(r)
	:: ntfn_state == ACTIVE
	:: else ->
		r = ntfn_bound;
		if
		:: r != NONE && state[r] == BLOCKED_RECV ->
			endpoint_cancel(r);
			wake_with_badge(r)
		:: else -> ntfn_state = ACTIVE
		fi
	fi
}

inline notification_take()
{
	ntfn_state = IDLE
}

inline notification_wait(t, blocking)
{
	if
	:: ntfn_state == ACTIVE -> notification_take()
	:: ntfn_state != ACTIVE && (blocking) ->
		thread_set_state(t, BLOCKED_NTFN);
		tcb_queue_append(ntfn_head, ntfn_tail, t);
		ntfn_set()
	:: else
	fi
}

inline notification_cancel(t)
{
	tcb_queue_remove(ntfn_head, ntfn_tail, t);
	ntfn_set()
}

inline notification_cancel_all()
{
	do
	:: ntfn_state == WAITING ->
		take_waiter(r);
		ipc_abort_wait(r)
	:: else -> break
	od
}

inline notification_bind(t)
{
	ntfn_bound = t;
	bound[t] = 1;
	late = ntfn_state == ACTIVE
}

inline notification_unbind(t)
{
	if
	:: bound[t] ->
		ntfn_bound = NONE;
		bound[t] = 0
	:: else
	fi
}

/* ---- core/thread.c ------------------------------------------------------ */

inline drop_reply(t)
{
	fault[t] = 0;
	if
	:: cdt_has_child(REPLY(t)) ->
		s = cdt_next[REPLY(t)];
		cdt_remove(s)
	:: else
	fi
}

inline thread_cancel_ipc(t)
{
	if
	:: state[t] == BLOCKED_SEND || state[t] == BLOCKED_RECV ->
		endpoint_cancel(t)
	:: state[t] == BLOCKED_NTFN -> notification_cancel(t)
	:: state[t] == BLOCKED_REPLY -> drop_reply(t)
	:: else
	fi;
	fault[t] = 0
}

inline thread_suspend(t)
{
	thread_cancel_ipc(t);
	thread_set_state(t, INACTIVE);
	sched_dequeue(t)
}

inline thread_restart(t)
{
	if
	:: thread_is_runnable(t)
	:: else ->
		thread_cancel_ipc(t);
		thread_set_state(t, RESTART);
		sched_wake(t)
	fi
}

/* The old caller stays blocked until it is restarted: abi.md section 8. */
inline thread_drop_caller(t)
{
	if
	:: cap[CALLER(t)] != EMPTY ->
		orphan[cap[CALLER(t)]] = 1;
		cdt_remove(CALLER(t))
	:: else
	fi
}

/* ---- object/delete.c, object/tcb.c, object/cnode.c ----------------------- */

inline tcb_init(t)
{
	life[t] = TCB_ALIVE;
	cdt_insert_master(REPLY(t), t)
}

inline end_thread(t)
{
	notification_unbind(t);
	thread_suspend(t)
}

inline end_notification()
{
	if
	:: ntfn_bound != NONE ->
		r = ntfn_bound;
		notification_unbind(r)
	:: else
	fi;
	notification_cancel_all()
}

/* First step of deleting a TCB's last capability: a zombie guards it now. */
inline finalise(t)
{
	end_thread(t);
	life[t] = TCB_SLOTS + 1
}

/* One step of emptying the zombie: the slots from the last to the first. */
inline reduce(t)
{
	if
	:: life[t] == 1 -> life[t] = TCB_NONE
	:: life[t] == 2 ->
		cdt_remove(REPLY(t));
		life[t] = 1
	:: else ->
		thread_drop_caller(t);	/* finalise() of a reply capability */
		life[t] = 2
	fi
}

inline save_caller(t)
{
	if
	:: cap[SAVED] == EMPTY && cap[CALLER(t)] != EMPTY ->
		cdt_move(SAVED, CALLER(t))
	:: else
	fi
}

/* A reply capability is deleted by its owner: its caller stays blocked. */
inline slot_delete(slot)
{
	if
	:: cap[slot] != EMPTY ->
		orphan[cap[slot]] = 1;
		cdt_remove(slot)
	:: else
	fi
}

inline bind(t)
{
	if
	:: !bound[t] && ntfn_alive && ntfn_bound == NONE &&
	   ntfn_state != WAITING -> notification_bind(t)
	:: else
	fi
}

inline unbind(t)
{
	if
	:: bound[t] -> notification_unbind(t)
	:: else
	fi
}

/* ---- core/syscall.c, core/invoke.c, core/fault.c ------------------------- */

/* There is no fault handler to send to: the thread stops. */
inline fault_raise_cap(t)
{
	thread_set_state(t, INACTIVE)
}

/* The fault handler is the server of the one endpoint. */
inline fault_raise(t)
{
	if
	:: !ep_alive -> thread_set_state(t, INACTIVE)
	:: else ->
		fault[t] = 1;
		endpoint_send(t, 0, CALL | GRANT, true)
	fi
}

inline invoke_endpoint(t, b, how, blocking)
{
	if
	:: ep_alive -> endpoint_send(t, b, how, blocking)
	:: !ep_alive && (blocking) -> fault_raise_cap(t)
	:: else
	fi
}

inline invoke_reply(goes_on)
{
	if
	:: cap[SAVED] != EMPTY -> ipc_reply(SAVED, goes_on)
	:: else
	fi
}

inline invoke_notification()
{
	if
	:: ntfn_alive -> notification_signal()
	:: else
	fi
}

inline receive_endpoint(t, blocking)
{
	if
	:: ep_alive ->
		thread_drop_caller(t);
		endpoint_receive(t, blocking)
	:: else -> fault_raise_cap(t)
	fi
}

#define may_receive(t)	(ntfn_alive && (ntfn_bound == NONE || ntfn_bound == t))

inline receive_notification(t, blocking)
{
	if
	:: may_receive(t) -> notification_wait(t, blocking)
	:: else -> fault_raise_cap(t)
	fi
}

inline reply(t, goes_on)
{
	if
	:: cap[CALLER(t)] != EMPTY -> ipc_reply(CALLER(t), goes_on)
	:: else
	fi
}

#include "check.pml"

/* ---- what may happen ----------------------------------------------------- */

#define THREAD_OPS	19

/* All of three threads receive and reply; of more, two are clients only. */
#define serves(t)	(N == 3 || (t) > 1)

/* Send, NBSend, Call through capabilities with and without Grant, badges. */
inline send_step(t)
{
	if
	:: op == 0 -> what = CALL | GRANT
	:: op == 1 -> what = CALL | GRANT
	:: op == 2 -> what = CALL
	:: else -> what = 0
	fi;
	invoke_endpoint(t, op == 1, what, op != 4)
}

/* Recv, NBRecv, Reply, and both at once: the handler may say "stop". */
inline receive_step(t)
{
	if
	:: op >= 7 -> reply(t, op != 8)
	:: else
	fi;
	if
	:: op == 5 || op == 6 || op == 9 -> receive_endpoint(t, op != 6)
	:: else
	fi
}

inline other_step(t)
{
	if
	:: op == 10 || op == 11 -> invoke_reply(op == 10)
	:: op == 12 -> save_caller(t)
	:: op == 13 -> invoke_notification()
	:: op == 14 || op == 15 -> receive_notification(t, op == 14)
	:: op == 16 -> fault_raise(t)
	:: op == 17 -> thread_suspend(t)
	:: op == 18 -> finalise(t)
	fi
}

/* What the broker does to a live thread. */
inline broker_step(t)
{
	if
	:: op == 0 -> thread_suspend(t)
	:: op == 1 -> thread_restart(t)
	:: op == 2 -> finalise(t)
	:: op == 3 -> bind(t)
	:: op == 4 -> unbind(t)
	fi
}

/* What the broker does to a thread that is going or gone. */
inline life_step(t)
{
	if
	:: life[t] == TCB_NONE -> tcb_init(t)
	:: else -> reduce(t)
	fi
}

/* What the broker does to the objects. */
inline object_step()
{
	if
	:: op == 0 -> slot_delete(SAVED)
	:: op == 1 -> invoke_reply(true)
	:: op == 2 ->
		if
		:: ep_alive -> endpoint_cancel_all(); ep_alive = 0
		:: else -> ep_alive = 1
		fi
	:: op == 3 -> endpoint_cancel_badged(1)
	:: op == 4 -> invoke_notification()
	:: op == 5 ->
		if
		:: ntfn_alive ->
			end_notification();
			ntfn_alive = 0;
			ntfn_state = IDLE
		:: else -> ntfn_alive = 1
		fi
	fi
}

inline boot()
{
	ep_head = NONE;
	ep_tail = NONE;
	ntfn_head = NONE;
	ntfn_tail = NONE;
	ntfn_bound = NONE;
	clear_slot(SAVED);
	for (cur : 0 .. N - 1) {
		clear_slot(CALLER(cur));
		clear_slot(REPLY(cur));
		ep_next[cur] = NONE;
		ep_prev[cur] = NONE
	}
	cur = 0
}

/* A step of thread t: it was the best in the run queue, and leaves it. */
inline thread_step(t)
{
	if
	:: op = 0 :: op = 1 :: op = 2 :: op = 3 :: op = 4
	:: op = 13 :: op = 16 :: op = 17 :: op = 18
	:: serves(t) ->
		if
		:: op = 5 :: op = 6 :: op = 7 :: op = 8 :: op = 9
		:: op = 10 :: op = 11 :: op = 12 :: op = 14 :: op = 15
		fi
	fi;
	d_step { ready[t] = 0; thread_set_state(t, RUNNING) }
	if
	:: d_step { op <= 4 -> send_step(t) }
	:: d_step { op >= 5 && op <= 9 -> receive_step(t) }
	:: d_step { op >= 10 -> other_step(t) }
	fi
}

/* A step of the broker: on one thread, or (number N) on the objects. */
inline manager_step()
{
	select(who : 0 .. N);
	if
	:: who < N && life[who] == TCB_ALIVE ->
		if
		:: op = 0 :: op = 1 :: op = 2 :: op = 3 :: op = 4
		fi;
		d_step { broker_step(who) }
	:: who < N && life[who] != TCB_ALIVE -> d_step { life_step(who) }
	:: who == N ->
		if
		:: op = 0 :: op = 1 :: op = 2 :: op = 3 :: op = 4 :: op = 5
		fi;
		d_step { object_step() }
	fi
}

init {
	d_step { boot() }
	do
	:: atomic {
		select(cur : 0 .. BROKER);
		if
		:: cur == BROKER -> manager_step()
		:: cur < N && ready[cur] -> thread_step(cur)
		:: else
		fi;
		assert(op < THREAD_OPS);
		d_step {
			sched_run();
			forget();
			check();
			cur = 0;
			who = 0;
			op = 0
		}
	}
	od
}
