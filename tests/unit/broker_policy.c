/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_policy.c - the manifest's parser and its globs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glue/env.h>

#include "../../broker/policy.h"
#include "broker_fake.h"

static unsigned int read_text(const char *text)
{
	fake_text_clear();
	return broker_policy_read(text, strlen(text));
}

static void expect_message(const char *line, const char *words)
{
	assert_int_equal(read_text(line), 0);
	if (!strstr(fake_text(), words) || !strstr(fake_text(), "line 1"))
		fail_msg("\"%s\" does not say \"%s\"", fake_text(), words);
	assert_ptr_equal(strchr(fake_text(), '\n'),
			 fake_text() + strlen(fake_text()) - 1);
}

static void reads_every_key(void **state)
{
	const struct broker_program *p;

	(void)state;
	assert_int_equal(
		read_text(
			"# comment\n\n"
			"vblk elf=v.elf kind=dde start=device class=block "
			"match=virtio:d00000002v*,of:* stack_kib=32 "
			"dma_kib=383 meta_bytes=64 stall_ms=250 # tail\n"
			"shell\telf=s.elf kind=app start=boot class=none connect=block "
			"allow=list,poweroff,trace lend_kib=128 args=a,b=1,,2 priority=7 "
			"optional_device=1 needs=net,block"),
		2);
	assert_string_equal(fake_text(), "");
	p = broker_policy_find("vblk");
	assert_non_null(p);
	assert_string_equal(p->elf, "v.elf");
	assert_string_equal(p->match, "virtio:d00000002v*,of:*");
	assert_int_equal(p->kind, GLUE_KIND_DDE);
	assert_int_equal(p->start, BROKER_START_DEVICE);
	assert_int_equal(p->class->id, GLUE_CLASS_BLOCK);
	assert_int_equal(p->stack_bytes, 32768);
	assert_int_equal(p->dma_bytes, 384 * 1024);
	assert_int_equal(p->meta_bytes, 64);
	assert_int_equal(p->stall_ms, 250);
	assert_int_equal(p->priority, 200);
	p = broker_policy_find("shell");
	assert_null(p->class);
	assert_int_equal(p->connect, 1u << GLUE_CLASS_BLOCK);
	assert_int_equal(p->needs,
			 1u << GLUE_CLASS_NET | 1u << GLUE_CLASS_BLOCK);
	assert_int_equal(p->allow, BROKER_ALLOW_LIST | BROKER_ALLOW_POWEROFF |
					   BROKER_ALLOW_TRACE);
	assert_string_equal(p->args, "a b=1,2");
	assert_int_equal(p->priority, 7);
	assert_int_equal(p->lend_bytes, 128 * 1024);
	assert_int_equal(p->optional_device, 1);
	assert_null(broker_policy_find("other"));
	assert_null(broker_policy_program(2));
}

static void bad_lines_get_one_message(void **state)
{
	(void)state;
	expect_message("a elf=x stackkib=1", "unknown key \"stackkib\"");
	expect_message("a elf=x stack_kib=1x",
		       "bad value \"1x\" for stack_kib");
	expect_message("a elf=x stack_kib=99999999999999999999", "bad value");
	expect_message("a elf=x stack_kib=253", "bad value");
	expect_message("a elf=x stall_ms=0", "leaves the device no time");
	expect_message("a elf=x kind=driver", "bad value \"driver\"");
	expect_message("a elf=x class=disk", "bad value \"disk\"");
	expect_message("a elf=x connect=block,disk", "bad value");
	expect_message("a elf=x allow=all", "bad value");
	expect_message("a elf=x priority=255", "bad value");
	expect_message("a elf=x word", "\"word\" is not key=value");
	expect_message("a elf=", "bad value \"\" for elf");
	expect_message("a kind=app", "elf= is missing");
	expect_message("a elf=x start=device", "needs match=");
	expect_message("a23456789012345678901234567890123 elf=x",
		       "longer than 31");
}

static void bad_lines_do_not_hide_good_ones(void **state)
{
	(void)state;
	assert_int_equal(read_text("a elf=x\na elf=y\nb elf=\nc elf=z\n"), 2);
	assert_non_null(strstr(fake_text(), "line 2: a: the name was used"));
	assert_non_null(strstr(fake_text(), "line 3"));
	assert_string_equal(broker_policy_find("a")->elf, "x");
	assert_string_equal(broker_policy_find("c")->elf, "z");
}

static void survives_noise(void **state)
{
	static const char good[] = "vblk elf=v.elf kind=dde start=device "
				   "class=block match=v* allow=list,run\n";
	char text[4 * sizeof(good)];

	(void)state;
	srand(3);
	for (unsigned int round = 0; round < 5000; round++) {
		for (unsigned int i = 0; i < sizeof(text); i++)
			text[i] = good[i % (sizeof(good) - 1)];
		for (int n = rand() % 20; n > 0; n--)
			text[(size_t)rand() % sizeof(text)] = (char)rand();
		fake_text_clear();
		broker_policy_read(text, sizeof(text));
	}
}

static void too_much_is_cut(void **state)
{
	size_t bytes = 5 * BROKER_MANIFEST_BYTES;
	char *text = malloc(bytes);

	(void)state;
	memset(text, ' ', bytes);
	memcpy(text, "a elf=x\n", 8);
	fake_text_clear();
	assert_int_equal(broker_policy_read(text, bytes), 1);
	assert_non_null(strstr(fake_text(), "only the first"));
	free(text);
}

static void globs_match(void **state)
{
	(void)state;
	assert_true(broker_glob_match("virtio:d00000002v*",
				      "virtio:d00000002v554D4551"));
	assert_false(broker_glob_match("virtio:d00000002v*",
				       "virtio:d00000001v554D4551"));
	assert_true(broker_glob_match("of:N*T*Carm,pl011*",
				      "of:Npl011T(null)Carm,pl011"));
	assert_true(broker_glob_match("a*b*c", "axxbyybzc"));
	assert_false(broker_glob_match("a*b*c", "axxbyybz"));
	assert_true(broker_glob_match("amba:d0004101[0-3]*", "amba:d00041011"));
	assert_false(broker_glob_match("x[abc]", "xd"));
	assert_true(broker_glob_match("x?z", "xyz"));
	assert_false(broker_glob_match("x?z", "xz"));
	assert_true(broker_glob_match("*", ""));
	assert_false(broker_glob_match("", "x"));
	assert_false(broker_glob_match("[", "x"));
	assert_false(broker_glob_match("[a-", "a"));
	assert_true(broker_match_list("of:a,b,of:N*Carm,pl*,virtio:d1*",
				      "of:NxCarm,pl011"));
	assert_true(broker_match_list("of:a,b,virtio:d1*", "virtio:d1v2"));
	assert_false(broker_match_list("of:a,b,virtio:d1*", "of:a"));
	assert_false(broker_match_list("", "xyz"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_key),
		cmocka_unit_test(bad_lines_get_one_message),
		cmocka_unit_test(bad_lines_do_not_hide_good_ones),
		cmocka_unit_test(survives_noise),
		cmocka_unit_test(too_much_is_cut),
		cmocka_unit_test(globs_match),
	};

	return cmocka_run_group_tests_name("broker_policy", tests, NULL, NULL);
}
