/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_archive.c - the cpio reader: finding, truncation, noise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../broker/archive.h"
#include "broker_make.h"

static uint8_t archive[4096];
static size_t bytes;

static int set_up(void **state)
{
	(void)state;
	bytes = make_cpio(archive, 0, "manifest.txt", "hello", 5);
	bytes = make_cpio(archive, bytes, "empty", "", 0);
	bytes = make_cpio(archive, bytes, "shell.elf", "12345678", 8);
	bytes = make_cpio(archive, bytes, NULL, NULL, 0);
	return 0;
}

static void finds_members(void **state)
{
	struct broker_file file;

	(void)state;
	assert_int_equal(broker_archive_find(archive, bytes, "manifest.txt",
					     &file),
			 K_OK);
	assert_int_equal(file.bytes, 5);
	assert_memory_equal(file.data, "hello", 5);
	assert_int_equal(broker_archive_find(archive, bytes, "shell.elf",
					     &file),
			 K_OK);
	assert_memory_equal(file.data, "12345678", 8);
	assert_int_equal(broker_archive_find(archive, bytes, "empty", &file),
			 K_OK);
	assert_int_equal(file.bytes, 0);
	assert_int_equal(broker_archive_find(archive, bytes, "shell", &file),
			 K_ERR_NOTFOUND);
}

static void damage_is_an_error(void **state)
{
	struct broker_file file;

	(void)state;
	archive[1] = 'x';
	assert_int_equal(broker_archive_find(archive, bytes, "shell.elf",
					     &file),
			 K_ERR_FORMAT);
	set_up(NULL);
	memcpy(archive + 54, "ffffffff", 8);
	assert_int_equal(broker_archive_find(archive, bytes, "manifest.txt",
					     &file),
			 K_ERR_FORMAT);
	set_up(NULL);
	memcpy(archive + 94, "0000000g", 8);
	assert_int_equal(broker_archive_find(archive, bytes, "manifest.txt",
					     &file),
			 K_ERR_FORMAT);
}

static void walk(size_t length)
{
	uint8_t *copy = malloc(length ? length : 1);
	struct broker_file file;
	size_t offset = 0;

	memcpy(copy, archive, length);
	while (broker_archive_next(copy, length, &offset, &file) == K_OK) {
		assert_true(file.data + file.bytes <= copy + length);
		assert_true(strlen(file.name) < length);
	}
	free(copy);
}

static void survives_truncation_and_noise(void **state)
{
	(void)state;
	for (size_t length = 0; length <= bytes; length++)
		walk(length);
	srand(2);
	for (unsigned int round = 0; round < 20000; round++) {
		set_up(NULL);
		for (int n = 1 + rand() % 4; n > 0; n--)
			archive[(size_t)rand() % bytes] = (uint8_t)rand();
		walk(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(finds_members, set_up),
		cmocka_unit_test_setup(damage_is_an_error, set_up),
		cmocka_unit_test_setup(survives_truncation_and_noise, set_up),
	};

	return cmocka_run_group_tests_name("broker_archive", tests, NULL, NULL);
}
