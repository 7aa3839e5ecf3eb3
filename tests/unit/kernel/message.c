/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * message.c - random messages, one maker for each group of capabilities.
 *
 * Pure noise would be refused by the first check of every call. So the makers
 * know the argument order of abi.md section 7 and fill in what could work: an
 * empty slot for a destination, a frame for a buffer, a depth that fits.
 */
#include "tests/unit/kernel/message.h"

uint64_t random_state;

/* xorshift64*: the sequence must be the same everywhere. */
uint64_t random_word(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1dull;
}

uint64_t below(uint64_t limit)
{
	return (random_word() >> 16) % limit;
}

bool one_in(uint64_t n)
{
	return below(n) == 0;
}

/* A slot to change: seldom one of those that the whole world hangs on. */
static uint64_t any_slot(void)
{
	return one_in(300) ? below(WORLD_RAM) :
			     WORLD_RAM + below(SLOTS - WORLD_RAM);
}

/* A slot of this kind, or any if there is none. */
uint64_t slot_of(enum abi_cap_tag tag)
{
	uint64_t first = below(SLOTS), i, slot;

	for (i = 0; i < SLOTS; i++) {
		slot = (first + i) % SLOTS;
		if (cap_is(cap_at(slot), tag))
			return slot;
	}
	return any_slot();
}

uint64_t empty_slot(void)
{
	return slot_of(ABI_CAP_NULL);
}

uint64_t any_vaddr(void)
{
	return (one_in(8) ? below(512) << 39 : 0) |
	       (one_in(8) ? below(2) << 30 : 0) | below(2) << 21 |
	       below(3) << 12 | (one_in(20) ? below(4096) : 0);
}

static uint64_t any_word(void)
{
	switch (below(6)) {
	case 0:
		return any_slot();
	case 1:
		return 64;
	case 2:
		return any_vaddr();
	case 3:
		return random_word();
	default:
		return below(16);
	}
}

static void set_words(struct message *m, const uint64_t *words, size_t n)
{
	memcpy(m->words, words, n * sizeof(words[0]));
	m->n_words = (unsigned int)n;
}

static void set_caps(struct message *m, const uint64_t *caps, size_t n)
{
	memcpy(m->caps, caps, n * sizeof(caps[0]));
	m->n_caps = (unsigned int)n;
}

static void make_retype(struct message *m)
{
	static const uint8_t often[] = { ABI_OBJ_CNODE, ABI_OBJ_CNODE,
					 ABI_OBJ_TCB, ABI_OBJ_UNTYPED };
	uint64_t type = one_in(2) ? often[below(4)] : below(ABI_OBJ_COUNT);
	uint64_t bits = type == ABI_OBJ_UNTYPED ? 4 + below(16) : 1 + below(3);

	m->label = ABI_UNTYPED_RETYPE;
	set_words(m, WORDS(type, bits, 0, 0, empty_slot(), 1 + below(2)));
	set_caps(m, WORDS(ABI_SLOT_CNODE));
	if (one_in(4)) { /* into another CNode */
		m->caps[0] = slot_of(ABI_CAP_CNODE);
		m->words[4] = below(4);
	}
}

/* An index and a depth: of the root CNode, or of a small one inside. */
static uint64_t index_in(uint64_t root, uint64_t slot, uint64_t *depth)
{
	if (cap_ptr(cap_at(root)) == world.slots) {
		*depth = 64;
		return slot;
	}
	*depth = cnode_radix(cap_at(root)) + cnode_guard_size(cap_at(root));
	return below(4);
}

/* Delete or revoke something that takes more than one step. */
static void make_deletion(struct message *m)
{
	static const enum abi_cap_tag kinds[] = {
		ABI_CAP_CNODE,	  ABI_CAP_CNODE,  ABI_CAP_THREAD,
		ABI_CAP_THREAD,	  ABI_CAP_ZOMBIE, ABI_CAP_UNTYPED,
		ABI_CAP_ENDPOINT,
	};
	uint64_t slot = slot_of(kinds[below(7)]);

	m->cptr = ABI_SLOT_CNODE;
	m->label = ABI_CNODE_REVOKE + below(2);
	set_words(m, WORDS(slot < WORLD_RAM ? any_slot() : slot, 64));
}

static void make_cnode_op(struct message *m)
{
	uint64_t src_root = one_in(3) ? slot_of(ABI_CAP_CNODE) : ABI_SLOT_CNODE;
	uint64_t dst_depth, src_depth, dst, src;

	m->label = ABI_CNODE_REVOKE + below(9);
	if (one_in(3))
		m->label = ABI_CNODE_COPY + below(4);
	dst = index_in(m->cptr,
		       m->label >= ABI_CNODE_COPY ? empty_slot() : any_slot(),
		       &dst_depth);
	if (m->label == ABI_CNODE_CANCEL_BADGED_SENDS)
		dst = index_in(m->cptr, slot_of(ABI_CAP_ENDPOINT), &dst_depth);
	src = index_in(src_root, any_slot(), &src_depth);
	set_words(m, WORDS(dst, dst_depth, src, src_depth,
			   one_in(4) ? below(16) : 15, below(4)));
	set_caps(m, WORDS(src_root));
	if (m->label != ABI_CNODE_ROTATE)
		return;
	set_words(m, WORDS(dst, dst_depth, below(3), src, src_depth, below(3),
			   any_slot(), 64));
	set_caps(m, WORDS(src_root, ABI_SLOT_CNODE));
}

static void make_tcb_op(struct message *m)
{
	m->label = ABI_TCB_READ_REGISTERS + below(15);
	set_words(m, WORDS(below(4), below(4), below(3), below(3) << 10));
	switch (m->label) {
	case ABI_TCB_CONFIGURE:
		m->words[0] = slot_of(ABI_CAP_ENDPOINT);
		m->words[1] = 0;
		/* fall through */
	case ABI_TCB_SET_SPACE:
		set_caps(m, WORDS(one_in(3) ? slot_of(ABI_CAP_CNODE) :
					      ABI_SLOT_CNODE,
				  slot_of(ABI_CAP_VSPACE),
				  slot_of(ABI_CAP_FRAME)));
		break;
	case ABI_TCB_SET_IPC_BUFFER:
		set_caps(m, WORDS(slot_of(ABI_CAP_FRAME)));
		break;
	case ABI_TCB_BIND_NOTIFICATION:
		set_caps(m, WORDS(slot_of(ABI_CAP_NOTIFICATION)));
		break;
	default:
		set_caps(m, WORDS(slot_of(ABI_CAP_THREAD)));
	}
}

static void make_map(struct message *m)
{
	enum abi_cap_tag tag = cap_tag(cap_at(m->cptr));
	bool table = tag == ABI_CAP_PAGE_TABLE;

	m->label = table ? ABI_PAGE_TABLE_MAP + below(2) :
			   ABI_PAGE_MAP + below(7);
	if (one_in(8))
		m->cptr = slot_of(ABI_CAP_VSPACE);
	if (!cap_is(cap_at(m->cptr), tag))
		m->label = ABI_VSPACE_CLEAN_DATA + below(4);
	else if (one_in(2))
		m->label = table ? ABI_PAGE_TABLE_MAP : ABI_PAGE_MAP;
	set_words(m, WORDS(any_vaddr(), below(16), below(8)));
	set_caps(m, WORDS(slot_of(ABI_CAP_VSPACE)));
}

static void make_irq_op(struct message *m)
{
	if (cap_is(cap_at(m->cptr), ABI_CAP_IRQ_CONTROL)) {
		m->label = ABI_IRQ_CONTROL_GET;
		set_words(m, WORDS(40 + below(3), empty_slot(), 64));
		set_caps(m, WORDS(ABI_SLOT_CNODE));
	} else {
		m->label = ABI_IRQ_HANDLER_ACK + below(3);
		set_caps(m, WORDS(slot_of(ABI_CAP_NOTIFICATION)));
	}
}

static void make_asid_op(struct message *m)
{
	if (cap_is(cap_at(m->cptr), ABI_CAP_ASID_CONTROL)) {
		m->label = ABI_ASID_CONTROL_MAKE_POOL;
		set_words(m, WORDS(empty_slot(), 64));
		set_caps(m, WORDS(slot_of(ABI_CAP_UNTYPED), ABI_SLOT_CNODE));
	} else {
		m->label = ABI_ASID_POOL_ASSIGN;
		set_caps(m, WORDS(slot_of(ABI_CAP_VSPACE)));
	}
}

void make_nonsense(struct message *m)
{
	unsigned int i;

	m->cptr = one_in(10) ? random_word() : m->cptr;
	m->label = below(52);
	m->n_words = (unsigned int)below(12);
	m->n_caps = (unsigned int)below(4);
	for (i = 0; i < m->n_words; i++)
		m->words[i] = any_word();
	for (i = 0; i < m->n_caps; i++)
		m->caps[i] = one_in(20) ? random_word() : any_slot();
}

/* A message for the capability in m->cptr. */
void make_message(struct message *m)
{
	switch (cap_tag(cap_at(m->cptr))) {
	case ABI_CAP_UNTYPED:
		make_retype(m);
		break;
	case ABI_CAP_CNODE:
		if (one_in(4))
			make_deletion(m);
		else
			make_cnode_op(m);
		break;
	case ABI_CAP_THREAD:
		make_tcb_op(m);
		break;
	case ABI_CAP_FRAME:
	case ABI_CAP_PAGE_TABLE:
		make_map(m);
		break;
	case ABI_CAP_IRQ_CONTROL:
	case ABI_CAP_IRQ_HANDLER:
		make_irq_op(m);
		break;
	case ABI_CAP_ASID_CONTROL:
	case ABI_CAP_ASID_POOL:
		make_asid_op(m);
		break;
	default:
		make_nonsense(m);
	}
}
