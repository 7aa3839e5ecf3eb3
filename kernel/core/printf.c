/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * printf.c - formatted output to the debug UART, one character at a time.
 *
 * Knows %c %s %d %u %x %p with the lengths l, ll, z, a width, and the flags 0
 * and -. No buffer, no lock: one flow of control.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <core/arch.h>

#define DIGITS_MAX 20u /* of 2^64 in decimal */

struct format {
	unsigned int width;
	bool zeros;
	bool left;
	bool is_long;
};

static void put_repeated(char c, unsigned int count)
{
	while (count--)
		platform_putchar(c);
}

static void put_text(const struct format *f, const char *text,
		     unsigned int length)
{
	unsigned int gap = f->width > length ? f->width - length : 0;

	if (!f->left)
		put_repeated(f->zeros ? '0' : ' ', gap);
	while (length--)
		platform_putchar(*text++);
	if (f->left)
		put_repeated(' ', gap);
}

static void put_number(const struct format *f, uint64_t value,
		       unsigned int base, bool negative)
{
	char digits[DIGITS_MAX + 1];
	unsigned int at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	if (negative)
		digits[--at] = '-';
	put_text(f, digits + at, sizeof(digits) - at);
}

static void put_string(const struct format *f, const char *text)
{
	unsigned int length = 0;

	if (!text)
		text = "(null)";
	while (text[length])
		length++;
	put_text(f, text, length);
}

static void put_signed(const struct format *f, int64_t value)
{
	if (value < 0)
		put_number(f, -(uint64_t)value, 10, true);
	else
		put_number(f, value, 10, false);
}

/* Reads flags, width and length; returns the conversion character's place. */
static const char *format_read(const char *at, struct format *f)
{
	*f = (struct format){ 0, false, false, false };
	for (; *at == '0' || *at == '-'; at++) {
		if (*at == '0')
			f->zeros = true;
		else
			f->left = true;
	}
	for (; *at >= '0' && *at <= '9'; at++)
		f->width = f->width * 10 + (unsigned int)(*at - '0');
	for (; *at == 'l' || *at == 'z'; at++)
		f->is_long = true;
	return at;
}

static uint64_t argument(const struct format *f, va_list *args)
{
	return f->is_long ? va_arg(*args, uint64_t) :
			    va_arg(*args, unsigned int);
}

static void put_conversion(char conversion, struct format *f, va_list *args)
{
	char c;

	switch (conversion) {
	case 'c':
		c = (char)va_arg(*args, int);
		put_text(f, &c, 1);
		break;
	case 's':
		put_string(f, va_arg(*args, const char *));
		break;
	case 'd':
		put_signed(f, f->is_long ? va_arg(*args, int64_t) :
					   va_arg(*args, int));
		break;
	case 'u':
		put_number(f, argument(f, args), 10, false);
		break;
	case 'x':
		put_number(f, argument(f, args), 16, false);
		break;
	case 'p':
		f->is_long = true;
		put_number(f, argument(f, args), 16, false);
		break;
	default:
		platform_putchar(conversion);
		break;
	}
}

void kernel_printf(const char *format, ...)
{
	struct format f;
	va_list args;

	va_start(args, format);
	for (; *format; format++) {
		if (*format != '%') {
			platform_putchar(*format);
			continue;
		}
		format = format_read(format + 1, &f);
		if (!*format)
			break;
		put_conversion(*format, &f, &args);
	}
	va_end(args);
}
