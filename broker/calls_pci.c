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

int broker_call_pci_read(struct broker_process *from,
			 const struct broker_request *request,
			 struct broker_reply *reply)
{
	uint32_t value = 0;

	reply->err = broker_pci_read(from->device, request->word[0],
				     request->word[1], &value);
	if (reply->err == K_OK)
		broker_reply_word(reply, value);
	return 1;
}

int broker_call_pci_write(struct broker_process *from,
			  const struct broker_request *request,
			  struct broker_reply *reply)
{
	reply->err = broker_pci_write(from->device, request->word[0],
				      request->word[1],
				      (uint32_t)request->word[2]);
	if (reply->err == K_ERR_DENIED && broker_process_may_complain(from))
		broker_log(
			"%s (pid %u) was refused the request pci_write of %lu bytes at 0x%lx of %s: no driver may write there",
			from->label, from->pid, request->word[1],
			request->word[0], from->device->node);
	return 1;
}
