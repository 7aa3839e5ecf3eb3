/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * await.c - waiting for a device in a probe.
 */
#include <dddk/driver.h>
#include <dddk/irq.h>
#include <dddk/virtqueue_wait.h>
#include <glue/rt.h>

enum k_err dddk_vq_await(const struct dddk_virtio *dev,
			 struct dddk_virtqueue *queue, uint64_t deadline_ticks)
{
	int edge = glue_env()->irq[0].edge;

	while (!dddk_vq_arm(queue)) {
		if (!glue_wait_for(GLUE_EVENT_IRQ(0), deadline_ticks))
			return dddk_vq_ready(queue) ? K_OK : K_ERR_TIMEOUT;
		if (edge)
			dddk_irq_ack(0);
		dddk_virtio_interrupts(dev);
		if (!edge)
			dddk_irq_ack(0);
		if (dddk_driver_is_broken())
			return K_ERR_IO;
	}
	return K_OK;
}
