/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_trace.c - follow one block read through all processes, hop by hop.
 *
 * Tracing is switched on for one read; then the entries of all processes are
 * collected and put in order of time. Two entries of one process that carry
 * the same tick keep their order; of two processes the earlier point of the
 * list in glue/trace.h comes first, as a process switch takes many ticks.
 * The lines are compared with docs/life-of-a-block-read.md by a system test.
 */
#include <glue/broker_client.h>
#include <glue/trace.h>

#include "command.h"
#include "console.h"
#include "request.h"

#define HOPS_MAX 128u /* one read makes about a dozen */

struct hop {
	struct glue_trace_entry entry;
	uint32_t pid;
	char process[GLUE_NAME_BYTES];
};

struct hops {
	struct hop hop[HOPS_MAX];
	uint32_t count;
	uint32_t lost; /* found no room */
};

static int hop_before(const struct hop *a, const struct hop *b)
{
	if (a->entry.when != b->entry.when)
		return a->entry.when < b->entry.when;
	return a->pid != b->pid && a->entry.point < b->entry.point;
}

/* Insertion keeps the list sorted; it is short. */
static void hop_add(struct hops *hops, const struct hop *hop)
{
	uint32_t i;

	if (hops->count == HOPS_MAX) {
		hops->lost++;
		return;
	}
	for (i = hops->count++; i && hop_before(hop, &hops->hop[i - 1]); i--)
		hops->hop[i] = hops->hop[i - 1];
	hops->hop[i] = *hop;
}

/* Ask the two processes of a request: ourselves and the driver. */
static void hops_collect(struct hops *hops, uint32_t driver)
{
	struct glue_process_info p;
	struct hop hop;
	unsigned i, j;

	hops->count = hops->lost = 0;
	for (i = 0; !glue_broker_process(i, &p); i++) {
		if (p.pid != glue_env()->pid && p.pid != driver)
			continue;
		hop.pid = p.pid;
		__builtin_memcpy(hop.process, p.name, sizeof(hop.process));
		for (j = 0; !glue_broker_trace_get(p.pid, j, &hop.entry); j++)
			hop_add(hops, &hop);
	}
}

/* Times count from the first hop. */
static void hops_print(const struct hops *hops)
{
	const struct hop *h = hops->hop;
	uint32_t i;

	for (i = 0; i < hops->count; i++, h++)
		console_printf("hop %2u  %8lu ns  %-18s %-16s %u\n", i + 1,
			       glue_ticks_to_ns(h->entry.when -
						hops->hop[0].entry.when),
			       glue_trace_name(h->entry.point), h->process,
			       h->entry.value);
	if (hops->lost)
		console_printf("%u more found no room\n", hops->lost);
}

/* Opening the disk is over by now, and the console's output has left: its
 * driver's hops would be in the trace too. So it holds one read only. */
static void trace_open(struct disk *disk, uint64_t sector)
{
	static struct hops hops;
	uint32_t count = disk->blk.info.logical_bytes / GLUE_BLOCK_SECTOR_BYTES;
	void *data = glue_block_alloc(&disk->blk, GLUE_BLOCK_PAGE_BYTES, 0);
	enum k_err err, off;

	console_drain();
	err = glue_broker_trace_set(1);
	if (err) {
		console_printf("trace: the broker answers: %s\n",
			       k_err_text(err));
		return;
	}
	err = request_run(disk, GLUE_BLOCK_READ, sector, count ? count : 1,
			  data);
	off = glue_broker_trace_set(0);
	if (err)
		disk_complain(disk, "read", sector, count, err);
	else if (off)
		console_printf("trace: cannot be stopped: %s\n",
			       k_err_text(off));
	hops_collect(&hops, glue_chan(disk->blk.port.chan)->peer_pid);
	hops_print(&hops);
}

void cmd_trace_blk(int argc, char **argv)
{
	uint64_t sector;

	(void)argc;
	if (!disk_number(argv[1], "SECTOR", &sector) ||
	    !disk_open(&disk_first, argv[0], GLUE_BLOCK_PAGE_BYTES))
		return;
	trace_open(&disk_first, sector);
	disk_close(&disk_first);
}
