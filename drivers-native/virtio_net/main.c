/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - virtio-net, native: network cards of virtual machines (VIRTIO 1.2,
 * 5.1).
 *
 * Three queues. Receive: a slot is a buffer that the device fills; a frame may
 * take several (mergeable buffers), is handed to the service in pieces, and
 * its buffers go straight back. Transmit: a slot has room for the device's
 * header and the frame's first bytes, and a descriptor for the rest, which the
 * device reads from the client's memory. Control: one command at a time tells
 * the device which addresses to let through.
 */
#include <stddef.h>
#include <dddk/driver.h>
#include <dddk/net_service.h>
#include <dddk/virtqueue.h>
#include <glue/rt.h>

#define VIRTIO_ID_NET 1u

/* Features (5.1.3) that this driver uses. */
#define F_CSUM	     (1ull << 0)
#define F_GUEST_CSUM (1ull << 1)
#define F_MTU	     (1ull << 3)
#define F_MAC	     (1ull << 5)
#define F_GUEST_TSO4 (1ull << 7)
#define F_GUEST_TSO6 (1ull << 8)
#define F_HOST_TSO4  (1ull << 11)
#define F_HOST_TSO6  (1ull << 12)
#define F_MRG_RXBUF  (1ull << 15)
#define F_STATUS     (1ull << 16)
#define F_CTRL_VQ    (1ull << 17)
#define F_CTRL_RX    (1ull << 18)
#define WISH                                                                   \
	(F_CSUM | F_GUEST_CSUM | F_MTU | F_MAC | F_HOST_TSO4 | F_HOST_TSO6 |   \
	 F_MRG_RXBUF | F_STATUS | F_CTRL_VQ | F_CTRL_RX | DDDK_VIRTIO_F_EVENT)

/* The configuration space (5.1.4). */
struct net_config {
	uint8_t mac[6];
	uint16_t status; /* bit 0: the link is up */
	uint16_t max_pairs;
	uint16_t mtu;
};
_Static_assert(offsetof(struct net_config, mtu) == 10, "VIRTIO 1.2, 5.1.4");

/* In front of each frame (5.1.6). */
struct net_header {
	uint8_t flags;
	uint8_t gso_type;
	uint16_t header_bytes;
	uint16_t gso_size;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint16_t n_buffers;
};
_Static_assert(sizeof(struct net_header) == 12, "VIRTIO 1.2, 5.1.6");
#define H_NEEDS_CSUM 1u
#define H_DATA_VALID 2u
#define GSO_ECN	     0x80u

enum { RX = 0, TX = 1, CTRL = 2 };
#define SLOTS	 128u
#define RX_BYTES 2048u	 /* a header and a frame of the usual MTU */
#define BUDGET	 64u	 /* frames, then the clients have a turn */
#define REST_NS	 50000ul /* for clients who lend no buffers just now */

#define WHOLE DDDK_NET_WHOLE
struct tx {
	struct net_header header;
	uint8_t head[WHOLE];
	uint8_t pad[52];
};
_Static_assert(sizeof(struct tx) == 320, "whole cache lines");

/* The command that sets the table of addresses (5.1.6.5.2), in pieces. */
#define ADDRESSES_MAX 32u
struct table {
	uint32_t n;
	uint8_t address[ADDRESSES_MAX][6];
};
struct command {
	uint8_t class_id, command;
	uint8_t ack; /* 0: done */
	uint8_t pad;
	struct table unicast, multicast;
};
#define CTRL_MAC     1u
#define CTRL_MAC_SET 0u

static struct {
	struct dddk_virtio dev;
	struct dddk_virtqueue rx, tx, ctrl;
	uint8_t *rx_data;	 /* RX_BYTES a slot */
	struct tx *tx_data;	 /* by slot */
	struct command *command; /* the device reads it while it is busy */
	struct command wanted;	 /* the next one */
	uint32_t token[SLOTS];	 /* of the frame in a tx slot */
	uint32_t head;		 /* the slot that ops->head gave out */
	int command_busy;
	int command_due;
	struct glue_net_info info;
} nic;

/* --- transmit ------------------------------------------------------------- */

static void reclaim(void)
{
	struct dddk_vq_end end;

	while (dddk_vq_take(&nic.tx, &end)) {
		uint32_t token = nic.token[end.slot];

		dddk_vq_put(&nic.tx, end.slot);
		nic.token[end.slot] = DDDK_NET_NO_TOKEN;
		if (token != DDDK_NET_NO_TOKEN)
			dddk_net_complete(token, K_OK);
	}
}

static void *head(void *drv)
{
	(void)drv;
	if (nic.head == DDDK_VQ_NO_SLOT && nic.tx.n_free == 0)
		reclaim();
	if (nic.head == DDDK_VQ_NO_SLOT)
		nic.head = dddk_vq_get(&nic.tx);
	if (nic.head == DDDK_VQ_NO_SLOT)
		return NULL;
	return nic.tx_data[nic.head].head;
}

static void describe(struct net_header *header,
		     const struct dddk_net_frame *frame)
{
	*header = (struct net_header){ .flags = 0 };
	if (frame->flags & GLUE_NET_CSUM) {
		header->flags = H_NEEDS_CSUM;
		header->csum_start = frame->csum_start;
		header->csum_offset = frame->csum_offset;
	}
	header->gso_type = frame->gso_type; /* the protocol has virtio's */
	header->gso_size = frame->gso_size;
	header->header_bytes = frame->header_bytes;
}
_Static_assert(GLUE_NET_GSO_TCP4 == 1 && GLUE_NET_GSO_TCP6 == 4,
	       "VIRTIO 1.2, 5.1.6: VIRTIO_NET_HDR_GSO_*");

static enum k_err send(void *drv, const struct dddk_net_frame *frame)
{
	uint32_t slot = nic.head;
	struct dddk_vq_desc *desc = dddk_vq_desc(&nic.tx, slot, 0);

	(void)drv;
	describe(&nic.tx_data[slot].header, frame);
	desc[0].bytes = (uint32_t)sizeof(struct net_header) + frame->head_bytes;
	desc[0].flags = frame->rest ? DDDK_VQ_NEXT : 0;
	if (frame->rest) {
		desc[1].bus = frame->rest_bus;
		desc[1].bytes = frame->bytes - frame->head_bytes;
	}
	nic.token[slot] = frame->token;
	nic.head = DDDK_VQ_NO_SLOT;
	dddk_vq_send(&nic.tx, slot, 0);
	return K_OK;
}

static void commit(void *drv)
{
	(void)drv;
	dddk_vq_tell(&nic.tx);
}

/* --- receive -------------------------------------------------------------- */

static void give_back(const uint32_t *slot, uint32_t n)
{
	while (n-- > 0)
		dddk_vq_send(&nic.rx, slot[n], RX_BYTES);
}

/* The other buffers of a merged frame. Returns 0 if the device lies. */
static int gather(struct dddk_net_received *frame, struct dddk_net_piece *piece,
		  uint32_t *slot, uint32_t n)
{
	struct dddk_vq_end end;

	for (; frame->n_pieces < n; frame->n_pieces++) {
		if (!dddk_vq_take(&nic.rx, &end)) {
			dddk_driver_broken("num_buffers", n,
					   "fewer buffers came");
			return 0;
		}
		slot[frame->n_pieces] = end.slot;
		piece[frame->n_pieces] = (struct dddk_net_piece){
			nic.rx_data + end.slot * RX_BYTES, end.bytes
		};
		frame->bytes += end.bytes;
	}
	return 1;
}

/* What the device says of the frame's checksum and origin. */
static void judge(struct dddk_net_received *frame,
		  const struct net_header *header)
{
	if (header->flags & H_NEEDS_CSUM)
		frame->flags = GLUE_NET_PARTIAL;
	else if (header->flags & H_DATA_VALID)
		frame->flags = GLUE_NET_CSUM_OK;
	frame->gso_type = header->gso_type & (uint8_t)~GSO_ECN;
	frame->gso_size = header->gso_size;
}

/* One frame. Returns 0 if the clients should have a turn. */
static int receive_one(const struct dddk_vq_end *first)
{
	const uint8_t *data = nic.rx_data + first->slot * RX_BYTES;
	struct net_header header;
	struct dddk_net_piece piece[DDDK_NET_PIECES];
	uint32_t slot[DDDK_NET_PIECES] = { first->slot };
	struct dddk_net_received frame = { .piece = piece, .n_pieces = 1 };
	uint32_t n = 1;
	int go_on = 1;

	__builtin_memcpy(&header, data, sizeof(header));
	if (first->bytes < sizeof(header)) {
		dddk_driver_broken("used length", first->bytes,
				   "no room for a frame's header");
		return 0;
	}
	piece[0].data = data + sizeof(header);
	piece[0].bytes = first->bytes - (uint32_t)sizeof(header);
	frame.bytes = piece[0].bytes;
	if (dddk_virtio_has(&nic.dev, F_MRG_RXBUF))
		n = header.n_buffers;
	if (n == 0 || n > DDDK_NET_PIECES) {
		dddk_driver_broken("num_buffers", n, "no frame has so many");
		return 0;
	}
	if (!gather(&frame, piece, slot, n))
		return 0;
	judge(&frame, &header);
	if (frame.bytes >= GLUE_NET_MIN_BYTES)
		go_on = dddk_net_receive(&frame);
	give_back(slot, n);
	return go_on;
}

static void receive(void)
{
	struct dddk_vq_end end;
	unsigned int n = 0;
	int go_on = 1;

	dddk_vq_disarm(&nic.rx);
	do {
		while (go_on && n < BUDGET && dddk_vq_take(&nic.rx, &end)) {
			go_on = receive_one(&end);
			n++;
		}
	} while (go_on && n < BUDGET && !dddk_driver_is_broken() &&
		 dddk_vq_arm(&nic.rx));
	if (n)
		dddk_vq_tell(&nic.rx);
	if (n == BUDGET || !go_on)
		dddk_timer_set(go_on ? glue_time_ticks() :
				       glue_deadline_ns(REST_NS));
}

/* --- addresses ------------------------------------------------------------ */

static uint32_t table_bytes(const struct table *table)
{
	return (uint32_t)sizeof(table->n) + table->n * 6;
}

static void command_send(void)
{
	struct dddk_vq_desc *desc = dddk_vq_desc(&nic.ctrl, 0, 0);

	nic.command_busy = 1;
	nic.command_due = 0;
	*nic.command = nic.wanted;
	desc[1].bytes = table_bytes(&nic.command->unicast);
	desc[2].bytes = table_bytes(&nic.command->multicast);
	dddk_vq_send(&nic.ctrl, 0, 1);
	dddk_vq_tell(&nic.ctrl);
}

static void command_end(void)
{
	struct dddk_vq_end end;

	while (nic.command_busy && dddk_vq_take(&nic.ctrl, &end)) {
		nic.command_busy = 0;
		if (nic.command->ack)
			dddk_log("the device refuses a table of addresses "
				 "(answer %u)",
				 nic.command->ack);
		if (nic.command_due)
			command_send();
	}
}

static void table_fill(struct table *to, const uint8_t (*from)[6], uint32_t n)
{
	to->n = n < ADDRESSES_MAX ? n : ADDRESSES_MAX;
	__builtin_memcpy(to->address, from, to->n * sizeof(*from));
}

static void set_filter(void *drv, const struct dddk_net_filter *filter)
{
	(void)drv;
	if (!dddk_virtio_has(&nic.dev, F_CTRL_VQ | F_CTRL_RX))
		return;
	nic.wanted = (struct command){ .class_id = CTRL_MAC,
				       .command = CTRL_MAC_SET,
				       .ack = 0xff };
	table_fill(&nic.wanted.unicast, filter->unicast, filter->n_unicast);
	table_fill(&nic.wanted.multicast, filter->multicast,
		   filter->n_multicast);
	nic.command_due = 1;
	if (!nic.command_busy)
		command_send();
}
_Static_assert(2 * GLUE_NET_MULTICASTS <= ADDRESSES_MAX, "enough for two");

/* --- life ----------------------------------------------------------------- */

static const struct dddk_net_ops ops = { head, send, commit, set_filter };

static uint32_t features_offered(void)
{
	static const struct {
		uint64_t virtio;
		uint32_t glue;
	} same[] = {
		{ F_CSUM, GLUE_NET_F_CSUM },
		{ F_HOST_TSO4, GLUE_NET_F_TSO4 },
		{ F_HOST_TSO6, GLUE_NET_F_TSO6 },
		{ F_GUEST_CSUM, GLUE_NET_F_RXCSUM },
	};
	uint32_t features = 0, i;

	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (dddk_virtio_has(&nic.dev, same[i].virtio))
			features |= same[i].glue;
	return features;
}

static enum k_err read_info(void)
{
	struct net_config config;
	struct glue_net_info *info = &nic.info;

	if (dddk_virtio_config(&nic.dev, 0, &config, sizeof(config)))
		return K_ERR_IO;
	__builtin_memcpy(info->mac, config.mac, 6);
	info->link = !dddk_virtio_has(&nic.dev, F_STATUS) ||
		     (config.status & 1);
	info->mtu = dddk_virtio_has(&nic.dev, F_MTU) ? config.mtu : 1500;
	info->features = features_offered();
	__builtin_memcpy(info->driver, "native virtio_net", 18);
	return K_OK;
}

/* What the queues' descriptors always say. */
static void lay_out(void)
{
	uint32_t slot;

	for (slot = 0; slot < nic.rx.slots; slot++) {
		struct dddk_vq_desc *desc = dddk_vq_desc(&nic.rx, slot, 0);

		*desc = (struct dddk_vq_desc){ dddk_dma_bus(nic.rx_data +
							    slot * RX_BYTES),
					       RX_BYTES, DDDK_VQ_WRITE, 0 };
		dddk_vq_send(&nic.rx, dddk_vq_get(&nic.rx), RX_BYTES);
	}
	for (slot = 0; slot < nic.tx.slots; slot++) {
		dddk_vq_desc(&nic.tx, slot, 0)->bus = dddk_dma_bus(
			&nic.tx_data[slot].header);
		nic.token[slot] = DDDK_NET_NO_TOKEN;
	}
	nic.head = DDDK_VQ_NO_SLOT;
}

static enum k_err ctrl_start(void)
{
	enum k_err err = dddk_vq_start(&nic.dev, &nic.ctrl, CTRL, 1, 4);
	struct dddk_vq_desc *desc;
	struct command *c;

	if (err)
		return err;
	c = nic.command = dddk_dma_alloc(sizeof(*c), 64);
	if (!c)
		return K_ERR_NOMEM;
	desc = dddk_vq_desc(&nic.ctrl, 0, 0);
	desc[0].bus = dddk_dma_bus(&c->class_id);
	desc[0].bytes = 2;
	desc[1].bus = dddk_dma_bus(&c->unicast);
	desc[2].bus = dddk_dma_bus(&c->multicast);
	desc[3].bus = dddk_dma_bus(&c->ack);
	desc[3].bytes = 1;
	desc[3].flags = DDDK_VQ_WRITE;
	nic.command_busy = 0;
	return K_OK;
}

static enum k_err queues_start(void)
{
	enum k_err err = dddk_vq_start(&nic.dev, &nic.rx, RX, SLOTS, 1);

	if (!err)
		err = dddk_vq_start(&nic.dev, &nic.tx, TX, SLOTS, 2);
	if (!err && dddk_virtio_has(&nic.dev, F_CTRL_VQ))
		err = ctrl_start();
	if (err)
		return err;
	nic.rx_data = dddk_dma_alloc(nic.rx.slots * RX_BYTES, 64);
	nic.tx_data = dddk_dma_alloc(nic.tx.slots * sizeof(struct tx), 64);
	return nic.rx_data && nic.tx_data ? K_OK : K_ERR_NOMEM;
}

static enum k_err nic_probe(void)
{
	enum k_err err = dddk_virtio_begin(&nic.dev, VIRTIO_ID_NET, WISH,
					   F_MAC);

	if (!err)
		err = queues_start();
	if (!err)
		err = read_info();
	if (err)
		return err;
	lay_out();
	dddk_virtio_go(&nic.dev);
	dddk_vq_tell(&nic.rx);
	dddk_vq_arm(&nic.rx);
	err = dddk_net_serve(&ops, &nic, WHOLE, &nic.info);
	if (err)
		dddk_log("the device claims an MTU of %u: refused",
			 nic.info.mtu);
	return err;
}

static void nic_irq(unsigned int index)
{
	(void)index;
	if (dddk_virtio_interrupts(&nic.dev) & DDDK_VIRTIO_INT_CONFIG &&
	    !read_info())
		dddk_net_set_link(nic.info.link, 0);
	command_end();
	reclaim();
	receive();
}

static unsigned int nic_poll(uint64_t events)
{
	unsigned int n = dddk_net_poll(events);

	/* Somebody waits for slots, or for the buffers of long frames. */
	if ((nic.tx.n_free == 0 || dddk_net_in_flight()) &&
	    dddk_vq_arm_last(&nic.tx))
		reclaim();
	return n;
}

static void nic_quiesce(void)
{
	dddk_virtio_stop(&nic.dev);
}

static void nic_lost(void)
{
	uint32_t slot;

	for (slot = 0; slot < nic.tx.slots; slot++) {
		if (nic.token[slot] != DDDK_NET_NO_TOKEN)
			dddk_net_complete(nic.token[slot], K_ERR_IO);
		nic.token[slot] = DDDK_NET_NO_TOKEN;
	}
}

DDDK_DRIVER("class=net match=virtio:d00000001v* dma_kib=512",
	    {
		    .probe = nic_probe,
		    .irq = nic_irq,
		    .timer = receive,
		    .quiesce = nic_quiesce,
		    .lost = nic_lost,
		    .poll = nic_poll,
	    });
