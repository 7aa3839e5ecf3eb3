/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - the supervisor: builds worlds, watches the workers, counts.
 *
 * It is the root task, of the highest priority, and sleeps until the CPU's
 * physical timer wakes it: whatever the workers do, it must get the CPU back.
 * At each tick it sets standing workers going again, makes a few calls with the
 * capabilities that only it holds, and now and then lets the kernel check
 * itself. The timer is open to EL0, so no worker must ever run the code that
 * sets it, not even one that runs wild: this file is not in their VSpaces. After some ticks the world ends and a new one begins.
 *
 * Options on the kernel's command line: calls=, seed=, every= (calls between
 * two checks), each=1 (check after every call of a worker). All chance comes
 * from the seed and, under QEMU's -icount, so does time: a run repeats exactly.
 */
#include "grammar.h"

#define TIMER_IRQ      30u
#define TICK_MAX       6000u /* of CNTPCT, 62.5 MHz: 96 us */
#define TICK_CALLS_MAX 2000u
#define ROUND_CALLS    2000u
#define ROUND_TICKS    1000u
#define CHECK_ONE_OF   100u /* calls of a worker */
#define REPORTS	       10u

static uint64_t calls_wanted, check_every;
static uint64_t random_state;
static uint64_t calls; /* made, in all worlds */
static uint64_t answered, good, faults;
static uint64_t rounds, checks, caps_most, late_most;
static uint64_t notification, handler;

/* Each worker's counters as they were at the last tick. */
static struct {
	uint64_t calls, answered, good, fault, checked;
	unsigned int still; /* ticks without a call */
} seen[WORKERS];

static uint64_t counter_now(void)
{
	uint64_t now;

	__asm__ volatile("isb; mrs %0, cntpct_el0" : "=r"(now));
	return now;
}

/* Is a worker in a call with this label? */
static bool any_inside(uint64_t label)
{
	unsigned int i;

	for (i = 0; i < WORKERS; i++) {
		if (shared.worker[i].inside == label)
			return true;
	}
	return false;
}

/* --- the timer --- */

static void timer_init(const struct abi_boot_info *info)
{
	const struct abi_untyped_desc *list = info->untyped_list;
	uint64_t i, n = info->untyped.end - info->untyped.start;

	handler = info->empty.start + 2;
	notification = handler + 1;
	for (i = n; list[i - 1].is_device || list[i - 1].size_bits < 12; i--)
		;
	MUST(info->untyped.start + i - 1, ABI_UNTYPED_RETYPE,
	     WORDS(ABI_OBJ_NOTIFICATION, 0, 0, 0, notification, 1),
	     CAPS(ABI_SLOT_CNODE));
	MUST(ABI_SLOT_IRQ_CONTROL, ABI_IRQ_CONTROL_GET,
	     WORDS(TIMER_IRQ, handler, 64), CAPS(ABI_SLOT_CNODE));
	MUST(handler, ABI_IRQ_HANDLER_SET_NOTIFICATION, CAPS(notification));
}

/* Sleep for a tick; notes how late we were woken. */
static void timer_sleep(void)
{
	struct regs regs = { { notification, 0, 0, 0, 0, 0, 0,
			       (uint64_t)ABI_SYS_RECV } };
	uint64_t end = counter_now() + 100 + below(&random_state, TICK_MAX);
	uint64_t late;

	__asm__ volatile("msr cntp_cval_el0, %0\n\tmsr cntp_ctl_el0, %1\n\tisb"
			 :
			 : "r"(end), "r"(1ull));
	fuzz_svc(&regs);
	__asm__ volatile("msr cntp_ctl_el0, xzr\n\tisb");
	late = counter_now() - end;
	MUST(handler, ABI_IRQ_HANDLER_ACK);
	if (late > late_most && !any_inside(INSIDE_CHECK))
		late_most = late;
}

/* --- counting --- */

/*
 * What a counter of a worker has grown by. Workers that run wild may write
 * anything there: what no worker can do in one tick counts as one.
 */
static uint64_t growth(uint64_t now, uint64_t *last)
{
	uint64_t new = now - *last;

	*last = now;
	return new <= TICK_CALLS_MAX ? new : 1;
}

static void check_now(void)
{
	struct regs regs = { .x = { [7] = (uint64_t)ABI_SYS_DEBUG_SNAPSHOT } };

	fuzz_svc(&regs);
	checks++;
	if (regs.x[0] > caps_most)
		caps_most = regs.x[0];
}

static void report(void)
{
	say("fuzz: % of % calls, round %, % checks\n", calls, calls_wanted,
	    rounds, checks);
}

/* --- a tick --- */

/* Returns the calls it has made since the last look. */
static uint64_t look_at(unsigned int i)
{
	const struct worker *w = &shared.worker[i];
	uint64_t new = growth(w->calls, &seen[i].calls);

	calls += new;
	answered += growth(w->answered, &seen[i].answered);
	good += growth(w->good, &seen[i].good);
	faults += growth(w->fault, &seen[i].fault);
	checks += growth(w->checked, &seen[i].checked);
	return new;
}

/* A worker that has made no call since the last tick is set going again. */
static void look_at_workers(void)
{
	unsigned int i;

	for (i = 0; i < WORKERS; i++) {
		if (look_at(i)) {
			seen[i].still = 0;
			continue;
		}
		world_revive(i, seen[i].still > 0);
		seen[i].still = 1;
	}
}

/* What only the supervisor can try: IRQControl, and IRQ lines by number. */
static void own_fuzz(void)
{
	struct message m;

	make_irq(&random_state, &m, world_guarded);
	if (one_in(&random_state, 2))
		damage(&random_state, &m);
	if (m.cptr != ABI_SLOT_IRQ_CONTROL || m.label == ABI_CNODE_REVOKE)
		return; /* damaged into a call on our own things */
	if (m.n_caps)
		m.caps[0] = world_guarded;
	kernel_call(&m);
	calls++;
}

/* Has the tick come while an object was being deleted or cleared? */
static bool caught_half_way(void)
{
	return any_inside(ABI_CNODE_REVOKE) || any_inside(ABI_CNODE_DELETE) ||
	       any_inside(ABI_UNTYPED_RETYPE);
}

static void run_round(void)
{
	uint64_t end = calls + ROUND_CALLS, next_check = calls + check_every;
	unsigned int i;

	for (i = 0; i < ROUND_TICKS && calls < end; i++) {
		timer_sleep();
		own_fuzz();
		if (caught_half_way())
			check_now();
		look_at_workers();
		if (calls >= next_check) {
			check_now();
			next_check = calls + check_every;
		}
	}
}

static void print_labels(void)
{
	unsigned int i;

	for (i = 1; i < 51; i++) {
		if (shared.good[i] + shared.bad[i])
			say("fuzz: label %: % good, % refused\n", (uint64_t)i,
			    shared.good[i], shared.bad[i]);
	}
}

static void print_end(uint64_t seed)
{
	print_labels();
	say("fuzz: seed %, % calls in % worlds, % faults\n", seed, calls,
	    rounds, faults);
	say("fuzz: the kernel answered %, % without error\n", answered, good);
	say("fuzz: % checks of up to % capabilities\n", checks, caps_most);
	say("fuzz: the timer was served at most % ns late\n", late_most * 16);
	say("fuzz: done\n");
}

int main(const struct abi_boot_info *info);

int main(const struct abi_boot_info *info)
{
	uint64_t seed = option(info, "seed", 1);
	uint64_t one_of = option(info, "each", 0) ? 1 : CHECK_ONE_OF;
	uint64_t next_report = 0;
	unsigned int i;

	calls_wanted = option(info, "calls", 200000);
	check_every = option(info, "every", 1000);
	random_state = seed * 0x9e3779b97f4a7c15ull | 1;
	world_init(info);
	timer_init(info);
	while (calls < calls_wanted) {
		if (calls >= next_report) {
			report();
			next_report += calls_wanted / REPORTS;
		}
		rounds++;
		world_build(&random_state);
		for (i = 0; i < WORKERS; i++)
			shared.worker[i].checks = one_of;
		run_round();
		check_now();
		world_end();
		check_now();
	}
	print_end(seed);
	power_off(0);
}
