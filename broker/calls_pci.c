/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calls_pci.c - requests of a driver for its PCI function.
 *
 * Whose function it is follows from who asks; pci_access.c decides the rest.
 */
#include "calls.h"
#include "devices.h"
#include "log.h"
#include "pci.h"

int broker_call_pci_read(const struct broker_call *c)
{
	uint32_t value = 0;
	enum k_err err = broker_pci_read(c->from->device, c->word[0],
					 c->word[1], &value);

	if (!err)
		broker_reply_word(c->reply, value);
	return err;
}

int broker_call_pci_write(const struct broker_call *c)
{
	enum k_err err = broker_pci_write(c->from->device, c->word[0],
					  c->word[1], (uint32_t)c->word[2]);

	if (err == K_ERR_DENIED && broker_process_may_complain(c->from))
		broker_log(
			"%s (pid %u) was refused the request pci_write of %lu bytes at 0x%lx of %s: no driver may write there",
			c->from->label, c->from->pid, c->word[1], c->word[0],
			c->from->device->node);
	return err;
}
