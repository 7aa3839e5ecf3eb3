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

struct broker_call {
	struct broker_process *from;
	const uint64_t *word; /* BROKER_REQUEST_WORDS, zero past `length` */
	uint32_t length;
	struct broker_reply *reply; /* for results */
};

/* Serve one request. Return: enum k_err, the answer's; or there is none, or it
 * comes later. */
typedef int call_fn(const struct broker_call *c);
#define BROKER_NO_ANSWER (-1)

/* A driver's accesses to its PCI function (calls_pci.c). */
call_fn broker_call_pci_read, broker_call_pci_write;

/* The finder's (finder.c). */
call_fn broker_call_find_look, broker_call_find_pci, broker_call_find_bar;

/* KaaL's memory of the broker itself, for `ps`: set once at boot. */
void broker_calls_init(uint32_t own_ram_kib);

#endif
