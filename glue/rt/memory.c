/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory.c - functions with C names: memcpy's family, plain strings.
 *
 * Plain integer registers only: code that touches the vector registers makes
 * the kernel save 512 bytes more at each switch. memcpy itself: copy.S.
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

void *memmove(void *dst, const void *src, size_t bytes)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	/* Upwards is safe unless dst starts inside of src. */
	if ((uintptr_t)d - (uintptr_t)s >= bytes)
		return memcpy(dst, src, bytes);
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
