/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.c - builds the world of a round, and ends it.
 *
 * Everything is cut from one untyped. What workers need to run (their TCBs,
 * VSpaces, page tables, buffers) the supervisor keeps; the world's CNode gets
 * copies. Other objects are made straight into the world's CNode.
 */
#include "world.h"

extern char image_start[], shared_start[], shared_end[];

struct shared shared __attribute__((section(".shared")));

static const struct abi_boot_info *boot;
static uint64_t untyped, device; /* slots: what worlds are made of */
static uint64_t first_slot, next_slot, last_slot;
uint64_t world_guarded;
static uint64_t world, tcbs, spaces, buffers;
static uint64_t next_in_world, fault_ep;
static struct abi_ipc_buffer *buffer;

uint64_t kernel_call(const struct message *m)
{
	struct regs regs;

	send(m, ABI_SYS_CALL, buffer, &regs);
	return abi_info_label(regs.x[1]);
}

void must(const struct message *m)
{
	uint64_t error = kernel_call(m);

	if (!error)
		return;
	say("fuzz: FAILED: label % on slot % answered error %\n", m->label,
	    m->cptr, error);
	power_off(2);
}

/* Make @n objects in the supervisor's next slots. */
static uint64_t make(enum abi_object_type type, uint64_t bits, uint64_t n)
{
	uint64_t slot = next_slot;

	MUST(untyped, ABI_UNTYPED_RETYPE, WORDS(type, bits, 0, 0, slot, n),
	     CAPS(ABI_SLOT_CNODE));
	next_slot += n;
	return slot;
}

/* The next @n slots of the world, noted as those of @tag. */
static uint64_t take_world_slots(enum abi_cap_tag tag, uint64_t n)
{
	struct kind *kind = &shared.kind[tag];
	uint64_t slot = next_in_world;

	for (; next_in_world < slot + n; next_in_world++) {
		if (kind->n < sizeof(kind->slot))
			kind->slot[kind->n++] = (uint8_t)next_in_world;
	}
	return slot;
}

/* Make @n objects straight into the world. */
static void put_new(enum abi_cap_tag tag, enum abi_object_type type,
		    uint64_t bits, uint64_t n)
{
	MUST(untyped, ABI_UNTYPED_RETYPE,
	     WORDS(type, bits, 0, 0, take_world_slots(tag, n), n), CAPS(world));
}

static void copy_to(uint64_t dst, uint64_t src, uint64_t rights, uint64_t data)
{
	MUST(world, ABI_CNODE_MINT,
	     WORDS(dst, WORLD_RADIX, src, 64, rights, data),
	     CAPS(ABI_SLOT_CNODE));
}

static void put_copy(enum abi_cap_tag tag, uint64_t src)
{
	copy_to(take_world_slots(tag, 1), src, ABI_RIGHT_ALL, 0);
}

static void map_table(uint64_t space, uint64_t vaddr)
{
	uint64_t table = make(ABI_OBJ_PAGE_TABLE, 0, 1);

	MUST(table, ABI_PAGE_TABLE_MAP, WORDS(vaddr, ABI_VM_DEFAULT),
	     CAPS(space));
	if (space == spaces) /* few: most tables shall be free to be mapped */
		put_copy(ABI_CAP_PAGE_TABLE, table);
}

/* One page of our own image, in the VSpace @space as it is here. */
static void map_image_page(uint64_t space, uint64_t page, bool writable)
{
	uint64_t copy = next_slot++;
	uint64_t vaddr = (uint64_t)image_start + (page << 12);

	MUST(ABI_SLOT_CNODE, ABI_CNODE_COPY,
	     WORDS(copy, 64, boot->user_image_frames.start + page, 64,
		   ABI_RIGHT_ALL),
	     CAPS(ABI_SLOT_CNODE));
	MUST(copy, ABI_PAGE_MAP,
	     WORDS(vaddr, writable ? 3 : 2,
		   writable ? ABI_VM_CACHEABLE | ABI_VM_EXECUTE_NEVER :
			      ABI_VM_CACHEABLE),
	     CAPS(space));
}

static void build_space(uint64_t space)
{
	uint64_t page, pages = (uint64_t)(shared_end - image_start) >> 12;
	uint64_t first_shared = (uint64_t)(shared_start - image_start) >> 12;

	MUST(ABI_SLOT_ASID_POOL, ABI_ASID_POOL_ASSIGN, CAPS(space));
	map_table(space, 0);
	map_table(space, 0);
	map_table(space, (uint64_t)image_start);
	map_table(space, BUFFER_VADDR);
	map_table(space, PLAY_VADDR);
	map_table(space, PLAY_VADDR);
	for (page = 0; page < pages; page++)
		map_image_page(space, page, page >= first_shared);
	put_copy(ABI_CAP_VSPACE, space);
}

static void build_spaces(void)
{
	unsigned int i;

	spaces = make(ABI_OBJ_VSPACE, 0, SPACES);
	for (i = 0; i < SPACES; i++)
		build_space(spaces + i);
	put_new(ABI_CAP_VSPACE, ABI_OBJ_VSPACE, 0, 2);
}

static void build_workers(void)
{
	unsigned int i;

	tcbs = make(ABI_OBJ_TCB, 0, WORKERS);
	buffers = make(ABI_OBJ_FRAME_SMALL, 0, WORKERS);
	for (i = 0; i < WORKERS; i++) {
		MUST(buffers + i, ABI_PAGE_MAP,
		     WORDS(BUFFER_VADDR + (i << 12), 3,
			   ABI_VM_CACHEABLE | ABI_VM_EXECUTE_NEVER),
		     CAPS(spaces + i % SPACES));
		put_copy(ABI_CAP_THREAD, tcbs + i);
	}
	for (i = 0; i < WORKERS; i++)
		put_copy(ABI_CAP_FRAME, buffers + i);
	put_new(ABI_CAP_THREAD, ABI_OBJ_TCB, 0, 2);
}

static void build_queues(void)
{
	static const uint8_t rights[] = {
		ABI_RIGHT_ALL,	 ABI_RIGHT_ALL,
		ABI_RIGHT_WRITE, ABI_RIGHT_WRITE | ABI_RIGHT_GRANT_REPLY,
		ABI_RIGHT_WRITE, ABI_RIGHT_ALL,
	};
	uint64_t first, i;

	put_new(ABI_CAP_ENDPOINT, ABI_OBJ_ENDPOINT, 0, 3);
	fault_ep = shared.kind[ABI_CAP_ENDPOINT].slot[0];
	for (i = 0; i < 6; i++)
		MUST(world, ABI_CNODE_MINT,
		     WORDS(take_world_slots(ABI_CAP_ENDPOINT, 1), WORLD_RADIX,
			   fault_ep + i % 3, WORLD_RADIX, rights[i], i + 1),
		     CAPS(world));
	put_new(ABI_CAP_NOTIFICATION, ABI_OBJ_NOTIFICATION, 0, 4);
	first = shared.kind[ABI_CAP_NOTIFICATION].slot[0];
	for (i = 0; i < 4; i++)
		MUST(world, ABI_CNODE_MINT,
		     WORDS(take_world_slots(ABI_CAP_NOTIFICATION, 1),
			   WORLD_RADIX, first + i, WORLD_RADIX, ABI_RIGHT_ALL,
			   1ull << i),
		     CAPS(world));
	/* without copies, so that deleting one ends the object */
	put_new(ABI_CAP_ENDPOINT, ABI_OBJ_ENDPOINT, 0, 5);
	put_new(ABI_CAP_NOTIFICATION, ABI_OBJ_NOTIFICATION, 0, 5);
}

/* Interrupts that workers raise themselves: software-generated ones. */
static void build_irqs(void)
{
	unsigned int i, n = 3;
	uint64_t slot = take_world_slots(ABI_CAP_IRQ_HANDLER, n);

	for (i = 0; i < n; i++) {
		MUST(ABI_SLOT_IRQ_CONTROL, ABI_IRQ_CONTROL_GET,
		     WORDS(i + 1, slot + i, WORLD_RADIX), CAPS(world));
		MUST(ABI_SLOT_IRQ_CONTROL, ABI_IRQ_CONTROL_ISSUE_SGI,
		     WORDS(i + 1, 0, take_world_slots(ABI_CAP_SGI_SIGNAL, 1),
			   WORLD_RADIX),
		     CAPS(world));
	}
}

static void build_memory(void)
{
	static const uint8_t bits[] = { 21, 18, 16, 14, 12, 12, 12, 12, 10 };
	unsigned int i;

	for (i = 0; i < sizeof(bits); i++)
		put_new(ABI_CAP_UNTYPED, ABI_OBJ_UNTYPED, bits[i], 1);
	MUST(device, ABI_UNTYPED_RETYPE,
	     WORDS(ABI_OBJ_UNTYPED, 16, 0, 0,
		   take_world_slots(ABI_CAP_UNTYPED, 1), 1),
	     CAPS(world));
	MUST(device, ABI_UNTYPED_RETYPE,
	     WORDS(ABI_OBJ_FRAME_SMALL, 0, 0, 0,
		   take_world_slots(ABI_CAP_FRAME, 2), 2),
	     CAPS(world));
	put_new(ABI_CAP_FRAME, ABI_OBJ_FRAME_SMALL, 0, 10);
	put_new(ABI_CAP_FRAME, ABI_OBJ_FRAME_LARGE, 0, 1);
	put_new(ABI_CAP_PAGE_TABLE, ABI_OBJ_PAGE_TABLE, 0, 10);
	put_new(ABI_CAP_CNODE, ABI_OBJ_CNODE, SMALL_RADIX, 4);
	put_new(ABI_CAP_CNODE, ABI_OBJ_CNODE, LARGE_RADIX, 6);
	put_copy(ABI_CAP_DOMAIN, ABI_SLOT_DOMAIN);
	put_copy(ABI_CAP_ASID_CONTROL, ABI_SLOT_ASID_CONTROL);
	put_copy(ABI_CAP_ASID_POOL, ABI_SLOT_ASID_POOL);
}

/*
 * Fails, as it must, when a worker's CSpace is a CNode that exists only there
 * any more. Then the worker stands until the world ends.
 */
static void configure(unsigned int i)
{
	struct message m = {
		.cptr = tcbs + i,
		.label = ABI_TCB_CONFIGURE,
		WORDS(fault_ep + i % 2, 64 - WORLD_RADIX, 0,
		      BUFFER_VADDR + (i << 12)),
		CAPS(world, spaces + i % SPACES, buffers + i),
	};

	if (kernel_call(&m) != ABI_ILLEGAL_OPERATION)
		must(&m);
}

void world_revive(unsigned int i, bool all)
{
	static const uint8_t priority[WORKERS] = {
		102, 101, 103, 100, 101, 99
	};
	uint64_t tcb = tcbs + i;
	uint64_t stack = (uint64_t)shared.stack[i] + STACK_BYTES;

	if (all) {
		MUST(tcb, ABI_TCB_SUSPEND);
		configure(i);
		MUST(tcb, ABI_TCB_SET_SCHED_PARAMS, WORDS(110, priority[i]),
		     CAPS(ABI_SLOT_TCB));
		MUST(tcb, ABI_TCB_SET_FLAGS, WORDS(1, 0));
	}
	shared.worker[i].buffer = BUFFER_VADDR + (i << 12);
	MUST(tcb, ABI_TCB_WRITE_REGISTERS,
	     WORDS(1, 4, (uint64_t)worker_main, stack, 0,
		   (uint64_t)&shared.worker[i]));
}

void world_build(uint64_t *random)
{
	unsigned int i;

	next_slot = first_slot;
	next_in_world = WORLD_SELF;
	memset(shared.kind, 0, sizeof(shared.kind));
	world = make(ABI_OBJ_CNODE, WORLD_RADIX, 1);
	copy_to(take_world_slots(ABI_CAP_CNODE, 1), world, ABI_RIGHT_ALL,
		64 - WORLD_RADIX);
	world_guarded = next_slot++;
	MUST(ABI_SLOT_CNODE, ABI_CNODE_MINT,
	     WORDS(world_guarded, 64, world, 64, ABI_RIGHT_ALL,
		   64 - WORLD_RADIX),
	     CAPS(ABI_SLOT_CNODE));
	build_spaces();
	build_workers();
	build_queues();
	build_irqs();
	build_memory();
	last_slot = next_slot;
	for (i = 0; i < WORKERS; i++) {
		shared.worker[i].random = random_word(random) | 1;
		world_revive(i, true);
	}
}

static void fail(const char *what, uint64_t number)
{
	say("fuzz: FAILED: ");
	say(what, number);
	power_off(2);
}

/* All memory must be there again: one object takes the whole untyped. */
static void demand_memory(void)
{
	MUST(untyped, ABI_UNTYPED_RETYPE,
	     WORDS(ABI_OBJ_UNTYPED, WORLD_BITS, 0, 0, first_slot, 1),
	     CAPS(ABI_SLOT_CNODE));
	MUST(ABI_SLOT_CNODE, ABI_CNODE_REVOKE, WORDS(untyped, 64));
}

void world_end(void)
{
	uint64_t slot;

	MUST(ABI_SLOT_CNODE, ABI_CNODE_REVOKE, WORDS(untyped, 64));
	MUST(ABI_SLOT_CNODE, ABI_CNODE_REVOKE, WORDS(device, 64));
	for (slot = first_slot; slot < last_slot; slot++) {
		if (cap_tag_of(slot) == ABI_CAP_FRAME) /* of our image */
			MUST(ABI_SLOT_CNODE, ABI_CNODE_DELETE, WORDS(slot, 64));
		if (cap_tag_of(slot) != ABI_CAP_NULL)
			fail("revoking did not empty slot %\n", slot);
	}
	demand_memory();
}

/* The smallest untyped that is large enough, normal or device. */
static uint64_t find_untyped(unsigned int bits, bool is_device)
{
	uint64_t i, best = ~0ull, n = boot->untyped.end - boot->untyped.start;
	const struct abi_untyped_desc *list = boot->untyped_list;

	for (i = 0; i < n; i++) {
		if (list[i].is_device != is_device || list[i].size_bits < bits)
			continue;
		if (best == ~0ull || list[i].size_bits < list[best].size_bits)
			best = i;
	}
	if (best == ~0ull)
		fail("no untyped of % bits\n", bits);
	return boot->untyped.start + best;
}

void world_init(const struct abi_boot_info *info)
{
	uint64_t slot = info->empty.start;

	boot = info;
	buffer = (struct abi_ipc_buffer *)info->ipc_buffer;
	untyped = slot++;
	device = slot++;
	first_slot = slot + 8; /* main.c has some of its own */
	MUST(find_untyped(WORLD_BITS, false), ABI_UNTYPED_RETYPE,
	     WORDS(ABI_OBJ_UNTYPED, WORLD_BITS, 0, 0, untyped, 1),
	     CAPS(ABI_SLOT_CNODE));
	MUST(find_untyped(20, true), ABI_UNTYPED_RETYPE,
	     WORDS(ABI_OBJ_UNTYPED, 20, 0, 0, device, 1), CAPS(ABI_SLOT_CNODE));
}
