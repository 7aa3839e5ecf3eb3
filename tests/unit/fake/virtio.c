/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio.c - the fake virtio device of virtio.h, and virtio-mmio's registers.
 *
 * Register offsets: VIRTIO 1.2, 4.2.2. Rings: 2.7.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/mmio.h>
#include <glue/env.h>

#include "process.h"
#include "virtio.h"

#define INDIRECT_DESC (1ull << 28)
#define EVENT_IDX     (1ull << 29)
#define INDIRECT      4u /* flag of a descriptor */

struct fake_virtio device;

struct desc {
	uint64_t bus;
	uint32_t bytes;
	uint16_t flags, next;
};

static void *at_bus(uint64_t bus)
{
	return (void *)(uintptr_t)(GLUE_DMA_BASE + bus);
}

void fake_virtio_start(uint32_t id, uint64_t offered, uint64_t arena_bytes)
{
	struct glue_env *env = fake_env();

	memset(&device, 0, sizeof(device));
	device.id = id;
	device.version = 2;
	device.offered = offered | 1ull << 32;
	device.queue_max = 1024;
	env->n_mmio = 1;
	env->mmio[0] = (struct glue_mmio){ .vaddr = FAKE_VIRTIO_REGS,
					   .bytes = 0x200 };
	env->n_irq = 1;
	env->irq[0].edge = &fake_virtio_registers ? 0 : 1;
	env->dma_bus = FAKE_VIRTIO_BUS;
	env->dma_vaddr = GLUE_DMA_BASE + FAKE_VIRTIO_BUS;
	env->dma_bytes = arena_bytes;
	strcpy(env->device_node, "/virtio_mmio@a000000");
	fake_map(GLUE_DMA_BASE + FAKE_VIRTIO_BUS, arena_bytes);
}

struct fake_virtio_queue *fake_virtio_selected(void)
{
	static struct fake_virtio_queue none;

	return device.select < FAKE_VIRTIO_QUEUES ?
		       &device.queue[device.select] :
		       &none;
}

uint64_t fake_virtio_config(uint32_t offset, unsigned int bytes)
{
	uint64_t value = 0;
	unsigned int at;

	assert_true(offset + bytes <= sizeof(device.config));
	memcpy(&value, device.config + offset, bytes);
	if (device.config_tears) {
		device.config_tears = 0;
		for (at = 0; at < sizeof(device.config); at++)
			device.config[at] ^= 0xff;
		device.generation++;
	}
	return value;
}

uint64_t fake_virtio_status(void)
{
	fake.ticks += 100; /* whoever waits for it gets on in time */
	return device.status;
}

uint32_t fake_virtio_generation(void)
{
	device.generation += device.config_restless != 0;
	return device.generation;
}

static uint64_t read_register(uint32_t offset, unsigned int bytes)
{
	if (offset >= 0x100)
		return fake_virtio_config(offset - 0x100, bytes);
	assert_int_equal(bytes, 4);
	switch (offset) {
	case 0x000:
		return 0x74726976;
	case 0x004:
		return device.version;
	case 0x008:
		return device.id;
	case 0x010:
		return (uint32_t)(device.offered >>
				  (device.features_select ? 32 : 0));
	case 0x034:
		return device.select < FAKE_VIRTIO_QUEUES ? device.queue_max :
							    0;
	case 0x044:
		return fake_virtio_selected()->ready;
	case 0x060:
		assert_false(fake.irq_masked); /* a new edge would be lost */
		return device.interrupt;
	case 0x070:
		return fake_virtio_status();
	case 0x0fc:
		return fake_virtio_generation();
	default:
		fail_msg("read of register %#x", offset);
		return 0;
	}
}

void fake_virtio_set_status(uint32_t status)
{
	if (status == 0) {
		if (device.never_resets)
			return;
		memset(device.queue, 0, sizeof(device.queue));
		device.interrupt = 0;
		device.accepted = 0;
		device.resets++;
	}
	if (device.refuses_features)
		status &= ~8u;
	device.status = status;
}

void fake_virtio_write_half(uint64_t *word, int high, uint64_t value)
{
	*word = high ? (*word & 0xffffffff) | value << 32 :
		       (*word & ~0xffffffffull) | value;
}

void fake_virtio_notify(uint32_t queue)
{
	assert_true(queue < FAKE_VIRTIO_QUEUES);
	assert_true(device.queue[queue].ready);
	assert_true(device.status & 4);
	device.queue[queue].notified++;
	if (device.on_notify)
		device.on_notify(queue);
}

static void write_register(uint32_t offset, unsigned int bytes, uint64_t value)
{
	struct fake_virtio_queue *queue = fake_virtio_selected();

	assert_int_equal(bytes, 4);
	switch (offset) {
	case 0x014:
	case 0x024:
		device.features_select = (uint32_t)value;
		return;
	case 0x020:
		fake_virtio_write_half(&device.accepted,
				       (int)device.features_select, value);
		return;
	case 0x030:
		device.select = (uint32_t)value;
		return;
	case 0x038:
		assert_true(value && value <= device.queue_max);
		queue->entries = (uint32_t)value;
		return;
	case 0x044:
		queue->ready = (uint32_t)value;
		return;
	case 0x050:
		fake_virtio_notify((uint32_t)value);
		return;
	case 0x064:
		device.interrupt &= ~(uint32_t)value;
		return;
	case 0x070:
		fake_virtio_set_status((uint32_t)value);
		return;
	case 0x080:
	case 0x084:
		fake_virtio_write_half(&queue->desc, offset & 4, value);
		return;
	case 0x090:
	case 0x094:
		fake_virtio_write_half(&queue->avail, offset & 4, value);
		return;
	case 0x0a0:
	case 0x0a4:
		fake_virtio_write_half(&queue->used, offset & 4, value);
		return;
	default:
		fail_msg("write to register %#x", offset);
	}
}

static const struct fake_virtio_registers mmio = { read_register,
						   write_register };

static const struct fake_virtio_registers *registers(void)
{
	return &fake_virtio_registers ? &fake_virtio_registers : &mmio;
}

static int is_register(const volatile void *reg)
{
	return (uintptr_t)reg - FAKE_VIRTIO_REGS < 0x200;
}

int dddk_fake_load(const volatile void *reg, unsigned int bytes,
		   uint64_t *value)
{
	if (!is_register(reg))
		return 0;
	*value = registers()->read((uint32_t)((uintptr_t)reg -
					      FAKE_VIRTIO_REGS),
				   bytes);
	return 1;
}

int dddk_fake_store(volatile void *reg, unsigned int bytes, uint64_t value)
{
	if (!is_register(reg))
		return 0;
	registers()->write((uint32_t)((uintptr_t)reg - FAKE_VIRTIO_REGS), bytes,
			   value);
	return 1;
}

unsigned int fake_virtio_next(unsigned int number,
			      struct fake_piece piece[FAKE_PIECES],
			      uint32_t *id)
{
	struct fake_virtio_queue *queue = &device.queue[number];
	uint16_t *avail = at_bus(queue->avail);
	struct desc *table = at_bus(queue->desc);
	unsigned int n = 0, i, most = queue->entries;

	if (!queue->ready || queue->taken == avail[1])
		return 0;
	i = *id = avail[2 + queue->taken % queue->entries];
	queue->taken++;
	assert_true(i < most);
	if (table[i].flags & INDIRECT) {
		assert_true(device.accepted & INDIRECT_DESC);
		assert_int_equal(table[i].flags, INDIRECT);
		most = table[i].bytes / sizeof(*table);
		table = at_bus(table[i].bus);
		i = 0;
	}
	for (;;) {
		assert_true(i < most && n < FAKE_PIECES);
		assert_false(table[i].flags & INDIRECT);
		piece[n].data = at_bus(table[i].bus);
		piece[n].bytes = table[i].bytes;
		piece[n++].writable = (table[i].flags & 2) != 0;
		if (!(table[i].flags & 1))
			break;
		i = table[i].next;
	}
	/* The driver shall tell of what comes after this. */
	*(uint16_t *)at_bus(queue->used + 4 +
			    8ul * queue->entries) = queue->taken;
	return n;
}

unsigned int fake_virtio_open(unsigned int number)
{
	const struct fake_virtio_queue *queue = &device.queue[number];
	const uint16_t *avail = at_bus(queue->avail);

	return queue->ready ? (uint16_t)(avail[1] - queue->given) : 0;
}

unsigned int fake_virtio_waiting(unsigned int number)
{
	const struct fake_virtio_queue *queue = &device.queue[number];
	const uint16_t *avail = at_bus(queue->avail);

	return queue->ready ? (uint16_t)(avail[1] - queue->taken) : 0;
}

static void interrupt(uint32_t why)
{
	device.interrupt |= why;
	fake.events |= GLUE_EVENT_IRQ(0);
}

void fake_virtio_end(unsigned int number, uint32_t id, uint32_t bytes)
{
	struct fake_virtio_queue *queue = &device.queue[number];
	uint16_t *avail = at_bus(queue->avail);
	uint16_t *used = at_bus(queue->used);
	uint32_t *entry = at_bus(queue->used + 4 +
				 8ul * (queue->given % queue->entries));
	uint16_t event = avail[2 + queue->entries];

	entry[0] = id;
	entry[1] = bytes;
	used[1] = ++queue->given;
	if (device.accepted & EVENT_IDX ?
		    (uint16_t)(queue->given - 1) == event :
		    !(avail[0] & 1))
		interrupt(1);
}

void fake_virtio_jump(unsigned int number, uint16_t by)
{
	uint16_t *used = at_bus(device.queue[number].used);

	device.queue[number].given = (uint16_t)(device.queue[number].given +
						by);
	used[1] = device.queue[number].given;
	interrupt(1);
}

void fake_virtio_config_changed(void)
{
	device.generation++;
	interrupt(2);
}
