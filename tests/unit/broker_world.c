/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_world.c - sets up the broker as main.c does, on the fake kernel.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/boot.h"
#include "../../broker/calls.h"
#include "../../broker/channels.h"
#include "../../broker/machine.h"
#include "../../broker/probe.h"
#include "../../broker/slots.h"
#include "../../broker/supervisor.h"
#include "../../broker/timer.h"
#include "../../finder/assign.h"
#include "../../finder/look.h"
#include "broker_dtb.h"
#include "broker_make.h"

/* The archive lies where the linker would have put it. */
uint64_t world_archive[1 << 14] __asm__("broker_archive_start");
static uint8_t tree[1 << 16];
static size_t archive_bytes, tree_bytes;
struct broker_reply world_reply;
const struct broker_fault world_fault = {
	.label = ABI_FAULT_VM,
	.length = 4,
	.word = { 0x400000, 8, 0, 0x92000046 },
};

static const char board[] =
	"echo '/dts-v1/; / { #address-cells=<2>; #size-cells=<2>;"
	" interrupt-parent=<&gic>;"
	" gic: gic@8000000 { compatible=\"arm,gic-v3\"; #interrupt-cells=<3>;"
	"  interrupt-controller; reg=<0 0x8000000 0 0x1000>; };"
	" timer { compatible=\"arm,armv8-timer\";"
	"  interrupts=<1 13 4>, <1 14 4>, <1 11 4>, <1 10 4>; };"
	" pl011@9000000 { compatible=\"arm,pl011\"; reg=<0 0x9000000 0 0x1000>;"
	"  interrupts=<0 1 4>; };"
	" virtio_mmio@a000000 { compatible=\"virtio,mmio\"; interrupts=<0 16 1>;"
	"  reg=<0 0xa000000 0 0x200>; };"
	" virtio_mmio@a001200 { compatible=\"virtio,mmio\"; interrupts=<0 25 1>;"
	"  reg=<0 0xa001200 0 0x200>; };"
	" virtio_mmio@a002000 { compatible=\"virtio,mmio\"; interrupts=<0 32 1>;"
	"  reg=<0 0xa002000 0 0x200>; };"
	" };'" DTB_DTC;
const char *world_board = board;
static const char *tree_source;

uint32_t world_image_frame;

/* Programs are copied; a segment is not at the archive's begin. */
uint32_t broker_image_frame(const void *data)
{
	const char *begin = (const char *)world_archive;
	uint64_t at = (uint64_t)((const char *)data - begin);

	return at == 0 || at >= sizeof(world_archive) ? world_image_frame : 0;
}

/* The finder is part of the test here, and no process. */
const volatile void *finder_look(uint64_t page)
{
	return fake_device_page(page);
}

int finder_pci_open(uint64_t ecam)
{
	(void)ecam;
	return 0;
}

uint32_t finder_pci_read(unsigned int devfn, uint32_t offset, uint32_t bytes)
{
	(void)devfn, (void)offset, (void)bytes;
	return 0;
}

uint32_t finder_pci_size(unsigned int devfn, unsigned int bar)
{
	(void)devfn, (void)bar;
	return 0;
}

static void find_devices(void)
{
	static uint64_t found[BROKER_FOUND_BYTES / 8];

	finder_find(tree, tree_bytes, (const void *)world_archive,
		    (void *)found);
	assert_true(broker_devices_take((void *)found) > 0);
}

static void make_tree(void)
{
	if (tree_source != world_board)
		tree_bytes = dtb_make(world_board, tree, sizeof(tree));
	tree_source = world_board;
}

static void make_transport(uint64_t paddr, uint32_t device)
{
	fake_device_word(paddr, 0x74726976);
	fake_device_word(paddr + 4, 2);
	fake_device_word(paddr + 8, device);
	fake_device_word(paddr + 12, 0x554d4551);
}

/* Most tests want the manifest of the test before. */
static void make_programs(const char *manifest)
{
	static char last[4096];

	if (strcmp(last, manifest) != 0)
		archive_bytes = make_archive(manifest, world_archive,
					     sizeof(world_archive));
	assert_true(strlen(manifest) < sizeof(last));
	strcpy(last, manifest);
	assert_true(broker_policy_read(world_archive, archive_bytes) > 0);
}

void world_prepare(const char *manifest)
{
	static struct broker_account account;
	const struct abi_boot_info *info;
	struct glue_slot root = { ABI_SLOT_CNODE, 0, 0 };
	uint32_t untyped, objects;

	fake_reset(8ul << 20);
	make_tree();
	make_transport(0xa000000, 2);
	make_transport(0xa001200, 2);
	make_transport(0xa002000, 0);
	info = fake_boot_info();
	broker_slots_init(info->empty.start, info->empty.end);
	broker_blocks_init(info);
	broker_account_open(&account, BROKER_OWNER_BROKER);
	broker_vspace_init(&account);
	broker_account_block(&account, 12, &untyped);
	objects = broker_slots_take(BROKER_OWNER_BROKER, 4);
	glue_untyped_retype(untyped, ABI_OBJ_ENDPOINT, 0, root, objects, 2);
	glue_untyped_retype(untyped, ABI_OBJ_NOTIFICATION, 0, root, objects + 2,
			    1);
	broker_channels_init();
	broker_inject_init();
	broker_probe_init();
	assert_int_equal(broker_processes_init(objects), K_OK);
	glue_cnode_mint(broker_slot(objects + 3), broker_slot(objects + 2),
			ABI_RIGHT_WRITE, BROKER_BADGE_TIMER);
	broker_timer_init(objects + 1, objects + 3);
	make_programs(manifest);
	find_devices();
}

void world_start(const char *manifest)
{
	world_prepare(manifest);
	broker_supervisor_init();
	broker_boot_programs();
}

int world_image_forget(void **state)
{
	(void)state;
	world_image_frame = 0;
	return 0;
}

void world_disconnect_all(struct broker_process *p)
{
	for (uint64_t i = 0; i < GLUE_CHANS_MAX; i++)
		world_call(p, GLUE_BROKER_DISCONNECT, 1, i);
}

int world_set_up(void **state)
{
	(void)state;
	world_start(WORLD_MANIFEST);
	return 0;
}

int world_set_up_ready(void **state)
{
	world_set_up(state);
	world_drivers_ready();
	fake_text_clear();
	return 0;
}

static int call(struct broker_process *from,
		const struct broker_request *request)
{
	memset(&world_reply, 0, sizeof(world_reply));
	if (!broker_call(from, request, &world_reply))
		return -1;
	return (int)world_reply.err;
}

int world_call(struct broker_process *from, uint64_t op, unsigned int words,
	       ...)
{
	struct broker_request request = { .label = op, .length = words };
	va_list args;

	va_start(args, words);
	for (unsigned int i = 0; i < words; i++)
		request.word[i] = va_arg(args, uint64_t);
	va_end(args);
	return call(from, &request);
}

int world_call_name(struct broker_process *from, uint64_t op, const char *name,
		    unsigned int words, ...)
{
	struct broker_request request = { .label = op, .length = words + 4 };
	va_list args;

	strncpy((char *)request.word, name, GLUE_NAME_BYTES);
	va_start(args, words);
	for (unsigned int i = 0; i < words; i++)
		request.word[4 + i] = va_arg(args, uint64_t);
	va_end(args);
	return call(from, &request);
}

int world_connect(struct broker_process *p, const char *service, uint64_t bytes)
{
	return world_call_name(p, GLUE_BROKER_CONNECT, service, 1, bytes);
}

const struct glue_chan *world_chan(const struct broker_process *p,
				   unsigned int index)
{
	const struct glue_chan_table *table = fake_look(p->vspace.cap,
							GLUE_CHANS_VADDR);

	return &table->chan[index];
}

uint64_t world_free_or_held(const struct broker_process *driver)
{
	return broker_blocks_free() + driver->memory.bytes;
}

struct broker_process *world_process(const char *label)
{
	struct broker_process *found = NULL;

	for (unsigned int i = 0; i < BROKER_PROCESSES_MAX; i++) {
		struct broker_process *p = broker_process_at(i);

		if (p->state != 0 && strcmp(p->label, label) == 0 &&
		    (!found || p->pid > found->pid))
			found = p;
	}
	if (!found)
		fail_msg("no process %s:\n%s", label, fake_text());
	return found;
}

struct glue_timer_page *world_timer(void)
{
	struct broker_process *p = world_process("timer0/timer");

	assert_true(broker_process_alive(p));
	return fake_look(p->vspace.cap, GLUE_CHANS_VADDR);
}

void world_drivers_ready(void)
{
	assert_int_equal(world_call(world_process("blk0/vblk"),
				    GLUE_BROKER_READY, 1, 0ul),
			 K_OK);
	assert_int_equal(world_call(world_process("blk1/vblk"),
				    GLUE_BROKER_READY, 1, 0ul),
			 K_OK);
}

struct broker_process *world_run(const char *name, const char *args)
{
	struct broker_request request = { .label = GLUE_BROKER_RUN,
					  .length = 34 };

	strncpy((char *)request.word, name, GLUE_NAME_BYTES);
	strncpy((char *)&request.word[4], args, 239);
	if (call(world_process("shell"), &request) != K_OK)
		return NULL;
	return broker_process_find((uint32_t)world_reply.word[0]);
}

static void world_answer(const struct broker_process *p)
{
	p->counters->beat = p->page->env.beat;
	p->counters->served = 1;
}

void world_beat(void)
{
	for (unsigned int i = 0; i < BROKER_PROCESSES_MAX; i++) {
		const struct broker_process *p = broker_process_at(i);

		if (p->state != 0 && broker_process_alive(p) && p->counters)
			world_answer(p);
	}
}

void world_comes_back(struct broker_process *driver)
{
	for (unsigned int i = 0; i < 12; i++) {
		if (driver->state == GLUE_PROC_STARTING)
			world_call(driver, GLUE_BROKER_READY, 1, 0ul);
		if (driver->state != GLUE_PROC_WAITING)
			return;
		fake_now += 62500000 * 2;
		world_beat();
		broker_timer_update();
	}
	fail_msg("it neither lives nor is given up");
}

void world_good_life(void)
{
	world_beat();
	fake_now += 62500001;
	world_beat();
}

int world_is_idle(void)
{
	uint64_t deadline = world_timer()->broker_deadline;

	return deadline > fake_now && deadline <= fake_now + 62500000 / 4;
}
