/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_check.c - do the kernel's invariants notice what they are there for?
 *
 * Each case breaks one thing in a world that is whole, in a child process, and
 * expects the panic that names it. That whole worlds pass is seen everywhere
 * else: check_world() calls check_kernel(). The fuzzer runs it on the machine.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <arch/pte.h>
#include <core/check.h>
#include <object/cap_ops.h>
#include "tests/unit/kernel/pair.h"

static struct pair pair;
static uint64_t frame, ntfn;

/* Run the check in a child; returns what it printed, "" if all is well. */
static const char *broken_by(void (*damage)(void))
{
	static char text[4096];
	int ends[2], status;
	ssize_t n, at = 0;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		dup2(ends[1], 1);
		damage();
		check_kernel();
		_exit(0);
	}
	close(ends[1]);
	while ((n = read(ends[0], text + at, sizeof(text) - 1 - (size_t)at)) >
	       0)
		at += n;
	text[at] = 0;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? text : "";
}

static int begin(void **state)
{
	uint64_t table, i;

	world_begin(state);
	pair = pair_begin(ABI_RIGHT_ALL, ABI_RIGHT_ALL);
	pair_server_waits(&pair);
	ntfn = new_object(ABI_OBJ_NOTIFICATION, 0);
	table = new_objects(ABI_OBJ_PAGE_TABLE, 0, 3);
	for (i = 0; i < 3; i++)
		user_call(table + i, ABI_PAGE_TABLE_MAP, WORDS(0, 0),
			  WORDS(ABI_SLOT_VSPACE));
	frame = new_object(ABI_OBJ_FRAME_SMALL, 0);
	assert_int_equal(user_call(frame, ABI_PAGE_MAP, WORDS(0x5000, 3, 3),
				   WORDS(ABI_SLOT_VSPACE)),
			 ABI_OK);
	check_kernel();
	return 0;
}

static void nothing(void)
{
}

static void link_back(void)
{
	slot_at(frame)->prev = slot_at(ntfn);
}

static void slot_not_listed(void)
{
	slot_at(new_slot())->cap = cap_at(frame);
}

static void watermark_too_low(void)
{
	slot_at(WORLD_RAM)->cap.w1 = untyped_fill(4096, 0);
}

static void objects_overlap(void)
{
	cdt_insert(slot_at(new_slot()), cap_at(WORLD_UART), slot_at(frame),
		   true);
}

static void child_of_nobody(void)
{
	slot_at(WORLD_RAM)->next &= ~CTE_FLAGS;
}

static void frame_forgotten(void)
{
	slot_at(frame)->cap.w1 = 0;
}

static void rights_taken(void)
{
	slot_at(frame)->cap = cap_mask_rights(cap_at(frame), ABI_RIGHT_READ);
}

static void table_forgotten(void)
{
	slot_at(frame - 1)->cap.w1 = 0;
}

static void asid_forgotten(void)
{
	world.pool[7] = (uint64_t)world.vspace;
}

static void waiter_forgotten(void)
{
	pair.s->state = THREAD_INACTIVE;
}

static void waits_elsewhere(void)
{
	pair.s->blocked_on = NULL;
}

static void ready_but_not_queued(void)
{
	pair.s->state = THREAD_RUNNING;
}

static void bound_to_one_side(void)
{
	((struct notification *)cap_ptr(cap_at(ntfn)))->bound = pair.c;
}

static void reply_of_nobody(void)
{
	cdt_insert(&pair.s->slot[TCB_CALLER], cap_reply(pair.c, 0),
		   &pair.c->slot[TCB_REPLY], false);
}

static const struct {
	void (*damage)(void);
	const char *panic;
} cases[] = {
	{ link_back, "link back" },
	{ slot_not_listed, "occupied slots, and slots in the list" },
	{ watermark_too_low, "above its untyped's watermark" },
	{ objects_overlap, "out of order" },
	{ child_of_nobody, "no ancestor of what lies in it" },
	{ frame_forgotten, "mapped page that no capability allows" },
	{ rights_taken, "mapped page that no capability allows" },
	{ table_forgotten, "page table that no capability maps" },
	{ asid_forgotten, "taken ASIDs" },
	{ waiter_forgotten, "waits, but not here" },
	{ waits_elsewhere, "waits, but not here" },
	{ ready_but_not_queued, "being in a run queue" },
	{ bound_to_one_side, "names another notification" },
	{ reply_of_nobody, "its thread does not wait" },
};

static void each_is_noticed(void **state)
{
	unsigned int i;
	const char *said;

	(void)state;
	assert_string_equal(broken_by(nothing), "");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		said = broken_by(cases[i].damage);
		if (!strstr(said, cases[i].panic))
			fail_msg("case %u: want \"%s\", got: %s", i,
				 cases[i].panic, said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_is_noticed, begin,
						world_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
