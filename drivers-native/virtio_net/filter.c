/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * filter.c - which addresses the device lets through, by its control queue.
 *
 * One command at a time; a change meanwhile waits, and only the last counts.
 */
#include <dddk/driver.h>

#include "virtio_net.h"

enum k_err nic_filter_start(void)
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

void nic_filter_end(void)
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

void nic_filter_set(void *drv, const struct dddk_net_filter *filter)
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
