/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.h - one request at a time, which ^C can leave.
 *
 * glue's own blocking calls wait for the whole deadline; a person who sees a
 * silent disk wants the prompt back. Commands on long runs use stream.h.
 */
#ifndef SHELL_REQUEST_H
#define SHELL_REQUEST_H

#include "disk.h"

/**
 * request_run - do one operation on a disk, cut into what it takes at once.
 * @disk:  open
 * @op:    READ, WRITE, FLUSH, DISCARD or WRITE_ZEROES
 * @count: sectors; 0 for FLUSH
 * @data:  in the lent region; NULL if the operation has none
 *
 * After K_ERR_TIMEOUT (also the end by ^C, with a message) the device may
 * still own @data: close the disk, do not use the buffer again.
 *
 * Return: the first error of a piece, or of submitting it.
 */
enum k_err request_run(struct disk *disk, enum glue_block_op op,
		       uint64_t sector, uint64_t count, void *data);

#endif
