/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * image.h - the archive of programs that is linked into the broker.
 */
#ifndef BROKER_IMAGE_H
#define BROKER_IMAGE_H

#include <stdint.h>
#include <abi/bootinfo.h>

#include "archive.h"

/**
 * broker_image_file - find a file in the embedded archive.
 *
 * Return: K_OK, K_ERR_NOTFOUND, or K_ERR_FORMAT if the archive is damaged.
 */
enum k_err broker_image_file(const char *name, struct broker_file *file);

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
