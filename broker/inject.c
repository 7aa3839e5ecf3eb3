/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inject.c - lends a process's thread and one page of its code to another.
 *
 * Which faults there are, and where they go, is apps/inject's affair. The pages of
 * a program's code are the archive's and others run them too, so a page becomes a
 * private copy first. It is as it was again when the next one is lent, unless it
 * is to be kept. All that is lent is made of the victim's own memory: it goes when
 * the victim does.
 */
#include "calls.h"

#include <glue/fault.h>

#include "blocks.h"
#include "loader.h"
#include "slots.h"

static struct {
	uint32_t pid, to; /* whose page, and who sees it; 0: no page is lent */
	uint32_t frame;
	uint64_t page;
} lent;

void broker_inject_init(void)
{
	lent.pid = 0;
}

/* The code that a page belongs to; NULL: none. */
static const struct broker_segment *code_at(const struct broker_process *p,
					    uint64_t page)
{
	const struct broker_segment *s = p->program->segment;

	for (uint32_t i = 0; i < p->program->n_segments; i++, s++) {
		if (s->executable && page - s->vaddr < s->file_bytes)
			return s;
	}
	return NULL;
}

/* What the archive has of the page; nothing of the one for tools. */
static enum k_err page_fill(const struct broker_process *p)
{
	const struct broker_segment *s = code_at(p, lent.page);
	uint64_t at, bytes;

	if (!s)
		return K_OK;
	at = lent.page - s->vaddr;
	bytes = s->file_bytes - at;
	if (bytes > BROKER_PAGE_BYTES)
		bytes = BROKER_PAGE_BYTES;
	return broker_frames_fill(lent.frame, 0, s->data + at, bytes, 1);
}

/* Over what is there: the kernel replaces a mapping. */
static enum k_err page_put(struct broker_process *p)
{
	enum k_err err = page_fill(p);

	return err ? err :
		     broker_vspace_map(&p->vspace, lent.frame, lent.page,
				       BROKER_RX);
}

static void take_back(void)
{
	struct broker_process *p = broker_process_find(lent.pid);

	if (p && broker_process_alive(p)) {
		glue_page_unmap(lent.frame);
		page_put(p);
	}
	lent.pid = 0;
}

static enum k_err page_lend(struct broker_process *from,
			    struct broker_process *p, uint64_t page)
{
	uint32_t copy = 0;
	enum k_err err = broker_account_pages(&p->memory, ABI_OBJ_FRAME_SMALL,
					      1, &lent.frame);

	lent.page = page;
	if (!err)
		err = page_put(p);
	if (!err)
		err = broker_vspace_map_copy(&from->vspace, p->memory.owner,
					     lent.frame, 1, GLUE_VICTIM_VADDR,
					     BROKER_RW, &copy);
	if (!err) {
		lent.pid = p->pid;
		lent.to = from->pid;
	}
	return err;
}

static enum k_err thread_lend(struct broker_process *from,
			      const struct broker_process *p)
{
	struct glue_slot slot = broker_process_slot(from, GLUE_CAP_VICTIM);

	from->victim = p->pid;
	glue_cnode_delete(slot);
	return glue_cnode_copy(slot, broker_slot(p->tcb), ABI_RIGHT_ALL) ?
		       K_ERR_NOMEM :
		       K_OK;
}

static void describe(const struct broker_process *p, struct broker_reply *reply)
{
	const struct broker_segment *s = p->program->segment;
	struct glue_victim v = {
		.parts = p->program->n_segments,
		.linear = (uint32_t)broker_process_is_linear(p),
		.image_end = p->low_end,
		.dma_vaddr = p->page->env.dma_vaddr,
		.dma_bytes = p->page->env.dma_bytes,
	};

	for (uint32_t i = 0; i < v.parts; i++, s++)
		v.part[i] = (struct glue_victim_part){
			s->vaddr,
			s->executable ? s->file_bytes : s->mem_bytes,
			s->writable,
			s->executable,
		};
	broker_reply_struct(reply, &v, sizeof(v));
}
_Static_assert(GLUE_VICTIM_PARTS == BROKER_SEGMENTS_MAX, "all of them");

static enum k_err lend(struct broker_process *from, struct broker_process *p,
		       uint64_t page, uint64_t how)
{
	enum k_err err = K_OK;

	if (page % BROKER_PAGE_BYTES != 0 || how > GLUE_VICTIM_KEEP)
		return K_ERR_INVALID;
	if (how != GLUE_VICTIM_NEW &&
	    (lent.pid != p->pid || lent.to != from->pid || lent.page != page))
		return K_ERR_GONE;
	if (p->pending.op)
		return K_ERR_BUSY;
	if (page && page != GLUE_TOOL_VADDR && !code_at(p, page))
		return K_ERR_NOTFOUND;
	if (how == GLUE_VICTIM_NEW) {
		take_back();
		err = page ? page_lend(from, p, page) : K_OK;
	} else {
		glue_page_unify_instruction(lent.frame, 0, BROKER_PAGE_BYTES);
	}
	if (how == GLUE_VICTIM_KEEP)
		lent.pid = 0;
	return err ? err : thread_lend(from, p);
}

int broker_call_victim(const struct broker_call *c)
{
	struct broker_process *p;
	enum k_err err = broker_call_other(c, &p);

	if (!err)
		err = lend(c->from, p, c->word[1], c->word[2]);
	if (err)
		return err;
	p->harmed = 1;
	describe(p, c->reply);
	return K_OK;
}
