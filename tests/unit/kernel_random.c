/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_random.c - 100,000 random kernel entries, the world checked after each.
 *
 * A few threads share a small CSpace and make calls that are mostly sensible:
 * the label fits the capability, slots and addresses come from small ranges, so
 * that things meet. Interrupts come at random, and a preempted call may never
 * be taken up again. Each round of 400 ends with the deletion of everything.
 *
 * The seed is printed; KTEST_SEED=n runs another one, KTEST_STEPS=n more steps.
 */
#include <stdio.h>
#include <stdlib.h>
#include <core/invoke.h>
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

#define STEPS_DEFAULT	100000u
#define ROUND		400u
#define SLOTS		80u  /* of the root CNode are in play              */
#define THREADS		5u
#define WORK_UNITS	100u /* between two looks at the interrupts        */

static uint64_t seed = 20260401, random_state, step;

/* xorshift64*: the sequence must be the same everywhere. */
static uint64_t random_word(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1dull;
}

static uint64_t below(uint64_t limit)
{
	return (random_word() >> 16) % limit;
}

static bool one_in(uint64_t n)
{
	return below(n) == 0;
}

/* A slot to change: seldom one of those that the whole world hangs on. */
static uint64_t any_slot(void)
{
	return one_in(300) ? below(WORLD_RAM) :
			     WORLD_RAM + below(SLOTS - WORLD_RAM);
}

/* A slot of this kind, or any if there is none. */
static uint64_t slot_of(enum abi_cap_tag tag)
{
	uint64_t first = below(SLOTS), i, slot;

	for (i = 0; i < SLOTS; i++) {
		slot = (first + i) % SLOTS;
		if (cap_is(cap_at(slot), tag))
			return slot;
	}
	return any_slot();
}

static uint64_t empty_slot(void)
{
	return slot_of(ABI_CAP_NULL);
}

static uint64_t any_vaddr(void)
{
	return (one_in(8) ? below(512) << 39 : 0) |
	       (one_in(8) ? below(2) << 30 : 0) | below(2) << 21 |
	       below(3) << 12 | (one_in(20) ? below(4096) : 0);
}

static uint64_t any_word(void)
{
	switch (below(6)) {
	case 0:
		return any_slot();
	case 1:
		return 64;
	case 2:
		return any_vaddr();
	case 3:
		return random_word();
	default:
		return below(16);
	}
}

struct message {
	uint64_t cptr, label;
	uint64_t words[12], caps[3];
	unsigned int n_words, n_caps;
};

static void set_words(struct message *m, const uint64_t *words, size_t n)
{
	memcpy(m->words, words, n * sizeof(words[0]));
	m->n_words = (unsigned int)n;
}

static void set_caps(struct message *m, const uint64_t *caps, size_t n)
{
	memcpy(m->caps, caps, n * sizeof(caps[0]));
	m->n_caps = (unsigned int)n;
}

static void make_retype(struct message *m)
{
	static const uint8_t often[] = { ABI_OBJ_CNODE, ABI_OBJ_CNODE,
					 ABI_OBJ_TCB, ABI_OBJ_UNTYPED };
	uint64_t type = one_in(2) ? often[below(4)] : below(ABI_OBJ_COUNT);
	uint64_t bits = type == ABI_OBJ_UNTYPED ? 4 + below(16) : 1 + below(3);

	m->label = ABI_UNTYPED_RETYPE;
	set_words(m, WORDS(type, bits, 0, 0, empty_slot(), 1 + below(2)));
	set_caps(m, WORDS(ABI_SLOT_CNODE));
	if (one_in(4)) { /* into another CNode */
		m->caps[0] = slot_of(ABI_CAP_CNODE);
		m->words[4] = below(4);
	}
}

/* An index and a depth: of the root CNode, or of a small one inside. */
static uint64_t index_in(uint64_t root, uint64_t slot, uint64_t *depth)
{
	if (cap_ptr(cap_at(root)) == world.slots) {
		*depth = 64;
		return slot;
	}
	*depth = cnode_radix(cap_at(root)) + cnode_guard_size(cap_at(root));
	return below(4);
}

/* Delete or revoke something that takes more than one step. */
static void make_deletion(struct message *m)
{
	static const enum abi_cap_tag kinds[] = {
		ABI_CAP_CNODE, ABI_CAP_CNODE, ABI_CAP_THREAD, ABI_CAP_THREAD,
		ABI_CAP_ZOMBIE, ABI_CAP_UNTYPED, ABI_CAP_ENDPOINT,
	};
	uint64_t slot = slot_of(kinds[below(7)]);

	m->cptr = ABI_SLOT_CNODE;
	m->label = ABI_CNODE_REVOKE + below(2);
	set_words(m, WORDS(slot < WORLD_RAM ? any_slot() : slot, 64));
}

static void make_cnode_op(struct message *m)
{
	uint64_t src_root = one_in(3) ? slot_of(ABI_CAP_CNODE) : ABI_SLOT_CNODE;
	uint64_t dst_depth, src_depth, dst, src;

	m->label = ABI_CNODE_REVOKE + below(9);
	if (one_in(3))
		m->label = ABI_CNODE_COPY + below(4);
	dst = index_in(m->cptr, m->label >= ABI_CNODE_COPY ? empty_slot() :
							     any_slot(),
		       &dst_depth);
	if (m->label == ABI_CNODE_CANCEL_BADGED_SENDS)
		dst = index_in(m->cptr, slot_of(ABI_CAP_ENDPOINT), &dst_depth);
	src = index_in(src_root, any_slot(), &src_depth);
	set_words(m, WORDS(dst, dst_depth, src, src_depth,
			   one_in(4) ? below(16) : 15, below(4)));
	set_caps(m, WORDS(src_root));
	if (m->label != ABI_CNODE_ROTATE)
		return;
	set_words(m, WORDS(dst, dst_depth, below(3), src, src_depth, below(3),
			   any_slot(), 64));
	set_caps(m, WORDS(src_root, ABI_SLOT_CNODE));
}

static void make_tcb_op(struct message *m)
{
	m->label = ABI_TCB_READ_REGISTERS + below(15);
	set_words(m, WORDS(below(4), below(4), below(3), below(3) << 10));
	switch (m->label) {
	case ABI_TCB_CONFIGURE:
		m->words[0] = slot_of(ABI_CAP_ENDPOINT);
		m->words[1] = 0;
		/* fall through */
	case ABI_TCB_SET_SPACE:
		set_caps(m, WORDS(one_in(3) ? slot_of(ABI_CAP_CNODE) :
					      ABI_SLOT_CNODE,
				  slot_of(ABI_CAP_VSPACE),
				  slot_of(ABI_CAP_FRAME)));
		break;
	case ABI_TCB_SET_IPC_BUFFER:
		set_caps(m, WORDS(slot_of(ABI_CAP_FRAME)));
		break;
	case ABI_TCB_BIND_NOTIFICATION:
		set_caps(m, WORDS(slot_of(ABI_CAP_NOTIFICATION)));
		break;
	default:
		set_caps(m, WORDS(slot_of(ABI_CAP_THREAD)));
	}
}

static void make_map(struct message *m)
{
	enum abi_cap_tag tag = cap_tag(cap_at(m->cptr));
	bool table = tag == ABI_CAP_PAGE_TABLE;

	m->label = table ? ABI_PAGE_TABLE_MAP + below(2) :
			   ABI_PAGE_MAP + below(7);
	if (one_in(8))
		m->cptr = slot_of(ABI_CAP_VSPACE);
	if (!cap_is(cap_at(m->cptr), tag))
		m->label = ABI_VSPACE_CLEAN_DATA + below(4);
	else if (one_in(2))
		m->label = table ? ABI_PAGE_TABLE_MAP : ABI_PAGE_MAP;
	set_words(m, WORDS(any_vaddr(), below(16), below(8)));
	set_caps(m, WORDS(slot_of(ABI_CAP_VSPACE)));
}

static void make_irq_op(struct message *m)
{
	if (cap_is(cap_at(m->cptr), ABI_CAP_IRQ_CONTROL)) {
		m->label = ABI_IRQ_CONTROL_GET;
		set_words(m, WORDS(40 + below(3), empty_slot(), 64));
		set_caps(m, WORDS(ABI_SLOT_CNODE));
	} else {
		m->label = ABI_IRQ_HANDLER_ACK + below(3);
		set_caps(m, WORDS(slot_of(ABI_CAP_NOTIFICATION)));
	}
}

static void make_asid_op(struct message *m)
{
	if (cap_is(cap_at(m->cptr), ABI_CAP_ASID_CONTROL)) {
		m->label = ABI_ASID_CONTROL_MAKE_POOL;
		set_words(m, WORDS(empty_slot(), 64));
		set_caps(m, WORDS(slot_of(ABI_CAP_UNTYPED), ABI_SLOT_CNODE));
	} else {
		m->label = ABI_ASID_POOL_ASSIGN;
		set_caps(m, WORDS(slot_of(ABI_CAP_VSPACE)));
	}
}

static void make_nonsense(struct message *m)
{
	unsigned int i;

	m->cptr = one_in(10) ? random_word() : m->cptr;
	m->label = below(52);
	m->n_words = (unsigned int)below(12);
	m->n_caps = (unsigned int)below(4);
	for (i = 0; i < m->n_words; i++)
		m->words[i] = any_word();
	for (i = 0; i < m->n_caps; i++)
		m->caps[i] = one_in(20) ? random_word() : any_slot();
}

/* A message for the capability in m->cptr. */
static void make_message(struct message *m)
{
	switch (cap_tag(cap_at(m->cptr))) {
	case ABI_CAP_UNTYPED:
		make_retype(m);
		break;
	case ABI_CAP_CNODE:
		if (one_in(4))
			make_deletion(m);
		else
			make_cnode_op(m);
		break;
	case ABI_CAP_THREAD:
		make_tcb_op(m);
		break;
	case ABI_CAP_FRAME:
	case ABI_CAP_PAGE_TABLE:
		make_map(m);
		break;
	case ABI_CAP_IRQ_CONTROL:
	case ABI_CAP_IRQ_HANDLER:
		make_irq_op(m);
		break;
	case ABI_CAP_ASID_CONTROL:
	case ABI_CAP_ASID_POOL:
		make_asid_op(m);
		break;
	default:
		make_nonsense(m);
	}
}

/* Where a capability that comes with a message shall go. */
static void set_receive_slot(void)
{
	struct abi_ipc_buffer *buffer = thread_buffer(sched_current, true);

	if (!buffer)
		return;
	buffer->receive_cnode = ABI_SLOT_CNODE;
	buffer->receive_index = empty_slot();
	buffer->receive_depth = 64;
}

static int64_t any_call(void)
{
	static const int64_t numbers[] = {
		ABI_SYS_CALL, ABI_SYS_CALL, ABI_SYS_CALL, ABI_SYS_CALL,
		ABI_SYS_SEND, ABI_SYS_NBSEND, ABI_SYS_YIELD,
	};

	return numbers[below(7)];
}

static int64_t any_ipc(void)
{
	static const int64_t numbers[] = {
		ABI_SYS_CALL, ABI_SYS_SEND, ABI_SYS_NBSEND, ABI_SYS_RECV,
		ABI_SYS_NBRECV, ABI_SYS_REPLY_RECV, ABI_SYS_REPLY, 7,
	};

	return numbers[below(8)];
}

static void enter_by_message(void)
{
	static const enum abi_cap_tag kinds[] = {
		ABI_CAP_UNTYPED, ABI_CAP_UNTYPED, ABI_CAP_CNODE, ABI_CAP_CNODE,
		ABI_CAP_CNODE, ABI_CAP_THREAD, ABI_CAP_FRAME,
		ABI_CAP_PAGE_TABLE, ABI_CAP_IRQ_CONTROL, ABI_CAP_IRQ_HANDLER,
		ABI_CAP_ASID_CONTROL, ABI_CAP_ASID_POOL, ABI_CAP_ENDPOINT,
		ABI_CAP_ENDPOINT, ABI_CAP_NOTIFICATION, ABI_CAP_REPLY,
		ABI_CAP_ENDPOINT, ABI_CAP_ENDPOINT, ABI_CAP_ENDPOINT,
	};
	struct message m = { .cptr = slot_of(kinds[below(19)]) };
	enum abi_cap_tag tag = cap_tag(cap_at(m.cptr));
	bool ipc = tag == ABI_CAP_ENDPOINT || tag == ABI_CAP_NOTIFICATION;

	make_message(&m);
	if (one_in(10))
		make_nonsense(&m);
	set_receive_slot();
	user_message(m.cptr, m.label, m.words, m.n_words, m.caps, m.n_caps);
	if (one_in(10)) { /* once, and perhaps never again */
		sched_current->context.fault_pc = WORLD_SVC;
		kernel_syscall(any_call());
	} else {
		user_svc(ipc ? any_ipc() : any_call());
	}
}

static void enter_by_event(void)
{
	switch (below(4)) {
	case 0:
		kernel_vm_fault(any_vaddr(), 0x92000046, false);
		break;
	case 1:
		kernel_user_exception(0x02000000);
		break;
	case 2:
		fake.take = 40 + (unsigned int)below(4);
		kernel_interrupt();
		break;
	default:
		fake.take = FAKE_TIMER;
		kernel_interrupt();
	}
}

/* Everybody waits: as if somebody outside resumed a thread. */
static void wake_somebody(void)
{
	struct tcb *tcb = world.root;
	uint64_t slot = slot_of(ABI_CAP_THREAD);

	if (cap_is(cap_at(slot), ABI_CAP_THREAD))
		tcb = tcb_at(slot);
	thread_restart(tcb);
	sched_run();
}

/* Make the interrupt's turn come with the @unit-th unit of work from now. */
static void aim_interrupt(unsigned int unit)
{
	uint64_t checks = fake.pending_checks;

	fake.pending_always = false;
	while (fake.pending_checks == checks)
		preempt_due();
	for (; unit < WORK_UNITS; unit++)
		preempt_due();
	fake.pending_always = true;
}

static void one_step(void)
{
	fake.pending_always = false;
	if (one_in(3))
		aim_interrupt(1 + (unsigned int)below(8));
	if (sched_current == &sched_idle)
		wake_somebody();
	else if (one_in(12))
		enter_by_event();
	else
		enter_by_message();
}

static void begin_round(void)
{
	unsigned int i;
	uint64_t thread;

	world.scan = SLOTS + 8;
	for (i = 0; i < THREADS; i++) {
		thread = new_thread(254 + i % 2);
		thread_start(thread);
	}
	new_objects(ABI_OBJ_ENDPOINT, 0, 2);
	new_objects(ABI_OBJ_NOTIFICATION, 0, 2);
	new_objects(ABI_OBJ_CNODE, 2, 2);
	thread = new_objects(ABI_OBJ_PAGE_TABLE, 0, 3);
	for (i = 0; i < 3; i++)
		user_call(thread + i, ABI_PAGE_TABLE_MAP, WORDS(0, 0),
			  WORDS(ABI_SLOT_VSPACE));
	new_objects(ABI_OBJ_FRAME_SMALL, 0, 2);
	user_message(ABI_SLOT_TCB, ABI_TCB_SET_PRIORITY, WORDS(254),
		     WORDS(ABI_SLOT_TCB));
	user_svc(ABI_SYS_CALL);
}

static void random_entries(void **state)
{
	const char *steps_text = getenv("KTEST_STEPS");
	const char *seed_text = getenv("KTEST_SEED");
	uint64_t steps = STEPS_DEFAULT;

	(void)state;
	if (steps_text)
		steps = strtoull(steps_text, NULL, 0);
	if (seed_text)
		seed = strtoull(seed_text, NULL, 0);
	random_state = seed | 1;
	for (step = 0; step < steps; step++) {
		if (step % ROUND == 0) {
			if (step)
				world_end(NULL);
			world_begin(NULL);
			begin_round();
		}
		one_step();
		check_world();
	}
	world_end(NULL);
}

static int say_where(void **state)
{
	(void)state;
	printf("kernel_random: seed %lu, ended at step %lu\n", seed, step);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(random_entries, say_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
