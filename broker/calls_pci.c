/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calls_pci.c - requests of a driver for its PCI function.
 *
 * Whose function it is follows from who asks; pci_access.c decides the rest.
 */
#include "calls.h"
#include "devices.h"
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
	return 1;
}
