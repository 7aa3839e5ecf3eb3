/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_broker.c - the broker client: how requests are packed, answers unpacked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <glue/broker_client.h>
#include <glue/rt.h>
#include "fake/process.h"

/* What the library sent, whole, and what it shall get. */
static uint64_t sent_label, sent_length, sent[ABI_MSG_MAX];
static uint64_t answer_label, answer_length, answer[ABI_MSG_MAX];

static void broker(struct glue_msg *msg)
{
	unsigned int i;

	sent_label = abi_info_label(msg->info);
	sent_length = abi_info_length(msg->info);
	for (i = 0; i < ABI_MSG_MAX; i++)
		sent[i] = i < ABI_MSG_REGS ? msg->mr[i] :
					     fake_ipc_buffer.msg[i];
	msg->info = abi_info(answer_label, 0, answer_length);
	for (i = 0; i < answer_length; i++) {
		if (i < ABI_MSG_REGS)
			msg->mr[i] = answer[i];
		else
			fake_ipc_buffer.msg[i] = answer[i];
	}
}

static int set_up(void **state)
{
	(void)state;
	fake_process_start();
	fake.on_call = broker;
	answer_label = K_OK;
	answer_length = 0;
	memset(sent, 0, sizeof(sent));
	memset(answer, 0, sizeof(answer));
	return 0;
}

static void answer_with(const void *data, size_t bytes)
{
	memcpy(answer, data, bytes);
	answer_length = (bytes + 7) / 8;
}

static void test_connect(void **state)
{
	unsigned int chan = 77;

	(void)state;
	answer[0] = 5;
	answer_length = 1;
	assert_int_equal(glue_broker_connect("blk0", 65536, &chan), K_OK);
	assert_int_equal(chan, 5);
	assert_int_equal(sent_label, GLUE_BROKER_CONNECT);
	assert_int_equal(sent_length, 6);
	assert_memory_equal(sent, "blk0\0\0\0\0\0\0\0\0", 12);
	assert_int_equal(sent[3], 0);
	assert_int_equal(sent[4], 65536);
	assert_int_equal(sent[5],
			 glue_time_ticks() + glue_ns_to_ticks(GLUE_CONNECT_NS));
}

static void test_connect_refused(void **state)
{
	unsigned int chan = 77;

	(void)state;
	answer_label = K_ERR_DENIED;
	assert_int_equal(glue_broker_connect("blk0", 1, &chan), K_ERR_DENIED);
	answer_label = 99999;
	assert_int_equal(glue_broker_connect("blk0", 1, &chan), K_ERR_PROTOCOL);
	answer_label = K_OK;
	answer[0] = GLUE_CHANS_MAX;
	answer_length = 1;
	assert_int_equal(glue_broker_connect("blk0", 1, &chan), K_ERR_PROTOCOL);
	assert_int_equal(chan, 77);
}

static void test_bad_names_are_not_sent(void **state)
{
	unsigned int chan;

	(void)state;
	fake.on_call = NULL;
	assert_int_equal(glue_broker_connect("", 1, &chan), K_ERR_INVALID);
	assert_int_equal(glue_broker_connect("12345678901234567890123456789012",
					     1, &chan),
			 K_ERR_INVALID);
	fake.on_call = broker;
	answer_length = 1;
	assert_int_equal(glue_broker_connect("1234567890123456789012345678901",
					     1, &chan),
			 K_OK);
}

static void test_process_info(void **state)
{
	struct glue_process_info given = { .name = "shell",
					   .pid = 3,
					   .kind = GLUE_KIND_APP,
					   .ram_kib = 64,
					   .status = -2,
					   .cpu_ticks = 1ul << 40 };
	struct glue_process_info got;

	(void)state;
	memset(&got, 0xff, sizeof(got));
	answer_with(&given, sizeof(given));
	assert_int_equal(glue_broker_process(9, &got), K_OK);
	assert_memory_equal(&got, &given, sizeof(got));
	assert_int_equal(sent_label, GLUE_BROKER_PROCESS);
	assert_int_equal(sent[0], 9);
}

static void test_short_answer(void **state)
{
	struct glue_device_info got;
	struct glue_service_info service;
	struct glue_memory_info memory;

	(void)state;
	answer_length = 3;
	assert_int_equal(glue_broker_device(0, &got), K_ERR_PROTOCOL);
	assert_int_equal(glue_broker_service(0, &service), K_ERR_PROTOCOL);
	assert_int_equal(glue_broker_memory(&memory), K_ERR_PROTOCOL);
	answer_length = 4;
	assert_int_equal(glue_broker_memory(&memory), K_OK);
	answer_label = K_ERR_NOTFOUND;
	assert_int_equal(glue_broker_device(0, &got), K_ERR_NOTFOUND);
}

static void test_trace(void **state)
{
	struct glue_trace_entry given = { 123, 4, 5 }, got;

	(void)state;
	answer_with(&given, sizeof(given));
	assert_int_equal(glue_broker_trace_get(7, 8, &got), K_OK);
	assert_memory_equal(&got, &given, sizeof(got));
	assert_int_equal(sent[0], 7);
	assert_int_equal(sent[1], 8);
	assert_int_equal(glue_broker_trace_set(17), K_OK);
	assert_int_equal(sent[0], 1);
}

static void test_run_and_wait(void **state)
{
	enum glue_process_state ended;
	uint32_t pid;
	int64_t status;
	char args[241];

	(void)state;
	answer[0] = 12;
	answer_length = 1;
	assert_int_equal(glue_broker_run("probe", "case one", &pid), K_OK);
	assert_int_equal(pid, 12);
	assert_string_equal((char *)&sent[4], "case one");
	assert_int_equal(sent_length, 34);
	memset(args, 'a', sizeof(args));
	args[240] = 0;
	assert_int_equal(glue_broker_run("probe", args, &pid), K_ERR_INVALID);
	args[239] = 0;
	assert_int_equal(glue_broker_run("probe", args, &pid), K_OK);
	answer[0] = GLUE_PROC_ENDED;
	answer[1] = (uint64_t)-3;
	answer_length = 2;
	assert_int_equal(glue_broker_wait(12, &ended, &status), K_OK);
	assert_int_equal(ended, GLUE_PROC_ENDED);
	assert_int_equal(status, -3);
}

static void test_plain_words(void **state)
{
	(void)state;
	assert_int_equal(glue_broker_ready(K_ERR_IO), K_OK);
	assert_int_equal(sent[0], K_ERR_IO);
	assert_int_equal(glue_broker_disconnect(31), K_OK);
	assert_int_equal(sent[0], 31);
	answer_label = K_ERR_DENIED;
	assert_int_equal(glue_broker_poweroff(4), K_ERR_DENIED);
	assert_int_equal(sent_label, GLUE_BROKER_POWEROFF);
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_connect),
		TEST(test_connect_refused),
		TEST(test_bad_names_are_not_sent),
		TEST(test_process_info),
		TEST(test_short_answer),
		TEST(test_trace),
		TEST(test_run_and_wait),
		TEST(test_plain_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
