/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_ipc.c - endpoints: words, badges, lengths, queues, calls, replies.
 *
 * Capabilities in messages: kernel_ipc_caps.c. Rules: abi.md section 8.
 */
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/pair.h"

#define ALL ABI_RIGHT_ALL

static void assert_got(const struct tcb *tcb, uint64_t badge, uint64_t label,
		       uint64_t length)
{
	assert_int_equal(tcb->context.x[0], badge);
	assert_int_equal(tcb->context.x[1], abi_info(label, 0, length));
}

static void send_reaches_a_waiter(void **state)
{
	struct pair p = pair_begin(ABI_RIGHT_WRITE, ABI_RIGHT_READ);

	(void)state;
	pair_server_waits(&p);
	assert_int_equal(p.s->state, THREAD_BLOCKED_RECV);
	p.s->context.x[5] = 0x5555;
	pair_client_sends(&p, ABI_SYS_SEND, 9, WORDS(1, 2, 3), NONE);
	assert_ptr_equal(sched_current, p.c);
	assert_got(p.s, PAIR_BADGE, 9, 3);
	assert_int_equal(p.s->context.x[2], 1);
	assert_int_equal(p.s->context.x[4], 3);
	assert_int_equal(p.s->context.x[5], 0x5555);
	assert_int_equal(p.s->state, THREAD_RUNNING);
	assert_true(cte_is_empty(&p.s->slot[TCB_CALLER]));
	check_world();
}

static void send_waits_for_a_receiver(void **state)
{
	struct pair p = pair_begin(ABI_RIGHT_WRITE, ABI_RIGHT_READ);

	(void)state;
	pair_client_sends(&p, ABI_SYS_SEND, 9, WORDS(1, 2, 3, 4, 5), NONE);
	assert_int_equal(p.c->state, THREAD_BLOCKED_SEND);
	check_world();
	pair_server_waits(&p);
	assert_int_equal(p.c->state, THREAD_RUNNING);
	assert_got(p.s, PAIR_BADGE, 9, 5);
	assert_int_equal(p.sb->msg[4], 5);
	assert_int_equal(p.sb->msg[0], 0);
	check_world();
}

/* 120 words; a length above that is cut; the other bits of info are not. */
static void long_messages(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t words[127];
	unsigned int i;

	(void)state;
	for (i = 0; i < 127; i++)
		words[i] = 1000 + i;
	pair_server_waits(&p);
	p.sb->user_data = 0x11;
	pair_client_sends(&p, ABI_SYS_SEND, ~0ull, words, 120, NONE);
	assert_got(p.s, PAIR_BADGE, ~0ull >> 12, 120);
	for (i = 4; i < 120; i++)
		assert_int_equal(p.sb->msg[i], 1000 + i);
	assert_int_equal(p.sb->user_data, 0x11);
	pair_server_waits(&p);
	user_become(p.c);
	p.c->context.x[0] = p.send;
	p.c->context.x[1] = abi_info(1, 0, 127);
	user_svc(ABI_SYS_SEND);
	assert_got(p.s, PAIR_BADGE, 1, 120);
}

static void no_buffer_means_four_words(void **state)
{
	struct pair p = pair_begin(ALL, ALL);

	(void)state;
	assert_int_equal(user_call(p.server, ABI_TCB_SET_IPC_BUFFER, WORDS(0),
				   WORDS(0)),
			 ABI_OK);
	pair_server_waits(&p);
	pair_client_sends(&p, ABI_SYS_SEND, 2, WORDS(1, 2, 3, 4, 5, 6),
			  WORDS(ABI_SLOT_TCB));
	assert_got(p.s, PAIR_BADGE, 2, 4);
	user_become(world.root);
	assert_int_equal(user_call(p.client, ABI_TCB_SET_IPC_BUFFER, WORDS(0),
				   WORDS(0)),
			 ABI_OK);
	user_become(p.c);
	p.c->context.x[0] = p.client;
	p.c->context.x[1] = abi_info(ABI_TCB_CONFIGURE, 3, 9);
	user_svc(ABI_SYS_CALL); /* three capabilities count as none */
	assert_got(p.c, 0, ABI_TRUNCATED_MESSAGE, 0);
}

static void nbsend_is_dropped(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t ro = new_copy(p.ep, ABI_RIGHT_READ);

	(void)state;
	pair_client_sends(&p, ABI_SYS_NBSEND, 5, WORDS(1), NONE);
	assert_ptr_equal(sched_current, p.c);
	assert_int_equal(p.c->context.x[1], abi_info(5, 0, 1));
	pair_server_waits(&p);
	assert_int_equal(p.s->state, THREAD_BLOCKED_RECV);
	pair_client_sends(&p, ABI_SYS_NBSEND, 5, WORDS(1), NONE);
	assert_got(p.s, PAIR_BADGE, 5, 1);
	assert_int_equal(user_call(ro, 0, NONE, NONE), ABI_INVALID_CAPABILITY);
	assert_error(ABI_INVALID_CAPABILITY, WORDS(0),
		     abi_info_label(user_info()));
}

static void nbrecv_keeps_registers(void **state)
{
	struct pair p = pair_begin(ALL, ALL);

	(void)state;
	user_become(p.s);
	user_message(p.recv, 3, WORDS(1, 2), NONE);
	user_svc(ABI_SYS_NBRECV);
	assert_ptr_equal(sched_current, p.s);
	assert_got(p.s, 0, 3, 2);
	assert_int_equal(user_word(1), 2);
}

/* One after the other, in the order in which they came. */
static void senders_queue_in_order(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t third = new_thread(255), badged;

	(void)state;
	badged = new_badged(p.ep, ABI_RIGHT_WRITE, 3);
	pair_client_sends(&p, ABI_SYS_SEND, 1, WORDS(1), NONE);
	user_become(world.root);
	thread_start(third);
	user_become(tcb_at(third));
	user_message(badged, 2, WORDS(2), NONE);
	user_svc(ABI_SYS_SEND);
	check_world();
	pair_server_waits(&p);
	assert_got(p.s, PAIR_BADGE, 1, 1);
	assert_int_equal(tcb_at(third)->state, THREAD_BLOCKED_SEND);
	pair_server_waits(&p);
	assert_got(p.s, 3, 2, 1);
	assert_int_equal(tcb_at(third)->state, THREAD_RUNNING);
}

static void call_and_reply(void **state)
{
	struct pair p = pair_begin(ABI_RIGHT_WRITE | ABI_RIGHT_GRANT_REPLY,
				   ABI_RIGHT_READ);
	struct cap reply;

	(void)state;
	pair_server_waits(&p);
	pair_client_sends(&p, ABI_SYS_CALL, 1, WORDS(7), NONE);
	assert_ptr_equal(sched_current, p.s); /* direct switch */
	assert_int_equal(p.c->state, THREAD_BLOCKED_REPLY);
	reply = p.s->slot[TCB_CALLER].cap;
	assert_int_equal(cap_tag(reply), ABI_CAP_REPLY);
	assert_int_equal(cap_aux(reply), 0);
	check_world();
	user_message(0, 6, WORDS(8, 9), NONE);
	user_svc(ABI_SYS_REPLY);
	assert_got(p.c, 0, 6, 2);
	assert_int_equal(p.c->context.x[3], 9);
	assert_int_equal(p.c->state, THREAD_RUNNING);
	assert_true(cte_is_empty(&p.s->slot[TCB_CALLER]));
	assert_int_equal(p.s->context.x[1], abi_info(6, 0, 2));
	user_svc(ABI_SYS_REPLY); /* nobody there: no effect */
	assert_ptr_equal(sched_current, p.s);
	check_world();
}

static void reply_recv(void **state)
{
	struct pair p = pair_begin(ALL, ALL);

	(void)state;
	pair_server_waits(&p);
	pair_client_sends(&p, ABI_SYS_CALL, 1, WORDS(7), NONE);
	user_message(p.recv, 2, WORDS(70), NONE);
	user_svc(ABI_SYS_REPLY_RECV);
	assert_ptr_equal(sched_current, p.c); /* direct switch back */
	assert_int_equal(p.s->state, THREAD_BLOCKED_RECV);
	assert_got(p.c, 0, 2, 1);
	assert_int_equal(cap_aux(p.s->slot[TCB_CALLER].cap), 0);
	pair_client_sends(&p, ABI_SYS_CALL, 1, WORDS(8), NONE);
	assert_int_equal(cap_aux(p.s->slot[TCB_CALLER].cap), REPLY_GRANT);
	assert_int_equal(p.s->context.x[2], 8);
	check_world();
}

/* Without Grant and GrantReply nobody could answer: the caller stops. */
static void call_without_reply_rights(void **state)
{
	struct pair p = pair_begin(ABI_RIGHT_WRITE, ALL);

	(void)state;
	pair_server_waits(&p);
	pair_client_sends(&p, ABI_SYS_CALL, 1, WORDS(7), NONE);
	assert_int_equal(p.c->state, THREAD_INACTIVE);
	assert_true(cte_is_empty(&p.s->slot[TCB_CALLER]));
	user_become(world.root);
	thread_start(p.client);
	user_become(p.c); /* it stands at the svc again */
	assert_int_equal(p.c->context.pc, WORLD_SVC);
	check_world();
}

static void recv_drops_an_unused_caller(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t ntfn = new_object(ABI_OBJ_NOTIFICATION, 0);

	(void)state;
	pair_server_waits(&p);
	pair_client_sends(&p, ABI_SYS_CALL, 1, NONE, NONE);
	user_message(ntfn, 0, NONE, NONE);
	user_svc(ABI_SYS_NBRECV); /* on a notification: the caller stays */
	assert_false(cte_is_empty(&p.s->slot[TCB_CALLER]));
	user_message(p.recv, 0, NONE, NONE);
	user_svc(ABI_SYS_NBRECV);
	assert_true(cte_is_empty(&p.s->slot[TCB_CALLER]));
	assert_int_equal(p.c->state, THREAD_BLOCKED_REPLY);
	check_world();
	user_become(world.root);
	thread_start(p.client);
	assert_int_equal(p.c->state, THREAD_RESTART);
	check_world();
}

static uint64_t save_caller(uint64_t slot)
{
	return user_call(ABI_SLOT_CNODE, ABI_CNODE_SAVE_CALLER, WORDS(slot, 64),
			 NONE);
}

/* A saved reply capability answers once, by Send as by Call. */
static void saved_reply(void **state)
{
	static const int64_t numbers[] = { ABI_SYS_SEND, ABI_SYS_NBSEND,
					   ABI_SYS_CALL };
	struct pair p = pair_begin(ALL, ALL);
	uint64_t slot = new_slot();
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		pair_server_waits(&p);
		pair_client_sends(&p, ABI_SYS_CALL, 1, NONE, NONE);
		assert_int_equal(save_caller(slot), ABI_OK);
		assert_int_equal(cap_tag(cap_at(slot)), ABI_CAP_REPLY);
		check_world();
		assert_int_equal(cap_copy(new_slot(), slot, 15),
				 ABI_ILLEGAL_OPERATION);
		user_message(slot, 4, WORDS(44), NONE);
		user_svc(numbers[i]);
		assert_ptr_equal(sched_current, p.s);
		assert_got(p.c, 0, 4, 1);
		assert_true(cte_is_empty(slot_at(slot)));
		if (numbers[i] == ABI_SYS_CALL)
			assert_error(ABI_OK, NONE, 0);
		check_world();
		user_become(p.c);
	}
}

static void suspending_the_caller_takes_its_reply_cap(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t slot = new_slot();

	(void)state;
	pair_server_waits(&p);
	pair_client_sends(&p, ABI_SYS_CALL, 1, NONE, NONE);
	assert_int_equal(save_caller(slot), ABI_OK);
	assert_int_equal(user_call(p.client, ABI_TCB_SUSPEND, NONE, NONE),
			 ABI_OK);
	assert_true(cte_is_empty(slot_at(slot)));
	assert_int_equal(p.c->state, THREAD_INACTIVE);
	check_world();
}

/* The root thread, too: its reply master is there from the boot on. */
static void root_thread_calls(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t thread = new_thread(255), slot = new_slot();

	(void)state;
	pair_server_waits(&p);
	thread_start(thread);
	assert_ptr_equal(sched_current, world.root);
	user_message(p.send, 1, NONE, NONE);
	user_svc(ABI_SYS_CALL);
	assert_int_equal(world.root->state, THREAD_BLOCKED_REPLY);
	user_become(p.s);
	assert_int_equal(save_caller(slot), ABI_OK);
	assert_int_equal(user_call(ABI_SLOT_TCB, ABI_TCB_SUSPEND, NONE, NONE),
			 ABI_OK);
	assert_true(cte_is_empty(slot_at(slot)));
	thread_start(ABI_SLOT_TCB);
	user_become(world.root);
	check_world();
}

static void cancel_badged_sends(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t third = new_thread(255), other;

	(void)state;
	other = new_badged(p.ep, ALL, 3);
	thread_start(third);
	user_become(tcb_at(third));
	user_message(other, 2, WORDS(2), NONE);
	user_svc(ABI_SYS_SEND);
	pair_client_sends(&p, ABI_SYS_SEND, 1, WORDS(1), NONE);
	user_become(world.root);
	assert_int_equal(user_call(ABI_SLOT_CNODE,
				   ABI_CNODE_CANCEL_BADGED_SENDS,
				   WORDS(other, 64), NONE),
			 ABI_OK);
	assert_int_equal(tcb_at(third)->state, THREAD_RESTART);
	assert_int_equal(p.c->state, THREAD_BLOCKED_SEND);
	check_world();
}

/* The endpoint's last capability goes: everybody makes the svc again. */
static void deleting_the_endpoint(void **state)
{
	struct pair p = pair_begin(ALL, ALL);

	(void)state;
	pair_client_sends(&p, ABI_SYS_SEND, 1, WORDS(1), NONE);
	user_become(world.root);
	assert_int_equal(cap_delete(p.send), ABI_OK);
	assert_int_equal(cap_delete(p.recv), ABI_OK);
	assert_int_equal(p.c->state, THREAD_BLOCKED_SEND);
	assert_int_equal(cap_delete(p.ep), ABI_OK);
	assert_int_equal(p.c->state, THREAD_RESTART);
	user_become(p.c);
	assert_int_equal(p.c->context.pc, WORLD_SVC);
	check_world();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(send_reaches_a_waiter),
		world_test(send_waits_for_a_receiver),
		world_test(long_messages),
		world_test(no_buffer_means_four_words),
		world_test(nbsend_is_dropped),
		world_test(nbrecv_keeps_registers),
		world_test(senders_queue_in_order),
		world_test(call_and_reply),
		world_test(reply_recv),
		world_test(call_without_reply_rights),
		world_test(recv_drops_an_unused_caller),
		world_test(saved_reply),
		world_test(suspending_the_caller_takes_its_reply_cap),
		world_test(root_thread_calls),
		world_test(cancel_badged_sends),
		world_test(deleting_the_endpoint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
