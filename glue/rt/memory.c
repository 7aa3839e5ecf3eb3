/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory.c - functions with C names: memcpy and its family, plain strings.
 *
 * Plain integer registers only: code that touches the vector registers makes
 * the kernel save 512 bytes more at each switch. Words when both sides are
 * aligned alike, else bytes; the copies of the fast paths are inline anyway.
 * Built with -fno-tree-loop-distribute-patterns, or the compiler would turn
 * these loops into calls of themselves.
 */
#include <glue/string.h>

#define WORD sizeof(uint64_t)

/* Bytes until `address` is a multiple of a word, at most `bytes`. */
static size_t head_bytes(uintptr_t address, size_t bytes)
{
	size_t head = -address & (WORD - 1);

	return head < bytes ? head : bytes;
}

static void copy_up(uint8_t *dst, const uint8_t *src, size_t bytes)
{
	size_t head = head_bytes((uintptr_t)dst, bytes);

	if (((uintptr_t)dst ^ (uintptr_t)src) & (WORD - 1))
		head = bytes;
	bytes -= head;
	while (head--)
		*dst++ = *src++;
	for (; bytes >= WORD; bytes -= WORD, dst += WORD, src += WORD)
		*(uint64_t *)dst = *(const uint64_t *)src;
	while (bytes--)
		*dst++ = *src++;
}

void *memcpy(void *restrict dst, const void *restrict src, size_t bytes)
{
	copy_up(dst, src, bytes);
	return dst;
}

void *memmove(void *dst, const void *src, size_t bytes)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	/* Upwards is safe unless dst starts inside of src. */
	if ((uintptr_t)d - (uintptr_t)s >= bytes) {
		copy_up(d, s, bytes);
		return dst;
	}
	while (bytes--)
		d[bytes] = s[bytes];
	return dst;
}

void *memset(void *dst, int byte, size_t bytes)
{
	uint8_t *d = dst;
	uint64_t word = (uint8_t)byte * 0x0101010101010101ul;
	size_t head = head_bytes((uintptr_t)d, bytes);

	bytes -= head;
	while (head--)
		*d++ = (uint8_t)byte;
	for (; bytes >= WORD; bytes -= WORD, d += WORD)
		*(uint64_t *)d = word;
	while (bytes--)
		*d++ = (uint8_t)byte;
	return dst;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
	const uint8_t *x = a;
	const uint8_t *y = b;

	for (; bytes; bytes--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

size_t strlen(const char *text)
{
	const char *end = text;

	while (*end)
		end++;
	return (size_t)(end - text);
}

int strncmp(const char *a, const char *b, size_t bytes)
{
	for (; bytes; bytes--, a++, b++) {
		if (*a != *b)
			return (unsigned char)*a - (unsigned char)*b;
		if (*a == 0)
			break;
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}
