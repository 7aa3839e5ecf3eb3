/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_boot_elf.c - checks of the root task's ELF file, and its plan.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <abi/bootinfo.h>
#include <abi/object.h>
#include <boot/elf64.h>
#include <boot/root_elf.h>
#include <boot/root_plan.h>

#define FILE_BYTES 0x4000u
#define TEXT	   0x400000ull

struct file {
	struct elf64_header header;
	struct elf64_segment segment[3];
	uint8_t rest[FILE_BYTES - 64 - 3 * 56];
};

static struct file file;
static struct root_elf elf;
static struct complaint c;

/* Text of 0x1800 bytes, data that begins in its last page, and bss. */
static int good_file(void **state)
{
	(void)state;
	memset(&file, 0, sizeof(file));
	memcpy(file.header.ident, "\177ELF\2\1\1", 7);
	file.header.type = ELF_TYPE_EXEC;
	file.header.machine = ELF_MACHINE_AARCH64;
	file.header.entry = TEXT + 0x100;
	file.header.phoff = sizeof(file.header);
	file.header.phentsize = sizeof(file.segment[0]);
	file.header.phnum = 3;
	file.segment[0] = (struct elf64_segment){
		.type = ELF_SEGMENT_LOAD,
		.flags = ROOT_READ | ROOT_EXECUTE,
		.vaddr = TEXT,
		.filesz = 0x1800,
		.memsz = 0x1800,
	};
	file.segment[1] = (struct elf64_segment){
		.type = ELF_SEGMENT_LOAD,
		.flags = ROOT_READ | ROOT_WRITE,
		.offset = 0x1800,
		.vaddr = TEXT + 0x1800,
		.filesz = 0x1000,
		.memsz = 0x2000,
	};
	file.segment[2] = (struct elf64_segment){
		.type = ELF_SEGMENT_LOAD,
		.flags = ROOT_READ,
		.offset = 0x3000,
		.vaddr = TEXT + 0x10000,
		.filesz = 0x800,
		.memsz = 0x800,
	};
	return 0;
}

static bool read_file(uint64_t bytes)
{
	char *copy = malloc(bytes ? bytes : 1);
	bool good;

	memcpy(copy, &file, bytes);
	good = root_elf_read(copy, bytes, &elf, &c);
	free(copy);
	return good;
}

static void refused(const char *word)
{
	assert_false(read_file(sizeof(file)));
	assert_non_null(strstr(c.what, word));
}

static void test_good(void **state)
{
	(void)state;
	assert_true(read_file(sizeof(file)));
	assert_int_equal(elf.start, TEXT);
	assert_int_equal(elf.end, TEXT + 0x11000);
	assert_int_equal(elf.count, 3);
	assert_int_equal(root_elf_page_flags(&elf, TEXT), 5);
	assert_int_equal(root_elf_page_flags(&elf, TEXT + 0x1000), 7);
	assert_int_equal(root_elf_page_flags(&elf, TEXT + 0x2000), 6);
	assert_int_equal(root_elf_page_flags(&elf, TEXT + 0x5000), 6);
	assert_int_equal(root_elf_page_flags(&elf, TEXT + 0x10000), 4);
	assert_true(root_elf_page_filled(&elf, TEXT));
	assert_false(root_elf_page_filled(&elf, TEXT + 0x1000));
	assert_false(root_elf_page_filled(&elf, TEXT + 0x10000));
}

/* Cut anywhere: never accepted, never read beyond the end. */
static void test_every_truncation(void **state)
{
	uint64_t bytes;

	(void)state;
	for (bytes = 0; bytes < 0x3800; bytes++)
		assert_false(read_file(bytes));
	assert_true(read_file(0x3800));
}

static void test_wrong_headers(void **state)
{
	good_file(state);
	file.header.ident[0] = 'X';
	refused("not an ELF file");
	good_file(state);
	file.header.ident[ELF_CLASS] = 1;
	refused("another machine");
	good_file(state);
	file.header.machine = 62;
	refused("another machine");
	good_file(state);
	file.header.type = 3;
	refused("statically linked");
	good_file(state);
	file.header.phnum = 0;
	refused("program headers");
	good_file(state);
	file.header.phentsize = 32;
	refused("program headers");
	good_file(state);
	file.header.phoff = ~0ull;
	refused("cut off");
}

static void test_wrong_segments(void **state)
{
	good_file(state);
	file.segment[0].filesz = 0x1801;
	refused("larger in the file");
	good_file(state);
	file.segment[0].offset = ~0ull - 0x10;
	refused("ends behind");
	good_file(state);
	file.segment[0].vaddr = ABI_USER_TOP - 0x1000;
	refused("outside of user space");
	good_file(state);
	file.segment[1].vaddr = 0xffffff8000000000;
	refused("outside of user space");
	good_file(state);
	file.segment[1].memsz = ~0ull;
	refused("outside of user space");
	good_file(state);
	file.segment[0].type = file.segment[1].type = 0;
	file.segment[2].type = 0;
	refused("nothing to load");
}

static void test_wrong_entry(void **state)
{
	good_file(state);
	file.header.entry = TEXT + 0x2000;
	refused("entry point");
	good_file(state);
	file.header.entry = 0;
	refused("entry point");
	good_file(state);
	file.header.entry = TEXT + 2;
	refused("entry point");
}

/* One random byte changed: any answer is right, but no wrong access. */
static void test_random_bytes(void **state)
{
	unsigned int round, at;

	srand(3);
	for (round = 0; round < 20000; round++) {
		good_file(state);
		at = (unsigned int)rand() % (64 + 3 * 56);
		((uint8_t *)&file)[at] = (uint8_t)rand();
		if (read_file(sizeof(file)))
			assert_true(elf.end > elf.start);
	}
}

static void test_plan(void **state)
{
	struct root_plan plan;

	good_file(state);
	assert_true(read_file(sizeof(file)));
	root_plan_count(&plan, &elf, 4097, 13);
	assert_int_equal(plan.image_pages, 0x11);
	assert_int_equal(plan.extra_pages, 2);
	assert_int_equal(plan.ipc_vaddr, TEXT + 0x11000);
	assert_int_equal(plan.info_vaddr, TEXT + 0x12000);
	assert_int_equal(plan.extra_vaddr, TEXT + 0x13000);
	assert_int_equal(plan.tables[1], 1);
	assert_int_equal(plan.tables[2], 1);
	assert_int_equal(plan.tables[3], 1);
	assert_int_equal(plan.cnode_bits, 13);
	root_plan_place(&plan, 0x40000000);
	assert_int_equal(plan.cnode, 0x40000000);
	assert_int_equal(plan.vspace, 0x40040000);
	assert_int_equal(plan.tcb + 2048 - plan.cnode, plan.bytes);
	assert_int_equal(root_plan_table(&plan, 3, TEXT + 0x11000),
			 plan.table[3]);
}

/* 64 MiB over a table border: the CNode grows, tables follow the address. */
static void test_plan_large(void **state)
{
	struct root_plan plan;

	(void)state;
	elf = (struct root_elf){
		.start = 0x3fff0000,
		.end = 0x3fff0000 + (64u << 20),
	};
	root_plan_count(&plan, &elf, 100, 13);
	root_plan_place(&plan, 0x50000000);
	assert_int_equal(plan.tables[3], 33);
	assert_int_equal(plan.tables[2], 2);
	assert_int_equal(plan.tables[1], 1);
	assert_int_equal(plan.cnode_bits, 16);
	assert_true(plan.slots + ABI_BOOT_UNTYPEDS_MAX < 1u << 15);
	assert_int_equal(root_plan_table(&plan, 3, 0x40000000),
			 plan.table[3] + 4096);
	assert_int_equal(root_plan_table(&plan, 2, 0x40000000),
			 plan.table[2] + 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_good, good_file),
		cmocka_unit_test_setup(test_every_truncation, good_file),
		cmocka_unit_test(test_wrong_headers),
		cmocka_unit_test(test_wrong_segments),
		cmocka_unit_test(test_wrong_entry),
		cmocka_unit_test(test_random_bytes),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_plan_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
