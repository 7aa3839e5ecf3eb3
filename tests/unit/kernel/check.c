/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.c - find every occupied slot and every object of the world.
 *
 * Starts at the root CNode and the root thread and follows capabilities into
 * CNodes, TCBs and zombies, and the derivation list to both sides: a zombie in
 * a slot of its own object can be reached by the list alone.
 */
#include <core/check.h>
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

#define SLOTS_MAX (1u << 16)
#define HASH_SIZE (1u << 18)

struct cte *check_slots[SLOTS_MAX];
unsigned int check_n_slots;
struct check_object check_objects[SLOTS_MAX];
unsigned int check_n_objects;

/* Two hash tables; an entry of an older generation counts as free. */
static struct {
	uint64_t key;
	uint32_t generation;
	uint32_t index;
} slot_table[HASH_SIZE], object_table[HASH_SIZE];
static uint32_t generation;

static unsigned int hash(uint64_t key)
{
	return (key * 0x9e3779b97f4a7c15ull) >> 46 & (HASH_SIZE - 1);
}

/* Note a slot once; it is looked into later. */
static void visit(struct cte *slot)
{
	unsigned int i = hash((uint64_t)slot);

	if (!slot || cte_is_empty(slot))
		return;
	while (slot_table[i].generation == generation) {
		if (slot_table[i].key == (uint64_t)slot)
			return;
		i = (i + 1) & (HASH_SIZE - 1);
	}
	slot_table[i].generation = generation;
	slot_table[i].key = (uint64_t)slot;
	assert_true(check_n_slots < SLOTS_MAX);
	check_slots[check_n_slots++] = slot;
}

static uint64_t object_key(enum abi_cap_tag tag, uint64_t addr)
{
	return addr | (uint64_t)tag << 56;
}

/* What kind of object, and by which number it is known. */
static enum abi_cap_tag object_tag(struct cap cap)
{
	if (!cap_is(cap, ABI_CAP_ZOMBIE))
		return cap_tag(cap);
	return cap_aux(cap) == ZOMBIE_TCB ? ABI_CAP_THREAD : ABI_CAP_CNODE;
}

static unsigned int object_bits(struct cap cap)
{
	switch (cap_tag(cap)) {
	case ABI_CAP_FRAME:
		return frame_bits(cap);
	case ABI_CAP_CNODE:
		return cnode_radix(cap) + ABI_SLOT_BITS;
	case ABI_CAP_ZOMBIE:
		return cap_aux(cap) == ZOMBIE_TCB ?
			       ABI_TCB_BITS :
			       cap_aux(cap) + ABI_SLOT_BITS;
	case ABI_CAP_THREAD:
		return ABI_TCB_BITS;
	case ABI_CAP_ENDPOINT:
		return ABI_ENDPOINT_BITS;
	case ABI_CAP_NOTIFICATION:
		return ABI_NOTIFICATION_BITS;
	case ABI_CAP_PAGE_TABLE:
	case ABI_CAP_VSPACE:
	case ABI_CAP_ASID_POOL:
		return 12;
	default:
		return 0;
	}
}

static unsigned int table_place(uint64_t key)
{
	unsigned int i = hash(key);

	while (object_table[i].generation == generation &&
	       object_table[i].key != key)
		i = (i + 1) & (HASH_SIZE - 1);
	return i;
}

struct check_object *check_object_find(enum abi_cap_tag tag, const void *addr)
{
	unsigned int i = table_place(object_key(tag, (uint64_t)addr));

	if (object_table[i].generation != generation)
		return NULL;
	return &check_objects[object_table[i].index];
}

struct check_object *check_object_of(struct cap cap)
{
	return check_object_find(object_tag(cap), cap_ptr(cap));
}

static void note_object(struct cap cap)
{
	uint64_t key = object_key(object_tag(cap), cap_addr(cap));
	unsigned int i = table_place(key);
	struct check_object *object;

	if (object_bits(cap) == 0)
		return;
	if (object_table[i].generation != generation) {
		object_table[i].generation = generation;
		object_table[i].key = key;
		object_table[i].index = check_n_objects;
		check_objects[check_n_objects++] = (struct check_object){
			.addr = cap_addr(cap),
			.tag = object_tag(cap),
			.bits = object_bits(cap),
		};
	}
	object = &check_objects[object_table[i].index];
	assert_int_equal(object->bits, object_bits(cap));
	object->caps++;
	object->zombie |= cap_is(cap, ABI_CAP_ZOMBIE);
}

static void visit_slots(struct cap cap)
{
	struct cte *slots = cap_ptr(cap);
	uint64_t i, n = 0;

	if (object_tag(cap) == ABI_CAP_THREAD)
		n = TCB_SLOTS;
	else if (object_tag(cap) == ABI_CAP_CNODE)
		n = 1ull << (object_bits(cap) - ABI_SLOT_BITS);
	if (slots == world.slots)
		n = 0; /* done by check_collect() */
	for (i = 0; i < n; i++)
		visit(&slots[i]);
}

void check_collect(void)
{
	unsigned int i;
	struct cte *slot;

	generation++;
	check_n_slots = check_n_objects = 0;
	for (i = 0; i < world.scan; i++)
		visit(&world.slots[i]);
	for (i = 0; i < TCB_SLOTS; i++)
		visit(&world.root->slot[i]);
	for (i = 0; i < check_n_slots; i++) {
		slot = check_slots[i];
		visit(slot->prev);
		visit(cte_next(slot));
		visit_slots(slot->cap);
		note_object(slot->cap);
	}
}

void check_world(void)
{
	check_collect();
	check_tree();
	check_threads();
	check_mappings();
	check_kernel(); /* the kernel's own opinion must agree */
}
