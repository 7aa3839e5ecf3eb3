/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * assign.h - which program of the manifest drives which device.
 */
#ifndef FINDER_ASSIGN_H
#define FINDER_ASSIGN_H

#include <stddef.h>
#include <broker/policy.h>
#include <glue/found.h>

/**
 * finder_find - all there is to do: read, look, match, write the table.
 * @tree:    the device tree; NULL: there is none
 * @bytes:   that may be read there
 * @archive: packed manifest, which has been checked
 * @found:   BROKER_FOUND_BYTES to write
 *
 * Messages say what is damaged, absent, left out, or wanted twice.
 */
void finder_find(const void *tree, size_t bytes,
		 const struct broker_archive *archive,
		 struct broker_found *found);

#endif
