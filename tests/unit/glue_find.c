/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_find.c - finding services, processes and counters; names of processes.
 *
 * The broker's lists are played here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glue/broker_client.h>
#include <glue/find.h>

static const struct glue_service_info services[] = {
	{ .name = "blk0", .pid = 7, .state = GLUE_PROC_READY },
	{ .name = "blk1", .pid = 9, .state = GLUE_PROC_ENDED },
	{ .name = "blk0", .pid = 5, .state = GLUE_PROC_ENDED },
};
static const struct glue_process_info processes[] = {
	{ .name = "broker", .pid = 0 },
	{ .name = "virtio_blk", .service = "blk0", .pid = 9 },
	{ .name = "shell", .pid = 8 },
	{ .name = "ended", .service = "blk0", .pid = 6 },
};
static const struct glue_counter counters[] = {
	{ .name = "blk.reads", .value = 3 },
	{ .name = "blk", .value = 4 },
	{ .name = "none", .value = 0 },
};
static enum k_err list_end; /* what each list ends with */

#define ENTRY(list, index, out)                                                \
	((index) < sizeof(list) / sizeof((list)[0]) ?                          \
		 (*(out) = (list)[index], K_OK) :                              \
		 list_end)

enum k_err glue_broker_service(unsigned int index,
			       struct glue_service_info *info)
{
	return ENTRY(services, index, info);
}

enum k_err glue_broker_process(unsigned int index,
			       struct glue_process_info *info)
{
	return ENTRY(processes, index, info);
}

enum k_err glue_broker_counter(uint32_t pid, unsigned int index,
			       struct glue_counter *counter)
{
	return pid == 7 ? ENTRY(counters, index, counter) : K_ERR_NOTFOUND;
}

static int set_up(void **state)
{
	(void)state;
	list_end = K_ERR_NOTFOUND;
	return 0;
}

/* A driver's entry may still be listed when the next has its name. */
static void the_last_one_serves(void **state)
{
	struct glue_service_info s = { .pid = 77 };

	(void)state;
	assert_int_equal(glue_service_find("blk0", &s), K_OK);
	assert_int_equal(s.pid, 7);
	assert_int_equal(glue_service_find("blk1", &s), K_OK);
	assert_int_equal(s.state, GLUE_PROC_ENDED);
	s.pid = 77;
	assert_int_equal(glue_service_find("blk", &s), K_ERR_NOTFOUND);
	assert_int_equal(s.pid, 77);
}

static void process_by_pid(void **state)
{
	struct glue_process_info p = { .pid = 77 };

	(void)state;
	assert_int_equal(glue_process_find(7, &p), K_ERR_NOTFOUND);
	assert_int_equal(p.pid, 77);
	assert_int_equal(glue_process_find(8, &p), K_OK);
	assert_string_equal(p.name, "shell");
}

static void process_by_service(void **state)
{
	struct glue_process_info p = { .pid = 77 };

	(void)state;
	assert_int_equal(glue_process_serving("blk0", &p), K_OK);
	assert_int_equal(p.pid, 9);
	p.pid = 77;
	assert_int_equal(glue_process_serving("blk1", &p), K_ERR_NOTFOUND);
	assert_int_equal(p.pid, 77);
}

static void counter_by_its_whole_name(void **state)
{
	uint64_t value = 77;

	(void)state;
	assert_int_equal(glue_counter_find(7, "blk.", &value), K_ERR_NOTFOUND);
	assert_int_equal(glue_counter_find(8, "blk", &value), K_ERR_NOTFOUND);
	assert_int_equal(value, 77);
	assert_int_equal(glue_counter_find(7, "blk", &value), K_OK);
	assert_int_equal(value, 4);
}

/* Why there is no list is what who asks has to know. */
static void refusals_are_passed_on(void **state)
{
	struct glue_service_info s;
	struct glue_process_info p;
	uint64_t value;

	(void)state;
	list_end = K_ERR_DENIED;
	assert_int_equal(glue_service_find("net0", &s), K_ERR_DENIED);
	assert_int_equal(glue_process_find(7, &p), K_ERR_DENIED);
	assert_int_equal(glue_process_serving("net0", &p), K_ERR_DENIED);
	assert_int_equal(glue_counter_find(7, "no", &value), K_ERR_DENIED);
}

static void names_in_messages(void **state)
{
	struct glue_process_info p = processes[2];
	char text[GLUE_LABEL_BYTES];

	(void)state;
	glue_process_label(&processes[1], text, sizeof(text));
	assert_string_equal(text, "blk0/virtio_blk");
	glue_process_label(&p, text, sizeof(text));
	assert_string_equal(text, "shell");
	memset(p.name, 'n', sizeof(p.name) - 1);
	memset(p.service, 's', sizeof(p.service) - 1);
	glue_process_label(&p, text, sizeof(text));
	assert_int_equal(strlen(text), GLUE_LABEL_BYTES - 1);
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_last_one_serves),    TEST(process_by_pid),
		TEST(process_by_service),     TEST(counter_by_its_whole_name),
		TEST(refusals_are_passed_on), TEST(names_in_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
