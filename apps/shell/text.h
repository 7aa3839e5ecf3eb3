/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.h - what the shell does with text: words, numbers, hexdump lines.
 *
 * Pure functions without state, tested on the host. Text comes from a person
 * and may be anything: each function bounds it and says what is wrong.
 */
#ifndef SHELL_TEXT_H
#define SHELL_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define TEXT_WORDS_MAX	 32
#define TEXT_HEX_COLUMNS 16u
#define TEXT_HEX_LINE	 96u /* a hexdump line with its end fits */

/**
 * text_split - cut a line into words, in place.
 * @line:  changed: a zero byte is written behind each word
 * @words: out: where each word starts
 *
 * Words are separated by blanks. "..." and '...' keep blanks together; in
 * them and outside a backslash takes the next character as it is.
 *
 * Return: number of words; negative: -1 more than TEXT_WORDS_MAX words,
 *         -2 a quote that does not end.
 */
int text_split(char *line, char *words[TEXT_WORDS_MAX]);

/**
 * text_number - read a whole number, decimal or 0x hexadecimal.
 * @text:  one word; k, M and G at its end multiply by 1024, 1024^2, 1024^3
 * @value: out, unchanged on failure
 *
 * Return: 1, or 0 if @text is no such number or does not fit 64 bits.
 */
int text_number(const char *text, uint64_t *value);

/**
 * text_hexdump - format up to 16 bytes as `hexdump -C` does.
 * @out:    at least TEXT_HEX_LINE bytes, gets no line end
 * @offset: number in front
 * @data:   bytes to show
 * @bytes:  1..TEXT_HEX_COLUMNS
 */
void text_hexdump(char *out, uint64_t offset, const uint8_t *data,
		  size_t bytes);

#endif
