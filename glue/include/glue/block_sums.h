/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_sums.h - a client that remembers what each sector of its disk must hold.
 *
 * Nothing on the way can tell that a driver, or a device, has taken the wrong
 * sector: its word is all there is. So the client library may keep a sum of each
 * sector that was written or read, in memory that the client gives. A read that
 * brings something else is not believed: the broker is asked for another life of
 * the driver, and that one is asked again. If it brings the same, what was on the
 * disk is lost, and the read ends with K_ERR_DAMAGED, again and again until the
 * sector is written.
 *
 * Not covered: sectors beyond the memory; the first read of what this client
 * has not written since it opened the disk; until they are written again,
 * sectors that were discarded, whose write failed, or to which two writes were
 * in flight at once; a read that was in flight beside a write to one of its
 * sectors. Nobody else may write to the disk meanwhile, nor the same program
 * where it has it open twice: that looks like damage.
 *
 * Read next: glue/client/block_sums.c
 */
#ifndef GLUE_BLOCK_SUMS_H
#define GLUE_BLOCK_SUMS_H

#include <stdint.h>
#include <glue/err.h>

struct glue_block_sums {
	uint32_t *word;	     /* of sector 0 and those behind it */
	uint64_t sectors;    /* so many; 0: none */
	uint32_t slots_used; /* slots from here on never held a request */
	uint32_t changes;    /* requests in flight that are no reads */
	uint32_t zeroes;     /* the sum of a sector of zeroes */
};

struct glue_block;

/**
 * glue_block_sums - from now on remember what the sectors of a disk hold.
 * @memory: zeroed; the library's until the disk is closed. A word of 32 bits a
 *          sector, from sector 0 on
 *
 * A client whose manifest line has sums_kib= need not call it: of the disks that
 * it has open the first has that memory.
 *
 * Return: K_OK; K_ERR_BUSY if requests are in flight.
 */
enum k_err glue_block_sums(struct glue_block *blk, void *memory,
			   uint64_t bytes);

#endif
