/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * image.c - where broker/embed.S put the archive.
 */
#include "image.h"

#include "blocks.h"

extern const char broker_image_start[];
extern const char broker_archive_start[];
extern const char broker_archive_end[];

enum k_err broker_image_file(const char *name, struct broker_file *file)
{
	size_t bytes = (size_t)(broker_archive_end - broker_archive_start);

	return broker_archive_find(broker_archive_start, bytes, name, file);
}

static uint32_t first_frame;

void broker_image_init(const struct abi_boot_info *info)
{
	first_frame = (uint32_t)info->user_image_frames.start;
}

uint32_t broker_image_frame(const void *data)
{
	uint64_t at = (uint64_t)((const char *)data - broker_image_start);

	if (at % BROKER_PAGE_BYTES != 0)
		return 0;
	return first_frame + (uint32_t)(at / BROKER_PAGE_BYTES);
}
