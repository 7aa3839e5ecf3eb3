/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_ipc_caps.c - capabilities in messages: unwrapping, one slot, rights.
 *
 * Rules: abi.md section 8, "caps in a message".
 */
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/pair.h"

#define ALL ABI_RIGHT_ALL

static void assert_info(const struct tcb *tcb, uint64_t extra,
			uint64_t unwrapped)
{
	assert_int_equal(abi_info_extra(tcb->context.x[1]), extra);
	assert_int_equal(abi_info_unwrapped(tcb->context.x[1]), unwrapped);
}

static void one_cap_into_the_slot(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t tcb = new_object(ABI_OBJ_TCB, 0), dst = new_slot();

	(void)state;
	pair_receive_slot(&p, dst);
	pair_server_waits(&p);
	pair_client_sends(&p, ABI_SYS_SEND, 1, NONE, WORDS(tcb));
	assert_info(p.s, 1, 0);
	assert_int_equal(cap_at(dst).w0, cap_at(tcb).w0);
	assert_int_equal(cap_revoke(tcb), ABI_OK);
	assert_true(cte_is_empty(slot_at(dst)));
	check_world();
}

static void no_grant_no_caps(void **state)
{
	struct pair p = pair_begin(ABI_RIGHT_WRITE | ABI_RIGHT_GRANT_REPLY,
				   ALL);
	uint64_t dst = new_slot();

	(void)state;
	pair_receive_slot(&p, dst);
	pair_server_waits(&p);
	pair_client_sends(&p, ABI_SYS_CALL, 1, NONE, WORDS(p.send, p.client));
	assert_info(p.s, 0, 0);
	assert_true(cte_is_empty(slot_at(dst)));
}

static void own_endpoint_is_unwrapped(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t nine = new_badged(p.ep, 0, 9), dst = new_slot();

	(void)state;
	pair_receive_slot(&p, dst);
	pair_server_waits(&p);
	pair_client_sends(&p, ABI_SYS_SEND, 1, NONE,
			  WORDS(nine, p.client, p.ep));
	assert_info(p.s, 3, 5);
	assert_int_equal(p.sb->caps_or_badges[0], 9);
	assert_int_equal(p.sb->caps_or_badges[2], 0);
	assert_int_equal(cap_tag(cap_at(dst)), ABI_CAP_THREAD);
	check_world();
}

/* The second that needs a slot ends the transfer. */
static void only_one_slot(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t dst = new_slot();

	(void)state;
	pair_receive_slot(&p, dst);
	pair_server_waits(&p);
	pair_client_sends(&p, ABI_SYS_SEND, 1, NONE,
			  WORDS(p.send, p.server, p.client));
	assert_info(p.s, 2, 1);
	assert_int_equal(cap_at(dst).w0, cap_at(p.server).w0);
}

static void bad_receive_slots(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t dst = new_slot();
	unsigned int i;

	(void)state;
	for (i = 0; i < 6; i++) {
		pair_receive_slot(&p, dst);
		if (i == 0)
			p.sb->receive_index = p.ep; /* occupied */
		if (i == 1)
			p.sb->receive_depth = 0;
		if (i == 2)
			p.sb->receive_depth = 65;
		if (i == 3)
			p.sb->receive_cnode = p.ep;
		if (i == 4)
			p.sb->receive_cnode = 1ull << 60;
		if (i == 5)
			p.sb->receive_depth = 20;
		pair_server_waits(&p);
		pair_client_sends(&p, ABI_SYS_SEND, 1, WORDS(1),
				  WORDS(p.client));
		assert_info(p.s, 0, 0);
		assert_int_equal(abi_info_length(p.s->context.x[1]), 1);
		assert_true(cte_is_empty(slot_at(dst)));
	}
	check_world();
}

static void what_does_not_derive(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t table = new_object(ABI_OBJ_PAGE_TABLE, 0);
	uint64_t dst = new_slot(), empty = new_slot(), i;
	const uint64_t caps[] = { table, empty, ABI_SLOT_IRQ_CONTROL,
				  WORLD_RAM };

	(void)state;
	for (i = 0; i < 4; i++) {
		pair_receive_slot(&p, dst);
		pair_server_waits(&p);
		pair_client_sends(&p, ABI_SYS_SEND, 1, NONE,
				  WORDS(p.send, caps[i], p.send));
		assert_info(p.s, 1, 1);
		assert_true(cte_is_empty(slot_at(dst)));
	}
}

/* The kernel looks them up when the message moves, not when it was offered. */
static void looked_up_at_transfer(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t dst = new_slot();

	(void)state;
	pair_receive_slot(&p, dst);
	pair_client_sends(&p, ABI_SYS_SEND, 1, WORDS(5),
			  WORDS(p.send, p.client));
	p.cb->caps_or_badges[1] = 1ull << 60;
	pair_server_waits(&p);
	assert_info(p.s, 0, 0);
	assert_int_equal(p.s->context.x[2], 5);
}

/* An invocation that names a bad extra capability faults before it begins. */
static void bad_extra_cap_faults(void **state)
{
	struct pair p = pair_begin(ALL, ALL);

	(void)state;
	pair_client_sends(&p, ABI_SYS_NBSEND, 1, NONE, WORDS(1ull << 60));
	assert_int_equal(p.c->state, THREAD_RUNNING);
	pair_client_sends(&p, ABI_SYS_SEND, 1, NONE, WORDS(1ull << 60));
	assert_int_equal(p.c->state, THREAD_INACTIVE); /* no handler */
	check_world();
}

static void reply_with_caps(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t dst = new_slot();

	(void)state;
	p.cb->receive_cnode = ABI_SLOT_CNODE;
	p.cb->receive_index = dst;
	p.cb->receive_depth = 64;
	pair_server_waits(&p);
	pair_client_sends(&p, ABI_SYS_CALL, 1, NONE, NONE);
	user_message(0, 2, NONE, WORDS(p.send, p.client));
	user_svc(ABI_SYS_REPLY);
	assert_info(p.c, 1, 0); /* the endpoint cap itself; no unwrapping */
	assert_int_equal(cap_tag(cap_at(dst)), ABI_CAP_ENDPOINT);
	assert_int_equal(cap_at(dst).w1, PAIR_BADGE);
	check_world();
}

static void reply_without_grant(void **state)
{
	struct pair p = pair_begin(ALL, ABI_RIGHT_READ);
	uint64_t dst = new_slot();

	(void)state;
	p.cb->receive_cnode = ABI_SLOT_CNODE;
	p.cb->receive_index = dst;
	p.cb->receive_depth = 64;
	pair_server_waits(&p);
	pair_client_sends(&p, ABI_SYS_CALL, 1, NONE, NONE);
	user_message(0, 2, NONE, WORDS(p.send));
	user_svc(ABI_SYS_REPLY);
	assert_info(p.c, 0, 0);
	assert_true(cte_is_empty(slot_at(dst)));
}

/* An untyped in a message is a copy: its source must give no more. */
static void untyped_in_a_message(void **state)
{
	struct pair p = pair_begin(ALL, ALL);
	uint64_t ut = new_object(ABI_OBJ_UNTYPED, 12), dst = new_slot(), got;

	(void)state;
	pair_receive_slot(&p, dst);
	pair_server_waits(&p);
	pair_client_sends(&p, ABI_SYS_SEND, 1, NONE, WORDS(ut));
	assert_info(p.s, 1, 0);
	user_become(world.root);
	got = user_call(ut, ABI_UNTYPED_RETYPE,
			WORDS(ABI_OBJ_TCB, 0, 0, 0, new_slot(), 1),
			WORDS(ABI_SLOT_CNODE));
	assert_error(ABI_NOT_ENOUGH_MEMORY, WORDS(0), got);
	check_world();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(one_cap_into_the_slot),
		world_test(no_grant_no_caps),
		world_test(own_endpoint_is_unwrapped),
		world_test(only_one_slot),
		world_test(bad_receive_slots),
		world_test(what_does_not_derive),
		world_test(looked_up_at_transfer),
		world_test(bad_extra_cap_faults),
		world_test(reply_with_caps),
		world_test(reply_without_grant),
		world_test(untyped_in_a_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
