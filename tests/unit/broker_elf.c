/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_elf.c - the ELF reader: good files, each kind of bad one, noise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../broker/elf.h"
#include "broker_make.h"

static uint8_t image[65536];
static struct broker_file shared;
static const uint8_t *began; /* where the file lay that was read last */
static size_t bytes;

static int set_up(void **state)
{
	(void)state;
	bytes = make_simple_elf(image);
	shared = (struct broker_file){ 0 };
	return 0;
}

/* Read from an allocation of the exact size, so that ASan sees overruns. */
static enum k_err read_copy(size_t length, struct broker_elf *elf,
			    const char **why)
{
	uint8_t *copy = malloc(length ? length : 1);
	const struct broker_file file = { "", copy, length };
	enum k_err err;

	memcpy(copy, image, length);
	err = broker_elf_read(&file, &shared, elf, why);
	began = copy;
	free(copy);
	return err;
}

static void expect_refused(const char *words)
{
	struct broker_elf elf;
	const char *why;

	assert_int_equal(read_copy(bytes, &elf, &why), K_ERR_FORMAT);
	if (!strstr(why, words))
		fail_msg("\"%s\" does not say \"%s\"", why, words);
}

static void reads_a_good_file(void **state)
{
	struct broker_elf elf;
	const char *why;

	(void)state;
	assert_int_equal(read_copy(bytes, &elf, &why), K_OK);
	assert_string_equal(why, "");
	assert_int_equal(elf.entry, 0x400000);
	assert_int_equal(elf.n_segments, 2);
	assert_true(elf.segment[0].executable && !elf.segment[0].writable);
	assert_true(!elf.segment[1].executable && elf.segment[1].writable);
	assert_int_equal(elf.segment[1].mem_bytes, 0x3000);
	assert_int_equal(broker_segment_page(&elf.segment[1]), 0x402000);
	assert_int_equal(broker_segment_pages(&elf.segment[0]), 2);
	assert_int_equal(broker_segment_pages(&elf.segment[1]), 4);
}

static void refuses_every_truncation(void **state)
{
	struct broker_elf elf;
	const char *why;

	(void)state;
	for (size_t length = 0; length < bytes; length++)
		assert_int_equal(read_copy(length, &elf, &why), K_ERR_FORMAT);
}

static void refuses_wrong_headers(void **state)
{
	(void)state;
	image[1] = 'e';
	expect_refused("magic");
	set_up(NULL);
	image[4] = 1;
	expect_refused("64-bit");
	set_up(NULL);
	make_put(image + 18, 62, 2);
	expect_refused("AArch64");
	set_up(NULL);
	make_put(image + 16, 3, 2);
	expect_refused("static executable");
	set_up(NULL);
	make_put(image + 54, 32, 2);
	expect_refused("unknown size");
	set_up(NULL);
	make_put(image + 56, 0, 2);
	expect_refused("no program header");
	set_up(NULL);
	make_put(image + 32, ~0ul - 8, 8);
	expect_refused("pass the end");
}

/* Its bytes are not in the program's file but in another one of that length. */
static void a_segment_may_be_shared(void **state)
{
	static const uint8_t other[0x40000];
	struct broker_elf elf;
	const char *why;

	(void)state;
	make_put(image + MAKE_PH(0), 0x6b61614c, 4);
	make_put(image + MAKE_PH_OFFSET(0), 0x20000, 8);
	expect_refused("passes the end of the file");
	shared = (struct broker_file){ "shared", other, sizeof(other) };
	assert_int_equal(read_copy(bytes, &elf, &why), K_OK);
	assert_int_equal(elf.n_segments, 2);
	assert_ptr_equal(elf.segment[0].data, other + 0x20000);
	assert_true(elf.segment[0].executable);
	assert_in_range(elf.segment[1].data - began, 0, bytes);
	make_put(image + MAKE_PH_OFFSET(0), 0x40000, 8);
	expect_refused("passes the end of the file");
	make_put(image + MAKE_PH_OFFSET(0), 0, 8);
	make_put(image + MAKE_PH_FLAGS(0), MAKE_R | MAKE_W, 4);
	expect_refused("shared and writable");
}

static void refuses_wrong_segments(void **state)
{
	(void)state;
	make_put(image + MAKE_PH_OFFSET(1), ~0ul - 4, 8);
	expect_refused("passes the end of the file");
	set_up(NULL);
	make_put(image + MAKE_PH_FILE(1), 0x4000, 8);
	expect_refused("larger in the file");
	set_up(NULL);
	make_put(image + MAKE_PH_VADDR(0), 0x300000, 8);
	expect_refused("outside of the image area");
	set_up(NULL);
	make_put(image + MAKE_PH_VADDR(1), 0xffffffffffff0000ul, 8);
	expect_refused("outside of the image area");
	set_up(NULL);
	make_put(image + MAKE_PH_MEM(1), ~0ul, 8);
	expect_refused("outside of the image area");
	set_up(NULL);
	make_put(image + MAKE_PH_FLAGS(0), MAKE_R | MAKE_W | MAKE_X, 4);
	expect_refused("writable and executable");
	set_up(NULL);
	make_put(image + MAKE_PH_VADDR(1), 0x401200, 8);
	expect_refused("share a page");
	set_up(NULL);
	make_put(image + MAKE_PH(1), 3, 4);
	expect_refused("dynamic linker");
}

static void refuses_wrong_entries(void **state)
{
	(void)state;
	make_put(image + 24, 0x402010, 8);
	expect_refused("entry point");
	make_put(image + 24, 0x400002, 8);
	expect_refused("entry point");
	make_put(image + 24, 0x401100, 8);
	expect_refused("entry point");
	make_put(image + 56, 1, 2);
	make_put(image + MAKE_PH(0), 4, 4);
	expect_refused("nothing to load");
}

static void refuses_many_segments(void **state)
{
	struct make_segment segment[9];

	(void)state;
	for (unsigned int i = 0; i < 9; i++)
		segment[i] =
			(struct make_segment){ MAKE_R | (i == 0 ? MAKE_X : 0),
					       0x400000 + i * 0x1000, 16, 16 };
	bytes = make_elf(image, 0x400000, 9, segment);
	expect_refused("more than 8");
}

/* Whatever noise hits the headers, reading stays inside of the file. */
static void survives_noise(void **state)
{
	struct broker_elf elf;
	const char *why;

	(void)state;
	srand(1);
	for (unsigned int round = 0; round < 20000; round++) {
		set_up(NULL);
		for (int n = 1 + rand() % 4; n > 0; n--)
			image[rand() % 176] = (uint8_t)rand();
		if (read_copy(bytes, &elf, &why) != K_OK)
			continue;
		for (uint32_t i = 0; i < elf.n_segments; i++) {
			assert_in_range(elf.segment[i].data +
						elf.segment[i].file_bytes -
						began,
					0, bytes);
			assert_true(broker_segment_pages(&elf.segment[i]) <
				    0x10000);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(reads_a_good_file, set_up),
		cmocka_unit_test_setup(refuses_every_truncation, set_up),
		cmocka_unit_test_setup(refuses_wrong_headers, set_up),
		cmocka_unit_test_setup(a_segment_may_be_shared, set_up),
		cmocka_unit_test_setup(refuses_wrong_segments, set_up),
		cmocka_unit_test_setup(refuses_wrong_entries, set_up),
		cmocka_unit_test_setup(refuses_many_segments, set_up),
		cmocka_unit_test_setup(survives_noise, set_up),
	};

	return cmocka_run_group_tests_name("broker_elf", tests, NULL, NULL);
}
