/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * line_show.c - what the terminal shows of the line being edited.
 *
 * The line occupies one row: carriage return, prompt, the window of the text
 * that fits, erase to the end of the row, cursor moved to its place. A
 * character typed at the end of a line that fits is just sent, so that a
 * transcript of a session reads like one. Read next: line.c
 */
#include <glue/string.h>

#include "line_show.h"

/* The editor never formats; text goes out as it is. */
static void put_text(struct line *line, const char *text)
{
	line->host->put(line->host->ctx, text, strlen(text));
}

/* Characters of the text that fit beside the prompt. */
static uint32_t window_columns(const struct line *line)
{
	return LINE_COLUMNS - (uint32_t)strlen(line->prompt);
}

/* Move the window as little as needed to have the cursor inside. */
static void window_follow(struct line *line)
{
	uint32_t columns = window_columns(line);

	if (line->cursor < line->scroll)
		line->scroll = line->cursor;
	else if (line->cursor >= line->scroll + columns)
		line->scroll = line->cursor - columns + 1;
}

/* ECMA-48 8.3.20: cursor forward; 0 would still move by one column. */
static void cursor_forward(struct line *line, uint32_t columns)
{
	char text[8] = "\033[";
	char *out = text + 2;

	if (!columns)
		return;
	if (columns >= 10)
		*out++ = (char)('0' + columns / 10);
	*out++ = (char)('0' + columns % 10);
	*out++ = 'C';
	*out = '\0';
	put_text(line, text);
}

/* Always from the first column: what another process printed is wiped. */
void line_redraw(struct line *line)
{
	uint32_t columns = window_columns(line);
	uint32_t shown;

	window_follow(line);
	shown = line->length - line->scroll;
	shown = shown < columns ? shown : columns;
	put_text(line, "\r");
	put_text(line, line->prompt);
	line->host->put(line->host->ctx, line->text + line->scroll, shown);
	put_text(line, "\033[K\r");
	cursor_forward(line, (uint32_t)strlen(line->prompt) + line->cursor -
				     line->scroll);
}

void line_show_last(struct line *line)
{
	if (line->cursor - line->scroll < window_columns(line))
		line->host->put(line->host->ctx, line->text + line->cursor - 1,
				1);
	else
		line_redraw(line);
}

void line_show_bell(struct line *line)
{
	put_text(line, "\a");
}

/* The whole line stays on the screen, wherever the cursor was. */
void line_show_end(struct line *line, const char *mark)
{
	if (line->cursor != line->length) {
		line->cursor = line->length;
		line_redraw(line);
	}
	put_text(line, mark);
	put_text(line, "\r\n");
}

void line_show_list(struct line *line, const char *word)
{
	put_text(line, word);
	put_text(line, "\r\n");
}
