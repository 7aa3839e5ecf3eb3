/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * image.h - the archive of programs that is linked into the broker.
 */
#ifndef BROKER_IMAGE_H
#define BROKER_IMAGE_H

#include "archive.h"

/**
 * broker_image_file - find a file in the embedded archive.
 *
 * Return: K_OK, K_ERR_NOTFOUND, or K_ERR_FORMAT if the archive is damaged.
 */
enum k_err broker_image_file(const char *name, struct broker_file *file);

#endif
