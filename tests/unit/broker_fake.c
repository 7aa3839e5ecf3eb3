/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_fake.c - capabilities, untypeds and objects of the fake kernel.
 *
 * All slots lie in one table: the root CNode first, then small CNodes, which
 * are found by the address of their object. Revoking an untyped deletes every
 * capability whose object lies inside of it, as abi.md section 16 says; copies
 * of other objects are told from the original by a mark.
 */
#define _GNU_SOURCE /* memfd_create */
#include "broker_fake.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "broker_fake_cap.h"

#define SLOT_UNTYPED_DEVICE (FAKE_FIRST_FREE - 2)
#define SLOT_UNTYPED_RAM    (FAKE_FIRST_FREE - 1)

static struct fake_cap slots[FAKE_SLOTS];
static struct abi_boot_info boot_info;
static unsigned int fail_at;
static unsigned int fail_call_at;
static uint64_t lookup_words[5];
static uint64_t ram_bytes;
static uint8_t *ram;
static int ram_file = -1;

int fake_ram_file(void)
{
	return ram_file;
}

struct fake_cap *fake_root_cap(uint64_t slot)
{
	assert_true(slot > 0 && slot < FAKE_ROOT_SLOTS);
	return &slots[slot];
}

struct fake_cap *fake_caps_begin(void)
{
	return slots;
}

static struct fake_cap *cap_at(struct glue_slot at)
{
	struct fake_cap *node;

	if (at.root == ABI_SLOT_CNODE) {
		assert_int_equal(at.depth, 64);
		return fake_root_cap(at.index);
	}
	node = fake_root_cap(at.root);
	assert_int_equal(node->tag, ABI_CAP_CNODE);
	assert_int_equal(at.depth, node->bits - ABI_SLOT_BITS);
	assert_true(at.depth <= 7 && at.index < 1u << at.depth);
	return &slots[node->node + at.index];
}

unsigned int fake_cap_tag(struct glue_slot slot)
{
	return cap_at(slot)->tag;
}

uint64_t fake_cap_badge(struct glue_slot slot)
{
	return cap_at(slot)->badge;
}

unsigned int fake_cap_rights(struct glue_slot slot)
{
	return cap_at(slot)->rights;
}

unsigned int fake_caps(void)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < FAKE_SLOTS; i++)
		count += slots[i].tag != ABI_CAP_NULL;
	return count;
}

static int is_last(const struct fake_cap *cap)
{
	for (unsigned int i = 0; i < FAKE_SLOTS; i++) {
		if (&slots[i] != cap && slots[i].tag == cap->tag &&
		    slots[i].object == cap->object)
			return 0;
	}
	return 1;
}

static void cap_delete(struct fake_cap *cap)
{
	struct fake_cap old = *cap;
	int last;

	if (cap->tag == ABI_CAP_NULL)
		return;
	last = (cap->tag == ABI_CAP_CNODE || cap->tag == ABI_CAP_VSPACE) &&
	       is_last(cap);
	fake_unmap(cap);
	*cap = (struct fake_cap){ .tag = ABI_CAP_NULL };
	if (old.tag == ABI_CAP_CNODE && last) {
		for (unsigned int i = 0; i < FAKE_NODE_SLOTS; i++)
			cap_delete(&slots[old.node + i]);
	}
	if (old.tag == ABI_CAP_VSPACE && last)
		fake_vspace_gone(old.object);
}

enum abi_error glue_cnode_delete(struct glue_slot slot)
{
	cap_delete(cap_at(slot));
	return ABI_OK;
}

static int is_inside(const struct fake_cap *cap, const struct fake_cap *parent)
{
	uint64_t bytes = (uint64_t)1 << parent->bits;

	if (cap->tag == ABI_CAP_NULL || cap == parent)
		return 0;
	if (parent->tag == ABI_CAP_UNTYPED)
		return cap->tag != ABI_CAP_IRQ_HANDLER &&
		       cap->object - parent->object < bytes &&
		       !(cap->tag == ABI_CAP_UNTYPED &&
			 cap->bits >= parent->bits);
	return cap->tag == parent->tag && cap->object == parent->object;
}

enum abi_error glue_cnode_revoke(struct glue_slot slot)
{
	struct fake_cap *parent = cap_at(slot);

	if (parent->tag == ABI_CAP_UNTYPED)
		fake_journal_add("revoke");
	for (unsigned int i = 0; i < FAKE_SLOTS; i++) {
		if (is_inside(&slots[i], parent))
			cap_delete(&slots[i]);
	}
	if (parent->tag == ABI_CAP_UNTYPED)
		parent->watermark = 0;
	return ABI_OK;
}

static int has_children(const struct fake_cap *untyped)
{
	for (unsigned int i = 0; i < FAKE_SLOTS; i++) {
		if (is_inside(&slots[i], untyped))
			return 1;
	}
	return 0;
}

int fake_refuses(void)
{
	return fail_call_at != 0 && --fail_call_at == 0;
}

enum abi_error glue_cnode_copy(struct glue_slot dst, struct glue_slot src,
			       unsigned int rights)
{
	struct fake_cap *to = cap_at(dst);
	const struct fake_cap *from = cap_at(src);

	if (fake_refuses())
		return ABI_NOT_ENOUGH_MEMORY;
	if (to->tag != ABI_CAP_NULL)
		return ABI_DELETE_FIRST;
	if (from->tag == ABI_CAP_NULL)
		return ABI_FAILED_LOOKUP;
	*to = *from;
	to->rights &= rights;
	to->vspace = 0;
	return ABI_OK;
}

enum abi_error glue_cnode_mint(struct glue_slot dst, struct glue_slot src,
			       unsigned int rights, uint64_t badge)
{
	enum abi_error err = glue_cnode_copy(dst, src, rights);

	if (err == ABI_OK && cap_at(src)->badge != 0)
		fail_msg("a badged capability was minted again");
	if (err == ABI_OK)
		cap_at(dst)->badge = badge;
	return err;
}

static const struct object_kind {
	unsigned int tag;
	unsigned int bits;
} kinds[] = {
	[ABI_OBJ_UNTYPED] = { ABI_CAP_UNTYPED, 0 },
	[ABI_OBJ_TCB] = { ABI_CAP_THREAD, ABI_TCB_BITS },
	[ABI_OBJ_ENDPOINT] = { ABI_CAP_ENDPOINT, ABI_ENDPOINT_BITS },
	[ABI_OBJ_NOTIFICATION] = { ABI_CAP_NOTIFICATION,
				   ABI_NOTIFICATION_BITS },
	[ABI_OBJ_CNODE] = { ABI_CAP_CNODE, ABI_SLOT_BITS },
	[ABI_OBJ_VSPACE] = { ABI_CAP_VSPACE, 12 },
	[ABI_OBJ_FRAME_SMALL] = { ABI_CAP_FRAME, 12 },
	[ABI_OBJ_PAGE_TABLE] = { ABI_CAP_PAGE_TABLE, 12 },
};

/* A place for the slots of a new small CNode. */
static unsigned int node_place(void)
{
	for (unsigned int i = 0; i < FAKE_NODES; i++) {
		unsigned int place = FAKE_ROOT_SLOTS + i * FAKE_NODE_SLOTS;
		unsigned int used = 0;

		for (unsigned int s = 0; s < FAKE_ROOT_SLOTS; s++)
			used |= slots[s].node == place;
		if (!used)
			return place;
	}
	fail_msg("too many CNodes");
	return 0;
}

static void make_object(struct fake_cap *cap, unsigned int tag,
			unsigned int bits, uint64_t paddr, int device)
{
	*cap = (struct fake_cap){ .tag = tag,
				  .bits = bits,
				  .object = paddr,
				  .device = device,
				  .rights = ABI_RIGHT_ALL };
	if (!device && tag != ABI_CAP_UNTYPED)
		memset(ram + (paddr - FAKE_RAM_BASE), 0, (size_t)1 << bits);
	if (tag == ABI_CAP_CNODE)
		cap->node = node_place();
}

enum abi_error glue_untyped_retype(glue_cptr untyped, enum abi_object_type type,
				   unsigned int size_bits,
				   struct glue_slot node, uint64_t offset,
				   unsigned int num)
{
	struct fake_cap *from = fake_root_cap(untyped);
	unsigned int bits = kinds[type].bits;
	uint64_t size, at;

	if ((fail_at != 0 && --fail_at == 0) || fake_refuses())
		return ABI_NOT_ENOUGH_MEMORY;
	if (type == ABI_OBJ_UNTYPED || type == ABI_OBJ_CNODE)
		bits += size_bits;
	size = (uint64_t)1 << bits;
	assert_int_equal(from->tag, ABI_CAP_UNTYPED);
	assert_int_equal(node.root, ABI_SLOT_CNODE);
	assert_true(num > 0 && num <= ABI_RETYPE_MAX);
	if (!has_children(from))
		from->watermark = 0;
	at = (from->watermark + size - 1) & ~(size - 1);
	if (at + size * num > (uint64_t)1 << from->bits)
		return ABI_NOT_ENOUGH_MEMORY;
	for (unsigned int i = 0; i < num; i++) {
		struct fake_cap *to = fake_root_cap(offset + i);

		assert_int_equal(to->tag, ABI_CAP_NULL);
		make_object(to, kinds[type].tag, bits,
			    from->object + at + i * size, from->device);
	}
	from->watermark = at + size * num;
	return ABI_OK;
}

unsigned int fake_fail_left(void)
{
	return fail_at + fail_call_at;
}

void fake_fail_call(unsigned int count)
{
	fail_call_at = count;
}

void fake_fail_retype(unsigned int count)
{
	fail_at = count;
}

enum abi_error fake_lookup_error(uint64_t bits)
{
	lookup_words[2] = bits;
	return ABI_FAILED_LOOKUP;
}

uint64_t glue_sys_error_word(unsigned int index)
{
	return lookup_words[index];
}

uint8_t *fake_ram(uint64_t paddr)
{
	assert_true(paddr - FAKE_RAM_BASE < ram_bytes);
	return ram + (paddr - FAKE_RAM_BASE);
}

static void boot_untyped(unsigned int slot, uint64_t paddr, unsigned int bits,
			 int device)
{
	struct abi_untyped_desc *desc =
		&boot_info.untyped_list[slot - SLOT_UNTYPED_DEVICE];

	desc->paddr = paddr;
	desc->size_bits = (uint8_t)bits;
	desc->is_device = (uint8_t)device;
	slots[slot] = (struct fake_cap){ .tag = ABI_CAP_UNTYPED,
					 .bits = bits,
					 .object = paddr,
					 .device = device };
}

static void map_ram(uint64_t bytes)
{
	if (ram)
		munmap(ram, ram_bytes);
	if (ram_file >= 0)
		close(ram_file);
	ram_file = memfd_create("fake-ram", 0);
	ram_bytes = bytes;
	assert_int_equal(ftruncate(ram_file, (off_t)bytes), 0);
	ram = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ram_file,
		   0);
	assert_ptr_not_equal(ram, MAP_FAILED);
}

void fake_reset(uint64_t bytes)
{
	memset(slots, 0, sizeof(slots));
	memset(&boot_info, 0, sizeof(boot_info));
	fake_maps_reset();
	fake_text_clear();
	fake_threads_reset();
	map_ram(bytes);
	fail_at = fail_call_at = 0;
	boot_info.untyped.start = SLOT_UNTYPED_DEVICE;
	boot_info.untyped.end = FAKE_FIRST_FREE;
	boot_info.empty.start = FAKE_FIRST_FREE;
	boot_info.empty.end = FAKE_ROOT_SLOTS;
	boot_untyped(SLOT_UNTYPED_DEVICE, 0, 28, 1);
	boot_untyped(SLOT_UNTYPED_RAM, FAKE_RAM_BASE,
		     (unsigned int)__builtin_ctzl(bytes), 0);
	slots[ABI_SLOT_VSPACE] = (struct fake_cap){ .tag = ABI_CAP_VSPACE,
						    .assigned = 1 };
	slots[ABI_SLOT_TCB].tag = ABI_CAP_THREAD;
	slots[ABI_SLOT_TCB].object = 1;
}

const struct abi_boot_info *fake_boot_info(void)
{
	return &boot_info;
}
