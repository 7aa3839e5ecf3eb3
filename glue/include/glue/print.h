/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * print.h - formatted text, into a buffer or to the kernel's debug console.
 *
 * Formats: %c %s %d %i %u %x %X %p %% with flags - 0 + blank #, width,
 * precision (also `*`), and lengths hh h l ll z t j. No floating point. Text
 * that a formatter does not know is copied as it stands, so that nothing is
 * lost silently.
 */
#ifndef GLUE_PRINT_H
#define GLUE_PRINT_H

#include <stdarg.h>
#include <stddef.h>

/**
 * glue_vsnprintf - format into a buffer, always zero-terminated if size > 0.
 *
 * Return: bytes the whole text needs without the end zero, as C's vsnprintf.
 */
int glue_vsnprintf(char *dst, size_t size, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));
int glue_snprintf(char *dst, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * glue_printf - print to the debug console; lines leave when they are whole.
 *
 * One call prints at most 255 bytes, then "..." shows the cut. Not prefixed.
 */
void glue_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void glue_vprintf(const char *format, va_list args)
	__attribute__((format(printf, 1, 0)));

/**
 * glue_print_set_sink - where whole lines go; until then the debug console.
 * @sink: gets at most GLUE_LOG_BYTES at a time, not zero-terminated
 */
typedef void glue_print_sink(const char *text, size_t bytes);
void glue_print_set_sink(glue_print_sink *sink);

/* Push out a line that has no newline yet, such as a prompt. */
void glue_print_flush(void);

#endif
