/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.c - words, numbers and hexdump lines for the shell.
 *
 * Nothing here knows a device or a command, so all of it runs on the host
 * under the sanitizers. Source of the dump's layout: hexdump(1), option -C.
 */
#include "text.h"

/* Blanks separate words; other control characters never get here. */
static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Take one word from *from on and write it to *to, which never overtakes
 * *from: quotes and backslashes only make a word shorter.
 * Return 1, or 0 if a quote does not end.
 */
static int word_take(char **from, char **to)
{
	char *in = *from, *out = *to;
	char quote = 0;

	for (; *in && (quote || !is_blank(*in)); in++) {
		if (*in == '\\' && in[1])
			*out++ = *++in;
		else if (quote && *in == quote)
			quote = 0;
		else if (!quote && (*in == '"' || *in == '\''))
			quote = *in;
		else
			*out++ = *in;
	}
	*from = in;
	*to = out;
	return !quote;
}

int text_split(char *line, char *words[TEXT_WORDS_MAX])
{
	char *out;
	int count = 0, last = 0;

	for (;;) {
		while (is_blank(*line))
			line++;
		if (!*line)
			return count;
		if (count == TEXT_WORDS_MAX)
			return -1;
		words[count++] = out = line;
		if (!word_take(&line, &out))
			return -2;
		last = !*line;
		*out = '\0';
		if (last)
			return count;
		line++;
	}
}

/* 0..15 for a hexadecimal digit of either case, 99 for anything else. */
static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c |= 0x20;
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a' + 10);
	return 99;
}

/* Bits to shift by for a size letter, 0 for the end of text, -1 for others. */
static int suffix_shift(const char *text)
{
	if (!*text)
		return 0;
	if (text[1])
		return -1;
	switch (*text) {
	case 'k':
	case 'K':
		return 10;
	case 'M':
		return 20;
	case 'G':
		return 30;
	default:
		return -1;
	}
}

int text_number(const char *text, uint64_t *value)
{
	unsigned base = 10, digit;
	uint64_t sum = 0;
	const char *start;
	int shift;

	if (text[0] == '0' && (text[1] | 0x20) == 'x') {
		base = 16;
		text += 2;
	}
	for (start = text; (digit = digit_value(*text)) < base; text++) {
		if (sum > (UINT64_MAX - digit) / base)
			return 0;
		sum = sum * base + digit;
	}
	shift = suffix_shift(text);
	if (text == start || shift < 0 || sum > UINT64_MAX >> shift)
		return 0;
	*value = sum << shift;
	return 1;
}

/* Returns where the next character goes. */
static char *hex_put(char *out, uint64_t value, unsigned digits)
{
	static const char digit[] = "0123456789abcdef";

	while (digits--)
		*out++ = digit[value >> (4 * digits) & 15];
	return out;
}

void text_hexdump(char *out, uint64_t offset, const uint8_t *data, size_t bytes)
{
	size_t i;

	out = hex_put(out, offset, offset >> 32 ? 12 : 8);
	for (i = 0; i < TEXT_HEX_COLUMNS; i++) {
		*out++ = ' ';
		if (i % 8 == 0)
			*out++ = ' ';
		if (i < bytes) {
			out = hex_put(out, data[i], 2);
		} else {
			*out++ = ' ';
			*out++ = ' ';
		}
	}
	*out++ = ' ';
	*out++ = ' ';
	*out++ = '|';
	for (i = 0; i < bytes; i++)
		*out++ = data[i] >= ' ' && data[i] <= '~' ? (char)data[i] : '.';
	*out++ = '|';
	*out = '\0';
}
