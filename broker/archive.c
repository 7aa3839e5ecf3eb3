/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * archive.c - the newc cpio reader. Every length is checked before its use.
 */
#include "archive.h"

#include <glue/string.h>

#define CPIO_HEADER_BYTES  110u
#define CPIO_FILE_BYTES_AT 54u /* 8 hexadecimal digits each */
#define CPIO_NAME_BYTES_AT 94u
#define CPIO_TRAILER	   "TRAILER!!!"

/* Eight hexadecimal digits. Return: 0 if one is not a digit. */
static int read_hex8(const char *text, uint32_t *value)
{
	uint32_t sum = 0;

	for (int i = 0; i < 8; i++) {
		char c = text[i];
		uint32_t digit;

		if (c >= '0' && c <= '9')
			digit = (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			digit = (uint32_t)(c - 'a') + 10;
		else if (c >= 'A' && c <= 'F')
			digit = (uint32_t)(c - 'A') + 10;
		else
			return 0;
		sum = sum << 4 | digit;
	}
	*value = sum;
	return 1;
}

static size_t pad4(size_t bytes)
{
	return (bytes + 3) & ~(size_t)3;
}

enum k_err broker_archive_next(const void *archive, size_t bytes,
			       size_t *offset, struct broker_file *file)
{
	const char *at = (const char *)archive + *offset;
	uint32_t name_bytes, file_bytes;
	size_t left, head;

	if (*offset > bytes || bytes - *offset < CPIO_HEADER_BYTES)
		return K_ERR_FORMAT;
	left = bytes - *offset;
	if (memcmp(at, "070701", 6) != 0 ||
	    !read_hex8(at + CPIO_FILE_BYTES_AT, &file_bytes) ||
	    !read_hex8(at + CPIO_NAME_BYTES_AT, &name_bytes))
		return K_ERR_FORMAT;
	if (name_bytes == 0 || name_bytes > left - CPIO_HEADER_BYTES ||
	    at[CPIO_HEADER_BYTES + name_bytes - 1] != '\0')
		return K_ERR_FORMAT;
	if (strcmp(at + CPIO_HEADER_BYTES, CPIO_TRAILER) == 0)
		return K_ERR_NOTFOUND;
	head = pad4(CPIO_HEADER_BYTES + name_bytes);
	if (head > left || file_bytes > left - head)
		return K_ERR_FORMAT;
	file->name = at + CPIO_HEADER_BYTES;
	file->data = (const uint8_t *)at + head;
	file->bytes = file_bytes;
	*offset += pad4(head + file_bytes);
	return K_OK;
}

enum k_err broker_archive_find(const void *archive, size_t bytes,
			       const char *name, struct broker_file *file)
{
	size_t offset = 0;
	enum k_err err;

	do {
		err = broker_archive_next(archive, bytes, &offset, file);
	} while (err == K_OK && strcmp(file->name, name) != 0);
	return err;
}
