/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * user.c - what user threads do in tests: messages, system calls, objects.
 *
 * All on the current thread: through kernel_syscall(), or through
 * kernel_enter(), as the vectors enter it.
 */
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

#define RESTARTS_MAX 1000000u

uint64_t user_restarts;
void (*user_restart_hook)(void);
bool user_short_ways;

struct abi_ipc_buffer *user_buffer(void)
{
	return thread_buffer(sched_current, false);
}

void user_message(uint64_t cptr, uint64_t label, const uint64_t *words,
		  size_t n_words, const uint64_t *caps, size_t n_caps)
{
	struct context *c = &sched_current->context;
	struct abi_ipc_buffer *buffer = user_buffer();
	size_t i;

	c->x[0] = cptr;
	c->x[1] = abi_info(label, n_caps, n_words);
	for (i = 0; i < n_words; i++) {
		if (i < ABI_MSG_REGS)
			c->x[2 + i] = words[i];
		else if (buffer)
			buffer->msg[i] = words[i];
	}
	for (i = 0; i < n_caps && buffer; i++)
		buffer->caps_or_badges[i] = caps[i];
}

/* Does the current thread stand at the svc that it has just made? */
static bool at_svc(const struct tcb *tcb)
{
	return sched_current == tcb && tcb->state == THREAD_RUNNING &&
	       tcb->context.pc == WORLD_SVC;
}

void user_enter(int64_t number)
{
	const uint64_t *x = sched_current->context.x;

	if (user_short_ways)
		kernel_enter(x[0], x[1], x[2], x[3], x[4], x[5], x[6], number);
	else
		kernel_syscall(number);
}

void user_svc(int64_t number)
{
	struct tcb *tcb = sched_current;

	tcb->context.x[7] = (uint64_t)number;
	user_restarts = 0;
	do {
		if (user_restarts && user_restart_hook)
			user_restart_hook();
		tcb->context.fault_pc = WORLD_SVC;
		tcb->context.pc = WORLD_SVC + 4;
		user_enter(number);
		assert_true(user_restarts++ < RESTARTS_MAX);
	} while (at_svc(tcb));
	user_restarts--;
}

uint64_t user_call(uint64_t cptr, uint64_t label, const uint64_t *words,
		   size_t n_words, const uint64_t *caps, size_t n_caps)
{
	user_message(cptr, label, words, n_words, caps, n_caps);
	user_svc(ABI_SYS_CALL);
	return abi_info_label(user_info());
}

uint64_t user_word(unsigned int i)
{
	return i < ABI_MSG_REGS ? sched_current->context.x[2 + i] :
				  user_buffer()->msg[i];
}

uint64_t user_length(void)
{
	return abi_info_length(user_info());
}

void assert_error(uint64_t error, const uint64_t *words, size_t n_words,
		  uint64_t got)
{
	size_t i;

	assert_int_equal(got, error);
	assert_int_equal(user_badge(), 0);
	assert_int_equal(user_info(), abi_info(error, 0, n_words));
	for (i = 0; i < n_words; i++)
		assert_int_equal(user_word((unsigned int)i), words[i]);
}

void user_become(struct tcb *tcb)
{
	unsigned int tries = 0;

	while (sched_current != tcb) {
		assert_true(tries++ < 100);
		user_svc(ABI_SYS_YIELD);
	}
}

uint64_t new_objects(enum abi_object_type type, unsigned int size_bits,
		     unsigned int count)
{
	uint64_t slot = world.next_slot;
	uint64_t err = user_call(WORLD_RAM, ABI_UNTYPED_RETYPE,
				 WORDS(type, size_bits, 0, 0, slot, count),
				 WORDS(ABI_SLOT_CNODE));

	assert_int_equal(err, ABI_OK);
	world.next_slot += count;
	return slot;
}

uint64_t new_object(enum abi_object_type type, unsigned int size_bits)
{
	return new_objects(type, size_bits, 1);
}

uint64_t new_thread(unsigned int priority)
{
	uint64_t tcb = new_object(ABI_OBJ_TCB, 0);
	uint64_t frame = new_object(ABI_OBJ_FRAME_SMALL, 0);
	uint64_t err;

	err = user_call(tcb, ABI_TCB_CONFIGURE, WORDS(0, 0, 0, 0x20000),
			WORDS(ABI_SLOT_CNODE, ABI_SLOT_VSPACE, frame));
	assert_int_equal(err, ABI_OK);
	err = user_call(tcb, ABI_TCB_SET_SCHED_PARAMS, WORDS(255, priority),
			WORDS(ABI_SLOT_TCB));
	assert_int_equal(err, ABI_OK);
	return tcb;
}

void thread_start(uint64_t slot)
{
	assert_int_equal(user_call(slot, ABI_TCB_RESUME, NONE, NONE), ABI_OK);
}

uint64_t cap_copy(uint64_t dst, uint64_t src, uint64_t rights)
{
	return user_call(ABI_SLOT_CNODE, ABI_CNODE_COPY,
			 WORDS(dst, 64, src, 64, rights),
			 WORDS(ABI_SLOT_CNODE));
}

uint64_t cap_mint(uint64_t dst, uint64_t src, uint64_t rights, uint64_t data)
{
	return user_call(ABI_SLOT_CNODE, ABI_CNODE_MINT,
			 WORDS(dst, 64, src, 64, rights, data),
			 WORDS(ABI_SLOT_CNODE));
}

uint64_t cap_move(uint64_t dst, uint64_t src)
{
	return user_call(ABI_SLOT_CNODE, ABI_CNODE_MOVE,
			 WORDS(dst, 64, src, 64), WORDS(ABI_SLOT_CNODE));
}

uint64_t cap_delete(uint64_t slot)
{
	return user_call(ABI_SLOT_CNODE, ABI_CNODE_DELETE, WORDS(slot, 64),
			 NONE);
}

uint64_t cap_revoke(uint64_t slot)
{
	return user_call(ABI_SLOT_CNODE, ABI_CNODE_REVOKE, WORDS(slot, 64),
			 NONE);
}

uint64_t new_copy(uint64_t src, uint64_t rights)
{
	uint64_t slot = new_slot();

	assert_int_equal(cap_copy(slot, src, rights), ABI_OK);
	return slot;
}

uint64_t new_badged(uint64_t src, uint64_t rights, uint64_t badge)
{
	uint64_t slot = new_slot();

	assert_int_equal(cap_mint(slot, src, rights, badge), ABI_OK);
	return slot;
}
