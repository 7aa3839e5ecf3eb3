/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_fastpath.c - the short ways of core/fastpath.c against the general one.
 *
 * One random scenario is played twice: nine threads of three priorities call,
 * answer, wait, signal, yield, fault and are interrupted. Once the kernel is
 * entered by the general way only, once as the processor enters it. After each
 * step everything that a user could see, and who runs, must be the same.
 */
#include <core/fault.h>
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

#define SCENARIOS 60u
#define STEPS	  600u
#define THREADS	  9u
#define IRQ	  40u
#define UNKNOWN	  (-40)		   /* a number that no kernel offers */
#define FNV	  0x100000001b3ull /* FNV-1a's prime: folds words to a sum */

static uint64_t random_state;
static uint64_t sums[STEPS];
static struct tcb *threads[THREADS];
static uint64_t eps, ntfns, handler; /* slots: 2 endpoints, 2 notifications */

static uint64_t below(uint64_t limit)
{
	random_state = random_state * 6364136223846793005ull + 1;
	return (random_state >> 33) % limit;
}

static void threads_begin(void)
{
	unsigned int i;
	uint64_t slot;

	for (i = 0; i < THREADS; i++) {
		slot = new_thread(252 + i % 3);
		threads[i] = tcb_at(slot);
		threads[i]->fault_handler = i % 2 ? eps : eps + 1;
		thread_start(slot);
	}
	thread_suspend(world.root);
	sched_run();
}

/* Badged and weakened copies follow the originals, slot by slot. */
static void scenario_begin(void)
{
	eps = new_objects(ABI_OBJ_ENDPOINT, 0, 2);
	new_badged(eps, ABI_RIGHT_ALL, 0x11);
	new_badged(eps, ABI_RIGHT_WRITE | ABI_RIGHT_GRANT_REPLY, 0x12);
	new_badged(eps + 1, ABI_RIGHT_WRITE, 0x13);
	new_copy(eps + 1, ABI_RIGHT_READ);
	ntfns = new_objects(ABI_OBJ_NOTIFICATION, 0, 2);
	new_badged(ntfns, ABI_RIGHT_ALL, 0x100);
	new_badged(ntfns + 1, ABI_RIGHT_WRITE, 0x200);
	new_copy(ntfns, ABI_RIGHT_READ);
	handler = new_slot();
	user_call(ABI_SLOT_IRQ_CONTROL, ABI_IRQ_CONTROL_GET,
		  WORDS(IRQ, handler, 64), WORDS(ABI_SLOT_CNODE));
	user_call(handler, ABI_IRQ_HANDLER_SET_NOTIFICATION, NONE,
		  WORDS(ntfns + 2));
	threads_begin();
	notification_bind(cap_ptr(cap_at(ntfns)), threads[0]);
}

/* Half of them are endpoints with all rights, so that threads meet. */
static uint64_t any_cptr(void)
{
	return eps + (below(2) ? below(3) : below(handler - eps + 2));
}

static int64_t any_number(void)
{
	static const int64_t numbers[] = {
		ABI_SYS_CALL,	    ABI_SYS_CALL,
		ABI_SYS_CALL,	    ABI_SYS_SEND,
		ABI_SYS_SEND,	    ABI_SYS_RECV,
		ABI_SYS_RECV,	    ABI_SYS_REPLY_RECV,
		ABI_SYS_REPLY_RECV, ABI_SYS_YIELD,
		ABI_SYS_NBRECV,	    ABI_SYS_REPLY,
		ABI_SYS_NBSEND,	    UNKNOWN,
	};
	bool serves = !cte_is_empty(&sched_current->slot[TCB_CALLER]);

	if (serves && below(3))
		return ABI_SYS_REPLY_RECV;
	return numbers[below(14)];
}

static void step_call(void)
{
	struct context *c = &sched_current->context;
	uint64_t words[8], i;
	uint64_t extra = below(12) == 0 ? handler : 0;

	for (i = 0; i < 8; i++)
		words[i] = below(1000);
	user_message(any_cptr(), below(3) ? ABI_IRQ_HANDLER_ACK : below(2),
		     words, below(9), &extra, extra != 0);
	c->x[1] |= below(8) << ABI_INFO_UNWRAP_SHIFT;
	if (below(20) == 0)
		c->x[1] |= 120 + below(8); /* longer than a message may be */
	user_enter(any_number());
}

static void step_fault(void)
{
	struct fault fault = { .type = ABI_FAULT_VM,
			       .address = 0x5000,
			       .detail = { 0, 0x46 } };

	if (user_short_ways) {
		kernel_vm_fault(0x5000, 0x46, false);
		return;
	}
	fault_raise(sched_current, &fault);
	sched_run();
}

static void step_interrupt(void)
{
	struct cap cap = cap_at(ntfns + 2);

	if (user_short_ways) {
		fake.take = IRQ;
		kernel_interrupt();
		return;
	}
	notification_signal(cap_ptr(cap), cap.w1);
	sched_run();
}

static void step_make(void)
{
	unsigned int i;

	if (sched_current == &sched_idle) {
		i = (unsigned int)below(THREADS);
		thread_restart(threads[i]);
		thread_restart(threads[(i + 1 + below(3)) % THREADS]);
		sched_run();
		return;
	}
	sched_current->context.fault_pc = WORLD_SVC;
	sched_current->context.pc = WORLD_SVC + 4;
	switch (below(12)) {
	case 0:
		step_fault();
		break;
	case 1:
		step_interrupt();
		break;
	default:
		step_call();
	}
}

static uint64_t fold(uint64_t sum, uint64_t word)
{
	return (sum ^ word) * FNV;
}

static uint64_t sum_thread(uint64_t sum, const struct tcb *tcb)
{
	const struct abi_ipc_buffer *buffer = thread_buffer(tcb, false);
	unsigned int i;

	sum = fold(sum, tcb == sched_current);
	sum = fold(sum, tcb->state | (uint64_t)tcb->queued << 8);
	sum = fold(sum, tcb->fault.type);
	sum = fold(sum, tcb->context.pc);
	sum = fold(sum, tcb->slot[TCB_CALLER].cap.w0 >> CAP_AUX_SHIFT);
	for (i = 0; i < 8; i++)
		sum = fold(sum, tcb->context.x[i]);
	for (i = 0; i < 8; i++)
		sum = fold(sum, buffer->msg[i]);
	return sum;
}

/* What a user could see, and who runs. */
static uint64_t sum_world(void)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < THREADS; i++)
		sum = sum_thread(sum, threads[i]);
	for (i = 0; i < 2; i++) {
		const struct notification *ntfn = cap_ptr(cap_at(ntfns + i));

		sum = fold(sum, ntfn->head_state & 3);
		sum = fold(sum, notification_is_active(ntfn) ? ntfn->word : 0);
	}
	return fold(sum, fake.deactivated[IRQ]);
}

static void play(uint64_t seed, bool short_ways)
{
	uint64_t step, sum;

	random_state = seed;
	world_begin(NULL);
	scenario_begin();
	user_short_ways = short_ways;
	for (step = 0; step < STEPS; step++) {
		step_make();
		check_world();
		sum = sum_world();
		if (short_ways && sum != sums[step])
			fail_msg("scenario %lu differs after step %lu", seed,
				 step);
		sums[step] = sum;
	}
	user_short_ways = false;
	world_end(NULL);
}

static void same_as_the_general_way(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= SCENARIOS; seed++) {
		play(seed, false);
		play(seed, true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_as_the_general_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
