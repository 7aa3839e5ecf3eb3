/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pair.h - a client and a server around one endpoint, for IPC tests.
 *
 * All threads have priority 255 like the root thread, so user_become() reaches
 * each that can run. pair_begin() leaves the root thread running.
 */
#ifndef PAIR_H
#define PAIR_H

#include "tests/unit/kernel/world.h"

struct pair {
	uint64_t ep;		 /* all rights, no badge */
	uint64_t send, recv;	 /* what client and server use */
	uint64_t client, server; /* TCB slots */
	struct tcb *c, *s;
	struct abi_ipc_buffer *cb, *sb;
};

#define PAIR_BADGE 0x77ull

/* The client's rights (with badge PAIR_BADGE) and the server's. */
struct pair pair_begin(unsigned int client_rights, unsigned int server_rights);

/* The server waits on the endpoint; the root thread runs again. */
void pair_server_waits(const struct pair *p);

/* The client makes @number with this message; whoever runs then runs. */
void pair_client_sends(const struct pair *p, int64_t number, uint64_t label,
		       const uint64_t *words, size_t n_words,
		       const uint64_t *caps, size_t n_caps);

/* Name the slot in which the server takes a capability. */
void pair_receive_slot(const struct pair *p, uint64_t slot);

#endif
