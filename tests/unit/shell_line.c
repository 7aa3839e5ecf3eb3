/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shell_line.c - the line editor, key by key, against a small terminal.
 *
 * The fake terminal keeps one row: it knows carriage return, cursor forward
 * and erase to the end, which is all that the editor may use inside a row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "apps/shell/line.h"

#define COLUMNS 80

static struct line line;
static char row[COLUMNS + 1];
static int column, bells;
static char seen[65536]; /* everything, raw */
static size_t n_seen;

/* Obey ESC [ number letter; return its length. */
static size_t escape_obey(const char *text)
{
	char *end;
	long number = strtol(text + 2, &end, 10);

	if (*end == 'C')
		column += (int)(end == text + 2 ? 1 : number);
	else if (*end == 'K')
		memset(row + column, ' ', (size_t)(COLUMNS - column));
	assert_true(column < COLUMNS);
	return (size_t)(end - text) + 1;
}

static void put(void *ctx, const char *text, size_t bytes)
{
	size_t i = 0;

	(void)ctx;
	memcpy(seen + n_seen, text, bytes);
	n_seen += bytes;
	seen[n_seen] = '\0';
	while (i < bytes) {
		if (text[i] == '\033') {
			i += escape_obey(text + i);
			continue;
		}
		if (text[i] == '\r')
			column = 0;
		else if (text[i] == '\a')
			bells++;
		else if (text[i] == '\n')
			memset(row, ' ', COLUMNS);
		else
			row[column++] = text[i];
		assert_true(column < COLUMNS);
		i++;
	}
}

static const char *candidate(void *ctx, unsigned i)
{
	static const char *const all[] = { "help", "blk list", "blk read",
					   "blk readahead" };

	(void)ctx;
	return i < 4 ? all[i] : NULL;
}

static const struct line_host host = { put, candidate, NULL };

static int open_line(void **state)
{
	(void)state;
	memset(row, ' ', COLUMNS);
	column = bells = 0;
	n_seen = 0;
	line_open(&line, &host);
	line_prompt(&line, "> ");
	return 0;
}

/* Type keys; the event of the last one. */
static enum line_event type(const char *keys)
{
	enum line_event event = LINE_MORE;

	while (*keys)
		event = line_feed(&line, *keys++);
	return event;
}

/* Type, expect the line and what the row shows of it. */
static void expect(const char *keys, const char *text, unsigned cursor)
{
	char wanted[COLUMNS + 1];

	assert_int_equal(type(keys), LINE_MORE);
	assert_string_equal(line.text, text);
	assert_int_equal(line.cursor, cursor);
	memset(wanted, ' ', COLUMNS);
	memcpy(wanted, "> ", 2);
	memcpy(wanted + 2, text, strlen(text));
	assert_memory_equal(row, wanted, COLUMNS);
	assert_int_equal(column, 2 + cursor);
}

static void plain_typing_is_a_transcript(void **state)
{
	(void)state;
	expect("ps", "ps", 2);
	assert_string_equal(seen, "> ps");
	assert_int_equal(type("\r"), LINE_READY);
	assert_string_equal(line.text, "ps");
	assert_int_equal(type("\n"), LINE_MORE);
}

static void editing_keys(void **state)
{
	(void)state;
	expect("abd\033[Dc", "abcd", 3);
	expect("\001>", ">abcd", 1);
	expect("\005<", ">abcd<", 6);
	expect("\177\177", ">abc", 4);
	expect("\033[H\033[3~", "abc", 0);
	expect("\033OC\004", "ac", 1);
	expect("\033[F x", "ac x", 4);
	expect("\033[1~\033[4~\002\013", "ac ", 3);
	expect("\025", "", 0);
	expect("\177\033[D\033[C\004", "", 0);
	assert_int_equal(bells, 1);
}

static void words_and_line_are_killed(void **state)
{
	(void)state;
	expect("blk read 0 ", "blk read 0 ", 11);
	expect("\027", "blk read ", 9);
	expect("\027", "blk ", 4);
	expect("\027\027", "", 0);
	expect("abcd\033[D\033[D\025", "cd", 0);
}

static void cancel_throws_away(void **state)
{
	(void)state;
	assert_int_equal(type("rm\003"), LINE_CANCELLED);
	assert_non_null(strstr(seen, "rm^C\r\n"));
	line_prompt(&line, "> ");
	assert_string_equal(line.text, "");
	expect("\033[A", "", 0);
	assert_int_equal(type("\033[\003"), LINE_CANCELLED);
}

static void enter(const char *text)
{
	assert_int_equal(type(text), LINE_MORE);
	assert_int_equal(type("\r"), LINE_READY);
	line_prompt(&line, "> ");
	column = 2;
}

static void history_by_arrows(void **state)
{
	(void)state;
	enter("one");
	enter("two");
	enter("two");
	enter("");
	expect("new", "new", 3);
	expect("\033[A", "two", 3);
	expect("\033[A", "one", 3);
	expect("\033[A", "one", 3);
	assert_int_equal(bells, 1);
	expect("\033[B!", "two!", 4);
	expect("\020", "one", 3);
	expect("\016\016", "new", 3);
	expect("\016", "new", 3);
	assert_int_equal(bells, 2);
}

static void history_is_a_ring(void **state)
{
	char text[3] = "a0";
	unsigned i;

	(void)state;
	for (i = 0; i < 3 * LINE_HISTORY; i++) {
		text[0] = (char)('A' + i % 26);
		text[1] = (char)('0' + i / 26);
		enter(text);
	}
	for (i = 0; i < LINE_HISTORY; i++)
		type("\033[A");
	assert_int_equal(bells, 0);
	i = 2 * LINE_HISTORY;
	assert_int_equal(line.text[0], 'A' + i % 26);
	type("\033[A");
	assert_int_equal(bells, 1);
}

static void long_lines_scroll(void **state)
{
	char digits[121] = "";
	int i;

	(void)state;
	for (i = 0; i < 120; i++)
		digits[i] = (char)('0' + i % 10);
	assert_int_equal(type(digits), LINE_MORE);
	assert_string_equal(line.text, digits);
	assert_memory_equal(row, "> ", 2);
	assert_int_equal(row[column - 1], '9');
	type("\001");
	assert_memory_equal(row, "> 0123456789", 12);
	assert_int_equal(column, 2);
}

static void too_long_is_refused(void **state)
{
	char keys[LINE_BYTES + 10];

	(void)state;
	memset(keys, 'x', sizeof(keys));
	keys[sizeof(keys) - 1] = '\0';
	assert_int_equal(type(keys), LINE_MORE);
	assert_int_equal(line.length, LINE_BYTES - 1);
	assert_int_equal(line.dropped, 10);
	assert_int_equal(type("\r"), LINE_TOO_LONG);
	line_prompt(&line, "> ");
	column = 2;
	expect("\033[A", "", 0);
	assert_int_equal(type(keys), LINE_MORE);
	type("\003");
	line_prompt(&line, "> ");
	enter("ok");
}

static void tab_completes(void **state)
{
	(void)state;
	expect("h\t", "help ", 5);
	expect("\025b\t", "blk ", 4);
	assert_null(strstr(seen, "blk list"));
	n_seen = 0;
	assert_int_equal(type("\t"), LINE_MORE);
	assert_non_null(strstr(seen, "blk list\r\nblk read\r\nblk readahead"));
	expect("r\t", "blk read", 8);
	expect("a\t", "blk readahead ", 14);
	expect("\025zz\t", "zz", 2);
	assert_int_equal(bells, 1);
}

static void unknown_keys_do_nothing(void **state)
{
	(void)state;
	expect("a\033[17~\033[1;5Z\033x\001\005\036\037b", "ab", 2);
	expect("\x80\xff", "ab", 2);
	type("\033[999999999999999~");
	assert_string_equal(line.text, "ab");
}

/* Any bytes at all: the state stays sound (the sanitizers watch). */
static void noise(void **state)
{
	uint32_t random = 1;
	int i;

	(void)state;
	for (i = 0; i < 200000; i++) {
		random = random * 1664525u + 1013904223u;
		n_seen = 0;
		if (line_feed(&line, (char)(random >> 24)) != LINE_MORE) {
			line_prompt(&line, "> ");
			column = 2;
		}
		assert_true(line.length < LINE_BYTES);
		assert_true(line.cursor <= line.length);
		assert_int_equal(line.text[line.length], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(plain_typing_is_a_transcript, open_line),
		cmocka_unit_test_setup(editing_keys, open_line),
		cmocka_unit_test_setup(words_and_line_are_killed, open_line),
		cmocka_unit_test_setup(cancel_throws_away, open_line),
		cmocka_unit_test_setup(history_by_arrows, open_line),
		cmocka_unit_test_setup(history_is_a_ring, open_line),
		cmocka_unit_test_setup(long_lines_scroll, open_line),
		cmocka_unit_test_setup(too_long_is_refused, open_line),
		cmocka_unit_test_setup(tab_completes, open_line),
		cmocka_unit_test_setup(unknown_keys_do_nothing, open_line),
		cmocka_unit_test_setup(noise, open_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
