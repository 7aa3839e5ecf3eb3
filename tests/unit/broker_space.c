/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_space.c - address spaces at their edges: segments that are shared or
 * empty, registers that are many, too many or the kernel's, trees that need pages
 * of their own, metadata out of reach, more areas of zeros than there is room for.
 */
#include <string.h>

#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/loader.h"
#include "../../broker/machine.h"
#include "../../broker/slots.h"
#include "../../broker/supervisor.h"
#include "../../broker/timer.h"

#define CODE (ABI_RIGHT_READ | 0x100)

static struct broker_process *driver, *shell;
static struct broker_device *device;

/* The first driver is stopped, so that it can be started on another device. */
static int set_up(void **state)
{
	world_set_up_ready(state);
	driver = world_process("blk0/vblk");
	shell = world_process("shell");
	device = driver->device;
	world_call(shell, GLUE_BROKER_STOP, 1, (uint64_t)driver->pid);
	world_call(driver, GLUE_BROKER_EXIT, 1, 0ul);
	fake_text_clear();
	return 0;
}

static void driver_start(void)
{
	assert_int_equal(world_call(shell, GLUE_BROKER_START, 1,
				    (uint64_t)driver->pid),
			 K_OK);
}

static const struct glue_env *env(void)
{
	assert_int_equal(driver->state, GLUE_PROC_STARTING);
	return fake_look(driver->vspace.cap, GLUE_ENV_VADDR);
}

/* The manifest's record of a program is writable memory in a test. */
static struct broker_segment *segment_of(const char *name, unsigned int index)
{
	const struct broker_program *p = broker_policy_find(name);

	return (struct broker_segment *)&p->segment[index];
}

/* Code that fills pages of the archive: those very pages, never written. */
static void code_is_the_archives(void **state)
{
	struct broker_segment *code = segment_of("client", 0);
	struct broker_account image;
	uint32_t frames;
	uint8_t *page;
	struct broker_process *p;

	(void)state;
	broker_account_open(&image, BROKER_OWNER_BROKER);
	assert_int_equal(broker_account_pages(&image, ABI_OBJ_FRAME_SMALL, 2,
					      &frames),
			 K_OK);
	assert_int_equal(broker_frames_fill(frames, 0, "shared", 6, 0), K_OK);
	world_image_frame = frames;
	code->data = (const uint8_t *)broker_archive_start;
	p = world_run("client", "");
	assert_non_null(p);
	page = fake_look(p->vspace.cap, 0x400000);
	assert_memory_equal(page, "shared", 6);
	assert_int_equal(fake_rights(p->vspace.cap, 0x400000), CODE);
	assert_int_equal(fake_rights(p->vspace.cap, 0x401000), CODE);
	memcpy(page, "changed", 7); /* the other process sees the same page */
	p = world_run("client", "");
	assert_memory_equal(fake_look(p->vspace.cap, 0x400000), "changed", 7);
	/* Its end takes no page of the archive with it. */
	broker_supervise_exit(p, 0);
	assert_int_equal(fake_cap_tag(broker_slot(frames)), ABI_CAP_FRAME);
	/* Not aligned, or with zeros behind: copied, as data is. */
	code->mem_bytes++;
	p = world_run("client", "");
	assert_memory_equal(fake_look(p->vspace.cap, 0x400000),
			    broker_archive_start, 8);
	code->mem_bytes--;
	code->vaddr += 8;
	code->file_bytes = code->mem_bytes = 0xff8;
	p = world_run("client", "");
	assert_memory_equal(fake_look(p->vspace.cap, 0x400008),
			    broker_archive_start, 8);
}

/* A program whose data is nothing but zeros. */
static void data_may_be_empty(void **state)
{
	struct broker_segment *data = segment_of("client", 1);
	struct broker_fault touch = world_fault;
	struct broker_process *p;

	(void)state;
	data->vaddr = 0x403000;
	data->file_bytes = 0;
	data->mem_bytes = 0x2000;
	p = world_run("client", "");
	assert_non_null(p);
	assert_null(fake_look(p->vspace.cap, 0x403000));
	touch.word[1] = 0x404ff8;
	assert_true(broker_fresh_touched(p, &touch));
	assert_non_null(fake_look(p->vspace.cap, 0x404000));
	touch.word[1] = 0x405000;
	assert_false(broker_fresh_touched(p, &touch));
}

/* More than the usual window has room for: a larger one. */
static void many_registers(void **state)
{
	(void)state;
	device->mmio[0].bytes = GLUE_MMIO_BYTES;
	driver_start();
	assert_int_equal(env()->mmio[0].vaddr, GLUE_MMIO_VADDR);
	broker_supervise_kill(driver, shell);
	device->mmio[0].bytes = GLUE_MMIO_BYTES + 1;
	driver->deaths = 0;
	world_call(driver, GLUE_BROKER_READY, 1, 0ul);
	broker_supervise_kill(driver, shell);
	assert_int_equal(env()->mmio[0].vaddr, GLUE_MMIO_LARGE_VADDR);
	assert_int_not_equal(fake_rights(driver->vspace.cap,
					 GLUE_MMIO_LARGE_VADDR +
						 GLUE_MMIO_BYTES) &
				     0x200,
			     0);
}

static void no_driver_for(const char *why)
{
	driver_start();
	assert_int_equal(driver->state, GLUE_PROC_WAITING);
	assert_non_null(strstr(fake_text(), why));
	assert_non_null(strstr(fake_text(), "blk0/vblk: not started: "));
	/* Tried again as after a death, and then no more. */
	for (unsigned int i = 0; i < 12; i++) {
		fake_now += 1ul << 32;
		world_beat();
		broker_timer_update();
	}
	assert_int_equal(driver->state, GLUE_PROC_FAILED);
	assert_non_null(strstr(fake_text(), "is given up"));
	assert_int_equal(world_process("blk1/vblk")->state, GLUE_PROC_READY);
}

static void too_many_registers(void **state)
{
	(void)state;
	device->mmio[0].bytes = GLUE_MMIO_LARGE_BYTES + 1;
	no_driver_for(
		"virtio_mmio@a000000 has more than 16384 KiB of registers");
}

/* Each alone has room, but not both. */
static void too_many_registers_together(void **state)
{
	(void)state;
	device->n_mmio = 2;
	device->mmio[0].bytes = GLUE_MMIO_LARGE_BYTES;
	device->mmio[1] = (struct broker_device_range){ 0xb000000, 8 };
	no_driver_for("has more than 16384 KiB of registers");
}

static void registers_that_the_kernel_keeps(void **state)
{
	(void)state;
	device->mmio[0].paddr = 0x20000000; /* no untyped covers it */
	no_driver_for("the kernel keeps the registers of virtio_mmio@a000000");
}

/* Behind the env page if it fits there, on pages of its own if not. */
static void a_large_tree_has_pages(void **state)
{
	static uint8_t tree[3 * 4096];

	(void)state;
	memset(tree, 0x5a, sizeof(tree));
	device->tree = tree;
	device->tree_bytes = sizeof(tree);
	driver_start();
	assert_int_equal(env()->tree_bytes, sizeof(tree));
	assert_int_equal(env()->tree_vaddr, GLUE_TREE_LARGE_VADDR);
	for (uint64_t at = 0; at < sizeof(tree); at += 4096)
		assert_memory_equal(fake_look(driver->vspace.cap,
					      GLUE_TREE_LARGE_VADDR + at),
				    tree, 4096);
	assert_int_equal(fake_rights(driver->vspace.cap, GLUE_TREE_LARGE_VADDR),
			 ABI_RIGHT_READ);
}

/* Addresses above what Linux's page numbers have room for, and more pages than
 * there are records. */
static void metadata_out_of_reach(void **state)
{
	uint64_t top = 1ul << GLUE_BUS_BITS;
	struct broker_process *p = world_process("blk1/vblk");

	(void)state;
	assert_int_equal(broker_load_metadata(p, top - 4096, 8192),
			 K_ERR_RANGE);
	assert_int_equal(broker_load_metadata(p, top - 4096, 4096), K_OK);
	assert_int_equal(broker_load_metadata(p, 0, 1ul << 30), K_ERR_NOMEM);
	assert_true(broker_blocks_free() > 1 << 20); /* it is not memory */
	broker_supervise_kill(p, shell);
	assert_int_equal(p->state, GLUE_PROC_STARTING);
}

/* The fourth area of zeros is there at once; one that reaches into a second page
 * table has a page of it. */
static void many_areas_of_zeros(void **state)
{
	struct broker_process *p = world_run("client", "");
	unsigned int areas = 0;

	(void)state;
	for (unsigned int i = 0; i < BROKER_FRESH_MAX; i++)
		areas += p->fresh[i].end != 0;
	assert_int_equal(areas, 2);
	assert_int_equal(broker_fresh_promise(p, 0x9fe000, 4), K_OK);
	assert_null(fake_look(p->vspace.cap, 0x9fe000));
	assert_non_null(fake_look(p->vspace.cap, 0xa00000));
	assert_null(fake_look(p->vspace.cap, 0xa01000));
	assert_int_equal(broker_fresh_promise(p, 0xb00000, 2), K_OK);
	assert_non_null(fake_look(p->vspace.cap, 0xb00000));
	assert_non_null(fake_look(p->vspace.cap, 0xb01000));
}

/* Only a table that is missing is a reason to make one. */
static void a_refused_mapping_takes_no_table(void **state)
{
	struct broker_process *p = world_run("client", "");
	uint32_t frame;
	uint64_t bytes;

	(void)state;
	assert_int_equal(broker_account_pages(&p->memory, ABI_OBJ_FRAME_SMALL,
					      1, &frame),
			 K_OK);
	assert_int_equal(broker_vspace_map(&p->vspace, frame, 0xb00000,
					   BROKER_RW),
			 K_OK);
	bytes = p->memory.bytes;
	assert_int_equal(broker_vspace_map(&p->vspace, frame, 0xa00000000,
					   BROKER_RW),
			 K_ERR_NOMEM);
	assert_int_equal(p->memory.bytes, bytes);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, set_up, world_image_forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(code_is_the_archives),
		TEST(data_may_be_empty),
		TEST(many_registers),
		TEST(too_many_registers),
		TEST(too_many_registers_together),
		TEST(registers_that_the_kernel_keeps),
		TEST(a_large_tree_has_pages),
		TEST(metadata_out_of_reach),
		TEST(many_areas_of_zeros),
		TEST(a_refused_mapping_takes_no_table),
	};

	return cmocka_run_group_tests_name("broker_space", tests, NULL, NULL);
}
