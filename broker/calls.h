/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calls.h - the requests of glue/broker.h.
 */
#ifndef BROKER_CALLS_H
#define BROKER_CALLS_H

#include "message.h"
#include "process.h"

/**
 * broker_call - serve one request.
 * @from: who asks, known by the badge
 *
 * Whatever the words say, the worst that can come is an error in @reply.
 *
 * Return: 1 if @reply is to be sent now; 0 if later or never.
 */
int broker_call(struct broker_process *from,
		const struct broker_request *request,
		struct broker_reply *reply);

/* A driver's accesses to its PCI function (calls_pci.c); as broker_call. */
int broker_call_pci_read(struct broker_process *from,
			 const struct broker_request *request,
			 struct broker_reply *reply);
int broker_call_pci_write(struct broker_process *from,
			  const struct broker_request *request,
			  struct broker_reply *reply);

/* KaaL's memory of the broker itself, for `ps`: set once at boot. */
void broker_calls_init(uint32_t own_ram_kib);

#endif
