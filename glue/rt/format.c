/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * format.c - formatted text into a buffer: glue_vsnprintf.
 *
 * A format is read into a struct spec, then written by its conversion. All
 * bytes go through put(), which counts everything and stores what fits.
 * Why not a C library: picolibc's costs 9 KiB, vector registers and
 * thread-local storage; glue/README.md has the trial.
 */
#include <stdint.h>
#include <glue/print.h>

struct out {
	char *dst;
	size_t size;
	size_t length; /* of the whole text, also what did not fit */
};

struct spec {
	unsigned int left : 1;
	unsigned int zero : 1;
	unsigned int plus : 1;
	unsigned int blank : 1;
	unsigned int alternate : 1;
	int width;
	int precision; /* -1 none */
	int bytes;     /* of the integer argument */
	char conversion;
};

/* Widths beyond this are cut: no message needs them. */
#define WIDTH_MAX  4096
/* The longest number: 64 bits in octal digits would be 22. */
#define DIGITS_MAX 24

static void put(struct out *out, char c)
{
	if (out->length + 1 < out->size)
		out->dst[out->length] = c;
	out->length++;
}

static void put_many(struct out *out, char c, int count)
{
	while (count-- > 0)
		put(out, c);
}

static void put_text(struct out *out, const struct spec *spec, const char *text,
		     int length)
{
	int pad = spec->width - length;

	if (!spec->left)
		put_many(out, ' ', pad);
	for (; length > 0; length--)
		put(out, *text++);
	if (spec->left)
		put_many(out, ' ', pad);
}

static void put_string(struct out *out, const struct spec *spec,
		       const char *text)
{
	int length = 0;

	if (!text)
		text = "(null)";
	while ((spec->precision < 0 || length < spec->precision) &&
	       text[length] && length < INT32_MAX)
		length++;
	put_text(out, spec, text, length);
}

/* Digits of a value, last one first; returns how many. */
static int make_digits(char *digit, uint64_t value, unsigned int base,
		       char conversion)
{
	const char *set = conversion == 'X' ? "0123456789ABCDEF" :
					      "0123456789abcdef";
	int n = 0;

	for (; value; value /= base)
		digit[n++] = set[value % base];
	return n;
}

/* "-", "+", " ", "0x" or nothing. */
static const char *number_prefix(const struct spec *spec, int negative,
				 uint64_t value)
{
	if (spec->conversion == 'd')
		return negative	   ? "-" :
		       spec->plus  ? "+" :
		       spec->blank ? " " :
				     "";
	if (spec->conversion != 'u' && spec->alternate && value)
		return spec->conversion == 'X' ? "0X" : "0x";
	return "";
}

static void put_number(struct out *out, const struct spec *spec, uint64_t value,
		       int negative)
{
	const char *prefix = number_prefix(spec, negative, value);
	unsigned int base = spec->conversion == 'd' || spec->conversion == 'u' ?
				    10 :
				    16;
	char digit[DIGITS_MAX];
	int n = make_digits(digit, value, base, spec->conversion);
	int zeros = (spec->precision < 0 ? 1 : spec->precision) - n;
	int pad;

	if (zeros < 0)
		zeros = 0;
	pad = spec->width - n - zeros;
	for (const char *p = prefix; *p; p++)
		pad--;
	if (spec->zero && !spec->left && spec->precision < 0 && pad > 0) {
		zeros += pad;
		pad = 0;
	}
	if (!spec->left)
		put_many(out, ' ', pad);
	while (*prefix)
		put(out, *prefix++);
	put_many(out, '0', zeros);
	while (n > 0)
		put(out, digit[--n]);
	if (spec->left)
		put_many(out, ' ', pad);
}

static int read_flag(struct spec *spec, char c)
{
	switch (c) {
	case '-':
		spec->left = 1;
		return 1;
	case '0':
		spec->zero = 1;
		return 1;
	case '+':
		spec->plus = 1;
		return 1;
	case ' ':
		spec->blank = 1;
		return 1;
	case '#':
		spec->alternate = 1;
		return 1;
	default:
		return 0;
	}
}

/* A decimal number in the format, bounded by WIDTH_MAX. */
static const char *read_number(const char *format, int *value)
{
	*value = 0;
	for (; *format >= '0' && *format <= '9'; format++)
		if (*value < WIDTH_MAX)
			*value = *value * 10 + (*format - '0');
	if (*value > WIDTH_MAX)
		*value = WIDTH_MAX;
	return format;
}

static void set_width(struct spec *spec, int width)
{
	if (width < 0) {
		spec->left = 1;
		width = width < -WIDTH_MAX ? WIDTH_MAX : -width;
	}
	spec->width = width > WIDTH_MAX ? WIDTH_MAX : width;
}

/* hh h l ll z t j: how many bytes the integer argument has. */
static const char *read_length(const char *format, int *bytes)
{
	*bytes = (int)sizeof(int);
	for (;; format++) {
		switch (*format) {
		case 'h':
			*bytes = *bytes == 2 ? 1 : 2;
			break;
		case 'l':
		case 'z':
		case 't':
		case 'j':
			*bytes = (int)sizeof(long);
			break;
		default:
			return format;
		}
	}
}

/* va_list is passed on inside a struct: it may be an array type. */
struct arguments {
	va_list list;
};

static const char *read_spec(struct spec *spec, const char *format,
			     struct arguments *args)
{
	*spec = (struct spec){ .precision = -1 };
	while (read_flag(spec, *format))
		format++;
	if (*format == '*') {
		set_width(spec, va_arg(args->list, int));
		format++;
	} else {
		format = read_number(format, &spec->width);
	}
	if (*format == '.') {
		format++;
		if (*format == '*') {
			spec->precision = va_arg(args->list, int);
			format++;
		} else {
			format = read_number(format, &spec->precision);
		}
		if (spec->precision > WIDTH_MAX)
			spec->precision = WIDTH_MAX;
	}
	format = read_length(format, &spec->bytes);
	spec->conversion = *format == 'i' ? 'd' : *format;
	return format;
}

static void put_signed(struct out *out, const struct spec *spec,
		       struct arguments *args)
{
	int64_t value = spec->bytes == 8 ? va_arg(args->list, int64_t) :
					   va_arg(args->list, int);

	if (spec->bytes == 2)
		value = (int16_t)value;
	else if (spec->bytes == 1)
		value = (int8_t)value;
	put_number(out, spec, value < 0 ? -(uint64_t)value : (uint64_t)value,
		   value < 0);
}

static void put_unsigned(struct out *out, const struct spec *spec,
			 struct arguments *args)
{
	uint64_t value = spec->bytes == 8 ? va_arg(args->list, uint64_t) :
					    va_arg(args->list, unsigned int);

	if (spec->bytes == 2)
		value = (uint16_t)value;
	else if (spec->bytes == 1)
		value = (uint8_t)value;
	put_number(out, spec, value, 0);
}

static void put_pointer(struct out *out, struct spec *spec,
			struct arguments *args)
{
	spec->conversion = 'x';
	spec->alternate = 1;
	put_number(out, spec, (uintptr_t)va_arg(args->list, void *), 0);
}

static void put_char(struct out *out, const struct spec *spec,
		     struct arguments *args)
{
	char c = (char)va_arg(args->list, int);

	put_text(out, spec, &c, 1);
}

/* Returns 0 for a conversion that is not ours. */
static int put_conversion(struct out *out, struct spec *spec,
			  struct arguments *args)
{
	switch (spec->conversion) {
	case 'd':
		put_signed(out, spec, args);
		return 1;
	case 'u':
	case 'x':
	case 'X':
		put_unsigned(out, spec, args);
		return 1;
	case 's':
		put_string(out, spec, va_arg(args->list, char *));
		return 1;
	case 'c':
		put_char(out, spec, args);
		return 1;
	case 'p':
		put_pointer(out, spec, args);
		return 1;
	case '%':
		put(out, '%');
		return 1;
	default:
		return 0;
	}
}

/* One conversion after its '%'; an unknown one is copied as it stands. */
static const char *put_directive(struct out *out, const char *format,
				 struct arguments *args)
{
	const char *start = format;
	struct spec spec;

	format = read_spec(&spec, format, args);
	if (put_conversion(out, &spec, args))
		return format + 1;
	put(out, '%');
	while (start < format)
		put(out, *start++);
	return format;
}

int glue_vsnprintf(char *dst, size_t size, const char *format, va_list args)
{
	struct out out = { .dst = dst, .size = size };
	struct arguments arguments;

	va_copy(arguments.list, args);
	while (*format) {
		if (*format == '%')
			format = put_directive(&out, format + 1, &arguments);
		else
			put(&out, *format++);
	}
	va_end(arguments.list);
	if (size)
		dst[out.length < size ? out.length : size - 1] = 0;
	return (int)out.length;
}

int glue_snprintf(char *dst, size_t size, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = glue_vsnprintf(dst, size, format, args);
	va_end(args);
	return length;
}
