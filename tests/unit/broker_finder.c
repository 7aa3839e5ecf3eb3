/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_finder.c - the finder's process: what it is shown, what it may ask for,
 * and every way in which it fails to do its work.
 */
#include <string.h>

#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/boot.h"
#include "../../broker/slots.h"
#include "../../broker/supervisor.h"

#define FINDER                                                                 \
	"finder elf=a.elf kind=app start=find allow=find "                     \
	"priority=254\n"
#define IMAGE_PAGES 8u
#define TREE_PAGES  2u
#define REGISTERS   FAKE_DEVICE_BASE

static struct broker_account account;
static struct abi_boot_info info;

/* Frames that stand for those of the broker's image and of the device tree. */
static int set_up(void **state)
{
	uint32_t frames;

	(void)state;
	world_start(WORLD_MANIFEST FINDER);
	broker_account_open(&account, BROKER_OWNER_BROKER);
	assert_int_equal(broker_account_pages(&account, ABI_OBJ_FRAME_SMALL,
					      IMAGE_PAGES + TREE_PAGES,
					      &frames),
			 K_OK);
	world_image_frame = frames;
	info = (struct abi_boot_info){
		.extra_len = 5000,
		.extra_bi_pages = { frames + IMAGE_PAGES,
				    frames + IMAGE_PAGES + TREE_PAGES },
	};
	fake_text_clear();
	return 0;
}

static void it_sees_what_it_needs(void **state)
{
	struct broker_process *finder = broker_finder_start(&info);
	const struct glue_env *env;
	uint64_t vspace;

	(void)state;
	assert_non_null(finder);
	vspace = finder->vspace.cap;
	env = fake_look(vspace, GLUE_ENV_VADDR);
	assert_string_equal(env->args, "5000");
	assert_int_equal(fake_rights(vspace, FIND_TABLE_VADDR),
			 ABI_RIGHT_READ | ABI_RIGHT_WRITE);
	assert_int_equal(fake_rights(vspace,
				     FIND_TABLE_VADDR + BROKER_FOUND_BYTES - 1),
			 ABI_RIGHT_READ | ABI_RIGHT_WRITE);
	assert_int_equal(fake_rights(vspace, FIND_ARCHIVE_VADDR),
			 ABI_RIGHT_READ);
	assert_int_equal(fake_rights(vspace, FIND_TREE_VADDR + 4096),
			 ABI_RIGHT_READ);
	assert_null(fake_look(vspace, FIND_TREE_VADDR + 8192));
}

static void it_looks_at_registers_only(void **state)
{
	struct broker_process *finder = broker_finder_start(&info);

	(void)state;
	assert_int_equal(world_call(finder, BROKER_FIND_LOOK, 2, REGISTERS,
				    3ul),
			 K_OK);
	assert_int_equal(fake_rights(finder->vspace.cap,
				     FIND_LOOK_VADDR + 3 * 4096),
			 ABI_RIGHT_READ | 0x200);
	assert_int_equal(world_call(finder, BROKER_FIND_LOOK, 2, REGISTERS + 4,
				    0ul),
			 K_ERR_INVALID);
	assert_int_equal(world_call(finder, BROKER_FIND_LOOK, 2, REGISTERS,
				    (uint64_t)FIND_LOOKS),
			 K_ERR_INVALID);
	assert_int_equal(world_call(finder, BROKER_FIND_LOOK, 2, FAKE_RAM_BASE,
				    0ul),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(finder, BROKER_FIND_PCI, 1,
				    REGISTERS + 4096),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(finder, BROKER_FIND_PCI, 1, FAKE_RAM_BASE),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(finder, BROKER_FIND_BAR, 2, 8ul, 0ul),
			 K_ERR_INVALID);
}

static void nobody_else_may(void **state)
{
	static const uint64_t ops[] = { BROKER_FIND_LOOK, BROKER_FIND_PCI,
					BROKER_FIND_BAR };

	(void)state;
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(world_call(world_process("shell"), ops[i], 2,
					    REGISTERS, 0ul),
				 K_ERR_DENIED);
	assert_non_null(strstr(fake_text(), "lacks allow=find"));
	assert_int_equal(world_call_name(world_process("shell"),
					 GLUE_BROKER_RUN, "finder", 0),
			 K_ERR_NOTFOUND);
}

/* However it ends, what it has held is free again. */
static void ends(void (*end)(struct broker_process *finder), const char *said)
{
	uint64_t memory = broker_blocks_free();
	uint32_t slots = broker_slots_free();
	struct broker_process *finder = broker_finder_start(&info);

	assert_non_null(finder);
	world_call(finder, BROKER_FIND_LOOK, 2, REGISTERS, 0ul);
	assert_true(broker_blocks_free() < memory);
	end(finder);
	assert_int_equal(broker_finder_take(finder), 0);
	assert_non_null(strstr(fake_text(), said));
	assert_int_equal(broker_blocks_free(), memory);
	assert_int_equal(broker_slots_free(), slots);
	fake_text_clear();
}

static void faults(struct broker_process *finder)
{
	broker_supervise_fault(finder, &world_fault);
}

static void says_no(struct broker_process *finder)
{
	world_call(finder, GLUE_BROKER_EXIT, 1, (uint64_t)K_ERR_RANGE);
}

/* More than there is room for. */
static void writes_too_much(struct broker_process *finder)
{
	struct broker_found *found = fake_look(finder->vspace.cap,
					       FIND_TABLE_VADDR);

	found->bytes = BROKER_FOUND_BYTES + 1;
	world_call(finder, GLUE_BROKER_EXIT, 1, 0ul);
}

/* The table is as the broker began it: with nothing in it. */
static void writes_nothing(struct broker_process *finder)
{
	world_call(finder, GLUE_BROKER_EXIT, 1, 0ul);
}

static void every_end_is_told(void **state)
{
	(void)state;
	ends(faults, "has not done its work (see above): no devices");
	ends(broker_supervise_hang, "has not answered for 1000 ms");
	ends(says_no, "has not done its work (");
	ends(writes_nothing, "the finder's table of devices is wrong");
	ends(writes_too_much, "the finder's table of devices is wrong");
}

/* Each allocation fails in turn: it is not started, or has ended. */
static void refused(void **state, void (*refuse)(unsigned int count))
{
	unsigned int failed = 0;

	for (unsigned int k = 1; k < 400; k++) {
		struct broker_process *finder;

		world_image_frame = 0;
		set_up(state);
		refuse(k);
		finder = broker_finder_start(&info);
		if (fake_fail_left())
			break;
		if (finder && broker_process_alive(finder))
			continue; /* there was other memory */
		failed++;
		fake_text_clear();
		assert_int_equal(broker_finder_take(finder), 0);
		assert_non_null(strstr(fake_text(), "no devices can be used"));
	}
	assert_true(failed > 5);
	refuse(0);
}

static void no_memory(void **state)
{
	refused(state, fake_fail_retype);
	refused(state, fake_fail_call);
}

/* What is left when it has ended is the table, and no more of it than is used. */
static void the_table_is_kept(void **state)
{
	struct broker_process *finder = broker_finder_start(&info);
	uint64_t memory = broker_blocks_free();
	struct broker_found *found;

	(void)state;
	found = fake_look(finder->vspace.cap, FIND_TABLE_VADDR);
	found->bytes = sizeof(*found) + 1;
	found->absent = 5;
	world_call(finder, GLUE_BROKER_EXIT, 1, 0ul);
	assert_int_equal(broker_finder_take(finder), 0);
	assert_string_equal(fake_text(), "");
	assert_int_equal(broker_devices_absent(), 5);
	assert_true(broker_blocks_free() > memory);
	assert_null(fake_look(ABI_SLOT_VSPACE,
			      BROKER_WINDOW_TABLE + BROKER_FOUND_BYTES - 4096));
	assert_non_null(fake_look(ABI_SLOT_VSPACE, BROKER_WINDOW_TABLE));
	assert_null(fake_look(ABI_SLOT_VSPACE, BROKER_WINDOW_LOAD));
}

static void no_memory_for_the_table(void **state)
{
	unsigned int failed = 0;

	for (unsigned int k = 1; k < 40; k++) {
		struct broker_process *finder;
		struct broker_found *found;

		set_up(state);
		finder = broker_finder_start(&info);
		found = fake_look(finder->vspace.cap, FIND_TABLE_VADDR);
		found->bytes = sizeof(*found) + 1;
		world_call(finder, GLUE_BROKER_EXIT, 1, 0ul);
		fake_fail_retype(k);
		broker_finder_take(finder);
		if (fake_fail_left())
			break;
		failed += strstr(fake_text(), "memory or quota used up") !=
			  NULL;
	}
	assert_true(failed > 0);
	fake_fail_retype(0);
}

static void too_large_a_tree(void **state)
{
	struct broker_process *finder;

	(void)state;
	info.extra_bi_pages.end = info.extra_bi_pages.start + FIND_TREE_PAGES +
				  1;
	finder = broker_finder_start(&info);
	assert_false(broker_process_alive(finder));
	assert_int_equal(broker_finder_take(finder), 0);
	assert_non_null(
		strstr(fake_text(), "has not done its work (beyond the end"));
}

static void no_finder(void **state)
{
	(void)state;
	world_start(WORLD_MANIFEST);
	fake_text_clear();
	assert_null(broker_finder_start(&info));
	assert_int_equal(broker_finder_take(NULL), 0);
	assert_non_null(
		strstr(fake_text(), "(it was not started): no devices"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_sees_what_it_needs, set_up,
						world_image_forget),
		cmocka_unit_test_setup_teardown(it_looks_at_registers_only,
						set_up, world_image_forget),
		cmocka_unit_test_setup_teardown(nobody_else_may, set_up,
						world_image_forget),
		cmocka_unit_test_setup_teardown(every_end_is_told, set_up,
						world_image_forget),
		cmocka_unit_test_setup_teardown(no_memory, set_up,
						world_image_forget),
		cmocka_unit_test_setup_teardown(the_table_is_kept, set_up,
						world_image_forget),
		cmocka_unit_test_setup_teardown(no_memory_for_the_table, set_up,
						world_image_forget),
		cmocka_unit_test_setup_teardown(too_large_a_tree, set_up,
						world_image_forget),
		cmocka_unit_test_setup_teardown(no_finder, set_up,
						world_image_forget),
	};

	return cmocka_run_group_tests_name("broker_finder", tests, NULL, NULL);
}
