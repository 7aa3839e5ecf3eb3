/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * image.c - where broker/embed.S put the archive.
 */
#include "image.h"

extern const char broker_archive_start[];
extern const char broker_archive_end[];

enum k_err broker_image_file(const char *name, struct broker_file *file)
{
	size_t bytes = (size_t)(broker_archive_end - broker_archive_start);

	return broker_archive_find(broker_archive_start, bytes, name, file);
}
