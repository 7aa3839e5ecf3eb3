/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.pml - what must hold after every entry into the kernel.
 *
 * "Nobody waits for ever on the dead" becomes a property of single states:
 * whatever a thread waits for exists, and can still end the wait.
 */
hidden byte i, n, last;

/* Fields without meaning in this state take one value: fewer states. */
inline forget()
{
	i = 0;
	do
	:: i < N ->
		if
		:: state[i] != BLOCKED_SEND ->
			flags[i] = 0;
			badge[i] = 0
		:: else
		fi;
		if
		:: state[i] != BLOCKED_SEND && state[i] != BLOCKED_RECV &&
		   state[i] != BLOCKED_NTFN ->
			ep_next[i] = NONE;
			ep_prev[i] = NONE
		:: else
		fi;
		if
		:: state[i] != BLOCKED_REPLY -> orphan[i] = 0
		:: else
		fi;
		i++
	:: else -> break
	od;
	if
	:: ntfn_bound == NONE || ntfn_state != ACTIVE -> late = 0
	:: ntfn_bound != NONE && state[ntfn_bound] != BLOCKED_RECV -> late = 0
	:: else
	fi
}

/* A run queue holds exactly the runnable; a dead thread leaves no trace. */
inline check_thread(t)
{
	assert(thread_is_runnable(t) == ready[t]);
	assert(!thread_is_runnable(t) || !fault[t]);
	assert(life[t] == TCB_ALIVE || state[t] == INACTIVE);
	assert(life[t] == TCB_ALIVE || (!bound[t] && !fault[t]));
	assert(life[t] == TCB_ALIVE || cap[CALLER(t)] == EMPTY ||
	       life[t] == TCB_SLOTS + 1);
	assert((life[t] == TCB_NONE || life[t] == 1) ==
	       (cap[REPLY(t)] == EMPTY));
	assert(bound[t] == (ntfn_bound == t))
}

/* The object that a thread waits on is alive. */
inline check_wait(t)
{
	assert((state[t] != BLOCKED_SEND && state[t] != BLOCKED_RECV) ||
	       ep_alive);
	assert(state[t] != BLOCKED_NTFN || ntfn_alive);
	assert(state[t] != BLOCKED_NTFN || ntfn_bound == NONE || bound[t])
}

/*
 * A reply capability exists if, and only if, its caller waits for a reply;
 * there is never more than one. Excused: the ways of losing it that the ABI
 * documents (abi.md section 8 and 16), all of them acts of its owner.
 */
inline check_reply(t)
{
	n = 0;
	i = N;
	do
	:: i < SLOTS ->
		if
		:: cap[i] == t -> n++
		:: else
		fi;
		i++
	:: else -> break
	od;
	assert(n == (state[t] == BLOCKED_REPLY && !orphan[t]));
	assert(n == (cap[REPLY(t)] != EMPTY && cdt_has_child(REPLY(t))))
}

/* The tree's list: neighbours agree, and no empty slot is linked. */
inline check_links()
{
	i = 0;
	do
	:: i < SLOTS ->
		assert(cdt_next[i] == NONE || cdt_prev[cdt_next[i]] == i);
		assert(cdt_prev[i] == NONE || cdt_next[cdt_prev[i]] == i);
		assert(cap[i] != EMPTY ||
		       (cdt_next[i] == NONE && cdt_prev[i] == NONE));
		i++
	:: else -> break
	od
}

/* Walk a queue; all members are in this state, and n counts them. */
inline walk(head, tail, wanted)
{
	n = 0;
	last = NONE;
	i = head;
	do
	:: i != NONE ->
		assert(n < N && state[i] == wanted && ep_prev[i] == last);
		last = i;
		i = ep_next[i];
		n++
	:: else -> break
	od;
	assert(tail == last)
}

/* All threads of this state are in the queue that has just been walked. */
inline check_members(wanted)
{
	for (i : 0 .. N - 1) {
		n = n - (state[i] == wanted)
	}
	assert(n == 0)
}

inline check_none(unwanted)
{
	for (i : 0 .. N - 1) {
		assert(state[i] != unwanted)
	}
}

inline check_endpoint()
{
	if
	:: ep_state == RECV ->
		walk(ep_head, ep_tail, BLOCKED_RECV);
		assert(n > 0);
		check_members(BLOCKED_RECV);
		check_none(BLOCKED_SEND)
	:: ep_state == SEND ->
		walk(ep_head, ep_tail, BLOCKED_SEND);
		assert(n > 0);
		check_members(BLOCKED_SEND);
		check_none(BLOCKED_RECV)
	:: else ->
		assert(ep_head == NONE && ep_tail == NONE);
		check_none(BLOCKED_SEND);
		check_none(BLOCKED_RECV)
	fi
}

/*
 * An active notification means that nobody could take the signal. Excused: a
 * thread that was bound to an active notification while it waited already.
 */
inline check_notification()
{
	walk(ntfn_head, ntfn_tail, BLOCKED_NTFN);
	assert((ntfn_state == WAITING) == (n > 0));
	check_members(BLOCKED_NTFN);
	assert(ntfn_alive || ntfn_bound == NONE);
	assert(late || ntfn_state != ACTIVE || ntfn_bound == NONE ||
	       state[ntfn_bound] != BLOCKED_RECV)
}

inline check()
{
	for (r : 0 .. N - 1) {
		check_thread(r);
		check_wait(r);
		check_reply(r)
	}
	check_links();
	check_endpoint();
	check_notification()
}
