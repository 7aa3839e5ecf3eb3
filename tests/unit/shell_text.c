/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shell_text.c - words, numbers, hexdump lines and the command lookup.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "apps/shell/command.h"
#include <glue/pattern.h>
#include "apps/shell/text.h"

static char *word[TEXT_WORDS_MAX];

static int split(char *buffer, const char *text)
{
	strcpy(buffer, text);
	return text_split(buffer, word);
}

static void words_are_cut(void **state)
{
	char line[64];

	(void)state;
	assert_int_equal(split(line, ""), 0);
	assert_int_equal(split(line, "  \t "), 0);
	assert_int_equal(split(line, " blk\tread  0 "), 3);
	assert_string_equal(word[0], "blk");
	assert_string_equal(word[2], "0");
}

static void quotes_keep_blanks(void **state)
{
	char line[64];

	(void)state;
	assert_int_equal(split(line, "w \"a b\" 'c \"d' e\\ f \"\" x\"y z\""),
			 6);
	assert_string_equal(word[1], "a b");
	assert_string_equal(word[2], "c \"d");
	assert_string_equal(word[3], "e f");
	assert_string_equal(word[4], "");
	assert_string_equal(word[5], "xy z");
	assert_int_equal(split(line, "say \"no end"), -2);
	assert_int_equal(split(line, "last \\"), 2);
	assert_string_equal(word[1], "\\");
}

static void too_many_words(void **state)
{
	char line[2 * TEXT_WORDS_MAX + 3];
	unsigned i;

	(void)state;
	for (i = 0; i < TEXT_WORDS_MAX; i++)
		memcpy(line + 2 * i, "a ", 2);
	line[2 * i] = '\0';
	assert_int_equal(text_split(line, word), TEXT_WORDS_MAX);
	for (i = 0; i <= TEXT_WORDS_MAX; i++)
		memcpy(line + 2 * i, "a ", 2);
	line[2 * i] = '\0';
	assert_int_equal(text_split(line, word), -1);
}

static void numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t value;
	} good[] = {
		{ "0", 0 },
		{ "12", 12 },
		{ "0x1F", 31 },
		{ "64k", 65536 },
		{ "3M", 3 << 20 },
		{ "0x1G", 1 << 30 },
		{ "18446744073709551615", UINT64_MAX },
		{ "0xffffffffffffffff", UINT64_MAX },
	};
	static const char *const bad[] = {
		"",
		"-1",
		"+1",
		"k",
		"0xg",
		"1kk",
		"12x",
		"1 ",
		"0x",
		"1.5",
		"18446744073709551616",
		"0x10000000000000000",
		"17179869184G",
		"\xff",
		"one",
	};
	uint64_t value;
	unsigned i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(text_number(good[i].text, &value));
		assert_true(value == good[i].value);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		value = 77;
		assert_false(text_number(bad[i], &value));
		assert_true(value == 77);
	}
}

static void hexdump_lines(void **state)
{
	char line[TEXT_HEX_LINE];

	(void)state;
	text_hexdump(line, 0x200, (const uint8_t *)"KaaL\0\x7f\xff 12345678",
		     16);
	assert_string_equal(line,
			    "00000200  4b 61 61 4c 00 7f ff 20  31 32 33 34 35 "
			    "36 37 38  |KaaL... 12345678|");
	text_hexdump(line, 0x123456789abull, (const uint8_t *)"x", 1);
	assert_string_equal(line, "0123456789ab  78                            "
				  "                    |x|");
}

static void nothing(int argc, char **argv)
{
	(void)argc;
	(void)argv;
}

static const struct command table[] = {
	{ "ps", "", "", 0, 0, nothing },
	{ "blk list", "", "", 0, 0, nothing },
	{ "blk read", "", "", 2, 3, nothing },
	{ "run", "", "", 1, 9, nothing },
};

static enum command_match find(char *line, const struct command **cmd,
			       int *used)
{
	int words = text_split(line, word);

	return command_find(table, 4, words, word, cmd, used);
}

static void commands_are_found(void **state)
{
	char ps[] = "ps", ps1[] = "ps 1", blk[] = "blk", odd[] = "blk reed 1 2";
	char read[] = "blk read 0 1", few[] = "blk read 0", no[] = "p";
	const struct command *cmd;
	int used;

	(void)state;
	assert_int_equal(find(ps, &cmd, &used), COMMAND_FOUND);
	assert_int_equal(find(ps1, &cmd, &used), COMMAND_ARGS);
	assert_int_equal(find(blk, &cmd, &used), COMMAND_HALF);
	assert_int_equal(find(odd, &cmd, &used), COMMAND_HALF);
	assert_int_equal(find(no, &cmd, &used), COMMAND_UNKNOWN);
	assert_int_equal(find(few, &cmd, &used), COMMAND_ARGS);
	assert_ptr_equal(cmd, &table[2]);
	assert_int_equal(find(read, &cmd, &used), COMMAND_FOUND);
	assert_ptr_equal(cmd, &table[2]);
	assert_int_equal(used, 2);
}

/* The same values as tests/tools/pattern.py, by a run of it. */
static void pattern_is_fixed(void **state)
{
	(void)state;
	assert_true(glue_pattern_word(0, 0) == 0xe220a8397b1dcdafull);
	assert_true(glue_pattern_word(0, 1) == 0x6e789e6aa1b965f4ull);
	assert_true(glue_pattern_word(7, 0) != glue_pattern_word(8, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_cut),
		cmocka_unit_test(quotes_keep_blanks),
		cmocka_unit_test(too_many_words),
		cmocka_unit_test(numbers),
		cmocka_unit_test(hexdump_lines),
		cmocka_unit_test(commands_are_found),
		cmocka_unit_test(pattern_is_fixed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
