/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * image.c - the frames of our own image, of which the archive is a part.
 */
#include "image.h"

#include "blocks.h"

extern const char broker_image_start[];

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
