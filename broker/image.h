/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * image.h - the archive of programs that is linked into the broker.
 */
#ifndef BROKER_IMAGE_H
#define BROKER_IMAGE_H

#include <stdint.h>
#include <abi/bootinfo.h>

/* broker/embed.S: what mk/archive.py has made. */
extern const char broker_archive_start[];
extern const char broker_archive_end[];

/* Called once, before broker_image_frame. */
void broker_image_init(const struct abi_boot_info *info);

/**
 * broker_image_frame - the frame that holds a page of the archive.
 * @data: address in the archive
 *
 * The following pages are in the following slots.
 *
 * Return: a root slot; 0 if a page does not begin there.
 */
uint32_t broker_image_frame(const void *data);

#endif
