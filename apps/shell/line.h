/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * line.h - the line editor: characters in, one edited line out.
 *
 * A state machine fed with one received character at a time; what the
 * terminal must show goes out through one callback. No device, no waiting,
 * so the same code runs on the host under the sanitizers.
 * Keys: arrows, Home, End, Delete, backspace, ^A ^E ^B ^F ^K ^U ^W ^L ^P ^N
 * ^C ^D and Tab. Text longer than the screen is wide scrolls sideways.
 * Source of the key sequences: ECMA-48, 8.3; XTerm control sequences.
 */
#ifndef SHELL_LINE_H
#define SHELL_LINE_H

#include <stddef.h>
#include <stdint.h>

#define LINE_BYTES   256u /* longest line, its end included */
#define LINE_HISTORY 32u  /* lines that the arrows bring back */
#define LINE_COLUMNS 77u  /* of 80: room for "^C" and an empty column */

/* What a character made of the line. */
enum line_event {
	LINE_MORE,	/* go on feeding */
	LINE_READY,	/* Enter: line->text is complete */
	LINE_CANCELLED, /* ^C: the line is thrown away */
	LINE_TOO_LONG,	/* Enter, but characters had to be dropped */
};

/* What the editor needs from its surroundings. */
struct line_host {
	void (*put)(void *ctx, const char *text, size_t bytes);
	/* The i-th word list entry that Tab may complete to, NULL past the end */
	const char *(*candidate)(void *ctx, unsigned i);
	void *ctx;
};

/* Owner of all fields: line.c; `text` may be read and cut up after READY. */
struct line {
	const struct line_host *host;
	const char *prompt;
	char text[LINE_BYTES];
	uint32_t length;       /* without the zero byte */
	uint32_t cursor;       /* 0..length */
	uint32_t scroll;       /* first character shown */
	uint32_t dropped;      /* characters that found no room */
	uint32_t key;	       /* state inside an escape sequence */
	uint32_t key_number;   /* its parameter */
	uint32_t back;	       /* 0: editing; n: n-th last line of history */
	uint32_t lines;	       /* entered so far; history is modulo */
	char last;	       /* character before, to join CR and LF */
	char kept[LINE_BYTES]; /* the new line, while history is shown */
	char history[LINE_HISTORY][LINE_BYTES];
};

void line_open(struct line *line, const struct line_host *host);

/**
 * line_prompt - start a new line.
 * @prompt: shown in front; shorter than half a screen; kept by reference
 */
void line_prompt(struct line *line, const char *prompt);

/* Feed one received character; see enum line_event. */
enum line_event line_feed(struct line *line, char c);

/* Show prompt and line again, after something else was printed. */
void line_redraw(struct line *line);

#endif
