/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.c - commands to the device: what it lets through, announcements.
 *
 * A command that is still with the device when it is due again is sent once
 * more after its end, with what is true then.
 */
#include <dddk/driver.h>
#include <dddk/virtqueue_wait.h>

#include "virtio_net.h"

enum k_err nic_control_start(void)
{
	enum k_err err = dddk_vq_start(&nic.dev, &nic.ctrl, CTRL, CLASSES, 2);
	uint32_t slot;

	nic.command = dddk_dma_alloc(CLASSES * sizeof(*nic.command), 64);
	if (err || !nic.command)
		return err ? err : K_ERR_NOMEM;
	dddk_vq_watch(&nic.ctrl, 0);
	for (slot = 0; slot < nic.ctrl.slots; slot++) {
		struct dddk_vq_desc *desc = dddk_vq_desc(&nic.ctrl, slot, 0);

		nic.command[slot].class_id = (uint8_t)slot;
		desc[0].bus = dddk_dma_bus(&nic.command[slot].class_id);
		desc[1].bus = dddk_dma_bus(&nic.command[slot].ack);
		desc[1].bytes = 1;
		desc[1].flags = DDDK_VQ_WRITE;
	}
	return nic.ctrl.slots == CLASSES ? K_OK : K_ERR_UNSUPPORTED;
}

/* A list of addresses, as the device reads it. Returns where the next goes. */
static uint8_t *list_write(uint8_t *to, const uint8_t (*list)[6], uint32_t n)
{
	__builtin_memcpy(to, &n, sizeof(n));
	__builtin_memcpy(to + sizeof(n), list, n * sizeof(*list));
	return to + sizeof(n) + n * sizeof(*list);
}

/* What is true now. Returns the end of the data. */
static uint8_t *data_write(uint32_t class_id, uint8_t *to)
{
	if (class_id == CTRL_RX)
		*to++ = 0; /* not promiscuous */
	if (class_id == CTRL_MAC) {
		to = list_write(to, nic.filter.unicast, nic.filter.n_unicast);
		to = list_write(to, nic.filter.multicast,
				nic.filter.n_multicast);
	}
	return to;
}

static void command_send(uint32_t slot)
{
	struct command *command = &nic.command[slot];
	uint8_t *end = data_write(slot, command->data);

	command->ack = 0xff;
	dddk_vq_desc(&nic.ctrl, slot, 0)->bytes =
		(uint32_t)(end - &command->class_id);
	dddk_vq_send(&nic.ctrl, slot, 1);
	nic.due &= ~(1u << slot);
}

void nic_control_serve(void)
{
	struct dddk_vq_end end;
	uint32_t slot;

	/* Nothing to do, as at nearly every interrupt. */
	if (!dddk_virtio_has(&nic.dev, F_CTRL_VQ) ||
	    (!nic.due && !dddk_vq_is_busy(&nic.ctrl)))
		return;
	do {
		while (dddk_vq_take(&nic.ctrl, &end))
			if (nic.command[end.slot].ack)
				dddk_log("the device refuses command %u.0",
					 end.slot);
		for (slot = 0; slot < CLASSES; slot++)
			if (nic.due & 1u << slot &&
			    !dddk_vq_is_out(&nic.ctrl, slot))
				command_send(slot);
		dddk_vq_tell(&nic.ctrl);
	} while (dddk_vq_arm(&nic.ctrl) && !dddk_driver_is_broken());
}

void dddk_nic_set_filter(const struct dddk_net_filter *filter)
{
	if (!dddk_virtio_has(&nic.dev, F_CTRL_RX))
		return;
	nic.filter = *filter;
	nic.due |= 1u << CTRL_RX | 1u << CTRL_MAC;
	nic_control_serve();
}
