/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_fault.c - fault messages in words, and messages in and out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <abi/kaal.h>
#include <glue/fault_text.h>

#include "../../broker/calls.h"
#include "../../broker/fault.h"
#include "broker_fake.h"

static void expect(uint64_t label, const uint64_t *word, const char *text)
{
	struct broker_fault fault = { .label = label, .length = 13 };
	char got[128];

	memcpy(fault.word, word, 13 * sizeof(*word));
	glue_fault_text(fault.label, fault.word, got, sizeof(got));
	assert_string_equal(got, text);
}

static void memory_faults(void **state)
{
	static const struct {
		uint64_t word[13];
		const char *text;
	} cases[] = {
		{ { 0x400100, 0x10, 0, 0x92000006 },
		  "read of unmapped address 0x10, pc 0x400100" },
		{ { 0x400100, 0x400000, 0, 0x9200004f },
		  "write to read-only address 0x400000, pc 0x400100" },
		{ { 0x300000, 0x300000, 1, 0x8200000f },
		  "instruction fetch from non-executable address 0x300000, pc 0x300000" },
		{ { 0x400100, 0xffff000000000000, 0, 0x9200004c },
		  "write to kernel address 0xffff000000000000, pc 0x400100" },
		{ { 0x400100, 0x210003, 0, 0x92000021 },
		  "read of unaligned address 0x210003, pc 0x400100" },
		{ { 0x400100, 0x210000, 0, 0x92000010 },
		  "read of bus-refused address 0x210000, pc 0x400100" },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(ABI_FAULT_VM, cases[i].word, cases[i].text);
}

static void other_faults(void **state)
{
	static const uint64_t cap[13] = { 0x400200, 42, 0, 2, 6 };
	static const uint64_t call[13] = {
		[8] = 0x400300, [12] = (uint64_t)-99
	};
	static const uint64_t undefined[13] = { 0x400400, 0, 0, 0x02000000 };
	static const uint64_t other[13] = { 0x400400, 0, 0, 0xf4000000 };
	static const uint64_t limit[13] = { 0x400500, 501 };

	(void)state;
	expect(ABI_FAULT_CAP, cap,
	       "used capability slot 42, which it was not given, pc 0x400200");
	expect(ABI_FAULT_UNKNOWN_SYSCALL, call,
	       "unknown system call -99, pc 0x400300");
	expect(ABI_FAULT_USER_EXCEPTION, undefined,
	       "undefined instruction, pc 0x400400");
	expect(ABI_FAULT_USER_EXCEPTION, other,
	       "processor exception, pc 0x400400");
	expect(ABI_KAAL_FAULT_LIMIT, limit,
	       "ran for 1002 ms without a pause, pc 0x400500");
	expect(77, other, "unknown fault message 77");
}

static const char *hint(uint64_t address)
{
	struct broker_fault fault = { .label = ABI_FAULT_VM,
				      .word = { 0, address } };

	return glue_fault_hint(fault.label, fault.word, 16384);
}

static void hints_for_common_mistakes(void **state)
{
	(void)state;
	assert_non_null(strstr(hint(8), "null pointer"));
	assert_non_null(strstr(hint(GLUE_STACK_TOP - 16385), "stack overflow"));
	assert_non_null(strstr(hint(~0ul), "kernel's half"));
	assert_string_equal(hint(0x12345678), "");
}

static void messages_keep_their_words(void **state)
{
	struct abi_ipc_buffer *buffer = glue_sys_ipc_buffer();
	struct glue_msg msg = { .info = abi_info(0x104, 0, 6),
				.mr = { 1, 2, 3, 4 } };
	struct broker_request request;
	struct broker_reply reply = { .err = K_ERR_FULL, .length = 0 };

	(void)state;
	buffer->msg[4] = 5;
	buffer->msg[5] = 6;
	buffer->msg[6] = 7;
	broker_request_read(&msg, &request);
	assert_int_equal(request.label, 0x104);
	assert_int_equal(request.length, 6);
	for (unsigned int i = 0; i < 6; i++)
		assert_int_equal(request.word[i], i + 1);
	assert_int_equal(request.word[6], 0);
	/* The longest message there is: only the front is taken. */
	msg.info = abi_info(1, 0, 120);
	broker_request_read(&msg, &request);
	assert_int_equal(request.length, BROKER_REQUEST_WORDS);
	broker_reply_word(&reply, 9);
	broker_reply_struct(&reply, "abcdefghijklmnopqrstuvwxyz012345678", 36);
	assert_int_equal(reply.length, 6);
	broker_reply_write(&reply, &msg);
	assert_int_equal(abi_info_label(msg.info), K_ERR_FULL);
	assert_int_equal(abi_info_length(msg.info), 6);
	assert_int_equal(msg.mr[0], 9);
	assert_memory_equal(&buffer->msg[4], "yz012345", 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_faults),
		cmocka_unit_test(other_faults),
		cmocka_unit_test(hints_for_common_mistakes),
		cmocka_unit_test(messages_keep_their_words),
	};

	return cmocka_run_group_tests_name("broker_fault", tests, NULL, NULL);
}
