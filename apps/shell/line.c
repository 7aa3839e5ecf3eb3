/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * line.c - the line editor: what each key does to the line.
 *
 * Keys arrive as characters or as escape sequences ESC [ number letter. The
 * history is a ring of finished lines; while the arrows show an old one, the
 * line being typed is kept aside and comes back below the newest.
 * A line that grew too long is refused as a whole: running a cut-off command
 * could write to the wrong sector. Read next: line_show.c
 */
#include <glue/string.h>

#include "line_show.h"

#define CTRL(letter) ((letter)&0x1f)
#define KEY_ESCAPE   27
#define KEY_DELETE   127

/* Where we are inside an escape sequence. */
enum { KEY_PLAIN, KEY_AFTER_ESC, KEY_IN_SEQUENCE };

/* All changes of the text go through remove, insert and replace. */
static void text_remove(struct line *line, uint32_t from, uint32_t to)
{
	memmove(line->text + from, line->text + to, line->length - to + 1);
	line->length -= to - from;
	line->cursor = from;
	line_redraw(line);
}

/* Text without room is counted, so that Enter can refuse the line. */
static void text_insert(struct line *line, const char *text, uint32_t bytes)
{
	if (bytes >= LINE_BYTES - line->length) {
		line->dropped += bytes;
		line_show_bell(line);
		return;
	}
	memmove(line->text + line->cursor + bytes, line->text + line->cursor,
		line->length - line->cursor + 1);
	memcpy(line->text + line->cursor, text, bytes);
	line->length += bytes;
	line->cursor += bytes;
	if (bytes == 1 && line->cursor == line->length)
		line_show_last(line);
	else
		line_redraw(line);
}

static void cursor_move(struct line *line, uint32_t to)
{
	line->cursor = to;
	line_redraw(line);
}

static void cursor_left(struct line *line)
{
	if (line->cursor)
		cursor_move(line, line->cursor - 1);
}

static void cursor_right(struct line *line)
{
	if (line->cursor < line->length)
		cursor_move(line, line->cursor + 1);
}

static void rub_out(struct line *line)
{
	if (line->cursor)
		text_remove(line, line->cursor - 1, line->cursor);
	else
		line_show_bell(line);
}

static void delete_here(struct line *line)
{
	if (line->cursor < line->length)
		text_remove(line, line->cursor, line->cursor + 1);
}

/* ^W: blanks before the cursor, then the word before them. */
static void rub_out_word(struct line *line)
{
	uint32_t from = line->cursor;

	while (from && line->text[from - 1] == ' ')
		from--;
	while (from && line->text[from - 1] != ' ')
		from--;
	text_remove(line, from, line->cursor);
}

static void text_replace(struct line *line, const char *text)
{
	line->length = line->cursor = (uint32_t)strlen(text);
	memmove(line->text, text, line->length + 1);
	line->dropped = 0;
	line->scroll = 0;
	line_redraw(line);
}

static char *history_line(struct line *line, uint32_t back)
{
	return line->history[(line->lines - back) % LINE_HISTORY];
}

/* Show the @back-th last line; 0 is the one being typed. */
static void history_show(struct line *line, uint32_t back)
{
	uint32_t most = line->lines < LINE_HISTORY ? line->lines : LINE_HISTORY;

	if (back > most) {
		line_show_bell(line);
		return;
	}
	if (!line->back)
		memcpy(line->kept, line->text, line->length + 1);
	line->back = back;
	text_replace(line, back ? history_line(line, back) : line->kept);
}

static void history_older(struct line *line)
{
	history_show(line, line->back + 1);
}

static void history_newer(struct line *line)
{
	if (line->back)
		history_show(line, line->back - 1);
	else
		line_show_bell(line);
}

/* Empty lines and repetitions of the newest are not worth a place. */
static void history_add(struct line *line)
{
	if (!line->length ||
	    (line->lines && !strcmp(history_line(line, 1), line->text)))
		return;
	line->lines++;
	memcpy(history_line(line, 1), line->text, line->length + 1);
}

/* Length of the beginning that all candidates for the text share. */
static uint32_t common_length(struct line *line, unsigned *matches)
{
	const char *first = NULL, *word;
	uint32_t common = 0, same;
	unsigned i;

	*matches = 0;
	for (i = 0; (word = line->host->candidate(line->host->ctx, i)); i++) {
		if (strncmp(word, line->text, line->cursor))
			continue;
		if (!(*matches)++) {
			first = word;
			common = (uint32_t)strlen(word);
		}
		for (same = 0; same < common && first[same] == word[same];)
			same++;
		common = same;
	}
	return common;
}

/* Several completions: show them on rows of their own, then the line. */
static void candidates_list(struct line *line)
{
	const char *word;
	unsigned i;

	line_show_list(line, "");
	for (i = 0; (word = line->host->candidate(line->host->ctx, i)); i++)
		if (!strncmp(word, line->text, line->cursor))
			line_show_list(line, word);
	line_redraw(line);
}

/* Any candidate that matches; there is one. */
static const char *candidate_first(struct line *line)
{
	const char *word;
	unsigned i;

	for (i = 0; (word = line->host->candidate(line->host->ctx, i)); i++)
		if (!strncmp(word, line->text, line->cursor))
			break;
	return word;
}

/* Tab: extend what is unique, else show what there is. */
static void text_complete(struct line *line)
{
	uint32_t typed = line->cursor, common;
	unsigned matches;

	common = common_length(line, &matches);
	if (!matches) {
		line_show_bell(line);
		return;
	}
	if (common > typed)
		text_insert(line, candidate_first(line) + typed,
			    common - typed);
	if (matches == 1)
		text_insert(line, " ", 1);
	else if (common <= typed)
		candidates_list(line);
}

/* Enter works wherever the cursor stands. */
static enum line_event line_enter(struct line *line)
{
	line_show_end(line, "");
	if (line->dropped)
		return LINE_TOO_LONG;
	history_add(line);
	return LINE_READY;
}

static enum line_event line_cancel(struct line *line)
{
	line_show_end(line, "^C");
	return LINE_CANCELLED;
}

/* ^L: also the way to see the line again after another process printed. */
static void line_clear_screen(struct line *line)
{
	static const char home[] = "\033[H\033[2J"; /* ECMA-48: CUP, ED */

	line->host->put(line->host->ctx, home, sizeof(home) - 1);
	line_redraw(line);
}

/* Letter that ends ESC [ number letter; "~" leaves the meaning to the number. */
static void sequence_end(struct line *line, char letter)
{
	if (letter == '~' && line->key_number < 10)
		letter = (char)('0' + line->key_number);
	switch (letter) {
	case 'A':
		history_older(line);
		break;
	case 'B':
		history_newer(line);
		break;
	case 'C':
		cursor_right(line);
		break;
	case 'D':
		cursor_left(line);
		break;
	case 'H':
	case '1':
		cursor_move(line, 0);
		break;
	case 'F':
	case '4':
		cursor_move(line, line->length);
		break;
	case '3':
		delete_here(line);
		break;
	default:
		break;
	}
}

/* Inside an escape sequence; @c is its next character. */
static void sequence_feed(struct line *line, char c)
{
	if (line->key == KEY_AFTER_ESC) {
		line->key = c == '[' || c == 'O' ? KEY_IN_SEQUENCE : KEY_PLAIN;
		line->key_number = 0;
		return;
	}
	if (c >= '0' && c <= '9') {
		line->key_number = (line->key_number * 10 + c - '0') % 100;
		return;
	}
	if (c == ';')
		return;
	line->key = KEY_PLAIN;
	sequence_end(line, c);
}

/* Keys below blank that change the line; unknown ones do nothing. */
static void control_feed(struct line *line, char c)
{
	static const struct {
		char key;
		void (*act)(struct line *line);
	} keys[] = {
		{ CTRL('B'), cursor_left },   { CTRL('F'), cursor_right },
		{ CTRL('H'), rub_out },	      { KEY_DELETE, rub_out },
		{ CTRL('W'), rub_out_word },  { CTRL('D'), delete_here },
		{ CTRL('P'), history_older }, { CTRL('N'), history_newer },
		{ CTRL('I'), text_complete }, { CTRL('L'), line_clear_screen },
	};
	unsigned i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].key == c)
			keys[i].act(line);
	if (c == CTRL('A'))
		cursor_move(line, 0);
	else if (c == CTRL('E'))
		cursor_move(line, line->length);
	else if (c == CTRL('K'))
		text_remove(line, line->cursor, line->length);
	else if (c == CTRL('U'))
		text_remove(line, 0, line->cursor);
	else if (c == KEY_ESCAPE)
		line->key = KEY_AFTER_ESC;
}

enum line_event line_feed(struct line *line, char c)
{
	char before = line->last;

	line->last = c;
	if (c == CTRL('C')) {
		line->key = KEY_PLAIN;
		return line_cancel(line);
	}
	if (line->key != KEY_PLAIN)
		sequence_feed(line, c);
	else if (c == '\r' || (c == '\n' && before != '\r'))
		return line_enter(line);
	else if (c >= ' ' && c < KEY_DELETE)
		text_insert(line, &c, 1);
	else if (c != '\n')
		control_feed(line, c);
	return LINE_MORE;
}

void line_open(struct line *line, const struct line_host *host)
{
	memset(line, 0, sizeof(*line));
	line->host = host;
	line->prompt = "";
}

void line_prompt(struct line *line, const char *prompt)
{
	line->prompt = prompt;
	line->text[0] = '\0';
	line->length = line->cursor = line->scroll = 0;
	line->dropped = line->back = 0;
	line->key = KEY_PLAIN;
	line->host->put(line->host->ctx, prompt, strlen(prompt));
}
