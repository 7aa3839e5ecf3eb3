/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_policy.c - what mk/archive.py has packed is read as the manifest says
 * it; damaged archives are refused; globs.
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
#define HEAD 24u /* bytes of the header; the first record follows */
#define RECORD(field)                                                          \
	(HEAD + (unsigned int)offsetof(struct broker_program, field))

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

/* With this field of the first record the archive is refused as a whole. */
static void refused_with(unsigned int at, uint64_t value, size_t width)
{
	restore(NULL);
	memcpy((char *)archive + at, &value, width);
	assert_int_equal(broker_policy_read(archive, bytes), 0);
	assert_null(broker_policy_find("vblk"));
	assert_int_equal(broker_policy_count(), 0);
}

static void damaged_headers_are_refused(void **state)
{
	(void)state;
	refused_with(0, 0x4c61614a, 4);
	refused_with(4, 0, 4);
	refused_with(4, BROKER_PROGRAMS_MAX + 1, 4);
	refused_with(4, 10, 4);
	refused_with(8, bytes + 1, 8);
	refused_with(8, bytes - 1, 8);
	refused_with(16, bytes + 1, 8);
	refused_with(16, HEAD + sizeof(struct broker_program), 8);
	refused_with(16, RECORD(name) + 2 * sizeof(struct broker_program) + 2,
		     8);
	restore(NULL);
	for (size_t length = 0; length < bytes; length++)
		assert_int_equal(broker_policy_read(archive, length), 0);
}

static void records_that_could_harm_are_refused(void **state)
{
	(void)state;
	refused_with(RECORD(name), bytes, 8);
	refused_with(RECORD(match), ~0ul, 8);
	refused_with(RECORD(device), bytes, 8);
	refused_with(RECORD(args), bytes, 8);
	refused_with(RECORD(class), 99, 8);
	refused_with(RECORD(stack_bytes), 0, 8);
	refused_with(RECORD(stack_bytes), 253 * 1024, 8);
	refused_with(RECORD(dma_bytes), (64ul << 20) + 4096, 8);
	refused_with(RECORD(dma_bytes), 100, 8);
	refused_with(RECORD(lend_bytes), GLUE_LENT_SPAN + 1, 8);
	refused_with(RECORD(meta_bytes), 65, 4);
	refused_with(RECORD(priority), 255, 4);
	refused_with(RECORD(channels), GLUE_CHANS_MAX + 1, 4);
}

static void wrong_segments_are_refused(void **state)
{
	(void)state;
	refused_with(RECORD(n_segments), 0, 4);
	refused_with(RECORD(n_segments), BROKER_SEGMENTS_MAX + 1, 4);
	refused_with(RECORD(segment[0].vaddr), GLUE_IMAGE_VADDR - 1, 8);
	refused_with(RECORD(segment[1].vaddr), 0xffffffffffff0000, 8);
	refused_with(RECORD(segment[1].vaddr), GLUE_IMAGE_END + 1, 8);
	refused_with(RECORD(segment[1].mem_bytes), ~0ul, 8);
	refused_with(RECORD(segment[1].vaddr), 0x401200, 8); /* one page */
	refused_with(RECORD(segment[1].file_bytes), 0x3001, 8);
	refused_with(RECORD(segment[1].data), bytes + 1, 8);
	refused_with(RECORD(segment[1].data), bytes - 0x1f, 8);
	refused_with(RECORD(segment[0].writable), 1, 4);
}

/* Whatever noise hits the records, what is read lies in the archive. */
static void noise_stays_inside(void **state)
{
	unsigned int read = 0;

	(void)state;
	srand(3);
	for (unsigned int round = 0; round < 20000; round++) {
		restore(NULL);
		for (int n = 1 + rand() % 3; n > 0; n--)
			((char *)archive)[rand() % 1000] = (char)rand();
		for (unsigned int i = broker_policy_read(archive, bytes);
		     i-- > 0;) {
			const struct broker_program *p = broker_policy_program(
				i);
			const struct broker_segment *s =
				&p->segment[p->n_segments - 1];

			read++;
			assert_in_range(s->data + s->file_bytes -
						(const uint8_t *)archive,
					0, bytes);
			assert_true(strlen(p->name) + strlen(p->args) < bytes);
		}
	}
	assert_true(read > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(reads_every_key, restore),
		cmocka_unit_test_setup(reads_the_segments, restore),
		cmocka_unit_test(damaged_headers_are_refused),
		cmocka_unit_test(records_that_could_harm_are_refused),
		cmocka_unit_test(wrong_segments_are_refused),
		cmocka_unit_test(noise_stays_inside),
	};

	return cmocka_run_group_tests_name("broker_policy", tests, set_up,
					   NULL);
}
