/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_pci.c - the fake virtio device with the registers of a PCI function.
 *
 * VIRTIO 1.2, 4.1.4: each field is accessed in its own width, each queue has a
 * doorbell of its own, and reading why it interrupts acknowledges.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "virtio.h"
#include "virtio_pci.h"

/* Another order than the queues', so that nobody guesses it. */
static uint32_t notify_off(uint32_t queue)
{
	return FAKE_VIRTIO_QUEUES - 1 - queue;
}

static unsigned int width(uint32_t offset)
{
	if (offset < 0x10 || (offset >= 0x20 && offset < 0x38))
		return 4;
	return offset == 0x14 || offset == 0x15 || offset == FAKE_PCI_ISR ? 1 :
									    2;
}

static uint64_t read_isr(void)
{
	uint32_t why = device.interrupt;

	device.interrupt = 0;
	return why;
}

static uint64_t pci_read(uint32_t offset, unsigned int bytes)
{
	if (offset >= FAKE_PCI_CONFIG)
		return fake_virtio_config(offset - FAKE_PCI_CONFIG, bytes);
	assert_int_equal(bytes, width(offset));
	switch (offset) {
	case 0x04:
		return (uint32_t)(device.offered >>
				  (device.features_select ? 32 : 0));
	case 0x14:
		return fake_virtio_status();
	case 0x15:
		return fake_virtio_generation();
	case 0x18:
		return device.select < FAKE_VIRTIO_QUEUES ? device.queue_max :
							    0;
	case 0x1e:
		return notify_off(device.select);
	case FAKE_PCI_ISR:
		return read_isr();
	default:
		fail_msg("read of register %#x", offset);
		return 0;
	}
}

static void queue_write(struct fake_virtio_queue *queue, uint32_t offset,
			uint64_t value)
{
	uint64_t *address[] = { &queue->desc, &queue->avail, &queue->used };

	if (offset == 0x18) {
		assert_true(value && value <= device.queue_max);
		queue->entries = (uint32_t)value;
	} else if (offset == 0x1c) {
		queue->ready = (uint32_t)value;
	} else {
		assert_true(offset >= 0x20 && offset < 0x38);
		fake_virtio_write_half(address[(offset - 0x20) / 8], offset & 4,
				       value);
	}
}

static void pci_write(uint32_t offset, unsigned int bytes, uint64_t value)
{
	assert_int_equal(bytes, width(offset));
	if (offset >= FAKE_PCI_NOTIFY) {
		assert_int_equal(offset - FAKE_PCI_NOTIFY,
				 notify_off((uint32_t)value) *
					 FAKE_PCI_NOTIFY_MULTIPLIER);
		fake_virtio_notify((uint32_t)value);
		return;
	}
	switch (offset) {
	case 0x00:
	case 0x08:
		device.features_select = (uint32_t)value;
		break;
	case 0x0c:
		fake_virtio_write_half(&device.accepted,
				       (int)device.features_select, value);
		break;
	case 0x14:
		fake_virtio_set_status((uint32_t)value);
		break;
	case 0x16:
		device.select = (uint32_t)value;
		break;
	default:
		queue_write(fake_virtio_selected(), offset, value);
	}
}

const struct fake_virtio_registers fake_virtio_registers = { pci_read,
							     pci_write };
