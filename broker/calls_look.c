/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calls_look.c - what exists and what happens: processes, devices, services,
 * memory, who holds what, traces, counters.
 *
 * Lists are read one entry a call, by index, until K_ERR_NOTFOUND. Traces and
 * counters lie in pages that the process itself writes, so nothing in them is
 * believed.
 */
#include "calls.h"

#include <glue/print.h>
#include <glue/string.h>
#include <glue/sys.h>
#include <glue/timer.h>

#include "blocks.h"
#include "channel_ends.h"
#include "channels.h"
#include "loader.h"
#include "log.h"
#include "slots.h"
#include "timer.h"

static uint32_t broker_ram_kib;

void broker_calls_init(uint32_t own_ram_kib)
{
	broker_ram_kib = own_ram_kib;
}

static void process_describe(const struct broker_process *p,
			     struct glue_process_info *info)
{
	glue_strlcpy(info->name, p->program->name, sizeof(info->name));
	glue_strlcpy(info->service, p->service, sizeof(info->service));
	info->pid = p->pid;
	info->kind = (uint16_t)p->program->kind;
	info->state = (uint16_t)p->state;
	info->ram_kib = (uint32_t)(p->memory.bytes / 1024);
	info->dma_kib = (uint32_t)((p->arena.bytes + broker_channels_bytes(p)) /
				   1024);
	info->cpu_ticks = broker_process_cpu(p);
	info->restarts = p->restarts;
	info->status = p->status;
}

static void broker_describe(struct glue_process_info *info)
{
	glue_strlcpy(info->name, "broker", sizeof(info->name));
	info->kind = GLUE_KIND_BROKER;
	info->state = GLUE_PROC_READY;
	info->ram_kib = broker_ram_kib;
	if (glue_tcb_cpu_time(ABI_SLOT_TCB, &info->cpu_ticks))
		info->cpu_ticks = ~(uint64_t)0;
}

/* Index 0 is the broker, then all entries in use, by their place. */
int broker_call_process(const struct broker_call *c)
{
	struct glue_process_info info = { 0 };
	uint64_t left = c->word[0];

	if (left-- == 0) {
		broker_describe(&info);
		return broker_reply_struct(c->reply, &info, sizeof(info));
	}
	for (struct broker_process *p = NULL; (p = broker_process_next(p));) {
		if (left-- != 0)
			continue;
		process_describe(p, &info);
		return broker_reply_struct(c->reply, &info, sizeof(info));
	}
	return K_ERR_NOTFOUND;
}

static void device_describe(const struct broker_device *device,
			    struct glue_device_info *info)
{
	glue_strlcpy(info->node, device->node, sizeof(info->node));
	glue_strlcpy(info->alias, device->alias, sizeof(info->alias));
	info->paddr = device->n_mmio ? device->mmio[0].paddr : ~(uint64_t)0;
	info->intid = device->n_irq ? device->irq[0].intid : 0;
	info->stopped = device->broken;
	if (device->driver)
		info->driver_pid = broker_process_at(device->driver - 1u)->pid;
}

int broker_call_device(const struct broker_call *c)
{
	struct glue_device_info info = { 0 };

	if (c->word[0] >= broker_devices_count())
		return K_ERR_NOTFOUND;
	device_describe(broker_device((unsigned int)c->word[0]), &info);
	return broker_reply_struct(c->reply, &info, sizeof(info));
}

/* Only services of classes that the caller may connect to. */
int broker_call_service(const struct broker_call *c)
{
	uint64_t left = c->word[0];

	for (struct broker_process *p = NULL; (p = broker_process_next(p));) {
		struct glue_service_info info = { 0 };

		if (p->service[0] == '\0' ||
		    !(c->from->program->connect >> p->program->class->id & 1) ||
		    broker_process_serving(p->service) != p || left-- != 0)
			continue;
		glue_strlcpy(info.name, p->service, sizeof(info.name));
		info.class_id = p->program->class->id;
		info.pid = p->pid;
		info.state = p->state;
		info.console = info.class_id == GLUE_CLASS_SERIAL &&
			       p->device && p->device->is_console;
		return broker_reply_struct(c->reply, &info, sizeof(info));
	}
	return K_ERR_NOTFOUND;
}

int broker_call_memory(const struct broker_call *c)
{
	struct glue_memory_info info = { broker_blocks_total(),
					 broker_blocks_free(),
					 broker_blocks_promised(),
					 broker_slots_free() };

	return broker_reply_struct(c->reply, &info, sizeof(info));
}

/* The n-th block of an account of which something was made. */
static int block_at(const struct broker_account *account, uint64_t n,
		    struct glue_held *held)
{
	int block = account->blocks;

	for (; block != BROKER_BLOCK_NONE; block = broker_block(block)->next) {
		held->bytes = (uint64_t)broker_block(block)->begun *
			      BROKER_PAGE_BYTES;
		if (held->bytes != 0 && n-- == 0)
			break;
	}
	if (block == BROKER_BLOCK_NONE)
		return 0;
	held->start = broker_block(block)->paddr;
	return 1;
}

/* An end that is open has a capability and sees the channel's memory. */
static int channel_at(const struct broker_process *p, unsigned int index,
		      uint64_t n, struct glue_held *held)
{
	enum side side;
	const struct channel *ch = broker_channel_of(p, index, &side);

	if (!ch || !ch->end[side].open)
		return 0;
	held->pid = ch->end[!side].process->pid;
	held->server = side == SERVER;
	return block_at(&ch->account, n, held);
}

/* A thread that was lent is gone when its process is. */
static uint32_t victim_of(const struct broker_process *p)
{
	const struct broker_process *victim = broker_process_find(p->victim);

	return victim && broker_process_alive(victim) ? p->victim : 0;
}

/* Places that hold one thing each, and memory piece by piece. */
static int held_at(const struct broker_process *p, uint64_t place, uint64_t n,
		   struct glue_held *held)
{
	const struct broker_device *device = p->device;

	if (place == GLUE_HELD_MEMORY)
		return block_at(&p->memory, n, held);
	if (place == GLUE_HELD_ARENA)
		return block_at(&p->arena, n, held);
	if (place == GLUE_HELD_REGISTERS && device && n < device->n_mmio) {
		held->start = device->mmio[n].paddr;
		held->bytes = device->mmio[n].bytes;
		return 1;
	}
	if (place - GLUE_CAP_PEER0 < GLUE_CHANS_MAX)
		return channel_at(p, (unsigned int)(place - GLUE_CAP_PEER0), n,
				  held);
	if (n == 0 && place == GLUE_CAP_VICTIM)
		held->pid = victim_of(p);
	else if (n == 0 && place - GLUE_CAP_IRQ0 < GLUE_IRQ_MAX &&
		 p->irq[place - GLUE_CAP_IRQ0])
		held->start = device->irq[place - GLUE_CAP_IRQ0].intid;
	else if (n == 0 && place - GLUE_CAP_TIMER_CLIENT0 < GLUE_TIMER_CLIENTS)
		held->pid = broker_timer_client(
			p, (unsigned int)(place - GLUE_CAP_TIMER_CLIENT0));
	return held->start != 0 || held->pid != 0;
}

int broker_call_held(const struct broker_call *c)
{
	const struct broker_process *p = broker_process_find(c->word[0]);
	struct glue_held held = { 0 };

	if (!p || !broker_process_alive(p) ||
	    !held_at(p, c->word[1], c->word[2], &held))
		return K_ERR_NOTFOUND;
	return broker_reply_struct(c->reply, &held, sizeof(held));
}

/* A process has no page for its trace until somebody wants to see one. */
static void process_trace(struct broker_process *p, int on)
{
	if (on && broker_load_trace(p)) {
		broker_log("%s: no memory for a trace", p->label);
		on = 0;
	}
	if (on)
		p->trace->next = 0;
	__atomic_store_n(&p->page->env.tracing, on, __ATOMIC_RELEASE);
}

/* For all processes at once, so that the times of one request line up. */
int broker_call_trace_set(const struct broker_call *c)
{
	int on = c->word[0] != 0;

	for (struct broker_process *p = NULL; (p = broker_process_next(p));) {
		if (p->page)
			process_trace(p, on);
	}
	return K_OK;
}

/* Index 0 is the oldest entry that is still there. */
int broker_call_trace_get(const struct broker_call *c)
{
	const struct broker_process *p = broker_process_find(c->word[0]);
	uint64_t index = c->word[1], next, first;
	struct glue_trace_entry entry;

	if (!p || !p->trace)
		return K_ERR_NOTFOUND;
	/* The process may write what it likes there: read it only once. */
	next = __atomic_load_n(&p->trace->next, __ATOMIC_ACQUIRE);
	first = next > GLUE_TRACE_ENTRIES ? next - GLUE_TRACE_ENTRIES : 0;
	if (index >= next - first)
		return K_ERR_NOTFOUND;
	entry = p->trace->entry[(first + index) % GLUE_TRACE_ENTRIES];
	return broker_reply_struct(c->reply, &entry, sizeof(entry));
}

/* The process may write what it likes there: its kind is read once, and the
 * name ends where its field does. */
int broker_call_counter(const struct broker_call *c)
{
	const struct broker_process *p = broker_process_find(c->word[0]);
	uint64_t index = c->word[1];
	struct glue_counter counter;

	if (!p || !p->counters || index >= GLUE_COUNTERS_MAX ||
	    __atomic_load_n(&p->counters->counter[index].kind,
			    __ATOMIC_ACQUIRE) == GLUE_COUNTER_NONE)
		return K_ERR_NOTFOUND;
	counter = p->counters->counter[index];
	counter.name[sizeof(counter.name) - 1] = '\0';
	return broker_reply_struct(c->reply, &counter, sizeof(counter));
}
