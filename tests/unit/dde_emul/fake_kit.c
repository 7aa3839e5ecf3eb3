// SPDX-License-Identifier: BSD-2-Clause
/*
 * fake_kit.c - kit/ without KaaL below it: memory, time, events, log, disk.
 *
 * kit_wait does not sleep but spins on the counter up to the deadline, or
 * returns the events that a check has left. A wait that nothing can end is a
 * check's mistake and stops the machine with status 71.
 */
#include <linux/string.h>
#include "check.h"

#define COUNTERS 16 /* more names than all checks together use */

void machine_exit(int status) __attribute__((noreturn));
void machine_print(const char *text);

unsigned long fake_events;
unsigned int fake_acks[KIT_IRQ_MAX];
char fake_log[4096];
int fake_status[KIT_BLOCK_TOKENS];
unsigned int fake_commits;
struct kit_block_info fake_info;
static const struct kit_block_ops *block_ops;
static unsigned int log_used;

extern const char fake_tree[]; /* tree.dts */

static struct kit_device device = {
	.process = "check",
	.service = "",
	.node = "/soc/check@1000",
	.tree = fake_tree,
	.compatible = "check,device",
	.alias = "amba:d00341077",
	.args = "",
	.mmio_count = 1,
	.mmio = { { .vaddr = 0x49000000, .bus = 0x9000000, .bytes = 0x1000 } },
	.irq_count = 2,
	.irq = { { .number = 48, .edge = 1 }, { .number = 49, .edge = 0 } },
	.arena_vaddr = KIT_DMA_BASE + ARENA_BUS,
	.arena_bytes = ARENA_BYTES,
	.page_meta_bytes = 64,
};

const struct kit_device *kit_device(void)
{
	unsigned long hz;

	__asm__("mrs %0, cntfrq_el0" : "=r"(hz));
	device.ticks_per_second = hz;
	return &device;
}

unsigned long kit_poll(void)
{
	unsigned long events = fake_events;

	fake_events = 0;
	return events;
}

unsigned long kit_wait(unsigned long deadline)
{
	if (!fake_events && deadline == KIT_FOREVER) {
		machine_print("check: a wait that nothing can end\n");
		machine_exit(71);
	}
	while (!fake_events && kit_ticks() < deadline)
		;
	return kit_poll();
}

void kit_irq_ack(unsigned int index)
{
	fake_acks[index]++;
}

void fake_log_clear(void)
{
	log_used = 0;
	fake_log[0] = 0;
}

void kit_log(const char *text)
{
	while (*text && log_used < sizeof(fake_log) - 2)
		fake_log[log_used++] = *text++;
	fake_log[log_used++] = '\n';
	fake_log[log_used] = 0;
}

void kit_trace(enum kit_trace_point point, unsigned int value)
{
	(void)point;
	(void)value;
}

void kit_ready(enum kit_err err)
{
	(void)err;
}

/* Nobody asks a check to stop. */
void kit_stop(void)
{
}

unsigned int kit_in_flight(void)
{
	return 0;
}

void *fake_exit_to[5];
int fake_exit_wanted;

void kit_exit(int status)
{
	if (fake_exit_wanted)
		__builtin_longjmp(fake_exit_to, 1);
	machine_print("check: the layer ended the process; its log:\n");
	machine_print(fake_log);
	machine_exit(status);
}

enum kit_err kit_block_start(const struct kit_block_ops *ops, void *drv,
			     const struct kit_block_info *info,
			     kit_region_fn *region)
{
	(void)drv;
	block_ops = ops;
	fake_info = *info;
	region((void *)(KIT_DMA_BASE + LENT_BUS), LENT_BUS, LENT_BYTES, 1);
	return KIT_OK;
}

enum kit_err kit_block_set_info(const struct kit_block_info *info)
{
	fake_info = *info;
	return KIT_OK;
}

void kit_block_poll(unsigned long events)
{
	(void)events;
}

void kit_block_complete(unsigned int token, enum kit_err status)
{
	fake_status[token] = status;
}

enum kit_err fake_submit(const struct kit_block_req *req)
{
	fake_status[req->token] = -1;
	return block_ops->submit(0, req);
}

void fake_commit(void)
{
	block_ops->commit(0);
}

void fake_set_edge(unsigned int index, int edge)
{
	device.irq[index].edge = edge;
}

/* Named counters, as kit hands them out; more than fit share the last. */
unsigned long *kit_counter(enum kit_counter_kind kind, const char *name)
{
	static struct {
		const char *name;
		unsigned long value;
	} counters[COUNTERS];
	unsigned int i = 0;

	while (i < COUNTERS - 1 && counters[i].name &&
	       strcmp(counters[i].name, name))
		i++;
	counters[i].name = name;
	return &counters[i].value;
}

unsigned long *kit_keepsake(void)
{
	static unsigned long keepsake;

	return &keepsake;
}

/* The machine of the checks has a stack of its own. */
void kit_stack_measure(void)
{
}
