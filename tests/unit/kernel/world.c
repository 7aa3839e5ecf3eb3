/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.c - builds and ends the small machine of world.h.
 *
 * The root thread's objects are boot memory as in kernel/boot/root_task.c: not
 * part of any untyped. All memory is soiled before use, because memory that
 * only happens to be zero would hide a missing clear.
 */
#include <stdlib.h>
#include <core/check.h>
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

#define SOIL 0xaa

struct world world;

static void *boot_memory(size_t bytes, size_t align)
{
	void *memory = aligned_alloc(align, bytes);

	assert_non_null(memory);
	return memset(memory, 0, bytes);
}

static void put_cap(uint64_t slot, struct cap cap)
{
	cdt_insert_root(slot_at(slot), cap);
}

static void put_caps(void)
{
	put_cap(ABI_SLOT_TCB, cap_thread(world.root));
	put_cap(ABI_SLOT_CNODE,
		cap_cnode(world.slots, WORLD_RADIX, 64 - WORLD_RADIX));
	put_cap(ABI_SLOT_VSPACE, cap_vspace((uint64_t)world.vspace, 1));
	put_cap(ABI_SLOT_IRQ_CONTROL, cap_control(ABI_CAP_IRQ_CONTROL));
	put_cap(ABI_SLOT_ASID_CONTROL, cap_control(ABI_CAP_ASID_CONTROL));
	put_cap(ABI_SLOT_ASID_POOL, cap_asid_pool((uint64_t)world.pool, 0));
	put_cap(ABI_SLOT_IPC_BUFFER_FRAME,
		cap_frame((uint64_t)world.buffer, FRAME_SMALL, 3, false));
	put_cap(ABI_SLOT_DOMAIN, cap_control(ABI_CAP_DOMAIN));
	put_cap(WORLD_RAM, cap_untyped((uint64_t)world.ram, WORLD_RAM_BITS,
				       false, 1ull << WORLD_RAM_BITS));
	put_cap(WORLD_DEVICE, cap_untyped(WORLD_DEVICE_PADDR, 32, true, 0));
	put_cap(WORLD_UART, cap_untyped(WORLD_UART_PADDR, 12, true, 0));
}

static void give_root(enum tcb_slot own, uint64_t slot)
{
	cdt_insert(&world.root->slot[own], cap_at(slot), slot_at(slot), false);
}

static void start_root(void)
{
	struct tcb *tcb = world.root;

	tcb_init(tcb);
	give_root(TCB_CSPACE, ABI_SLOT_CNODE);
	give_root(TCB_VSPACE, ABI_SLOT_VSPACE);
	give_root(TCB_IPC_FRAME, ABI_SLOT_IPC_BUFFER_FRAME);
	tcb->ipc_buffer = 0x10000;
	tcb->priority = 255;
	tcb->mcp = 255;
	tcb->state = THREAD_RUNNING;
	sched_start(tcb);
}

int world_begin(void **state)
{
	(void)state;
	fake_reset();
	user_short_ways = false;
	check_forget();
	cdt_first.next = 0; /* an untyped deleted before its CNodes: orphans */
	world.ram = boot_memory(1ul << WORLD_RAM_BITS, 1ul << WORLD_RAM_BITS);
	memset(world.ram, SOIL, 1ul << WORLD_RAM_BITS);
	world.slots = boot_memory(sizeof(struct cte) << WORLD_RADIX,
				  sizeof(struct cte) << WORLD_RADIX);
	world.root = boot_memory(1u << ABI_TCB_BITS, 1u << ABI_TCB_BITS);
	world.vspace = boot_memory(4096, 4096);
	world.pool = boot_memory(4096, 4096);
	world.buffer = boot_memory(4096, 4096);
	world.next_slot = WORLD_FREE;
	world.scan = 1ul << WORLD_RADIX;
	sched_init();
	irq_init();
	asid_boot_pool((uint64_t)world.pool);
	assert_int_equal(asid_boot_assign((uint64_t)world.vspace), 1);
	put_caps();
	start_root();
	assert_ptr_equal(sched_current, world.root);
	return 0;
}

static int world_begin_fast(void **state)
{
	int failed = world_begin(state);

	user_short_ways = true;
	return failed;
}

static void delete_all(struct cte *slot)
{
	unsigned int tries = 0;

	while (slot_revoke(slot) == CALL_PREEMPTED ||
	       slot_delete(slot) == CALL_PREEMPTED)
		assert_true(tries++ < 1000000);
}

/* Untypeds first: that ends all that was made at run time. */
static void delete_world(void)
{
	uint64_t i;

	for (i = WORLD_RAM; i <= WORLD_UART; i++)
		delete_all(slot_at(i));
	for (i = 1ul << WORLD_RADIX; i-- > 0;)
		delete_all(slot_at(i));
	thread_suspend(world.root);
	for (i = 0; i < TCB_SLOTS; i++)
		delete_all(&world.root->slot[i]);
}

int world_end(void **state)
{
	uint64_t i;

	(void)state;
	user_restart_hook = NULL;
	fake.pending_always = false;
	fake.pending_after = 0;
	check_world();
	delete_world();
	for (i = 0; i < 1ul << WORLD_RADIX; i++)
		assert_true(cte_is_empty(slot_at(i)));
	sched_run();
	assert_ptr_equal(sched_current, &sched_idle);
	free(world.ram);
	free(world.slots);
	free(world.root);
	free(world.vspace);
	free(world.pool);
	free(world.buffer);
	return 0;
}

struct CMUnitTest world_case(const char *name, CMUnitTestFunction f, bool fast)
{
	return (struct CMUnitTest){ name, f,
				    fast ? world_begin_fast : world_begin,
				    world_end, NULL };
}
