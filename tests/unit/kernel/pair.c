/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pair.c - a client and a server around one endpoint.
 */
#include "tests/unit/kernel/pair.h"

struct pair pair_begin(unsigned int client_rights, unsigned int server_rights)
{
	struct pair p;

	p.ep = new_object(ABI_OBJ_ENDPOINT, 0);
	p.send = new_badged(p.ep, client_rights, PAIR_BADGE);
	p.recv = new_copy(p.ep, server_rights);
	p.client = new_thread(255);
	p.server = new_thread(255);
	p.c = tcb_at(p.client);
	p.s = tcb_at(p.server);
	p.cb = thread_buffer(p.c, true);
	p.sb = thread_buffer(p.s, true);
	thread_start(p.client);
	thread_start(p.server);
	return p;
}

void pair_server_waits(const struct pair *p)
{
	user_become(p->s);
	user_message(p->recv, 0, NONE, NONE);
	user_svc(ABI_SYS_RECV);
	user_become(world.root);
}

void pair_client_sends(const struct pair *p, int64_t number, uint64_t label,
		       const uint64_t *words, size_t n_words,
		       const uint64_t *caps, size_t n_caps)
{
	user_become(p->c);
	user_message(p->send, label, words, n_words, caps, n_caps);
	user_svc(number);
}

void pair_receive_slot(const struct pair *p, uint64_t slot)
{
	p->sb->receive_cnode = ABI_SLOT_CNODE;
	p->sb->receive_index = slot;
	p->sb->receive_depth = 64;
}
