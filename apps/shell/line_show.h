/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * line_show.h - between the two halves of the line editor: edit and show.
 */
#ifndef SHELL_LINE_SHOW_H
#define SHELL_LINE_SHOW_H

#include "line.h"

/* One character was added at the end: show it. */
void line_show_last(struct line *line);

/* The key cannot be obeyed. */
void line_show_bell(struct line *line);

/* The line is done; @mark says how, such as "^C". */
void line_show_end(struct line *line, const char *mark);

/* One of several completions, on a row of its own. */
void line_show_list(struct line *line, const char *word);

#endif
