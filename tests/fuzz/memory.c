/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory.c - memory used up is a clean error, at each step of a process.
 *
 * For every k: build a process from one untyped, but before step k fill the
 * untyped up until the object of step k lacks 16 bytes. Its Retype must answer
 * NotEnoughMemory and how many bytes are left, and change nothing. Then one
 * Revoke must give everything back: one object takes the whole untyped again,
 * and the kernel has as many capabilities as before. The last k fails nothing,
 * and the process runs. The same for the kernel's other tables: ASIDs of a
 * pool, pools, interrupt lines. Source: shared/abi.md sections 12, 13, 15.
 */
#include "memory.h"

#define ASIDS	    512u
#define ASIDS_GIVEN 2u /* 0, which is never given, and our own */
#define POOLS	    128u
#define FILLERS	    64u /* slots for what fills the untyped up */

uint64_t memory_untyped, memory_slots;
static uint64_t fill_slots, source;
static struct abi_ipc_buffer *buffer;

struct answer ask(const struct message *m)
{
	struct regs regs;

	send(m, ABI_SYS_CALL, buffer, &regs);
	return (struct answer){ abi_info_label(regs.x[1]),
				abi_info_length(regs.x[1]), regs.x[2] };
}

void fail(const char *what, uint64_t got, uint64_t want)
{
	say("memory: FAILED: ");
	say(what, got, want);
	say("\n");
	power_off(2);
}

void must(const struct message *m)
{
	struct answer answer = ask(m);

	if (answer.error)
		fail("label % answered error %", m->label, answer.error);
}

static void demand(bool holds, const char *what, uint64_t got, uint64_t want)
{
	if (!holds)
		fail(what, got, want);
}

/* Let the kernel check itself; returns how many capabilities there are. */
static uint64_t check_now(void)
{
	struct regs regs = { .x = { [7] = (uint64_t)ABI_SYS_DEBUG_SNAPSHOT } };

	fuzz_svc(&regs);
	return regs.x[0];
}

static struct answer retype(uint64_t type, uint64_t size_bits, uint64_t slot,
			    uint64_t n)
{
	return ASK(memory_untyped, ABI_UNTYPED_RETYPE,
		   WORDS(type, size_bits, 0, 0, slot, n), CAPS(ABI_SLOT_CNODE));
}

static uint64_t after(uint64_t used, unsigned int bits)
{
	uint64_t size = 1ull << bits;

	return ((used + size - 1) & ~(size - 1)) + size;
}

/* Fill from @used up to exactly @end, largest aligned pieces first. */
static void fill_up(uint64_t used, uint64_t end)
{
	uint64_t slot = fill_slots;
	unsigned int bits;
	struct answer answer;

	while (used < end) {
		for (bits = ABI_UNTYPED_MIN_BITS;
		     !(used >> bits & 1) && used + (2ull << bits) <= end;
		     bits++)
			;
		answer = retype(ABI_OBJ_UNTYPED, bits, slot++, 1);
		demand(!answer.error, "filling: error % at %", answer.error,
		       used);
		used += 1ull << bits;
	}
}

static void demand_empty(uint64_t slot, uint64_t n)
{
	uint64_t i;

	for (i = slot; i < slot + n; i++)
		demand(cap_tag_of(i) == ABI_CAP_NULL,
		       "slot % holds a capability of kind %", i, cap_tag_of(i));
}

/* The object of @step, @n of them, must not fit into @left bytes. */
static void demand_refused(const struct step *step, uint64_t slot, uint64_t n,
			   uint64_t left)
{
	struct answer answer = retype(step->type, step->size_bits, slot, n);

	demand(answer.error == ABI_NOT_ENOUGH_MEMORY,
	       "want NotEnoughMemory, got error %, % words", answer.error,
	       answer.length);
	demand(answer.length == 1 && answer.word == left,
	       "NotEnoughMemory says % bytes are left, there are %",
	       answer.word, left);
	demand_empty(slot, n);
}

/* Step @k with 16 bytes too few for one object, or for three of four. */
static void fail_step(unsigned int k, uint64_t used, uint64_t slot)
{
	uint64_t size = 1ull << MEMORY_BITS;
	uint64_t object = 1ull << steps[k].bits;
	uint64_t left = size - used;

	if (left >= 4 * object + 16) {
		fill_up(used, size - 4 * object + 16);
		left = 4 * object - 16;
		demand_refused(&steps[k], slot, 4, left);
		return;
	}
	if (left >= object)
		fill_up(used, size - object + 16);
	demand_refused(&steps[k], slot, 1, left < object ? left : object - 16);
}

/* One revocation gives everything back. */
static void demand_all_back(uint64_t caps)
{
	struct answer answer;

	MUST(ABI_SLOT_CNODE, ABI_CNODE_REVOKE, WORDS(memory_untyped, 64));
	demand_empty(memory_slots, n_steps + 1);
	demand_empty(fill_slots, FILLERS);
	answer = retype(ABI_OBJ_UNTYPED, MEMORY_BITS, memory_slots, 1);
	demand(!answer.error, "memory is missing: error %, % left",
	       answer.error, answer.word);
	MUST(ABI_SLOT_CNODE, ABI_CNODE_REVOKE, WORDS(memory_untyped, 64));
	demand(check_now() == caps, "% capabilities, there were %", check_now(),
	       caps);
}

/* Build the process; step @k fails (none if there is no such step). */
static void build_until(unsigned int k, bool exactly_one)
{
	uint64_t used = 0, caps = check_now();
	unsigned int i;

	for (i = 0; i < n_steps && i < k; i++) {
		MUST(memory_untyped, ABI_UNTYPED_RETYPE,
		     WORDS(steps[i].type, steps[i].size_bits, 0, 0,
			   memory_slots + i, 1),
		     CAPS(ABI_SLOT_CNODE));
		used = after(used, steps[i].bits);
		if (steps[i].use)
			steps[i].use();
	}
	if (k == n_steps) {
		steps_run();
	} else if (exactly_one) {
		uint64_t object = 1ull << steps[k].bits;

		fill_up(used, (1ull << MEMORY_BITS) - object + 16);
		demand_refused(&steps[k], memory_slots + k, 1, object - 16);
	} else {
		fail_step(k, used, memory_slots + n_steps + 1);
	}
	check_now();
	demand_all_back(caps);
}

static void each_step_fails(void)
{
	unsigned int k;

	for (k = 0; k < n_steps; k++) {
		build_until(k, true);
		build_until(k, false);
		say("memory: step % refused cleanly: ", (uint64_t)k);
		say(steps[k].name);
		say("\n");
	}
	build_until(n_steps, true);
}

/* --- tables of the kernel that can be used up --- */

static struct answer assign(uint64_t pool, uint64_t vspace)
{
	return ASK(pool, ABI_ASID_POOL_ASSIGN, CAPS(vspace));
}

static void asids_used_up(void)
{
	uint64_t caps = check_now(), n = ASIDS - ASIDS_GIVEN, i;
	struct answer answer;

	for (i = 0; i <= n; i++)
		demand(!retype(ABI_OBJ_VSPACE, 0, fill_slots + i, 1).error,
		       "VSpace % of %", i, n);
	for (i = 0; i < n; i++) {
		answer = assign(ABI_SLOT_ASID_POOL, fill_slots + i);
		demand(!answer.error, "ASID %: error %", i, answer.error);
	}
	answer = assign(ABI_SLOT_ASID_POOL, fill_slots + n);
	demand(answer.error == ABI_DELETE_FIRST,
	       "a full pool answers %, want %", answer.error, ABI_DELETE_FIRST);
	MUST(ABI_SLOT_CNODE, ABI_CNODE_DELETE, WORDS(fill_slots + 7, 64));
	answer = assign(ABI_SLOT_ASID_POOL, fill_slots + n);
	demand(!answer.error, "error % though ASID % is free", answer.error, 9);
	demand_all_back(caps);
}

static struct answer make_pool(uint64_t untyped, uint64_t slot)
{
	return ASK(ABI_SLOT_ASID_CONTROL, ABI_ASID_CONTROL_MAKE_POOL,
		   WORDS(slot, 64), CAPS(untyped, ABI_SLOT_CNODE));
}

static void pools_used_up(void)
{
	uint64_t caps = check_now(), n = POOLS - 1, pools, i;
	struct answer answer;

	for (i = 0; i <= n; i++)
		demand(!retype(ABI_OBJ_UNTYPED, 12, fill_slots + i, 1).error,
		       "untyped % of %", i, n);
	pools = fill_slots + n + 1;
	answer = make_pool(fill_slots, fill_slots + 1);
	demand(answer.error == ABI_DELETE_FIRST,
	       "an occupied slot answers %, want %", answer.error,
	       ABI_DELETE_FIRST);
	for (i = 0; i < n; i++) {
		answer = make_pool(fill_slots + i, pools + i);
		demand(!answer.error, "pool %: error %", i, answer.error);
	}
	answer = make_pool(fill_slots + n, pools + n);
	demand(answer.error == ABI_DELETE_FIRST,
	       "with all pools made: error %, want %", answer.error,
	       ABI_DELETE_FIRST);
	demand_empty(pools + n, 1);
	MUST(ABI_SLOT_CNODE, ABI_CNODE_DELETE, WORDS(pools + 3, 64));
	answer = make_pool(fill_slots + n, pools + n);
	demand(!answer.error, "error % though pool % is free", answer.error, 4);
	demand_all_back(caps);
}

static void line_used_up(void)
{
	struct answer answer;

	MUST(ABI_SLOT_IRQ_CONTROL, ABI_IRQ_CONTROL_GET,
	     WORDS(5, fill_slots, 64), CAPS(ABI_SLOT_CNODE));
	answer = ASK(ABI_SLOT_IRQ_CONTROL, ABI_IRQ_CONTROL_GET,
		     WORDS(5, fill_slots + 1, 64), CAPS(ABI_SLOT_CNODE));
	demand(answer.error == ABI_REVOKE_FIRST,
	       "a line given twice: error %, want %", answer.error,
	       ABI_REVOKE_FIRST);
	MUST(ABI_SLOT_CNODE, ABI_CNODE_DELETE, WORDS(fill_slots, 64));
	MUST(ABI_SLOT_IRQ_CONTROL, ABI_IRQ_CONTROL_GET,
	     WORDS(5, fill_slots, 64), CAPS(ABI_SLOT_CNODE));
	MUST(ABI_SLOT_CNODE, ABI_CNODE_DELETE, WORDS(fill_slots, 64));
}

static void init(const struct abi_boot_info *info)
{
	uint64_t i = info->untyped.end - info->untyped.start;

	buffer = (struct abi_ipc_buffer *)info->ipc_buffer;
	while (info->untyped_list[--i].is_device ||
	       info->untyped_list[i].size_bits < MEMORY_BITS)
		demand(i > 0, "no untyped of % bits among %", MEMORY_BITS,
		       info->untyped.end - info->untyped.start);
	source = info->untyped.start + i;
	memory_untyped = info->empty.start;
	memory_slots = memory_untyped + 1;
	fill_slots = memory_slots + n_steps + 8;
	MUST(source, ABI_UNTYPED_RETYPE,
	     WORDS(ABI_OBJ_UNTYPED, MEMORY_BITS, 0, 0, memory_untyped, 1),
	     CAPS(ABI_SLOT_CNODE));
}

int main(const struct abi_boot_info *info);

int main(const struct abi_boot_info *info)
{
	init(info);
	each_step_fails();
	asids_used_up();
	pools_used_up();
	line_used_up();
	say("memory: % steps, each refused twice and given back; ASIDs, pools "
	    "and lines used up: done\n",
	    (uint64_t)n_steps);
	power_off(0);
}
