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

/* Bit i: the flag letters[i]. */
static const char letters[] = "-0+ #";
enum { LEFT = 1, ZERO = 2, PLUS = 4, BLANK = 8, ALTERNATE = 16 };

struct spec {
	unsigned int flags;
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

	if (!(spec->flags & LEFT))
		put_many(out, ' ', pad);
	for (; length > 0; length--)
		put(out, *text++);
	if (spec->flags & LEFT)
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
		return negative		   ? "-" :
		       spec->flags & PLUS  ? "+" :
		       spec->flags & BLANK ? " " :
					     "";
	if (spec->conversion != 'u' && (spec->flags & ALTERNATE) && value)
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
	if ((spec->flags & (ZERO | LEFT)) == ZERO && spec->precision < 0 &&
	    pad > 0) {
		zeros += pad;
		pad = 0;
	}
	if (!(spec->flags & LEFT))
		put_many(out, ' ', pad);
	while (*prefix)
		put(out, *prefix++);
	put_many(out, '0', zeros);
	while (n > 0)
		put(out, digit[--n]);
	if (spec->flags & LEFT)
		put_many(out, ' ', pad);
}

static int read_flag(struct spec *spec, char c)
{
	unsigned int i;

	for (i = 0; letters[i]; i++)
		if (letters[i] == c) {
			spec->flags |= 1u << i;
			return 1;
		}
	return 0;
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
		spec->flags |= LEFT;
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

/* Taking one is much code, so it is there once. */
static __attribute__((noinline)) int next_int(struct arguments *args)
{
	return va_arg(args->list, int);
}

/* A number in the format, or the next argument for a "*". */
static const char *read_size(const char *format, struct arguments *args,
			     int *value)
{
	if (*format != '*')
		return read_number(format, value);
	*value = next_int(args);
	return format + 1;
}

static const char *read_spec(struct spec *spec, const char *format,
			     struct arguments *args)
{
	int width;

	*spec = (struct spec){ .precision = -1 };
	while (read_flag(spec, *format))
		format++;
	format = read_size(format, args, &width);
	set_width(spec, width);
	if (*format == '.') {
		format = read_size(format + 1, args, &spec->precision);
		if (spec->precision > WIDTH_MAX)
			spec->precision = WIDTH_MAX;
	}
	format = read_length(format, &spec->bytes);
	spec->conversion = *format == 'i' ? 'd' : *format;
	return format;
}

/* An integer argument, in the low bits. */
static uint64_t next_integer(const struct spec *spec, struct arguments *args)
{
	return spec->bytes == 8 ? va_arg(args->list, uint64_t) :
				  (uint64_t)next_int(args);
}

static void put_signed(struct out *out, const struct spec *spec,
		       struct arguments *args)
{
	int unused = 64 - 8 * spec->bytes;
	int64_t value = (int64_t)(next_integer(spec, args) << unused) >> unused;

	put_number(out, spec, value < 0 ? -(uint64_t)value : (uint64_t)value,
		   value < 0);
}

static void put_unsigned(struct out *out, const struct spec *spec,
			 struct arguments *args)
{
	int unused = 64 - 8 * spec->bytes;

	put_number(out, spec, next_integer(spec, args) << unused >> unused, 0);
}

static __attribute__((noinline)) void *next_pointer(struct arguments *args)
{
	return va_arg(args->list, void *);
}

static void put_pointer(struct out *out, struct spec *spec,
			struct arguments *args)
{
	spec->conversion = 'x';
	spec->flags |= ALTERNATE;
	put_number(out, spec, (uintptr_t)next_pointer(args), 0);
}

static void put_char(struct out *out, const struct spec *spec,
		     struct arguments *args)
{
	char c = (char)next_int(args);

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
		put_string(out, spec, next_pointer(args));
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
