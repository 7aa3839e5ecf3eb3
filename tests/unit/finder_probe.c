/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * finder_probe.c - what registers say about themselves: virtio transports and
 * PrimeCells, those that are none, and those that nobody shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../finder/look.h"
#include "../../finder/probe.h"

#define PAGE 0x9000000ul

static uint32_t page[1024];

const volatile void *finder_look(uint64_t paddr)
{
	assert_int_equal(paddr % 4096, 0);
	return paddr == PAGE ? page : NULL;
}

static void put(uint32_t offset, const uint32_t *words, unsigned int count)
{
	memcpy((char *)page + offset, words, count * 4ul);
}

static int set_up(void **state)
{
	(void)state;
	memset(page, 0, sizeof(page));
	return 0;
}

static void transports(void **state)
{
	uint32_t words[] = { 0x74726976, 1, 2, 0x554d4551 };
	struct finder_virtio_id id;

	(void)state;
	assert_false(finder_probe_virtio(PAGE, &id));
	for (uint32_t version = 0; version < 4; version++) {
		words[1] = version;
		put(0x200, words, 4);
		assert_int_equal(finder_probe_virtio(PAGE + 0x200, &id),
				 version == 1 || version == 2);
	}
	assert_int_equal(id.device, 2);
	assert_int_equal(id.vendor, 0x554d4551);
	words[1] = 1;
	words[0]++;
	put(0x200, words, 4);
	assert_false(finder_probe_virtio(PAGE + 0x200, &id));
	words[0]--;
	put(0xff0, words, 4); /* the last one on a page */
	assert_true(finder_probe_virtio(PAGE + 0xff0, &id));
	assert_false(finder_probe_virtio(PAGE + 0xff4, &id));
	assert_false(finder_probe_virtio(PAGE + 0x1ff0, &id));
	memmove((char *)page + 0x202, words, 16);
	assert_false(finder_probe_virtio(PAGE + 0x202, &id));
}

/* PL011's: only the low byte of each register counts. */
static void primecells(void **state)
{
	uint32_t words[] = { 0x11,	 0x110,	     0x14,	 0x100,
			     0xabcdef0d, 0xffffffF0, 0x80000005, 0x1b1 };

	(void)state;
	assert_int_equal(finder_probe_primecell(PAGE), 0);
	words[1] = 0xdead10;
	put(0xfe0, words, 8);
	assert_int_equal(finder_probe_primecell(PAGE), 0x00141011);
	assert_int_equal(finder_probe_primecell(PAGE + 0x1000), 0);
	assert_int_equal(finder_probe_primecell(PAGE + 4), 0);
	words[7] = 0xb2;
	put(0xfe0, words, 8);
	assert_int_equal(finder_probe_primecell(PAGE), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(transports, set_up),
		cmocka_unit_test_setup(primecells, set_up),
	};

	return cmocka_run_group_tests_name("finder_probe", tests, NULL, NULL);
}
