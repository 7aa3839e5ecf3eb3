/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_counters.c - counters: names, the same name twice, a full page.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <glue/counters.h>
#include <glue/env.h>
#include <glue/trace.h>
#include "fake/process.h"

static struct glue_counter_page *page;

static int start(void **state)
{
	(void)state;
	fake_process_start();
	page = (struct glue_counter_page *)GLUE_COUNTERS_VADDR;
	return 0;
}

static void test_name_and_value(void **state)
{
	uint64_t *drops = glue_counter_add(GLUE_COUNTER_EVENT, "rx dropped");
	uint64_t *peak = glue_counter_add(GLUE_COUNTER_GAUGE, "pages");

	(void)state;
	*drops += 3;
	*peak = 17;
	assert_string_equal(page->counter[0].name, "rx dropped");
	assert_int_equal(page->counter[0].kind, GLUE_COUNTER_EVENT);
	assert_int_equal(page->counter[0].value, 3);
	assert_int_equal(page->counter[1].value, 17);
	assert_int_equal(page->counter[2].kind, GLUE_COUNTER_NONE);
}

static void test_same_name_same_place(void **state)
{
	uint64_t *first = glue_counter_add(GLUE_COUNTER_STUB, "foo");

	(void)state;
	assert_ptr_equal(glue_counter_add(GLUE_COUNTER_STUB, "foo"), first);
	assert_ptr_not_equal(glue_counter_add(GLUE_COUNTER_STUB, "foo2"),
			     first);
	assert_ptr_not_equal(glue_counter_add(GLUE_COUNTER_EVENT, "foo"),
			     first);
}

static void test_long_name_is_cut(void **state)
{
	char name[200];

	(void)state;
	memset(name, 'x', sizeof(name));
	name[199] = 0;
	glue_counter_add(GLUE_COUNTER_EVENT, name);
	assert_int_equal(strlen(page->counter[0].name), 51);
}

static void test_full_page(void **state)
{
	char name[20];
	unsigned int i;

	(void)state;
	for (i = 0; i < GLUE_COUNTERS_MAX + 2; i++) {
		snprintf(name, sizeof(name), "counter %u", i);
		++*glue_counter_add(GLUE_COUNTER_EVENT, name);
	}
	assert_int_equal(page->lost, 2);
	assert_int_equal(page->counter[GLUE_COUNTERS_MAX - 1].value, 1);
}

/* Its value stays, and nobody else's; the ring is for who is traced. */
static void test_points_are_kept(void **state)
{
	struct glue_counter_page *page = (void *)GLUE_COUNTERS_VADDR;
	const struct glue_trace_page *ring = (void *)GLUE_TRACE_VADDR;

	(void)state;
	glue_trace_begin(page);
	glue_trace_keep(GLUE_TRACE_SERVICE_TAKE, 7);
	glue_trace_keep(GLUE_TRACE_SERVICE_TAKE, 8);
	assert_int_equal(page->last[GLUE_TRACE_SERVICE_TAKE], 8);
	assert_int_equal(page->last[GLUE_TRACE_SERVICE_COMPLETE],
			 GLUE_TRACE_NEVER);
	assert_int_equal(ring->next, 0);
	fake_env()->tracing = 1;
	glue_trace_keep(GLUE_TRACE_SERVICE_COMPLETE, 9);
	assert_int_equal(page->last[GLUE_TRACE_SERVICE_COMPLETE], 9);
	assert_int_equal(ring->next, 1);
	assert_int_equal(ring->entry[0].value, 9);
}

#define TEST(f) cmocka_unit_test_setup(f, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_name_and_value),   TEST(test_same_name_same_place),
		TEST(test_long_name_is_cut), TEST(test_full_page),
		TEST(test_points_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
