/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio.h - a fake virtio device for native drivers, honest or lying.
 *
 * It is a virtio-mmio one, unless a test links registers of another transport
 * (virtio_pci.c). Registers and rings follow VIRTIO 1.2 on their own, in code that shares
 * nothing with the kit's. What a request does is the test's: fake_virtio_next
 * gives its descriptors, fake_virtio_end its answer. Lies: fields below that a
 * test sets, and direct access to the rings.
 */
#ifndef FAKE_VIRTIO_H
#define FAKE_VIRTIO_H

#include <stdint.h>

#define FAKE_VIRTIO_REGS   0x00210000ul /* GLUE_MMIO_VADDR */
#define FAKE_VIRTIO_BUS	   0x44000000ul /* of the DMA arena */
#define FAKE_VIRTIO_QUEUES 16u

struct fake_virtio_queue {
	uint32_t entries;
	uint32_t ready;
	uint64_t desc, avail, used; /* bus addresses */
	uint16_t taken;		    /* of the available ring */
	uint16_t given;		    /* of the used ring */
	unsigned int notified;
};

struct fake_virtio {
	uint32_t id;
	uint32_t version;
	uint64_t offered;  /* features */
	uint64_t accepted; /* by the driver */
	uint32_t status;
	uint32_t interrupt;
	uint32_t generation;
	uint8_t config[256];
	uint32_t queue_max;
	struct fake_virtio_queue queue[FAKE_VIRTIO_QUEUES];
	uint32_t select, features_select;
	unsigned int resets;
	/* Lies. */
	int never_resets;
	int refuses_features;
	int config_restless; /* the generation moves with each look */
	int config_tears;    /* it is inverted while its next bytes are read */
	/* Called when the driver rings the doorbell. May be NULL. */
	void (*on_notify)(unsigned int queue);
};
extern struct fake_virtio device;

/* Registers at FAKE_VIRTIO_REGS instead of virtio-mmio's, level-triggered. */
struct fake_virtio_registers {
	uint64_t (*read)(uint32_t offset, unsigned int bytes);
	void (*write)(uint32_t offset, unsigned int bytes, uint64_t value);
};
extern const struct fake_virtio_registers fake_virtio_registers
	__attribute__((weak));

/* What registers of any transport do; a read of the status takes time. */
uint64_t fake_virtio_status(void);
void fake_virtio_set_status(uint32_t status);
void fake_virtio_notify(uint32_t queue);
struct fake_virtio_queue *fake_virtio_selected(void); /* by device.select */
uint64_t fake_virtio_config(uint32_t offset, unsigned int bytes);
uint32_t fake_virtio_generation(void);
void fake_virtio_write_half(uint64_t *word, int high, uint64_t value);

/* A fresh device in the fake process, with an arena of so many bytes. */
void fake_virtio_start(uint32_t id, uint64_t offered, uint64_t arena_bytes);

struct fake_piece {
	uint8_t *data;
	uint32_t bytes;
	int writable;
};
#define FAKE_PIECES 8u

/* The next request that the driver has made available: its descriptors in
 * order. Return: how many, 0 if there is no request. *id names it. */
unsigned int fake_virtio_next(unsigned int queue,
			      struct fake_piece piece[FAKE_PIECES],
			      uint32_t *id);

/* Requests that the driver has made available and that have not ended. */
unsigned int fake_virtio_open(unsigned int queue);

/* Requests that the driver has made available and that nobody has looked at. */
unsigned int fake_virtio_waiting(unsigned int queue);

/* Put anything into the used ring, raise the interrupt if it is wanted. */
void fake_virtio_end(unsigned int queue, uint32_t id, uint32_t bytes);

/* Move the used index without an entry. */
void fake_virtio_jump(unsigned int queue, uint16_t by);

/* The configuration has changed. */
void fake_virtio_config_changed(void);

#endif
