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
#include <dddk/driver.h>
#include <dddk/virtqueue_wait.h>

#include "virtio_net.h"

struct nic nic;

static uint32_t if_has(uint64_t virtio, uint32_t glue)
{
	return dddk_virtio_has(&nic.dev, virtio) ? glue : 0;
}

static enum k_err read_info(void)
{
	struct net_config config;
	struct glue_net_info *info = &nic.info;

	if (dddk_virtio_config(&nic.dev, 0, &config, sizeof(config)))
		return K_ERR_IO;
	__builtin_memcpy(info->mac, config.mac, 6);
	if (!dddk_virtio_has(&nic.dev, F_STATUS))
		config.status = S_LINK_UP;
	info->link = config.status & S_LINK_UP;
	if (config.status & S_ANNOUNCE) {
		dddk_net_announce();
		nic.due |= 1u << CTRL_ANNOUNCE;
	}
	info->mtu = dddk_virtio_has(&nic.dev, F_MTU) ? config.mtu : 1500;
	info->features = if_has(F_CSUM, GLUE_NET_F_CSUM) |
			 if_has(F_HOST_TSO4, GLUE_NET_F_TSO4) |
			 if_has(F_HOST_TSO6, GLUE_NET_F_TSO6) |
			 if_has(F_GUEST_CSUM, GLUE_NET_F_RXCSUM) |
			 if_has(F_GUEST_TSO4, GLUE_NET_F_LRO) |
			 if_has(F_GUEST_TSO6, GLUE_NET_F_LRO);
	__builtin_memcpy(info->driver, "native virtio_net", 18);
	return K_OK;
}

/* What the queues' descriptors always say. */
static void lay_out(void)
{
	uint32_t slot;

	for (slot = 0; slot < nic.rx.slots; slot++) {
		*dddk_vq_desc(&nic.rx, slot, 0) = (struct dddk_vq_desc){
			dddk_dma_bus(&nic.rx_data[slot]), sizeof(struct rx),
			DDDK_VQ_WRITE, 0
		};
		dddk_vq_send(&nic.rx, slot, sizeof(struct rx));
	}
	for (slot = 0; slot < nic.tx.slots; slot++) {
		dddk_vq_desc(&nic.tx, slot, 0)->bus = dddk_dma_bus(
			&nic.tx_data[slot].header);
		nic.token[slot] = DDDK_NET_NO_TOKEN;
	}
}

static enum k_err queues_start(void)
{
	enum k_err err = dddk_vq_start(&nic.dev, &nic.rx, RX, SLOTS, 1);

	if (!err)
		err = dddk_vq_start(&nic.dev, &nic.tx, TX, SLOTS, 2);
	if (!err && dddk_virtio_has(&nic.dev, F_CTRL_VQ))
		err = nic_control_start();
	if (err)
		return err;
	dddk_vq_watch(&nic.tx, dddk_vq_slow);
	nic.rx_data = dddk_dma_alloc(nic.rx.slots * sizeof(struct rx), 64);
	nic.tx_data = dddk_dma_alloc(nic.tx.slots * sizeof(struct tx), 64);
	return nic.rx_data && nic.tx_data ? K_OK : K_ERR_NOMEM;
}

static __attribute__((cold)) enum k_err nic_probe(void *regs)
{
	enum k_err err = dddk_virtio_begin(&nic.dev, regs, VIRTIO_ID_NET, WISH,
					   F_MAC);

	if (!err && !dddk_virtio_has(&nic.dev, F_MRG_RXBUF))
		err = dddk_virtio_begin(&nic.dev, regs, VIRTIO_ID_NET,
					WISH & ~LONG, F_MAC);
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
	return dddk_net_start(DDDK_NET_WHOLE, &nic.info);
}

static void nic_irq(void)
{
	if (dddk_virtio_interrupts(&nic.dev) & DDDK_VIRTIO_INT_CONFIG &&
	    !read_info())
		dddk_net_set_link(nic.info.link, 0);
	nic_control_serve();
	nic_reclaim();
	nic_receive();
}

static unsigned int nic_poll(uint64_t events)
{
	unsigned int n = dddk_net_poll(events);

	/* Somebody waits for slots, or for the buffers of long frames; a card
	 * that has ended them already does not interrupt. */
	while ((nic.tx.n_free == 0 || dddk_net_in_flight()) &&
	       dddk_vq_arm_last(&nic.tx) && !dddk_driver_is_broken()) {
		nic_reclaim();
		n += dddk_net_poll(0);
	}
	return n;
}

static void nic_quiesce(void)
{
	dddk_virtio_stop(&nic.dev);
}

DDDK_DRIVER("class=net match=virtio:d00000001v* dma_kib=512") = {
	.regs_bytes = DDDK_VIRTIO_REGS_BYTES,
	.probe = nic_probe,
	.irq = nic_irq,
	.timer = nic_receive,
	.quiesce = nic_quiesce,
	.poll = nic_poll,
};
