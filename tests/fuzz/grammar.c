/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * grammar.c - every invocation of the ABI as a line of a table.
 *
 * Pure noise is refused by the first check of each call. So a line says what
 * could work: which words and which capabilities, one letter each, and the
 * letters stand for generators that draw from small ranges, so that calls meet
 * each other's objects. damage() then breaks one thing. Source: abi.md 7.
 */
#include "grammar.h"
#include "letters.h"

/*
 * words:  E empty slot + depth   X any slot + depth   P slot of an endpoint
 *         S any slot + depth in the world's CNode     K empty slot there
 *         L slot + depth there of what takes long to delete
 *         J slot + depth there of what threads may wait on
 *         R the six words of Retype    Q registers    e endpoint as CPtr
 *         r rights   g badge or guard  v vaddr  a attributes  o page offset
 *         p priority f flags   i interrupt line   n 0..15   0 zero
 *         b IPC buffer address      w any word
 * caps:   W the world's CNode  N any CNode  T thread  F frame  V VSpace
 *         U untyped  n notification
 */
struct op {
	uint8_t tag;
	uint16_t label;
	const char *words, *caps;
};

static const struct op ops[] = {
	{ ABI_CAP_UNTYPED, ABI_UNTYPED_RETYPE, "R", "N" },
	{ ABI_CAP_UNTYPED, ABI_UNTYPED_RETYPE, "R", "W" },
	{ ABI_CAP_CNODE, ABI_CNODE_REVOKE, "X", "" },
	{ ABI_CAP_CNODE, ABI_CNODE_DELETE, "X", "" },
	{ ABI_CAP_CNODE, ABI_CNODE_REVOKE, "L", "" },
	{ ABI_CAP_CNODE, ABI_CNODE_DELETE, "L", "" },
	{ ABI_CAP_CNODE, ABI_CNODE_DELETE, "J", "" },
	{ ABI_CAP_CNODE, ABI_CNODE_MOVE, "EL", "W" },
	{ ABI_CAP_CNODE, ABI_CNODE_COPY, "ELr", "W" },
	{ ABI_CAP_CNODE, ABI_CNODE_CANCEL_BADGED_SENDS, "P", "" },
	{ ABI_CAP_CNODE, ABI_CNODE_COPY, "ESr", "W" },
	{ ABI_CAP_CNODE, ABI_CNODE_MINT, "ESrg", "W" },
	{ ABI_CAP_CNODE, ABI_CNODE_MOVE, "ES", "W" },
	{ ABI_CAP_CNODE, ABI_CNODE_MUTATE, "ESg", "W" },
	{ ABI_CAP_CNODE, ABI_CNODE_ROTATE, "EgSgS", "WW" },
	{ ABI_CAP_CNODE, ABI_CNODE_SAVE_CALLER, "E", "" },
	{ ABI_CAP_THREAD, ABI_TCB_READ_REGISTERS, "fQ", "" },
	{ ABI_CAP_THREAD, ABI_TCB_WRITE_REGISTERS, "fQ", "" },
	{ ABI_CAP_THREAD, ABI_TCB_COPY_REGISTERS, "f", "T" },
	{ ABI_CAP_THREAD, ABI_TCB_CONFIGURE, "e00b", "NVF" },
	{ ABI_CAP_THREAD, ABI_TCB_SET_PRIORITY, "p", "T" },
	{ ABI_CAP_THREAD, ABI_TCB_SET_MC_PRIORITY, "p", "T" },
	{ ABI_CAP_THREAD, ABI_TCB_SET_SCHED_PARAMS, "pp", "T" },
	{ ABI_CAP_THREAD, ABI_TCB_SET_IPC_BUFFER, "b", "F" },
	{ ABI_CAP_THREAD, ABI_TCB_SET_SPACE, "eg0", "NV" },
	{ ABI_CAP_THREAD, ABI_TCB_SUSPEND, "", "" },
	{ ABI_CAP_THREAD, ABI_TCB_RESUME, "", "" },
	{ ABI_CAP_THREAD, ABI_TCB_BIND_NOTIFICATION, "", "n" },
	{ ABI_CAP_THREAD, ABI_TCB_UNBIND_NOTIFICATION, "", "" },
	{ ABI_CAP_THREAD, ABI_TCB_SET_TLS_BASE, "w", "" },
	{ ABI_CAP_THREAD, ABI_TCB_SET_FLAGS, "ff", "" },
	{ ABI_CAP_THREAD, ABI_KAAL_TCB_CPU_TIME, "", "" },
	{ ABI_CAP_THREAD, ABI_KAAL_TCB_SET_LIMIT, "n", "" },
	{ ABI_CAP_IRQ_HANDLER, ABI_IRQ_HANDLER_ACK, "", "" },
	{ ABI_CAP_IRQ_HANDLER, ABI_IRQ_HANDLER_SET_NOTIFICATION, "", "n" },
	{ ABI_CAP_IRQ_HANDLER, ABI_IRQ_HANDLER_CLEAR, "", "" },
	{ ABI_CAP_SGI_SIGNAL, 0, "", "" },
	{ ABI_CAP_DOMAIN, ABI_DOMAIN_SET, "0", "T" },
	{ ABI_CAP_DOMAIN, ABI_DOMAIN_SCHEDULE_CONFIGURE, "00n", "" },
	{ ABI_CAP_DOMAIN, ABI_DOMAIN_SCHEDULE_SET_START, "0", "" },
	{ ABI_CAP_VSPACE, ABI_VSPACE_CLEAN_DATA, "vv", "" },
	{ ABI_CAP_VSPACE, ABI_VSPACE_INVALIDATE_DATA, "vv", "" },
	{ ABI_CAP_VSPACE, ABI_VSPACE_CLEAN_INVALIDATE_DATA, "vv", "" },
	{ ABI_CAP_VSPACE, ABI_VSPACE_UNIFY_INSTRUCTION, "vv", "" },
	{ ABI_CAP_PAGE_TABLE, ABI_PAGE_TABLE_MAP, "va", "V" },
	{ ABI_CAP_PAGE_TABLE, ABI_PAGE_TABLE_MAP, "va", "V" },
	{ ABI_CAP_PAGE_TABLE, ABI_PAGE_TABLE_UNMAP, "", "" },
	{ ABI_CAP_FRAME, ABI_PAGE_MAP, "vra", "V" },
	{ ABI_CAP_FRAME, ABI_PAGE_MAP, "vra", "V" },
	{ ABI_CAP_FRAME, ABI_PAGE_UNMAP, "", "" },
	{ ABI_CAP_FRAME, ABI_PAGE_CLEAN_DATA, "0o", "" },
	{ ABI_CAP_FRAME, ABI_PAGE_INVALIDATE_DATA, "0o", "" },
	{ ABI_CAP_FRAME, ABI_PAGE_CLEAN_INVALIDATE_DATA, "0o", "" },
	{ ABI_CAP_FRAME, ABI_PAGE_UNIFY_INSTRUCTION, "0o", "" },
	{ ABI_CAP_FRAME, ABI_PAGE_GET_ADDRESS, "", "" },
	{ ABI_CAP_ASID_CONTROL, ABI_ASID_CONTROL_MAKE_POOL, "K", "UW" },
	{ ABI_CAP_ASID_POOL, ABI_ASID_POOL_ASSIGN, "", "V" },
};

static const struct op irq_ops[] = {
	{ ABI_CAP_IRQ_CONTROL, ABI_IRQ_CONTROL_GET, "iK", "W" },
	{ ABI_CAP_IRQ_CONTROL, ABI_IRQ_CONTROL_GET_TRIGGER, "inK", "W" },
	{ ABI_CAP_IRQ_CONTROL, ABI_IRQ_CONTROL_ISSUE_SGI, "n0K", "W" },
};

static void fill(uint64_t *random, struct message *m, const struct op *op)
{
	const char *c;

	m->label = op->label;
	m->n_words = m->n_caps = 0;
	for (c = op->words; *c; c++)
		add_letter(random, m, *c);
	for (c = op->caps; *c; c++)
		m->caps[m->n_caps++] = cap_letter(random, *c);
	if (m->label == ABI_CNODE_ROTATE && one_in(random, 2)) {
		m->words[6] = m->words[0] = m->words[3] + 1; /* swap */
		m->words[7] = m->words[1];
	}
}

/* A message for another thread: any length, perhaps with capabilities. */
static void make_ipc(uint64_t *random, struct message *m)
{
	static const uint8_t tags[] = { ABI_CAP_ENDPOINT, ABI_CAP_ENDPOINT,
					ABI_CAP_NOTIFICATION, ABI_CAP_REPLY };
	unsigned int i, n = (unsigned int)below(random, 5);

	if (one_in(random, 4))
		n = (unsigned int)below(random, COUNT(m->words));
	m->cptr = slot_of(random, tags[below(random, COUNT(tags))]);
	m->label = one_in(random, 2) ? 0 : below(random, 60);
	m->n_words = m->n_caps = 0;
	for (i = 0; i < n; i++)
		add(m, any_word(random));
	if (one_in(random, 3))
		m->n_caps = 1 + (unsigned int)below(random, 3);
	for (i = 0; i < m->n_caps; i++)
		m->caps[i] = any_slot(random);
}

void make_valid(uint64_t *random, struct message *m)
{
	const struct op *op = &ops[below(random, COUNT(ops))];

	if (one_in(random, 5)) {
		make_ipc(random, m);
		return;
	}
	m->cptr = slot_of(random, op->tag);
	if (op->tag == ABI_CAP_CNODE && !one_in(random, 4))
		m->cptr = WORLD_SELF;
	fill(random, m, op);
}

void make_irq(uint64_t *random, struct message *m, uint64_t root)
{
	m->cptr = ABI_SLOT_IRQ_CONTROL;
	fill(random, m, &irq_ops[below(random, COUNT(irq_ops))]);
	m->caps[0] = root;
}

static void damage_word(uint64_t *random, struct message *m)
{
	uint64_t *word = &m->words[below(random, m->n_words)];

	switch (below(random, 4)) {
	case 0:
		*word ^= 1ull << below(random, 64);
		break;
	case 1:
		*word += below(random, 3) - 1;
		break;
	default:
		*word = any_word(random);
	}
}

void damage(uint64_t *random, struct message *m)
{
	switch (below(random, 7)) {
	case 0:
		m->label = below(random, 54);
		break;
	case 1:
		m->n_words = (unsigned int)below(random, m->n_words + 1);
		break;
	case 2:
		m->n_caps = (unsigned int)below(random, m->n_caps + 1);
		break;
	case 3:
		if (m->n_caps)
			m->caps[below(random, m->n_caps)] = any_word(random);
		break;
	case 4:
		m->cptr = one_in(random, 2) ? any_slot(random) :
					      any_word(random);
		break;
	default:
		if (m->n_words)
			damage_word(random, m);
	}
}

void make_noise(uint64_t *random, struct message *m)
{
	unsigned int i;

	m->cptr = one_in(random, 2) ? any_slot(random) : any_word(random);
	m->label = one_in(random, 4) ? random_word(random) >> 12 :
				       below(random, 60);
	m->n_words = (unsigned int)below(random, COUNT(m->words) + 1);
	m->n_caps = (unsigned int)below(random, 4);
	for (i = 0; i < m->n_words; i++)
		m->words[i] = any_word(random);
	for (i = 0; i < m->n_caps; i++)
		m->caps[i] = one_in(random, 2) ? any_slot(random) :
						 any_word(random);
}
