/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_policy.c - what mk/archive.py has packed is read as the manifest says
 * it; damaged archives are refused.
 *
 * Wrong manifests and programs never get as far: tests/unit/archive_test.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glue/env.h>

#include "../../broker/policy.h"
#include "broker_make.h"

#define VBLK "vblk elf=a.elf kind=dde start=device class=block "
#define HEAD 32u /* bytes of the header; the first record follows */

static uint64_t made[8192], archive[8192];
static size_t bytes;

/* Every key, in two lines. */
static int set_up(void **state)
{
	(void)state;
	bytes = make_archive(
		"# comment\n\n" VBLK
		"match=virtio:d00000002v*,of:* stack_kib=32 "
		"dma_kib=383 meta_bytes=64 stall_ms=250 # tail\n"
		"shell\telf=a.elf kind=app start=boot class=none connect=block "
		"allow=list,poweroff,trace lend_kib=128 args=a,b=1,,2 priority=7 "
		"optional_device=1 needs=net,block channels=3 device=/x:y share=1 "
		"absent=wait sums_kib=9",
		made, sizeof(made));
	return 0;
}

static int restore(void **state)
{
	(void)state;
	memcpy(archive, made, sizeof(archive));
	return 0;
}

static void reads_every_key(void **state)
{
	const struct broker_program *p;

	(void)state;
	assert_int_equal(broker_policy_read(archive, bytes), 2);
	p = broker_policy_find("vblk");
	assert_non_null(p);
	assert_string_equal(p->match, "virtio:d00000002v* of:*");
	assert_int_equal(p->kind, GLUE_KIND_DDE);
	assert_int_equal(p->start, BROKER_START_DEVICE);
	assert_int_equal(p->class->id, GLUE_CLASS_BLOCK);
	assert_int_equal(p->stack_bytes, 32768);
	assert_int_equal(p->dma_bytes, 384 * 1024);
	assert_int_equal(p->meta_bytes, 64);
	assert_int_equal(p->stall_ms, 250);
	assert_int_equal(p->priority, 200);
	assert_int_equal(p->channels, 4);
	assert_int_equal(p->sums_bytes, 0);
	assert_int_equal(p->absent_waits | p->share | p->optional_device, 0);
	p = broker_policy_find("shell");
	assert_null(p->class);
	assert_int_equal(p->connect, 1u << GLUE_CLASS_BLOCK);
	assert_int_equal(p->needs,
			 1u << GLUE_CLASS_NET | 1u << GLUE_CLASS_BLOCK);
	assert_int_equal(p->allow, BROKER_ALLOW_LIST | BROKER_ALLOW_POWEROFF |
					   BROKER_ALLOW_TRACE);
	assert_string_equal(p->args, "a b=1,2");
	assert_string_equal(p->device, "/x:y");
	assert_int_equal(p->start, BROKER_START_BOOT);
	assert_int_equal(p->priority, 7);
	assert_int_equal(p->channels, 3);
	assert_int_equal(p->lend_bytes, 128 * 1024);
	assert_int_equal(p->optional_device, 1);
	assert_int_equal(p->share, 1);
	assert_int_equal(p->absent_waits, 1);
	assert_int_equal(p->stall_ms, 1000);
	assert_int_equal(p->sums_bytes, 9 * 1024);
	assert_null(broker_policy_find("other"));
	assert_null(broker_policy_program(2));
}

static void reads_the_segments(void **state)
{
	const struct broker_program *p;
	const struct broker_segment *s;

	(void)state;
	broker_policy_read(archive, bytes);
	p = broker_policy_find("vblk");
	s = p->segment;
	assert_int_equal(p->entry, 0x400000);
	assert_int_equal(p->n_segments, 2);
	assert_true(s[0].executable && !s[0].writable);
	assert_true(!s[1].executable && s[1].writable);
	assert_int_equal(s[0].data[0], 0x41);
	assert_int_equal(s[1].data[0], 0x42);
	assert_int_equal(s[1].file_bytes, 0x20);
	assert_int_equal(s[1].mem_bytes, 0x3000);
	assert_int_equal(broker_segment_page(&s[1]), 0x402000);
	assert_int_equal(broker_segment_end(&s[0]), 0x402000);
	assert_int_equal(broker_segment_end(&s[1]), 0x406000);
	/* Memory for sums lies behind a gap, and is not in the archive. */
	s = broker_policy_find("shell")->segment;
	assert_int_equal(broker_policy_find("shell")->n_segments, 3);
	assert_int_equal(s[2].vaddr, 0x407000);
	assert_int_equal(s[2].mem_bytes, 9 * 1024);
	assert_int_equal(s[2].file_bytes, 0);
	assert_true(s[2].writable && !s[2].executable);
	s = p->segment;
	/* Both lines have the same program, which is there once. */
	assert_ptr_equal(s[0].data, broker_policy_find("shell")->segment->data);
	assert_int_equal((s[0].data - (const uint8_t *)archive) % 4096, 0);
}

static void is_refused(size_t length)
{
	assert_int_equal(broker_policy_read(archive, length), 0);
	assert_null(broker_policy_find("vblk"));
	assert_int_equal(broker_policy_count(), 0);
}

static void cut_archives_are_refused(void **state)
{
	(void)state;
	for (size_t length = 0; length < bytes; length++)
		is_refused(length);
	archive[3] = bytes + 1; /* where the texts end */
	is_refused(bytes);
	archive[3] = ~0ul;
	is_refused(bytes);
}

/* In the header, the records and their texts: what a program may. */
static void any_changed_bit_is_refused(void **state)
{
	size_t end = (size_t)archive[3];

	(void)state;
	assert_in_range(end, HEAD + 2 * sizeof(struct broker_program), bytes);
	for (size_t bit = 0; bit < 8 * end; bit++) {
		archive[bit / 64] ^= 1ul << bit % 64;
		is_refused(bytes);
		archive[bit / 64] ^= 1ul << bit % 64;
	}
	assert_int_equal(broker_policy_read(archive, bytes), 2);
}

static void noise_is_refused(void **state)
{
	size_t end = (size_t)made[3];

	(void)state;
	srand(3);
	for (unsigned int round = 0; round < 20000; round++) {
		restore(NULL);
		for (int n = 1 + rand() % 3; n > 0; n--)
			((char *)archive)[(size_t)rand() % end] +=
				(char)(1 + n * 70);
		is_refused(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(reads_every_key, restore),
		cmocka_unit_test_setup(reads_the_segments, restore),
		cmocka_unit_test_setup(cut_archives_are_refused, restore),
		cmocka_unit_test_setup(any_changed_bit_is_refused, restore),
		cmocka_unit_test(noise_is_refused),
	};

	return cmocka_run_group_tests_name("broker_policy", tests, set_up,
					   NULL);
}
