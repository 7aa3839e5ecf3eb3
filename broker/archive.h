/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * archive.h - finding files in the cpio archive embedded in system.elf.
 *
 * Format: cpio "newc" (magic 070701), as `cpio -H newc` and mk/archive.py write
 * it: a header of 110 characters, the name, the data, each part padded to 4.
 */
#ifndef BROKER_ARCHIVE_H
#define BROKER_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>
#include <glue/err.h>

struct broker_file {
	const char *name; /* zero-terminated, inside the archive */
	const uint8_t *data;
	size_t bytes;
};

/**
 * broker_archive_next - walk over the files of an archive.
 * @offset: in/out: 0 to begin; where the next header is
 *
 * Return: K_OK; K_ERR_NOTFOUND after the last file; K_ERR_FORMAT if the
 *         archive is damaged at *offset.
 */
enum k_err broker_archive_next(const void *archive, size_t bytes,
			       size_t *offset, struct broker_file *file);

/* Find a file by name; errors as broker_archive_next. */
enum k_err broker_archive_find(const void *archive, size_t bytes,
			       const char *name, struct broker_file *file);

#endif
