/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_fake_map.c - page tables and mappings of the fake kernel.
 *
 * The list of mapped capabilities is the page table. Frames mapped in the
 * broker's own address space are mapped for real, at the same address.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>

#include "broker_fake_cap.h"

#define MAPS_MAX 40000

static struct fake_cap *maps[MAPS_MAX];
static unsigned int n_maps;
static int replaces; /* a mapping over another is meant */
static uint32_t device_words[FAKE_DEVICE_PAGES * 1024];

void fake_device_word(uint64_t paddr, uint32_t value)
{
	device_words[(paddr - FAKE_DEVICE_BASE) / 4] = value;
}

const void *fake_device_page(uint64_t page)
{
	uint64_t at = page - FAKE_DEVICE_BASE;

	return at < sizeof(device_words) ? &device_words[at / 4] : NULL;
}

static char journal[256];
static const char *last_done = "";

void fake_journal_clear(void)
{
	journal[0] = '\0';
	last_done = "";
}

const char *fake_journal(void)
{
	return journal;
}

void fake_journal_add(const char *what)
{
	size_t used = strlen(journal);

	if (used + strlen(what) + 2 > sizeof(journal) ||
	    strcmp(last_done, what) == 0)
		return;
	sprintf(journal + used, "%s%s", used ? " " : "", what);
	last_done = what;
}

void fake_map_replaces(void)
{
	replaces = 1;
}

static struct fake_cap *map_find(uint64_t vspace, uint64_t vaddr,
				 unsigned int tag, unsigned int bits)
{
	for (unsigned int i = 0; i < n_maps; i++) {
		if (maps[i]->vspace == vspace + 1 && maps[i]->tag == tag &&
		    maps[i]->vaddr >> bits == vaddr >> bits &&
		    (tag == ABI_CAP_FRAME || maps[i]->map_rights == bits))
			return maps[i];
	}
	return NULL;
}

static void map_add(struct fake_cap *cap, uint64_t vspace, uint64_t vaddr)
{
	assert_true(n_maps < MAPS_MAX);
	cap->vspace = vspace + 1;
	cap->vaddr = vaddr;
	maps[n_maps++] = cap;
}

static void map_own(const struct fake_cap *cap, uint64_t vaddr)
{
	void *at = (void *)vaddr;
	void *got;

	if (!cap->device) {
		got = mmap(at, 4096, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_FIXED, fake_ram_file(),
			   (off_t)(cap->object - FAKE_RAM_BASE));
		assert_ptr_equal(got, at);
		return;
	}
	got = mmap(at, 4096, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	assert_ptr_equal(got, at);
	if (cap->object - FAKE_DEVICE_BASE < sizeof(device_words))
		memcpy(at, &device_words[(cap->object - FAKE_DEVICE_BASE) / 4],
		       4096);
}

/* What the broker has written to registers in its window stays there. */
static void device_keep(const struct fake_cap *cap)
{
	uint64_t at = cap->object - FAKE_DEVICE_BASE;
	const void *seen = (const void *)cap->vaddr;

	if (!cap->device || at >= sizeof(device_words) ||
	    memcmp(&device_words[at / 4], seen, 4096) == 0)
		return;
	memcpy(&device_words[at / 4], seen, 4096);
	fake_journal_add("reset");
}

void fake_unmap(struct fake_cap *cap)
{
	if (cap->vspace == 0)
		return;
	for (unsigned int i = 0; i < n_maps; i++) {
		if (maps[i] == cap)
			maps[i--] = maps[--n_maps];
	}
	if (cap->vspace == 1 && cap->tag == ABI_CAP_FRAME) {
		device_keep(cap);
		munmap((void *)cap->vaddr, 4096);
	} else if (cap->tag == ABI_CAP_FRAME && !cap->device &&
		   strcmp(last_done, "revoke") != 0) {
		fake_journal_add("unmap"); /* and not by a revoke */
	}
	cap->vspace = 0;
}

void fake_vspace_gone(uint64_t object)
{
	for (unsigned int i = 0; i < n_maps; i++) {
		if (maps[i]->vspace == object + 1) {
			maps[i]->vspace = 0;
			maps[i--] = maps[--n_maps];
		}
	}
}

void fake_maps_reset(void)
{
	n_maps = 0;
	replaces = 0;
	fake_journal_clear();
	munmap((void *)0x20000000, 0x200000);
	memset(device_words, 0, sizeof(device_words));
}

static struct fake_cap *vspace_cap(glue_cptr vspace)
{
	struct fake_cap *cap = fake_root_cap(vspace);

	assert_int_equal(cap->tag, ABI_CAP_VSPACE);
	assert_true(cap->assigned);
	return cap;
}

/* The highest level without a table, as address bits; 0 if all are there. */
static unsigned int table_missing(uint64_t vspace, uint64_t vaddr)
{
	for (unsigned int bits = 39; bits >= 21; bits -= 9) {
		if (!map_find(vspace, vaddr, ABI_CAP_PAGE_TABLE, bits))
			return bits;
	}
	return 0;
}

enum abi_error glue_page_table_map(glue_cptr table, glue_cptr vspace,
				   uint64_t vaddr)
{
	struct fake_cap *cap = fake_root_cap(table);
	uint64_t object = vspace_cap(vspace)->object;
	unsigned int bits = table_missing(object, vaddr);

	assert_int_equal(cap->tag, ABI_CAP_PAGE_TABLE);
	assert_int_equal(cap->vspace, 0);
	if (fake_refuses())
		return ABI_NOT_ENOUGH_MEMORY;
	if (bits == 0)
		return ABI_DELETE_FIRST;
	cap->map_rights = bits;
	map_add(cap, object, vaddr);
	return ABI_OK;
}

enum abi_error glue_page_map(glue_cptr frame, glue_cptr vspace, uint64_t vaddr,
			     unsigned int rights, unsigned int attr)
{
	struct fake_cap *cap = fake_root_cap(frame);
	uint64_t object = vspace_cap(vspace)->object;
	unsigned int missing = table_missing(object, vaddr);

	assert_int_equal(cap->tag, ABI_CAP_FRAME);
	assert_int_equal(vaddr % 4096, 0);
	if (fake_refuses())
		return ABI_NOT_ENOUGH_MEMORY;
	if (cap->vspace != 0)
		return ABI_INVALID_CAPABILITY;
	if (missing)
		return fake_lookup_error(missing);
	if (map_find(object, vaddr, ABI_CAP_FRAME, 12)) {
		if (!replaces)
			fail_msg("0x%lx is mapped already",
				 (unsigned long)vaddr);
		fake_unmap(map_find(object, vaddr, ABI_CAP_FRAME, 12));
	}
	cap->map_rights = cap->rights & rights;
	if (!(attr & ABI_VM_EXECUTE_NEVER))
		cap->map_rights |= 0x100;
	if (!(attr & ABI_VM_CACHEABLE))
		cap->map_rights |= 0x200;
	map_add(cap, object, vaddr);
	if (vspace == ABI_SLOT_VSPACE)
		map_own(cap, vaddr);
	return ABI_OK;
}

enum abi_error glue_page_unmap(glue_cptr frame)
{
	fake_unmap(fake_root_cap(frame));
	return ABI_OK;
}

enum abi_error glue_page_unify_instruction(glue_cptr frame, uint64_t start,
					   uint64_t end)
{
	assert_true(start < end && end <= 4096);
	assert_int_not_equal(fake_root_cap(frame)->vspace, 0);
	return ABI_OK;
}

enum abi_error glue_asid_pool_assign(glue_cptr pool, glue_cptr vspace)
{
	assert_int_equal(pool, ABI_SLOT_ASID_POOL);
	if (fake_refuses())
		return ABI_NOT_ENOUGH_MEMORY;
	fake_root_cap(vspace)->assigned = 1;
	return ABI_OK;
}

void *fake_look(uint64_t vspace, uint64_t vaddr)
{
	struct fake_cap *cap = map_find(vspace_cap(vspace)->object, vaddr,
					ABI_CAP_FRAME, 12);

	if (!cap || cap->device)
		return NULL;
	return fake_ram(cap->object) + vaddr % 4096;
}

unsigned int fake_rights(uint64_t vspace, uint64_t vaddr)
{
	struct fake_cap *cap = map_find(vspace_cap(vspace)->object, vaddr,
					ABI_CAP_FRAME, 12);

	return cap ? cap->map_rights : 0;
}
