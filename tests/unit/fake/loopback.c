/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loopback.c - one channel with both ends in this process.
 */
#include <string.h>
#include <glue/env.h>

#include "loopback.h"
#include "process.h"

void loopback_connect(uint16_t class_id, uint32_t depth, uint64_t region_bytes)
{
	struct glue_chan chan = { .generation = 1,
				  .data_bytes = region_bytes,
				  .ring_bytes = 8192,
				  .depth = depth,
				  .class_id = class_id,
				  .state = GLUE_CHAN_OPEN };

	fake_map_twice(GLUE_LENT_VADDR, GLUE_DMA_BASE + LOOPBACK_BUS,
		       region_bytes);
	fake_ring_alias(1, 0);
	memset(fake_ring(0), 0, chan.ring_bytes);
	chan.data_vaddr = GLUE_LENT_VADDR;
	*fake_chan(0) = chan;
	chan.data_vaddr = GLUE_DMA_BASE + LOOPBACK_BUS;
	chan.data_bus = LOOPBACK_BUS;
	chan.server = 1;
	*fake_chan(1) = chan;
}
