/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - virtio-blk, native: disks of virtual machines (VIRTIO 1.2, 5.2).
 *
 * A slot of the queue is one request: header, data, status, in this order, its
 * header and status laid out once at probe. The token that the service gave
 * is kept by slot. The status byte is poisoned before the device gets it, so
 * that one which writes nothing is not believed; nor is one that says it wrote
 * less than was asked for.
 */
#include <stddef.h>
#include <dddk/block_service.h>
#include <dddk/driver.h>
#include <dddk/virtqueue_wait.h>
#include <glue/rt.h>

#define VIRTIO_ID_BLOCK 2u

/* Features (5.2.3) that this driver uses. */
#define F_RO	       (1ull << 5)
#define F_BLK_SIZE     (1ull << 6)
#define F_FLUSH	       (1ull << 9)
#define F_TOPOLOGY     (1ull << 10)
#define F_DISCARD      (1ull << 13)
#define F_WRITE_ZEROES (1ull << 14)
#define WISH                                                                   \
	(F_RO | F_BLK_SIZE | F_FLUSH | F_TOPOLOGY | F_DISCARD |                \
	 F_WRITE_ZEROES | DDDK_VIRTIO_F_EVENT | DDDK_VIRTIO_F_INDIRECT)

/* The configuration space (5.2.4), little-endian. */
struct blk_config {
	uint64_t sectors;
	uint32_t size_max;
	uint32_t seg_max;
	uint16_t cylinders;
	uint8_t heads;
	uint8_t sectors_a_track;
	uint32_t blk_size;
	uint8_t physical_exp; /* logical blocks a physical one, log2 */
	uint8_t alignment_offset;
	uint16_t min_io;
	uint32_t opt_io;
	uint8_t writeback;
	uint8_t rsvd0;
	uint16_t n_queues;
	uint32_t max_discard_sectors;
	uint32_t max_discard_seg;
	uint32_t discard_alignment;
	uint32_t max_zeroes_sectors;
	uint32_t max_zeroes_seg;
	uint8_t zeroes_may_unmap;
	uint8_t rsvd1[3];
};
_Static_assert(offsetof(struct blk_config, zeroes_may_unmap) == 56,
	       "VIRTIO 1.2, 5.2.4");

/* Types of request, and what the status byte may say (5.2.6). */
enum {
	T_IN = 0,
	T_OUT = 1,
	T_FLUSH = 4,
	T_GET_ID = 8,
	T_DISCARD = 11,
	T_WRITE_ZEROES = 13
};
enum { S_OK = 0, S_IOERR = 1, S_UNSUPP = 2, S_POISON = 0xee };

#define ZEROES_UNMAP 1u

#define SLOTS	 256u
#define PER_SLOT 4u /* header, data, status, and one to make it a power of 2 */
enum { HEADER = 0, DATA = 1, STATUS = 2 };
#define ID_BYTES 20u

/* What a slot shows the device beside the client's data. */
struct request {
	uint32_t type;
	uint32_t rsvd;
	uint64_t sector;
	uint64_t range_sector; /* DISCARD, WRITE_ZEROES: the data */
	uint32_t range_count;
	uint32_t range_flags;
	volatile uint8_t status;
	uint8_t pad[31];
};
_Static_assert(sizeof(struct request) == 64, "a cache line");
#define HEADER_BYTES 16u
#define RANGE_BYTES  16u

static struct {
	struct dddk_virtio dev;
	struct dddk_virtqueue queue;
	struct request *request; /* by slot */
	uint32_t token[SLOTS];
	struct glue_block_info info;
	char *id; /* the device writes it */
} disk;

/* Types and what their data is, by enum glue_block_op. */
static const uint8_t types[] = {
	[GLUE_BLOCK_READ] = T_IN,
	[GLUE_BLOCK_WRITE] = T_OUT,
	[GLUE_BLOCK_FLUSH] = T_FLUSH,
	[GLUE_BLOCK_DISCARD] = T_DISCARD,
	[GLUE_BLOCK_WRITE_ZEROES] = T_WRITE_ZEROES,
};

/* Fill the data descriptor; without data the header leads to the status. */
static void describe_data(uint32_t slot, uint64_t bus, uint32_t bytes,
			  int device_writes)
{
	struct dddk_vq_desc *desc = dddk_vq_desc(&disk.queue, slot, 0);

	dddk_vq_lead(&disk.queue, slot, HEADER, bytes ? DATA : STATUS);
	desc[DATA].bus = bus;
	desc[DATA].bytes = bytes;
	desc[DATA].flags = DDDK_VQ_NEXT | (device_writes ? DDDK_VQ_WRITE : 0);
}

static void describe_range(uint32_t slot, const struct dddk_block_req *req)
{
	struct request *r = &disk.request[slot];

	r->range_sector = req->sector;
	r->range_count = req->count;
	r->range_flags = req->op == GLUE_BLOCK_WRITE_ZEROES &&
					 !(req->flags & GLUE_BLOCK_NO_UNMAP) ?
				 ZEROES_UNMAP :
				 0;
	describe_data(slot, dddk_dma_bus(&r->range_sector), RANGE_BYTES, 0);
}

/* Inline, though probe sends something too. */
static inline __attribute__((always_inline)) void send(uint32_t slot,
						       uint32_t type,
						       uint64_t sector,
						       uint32_t device_writes)
{
	struct request *r = &disk.request[slot];

	r->type = type;
	r->sector = sector;
	r->status = S_POISON;
	dddk_vq_send(&disk.queue, slot, device_writes + 1);
}

static enum k_err submit(void *drv, const struct dddk_block_req *req)
{
	uint32_t slot = dddk_vq_get(&disk.queue);
	int is_read = req->op == GLUE_BLOCK_READ;

	(void)drv;
	if (slot == DDDK_VQ_NO_SLOT)
		return K_ERR_BUSY;
	if (req->op == GLUE_BLOCK_DISCARD || req->op == GLUE_BLOCK_WRITE_ZEROES)
		describe_range(slot, req);
	else
		describe_data(slot, req->bus, req->bytes, is_read);
	disk.token[slot] = req->token;
	send(slot, types[req->op], req->bytes ? req->sector : 0,
	     is_read ? req->bytes : 0);
	return K_OK;
}

static void commit(void *drv)
{
	(void)drv;
	dddk_vq_tell(&disk.queue);
}

/* Does the medium have work that takes long? */
static int is_slow(void)
{
	uint32_t slot;

	for (slot = 0; slot < disk.queue.slots; slot++) {
		if (dddk_vq_is_out(&disk.queue, slot) &&
		    disk.request[slot].type >= T_FLUSH)
			return 1;
	}
	return 0;
}

static const struct dddk_block_ops ops = { submit, commit };

/* The status byte in words of the protocol; anything unknown is an error, and
 * so is success without the data. */
static enum k_err verdict(uint8_t status, uint32_t missing)
{
	switch (status) {
	case S_OK:
		return missing ? K_ERR_IO : K_OK;
	case S_UNSUPP:
		return K_ERR_UNSUPPORTED;
	default:
		return K_ERR_IO;
	}
}

static void finish(const struct dddk_vq_end *end)
{
	uint8_t status = disk.request[end->slot].status;

	dddk_vq_put(&disk.queue, end->slot);
	if (status == S_POISON)
		dddk_driver_broken("status byte", status,
				   "a request ended without a verdict");
	else
		dddk_block_complete(disk.token[end->slot],
				    verdict(status, end->missing));
}

static void finish_all(void)
{
	struct dddk_vq_end end;

	do {
		while (dddk_vq_take(&disk.queue, &end))
			finish(&end);
	} while (!dddk_driver_is_broken() && dddk_vq_arm(&disk.queue));
}

static enum k_err read_info(void)
{
	struct blk_config config;
	struct glue_block_info *info = &disk.info;
	const struct dddk_virtio *dev = &disk.dev;

	if (dddk_virtio_config(dev, 0, &config, sizeof(config)))
		return K_ERR_IO;
	info->sectors = config.sectors;
	info->logical_bytes = dddk_virtio_has(dev, F_BLK_SIZE) ?
				      config.blk_size :
				      512;
	info->physical_bytes = info->logical_bytes;
	if (dddk_virtio_has(dev, F_TOPOLOGY) && config.physical_exp < 16)
		info->physical_bytes <<= config.physical_exp;
	info->features =
		(dddk_virtio_has(dev, F_RO) ? GLUE_BLOCK_F_READONLY : 0) |
		(dddk_virtio_has(dev, F_FLUSH) ? GLUE_BLOCK_F_FLUSH : 0);
	if (dddk_virtio_has(dev, F_DISCARD)) {
		info->features |= GLUE_BLOCK_F_DISCARD;
		info->max_discard_sectors = config.max_discard_sectors;
	}
	if (dddk_virtio_has(dev, F_WRITE_ZEROES)) {
		info->features |= GLUE_BLOCK_F_ZEROES;
		info->max_zeroes_sectors = config.max_zeroes_sectors;
	}
	__builtin_memcpy(info->driver, "native virtio_blk", 18);
	return K_OK;
}

static void disk_irq(void)
{
	uint32_t why = dddk_virtio_interrupts(&disk.dev);

	/* Clients see the disk as it is now; if that makes no sense, as it was. */
	if (why & DDDK_VIRTIO_INT_CONFIG && !read_info())
		dddk_block_set_info(&disk.info);
	finish_all();
}

/* The slots' unchanging parts. */
static void lay_out(void)
{
	uint32_t slot;

	for (slot = 0; slot < disk.queue.slots; slot++) {
		struct dddk_vq_desc *desc = dddk_vq_desc(&disk.queue, slot, 0);
		struct request *r = &disk.request[slot];

		desc[HEADER].bus = dddk_dma_bus(r);
		desc[HEADER].bytes = HEADER_BYTES;
		desc[STATUS].bus = dddk_dma_bus(&r->status);
		desc[STATUS].bytes = 1;
		desc[STATUS].flags = DDDK_VQ_WRITE;
	}
}

/* The disk's name, for people; one without a name is served too. */
static enum k_err read_id(void)
{
	uint32_t slot = dddk_vq_get(&disk.queue);
	struct dddk_vq_end end;
	enum k_err err;

	disk.info.serial[0] = '\0';
	describe_data(slot, dddk_dma_bus(disk.id), ID_BYTES, 1);
	send(slot, T_GET_ID, 0, ID_BYTES);
	dddk_vq_tell(&disk.queue);
	err = dddk_vq_await(&disk.dev, &disk.queue,
			    glue_deadline_ns(dddk_vq_stall_ns()));
	if (err || !dddk_vq_take(&disk.queue, &end)) {
		dddk_log("the disk does not answer: %s", k_err_text(err));
		return err ? err : K_ERR_IO;
	}
	dddk_vq_put(&disk.queue, slot);
	if (disk.request[slot].status == S_OK)
		__builtin_memcpy(disk.info.serial, disk.id, ID_BYTES);
	return K_OK;
}

static __attribute__((cold)) enum k_err disk_probe(void *regs)
{
	enum k_err err = dddk_virtio_begin(&disk.dev, regs, VIRTIO_ID_BLOCK,
					   WISH, 0);

	if (err)
		return err;
	err = dddk_vq_start(&disk.dev, &disk.queue, 0, SLOTS, PER_SLOT);
	if (err)
		return err;
	disk.request = dddk_dma_alloc(disk.queue.slots * sizeof(struct request),
				      64);
	disk.id = dddk_dma_alloc(ID_BYTES, 8);
	if (!disk.request || !disk.id)
		return K_ERR_NOMEM;
	lay_out();
	err = read_info();
	if (err)
		return err;
	dddk_virtio_go(&disk.dev);
	err = read_id();
	if (err)
		return err;
	dddk_vq_watch(&disk.queue, is_slow);
	dddk_vq_arm(&disk.queue);
	return dddk_block_start(&ops, &disk, &disk.info);
}

static void disk_quiesce(void)
{
	dddk_virtio_stop(&disk.dev);
}

DDDK_DRIVER("class=block match=virtio:d00000002v* dma_kib=64 stack_kib=4") = {
	.regs_bytes = DDDK_VIRTIO_REGS_BYTES,
	.probe = disk_probe,
	.irq = disk_irq,
	.quiesce = disk_quiesce,
	.poll = dddk_block_poll,
};
