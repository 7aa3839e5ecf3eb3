/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.c - the records of the manifest.
 *
 * A record that could harm others makes the whole archive a damaged one: it was
 * checked when it was made, so it is not what was made. Read next: process.c
 */
#include "policy.h"

#include <glue/block.h>
#include <glue/net.h>
#include <glue/request.h>
#include <glue/string.h>

#include "blocks.h"

#define STACK_MAX      (252u << 10) /* and a guard down to the registers */
#define DMA_MAX	       (64u << 20)
#define META_BYTES_MAX 64u
#define PRIORITY_MAX   254u /* 255 is the broker's own */

/* A class whose requests have the form of glue/request.h. */
#define SMALL_CLASS(prefix, id)                                                \
	{                                                                      \
		prefix, prefix, id, GLUE_REQ_DEPTH,                            \
			sizeof(struct glue_req_sqe),                           \
			sizeof(struct glue_req_cqe), 0                         \
	}

/* All classes there are. A new class is one row here and its header in glue. */
static const struct broker_class classes[] = {
	{ "block", "blk", GLUE_CLASS_BLOCK, GLUE_BLOCK_DEPTH,
	  sizeof(struct glue_block_sqe), sizeof(struct glue_block_cqe), 1 },
	{ "net", "net", GLUE_CLASS_NET, GLUE_NET_DEPTH,
	  sizeof(struct glue_net_sqe), sizeof(struct glue_net_cqe), 1 },
	SMALL_CLASS("serial", GLUE_CLASS_SERIAL),
	SMALL_CLASS("rng", GLUE_CLASS_RNG),
	SMALL_CLASS("rtc", GLUE_CLASS_RTC),
	SMALL_CLASS("gpio", GLUE_CLASS_GPIO),
	SMALL_CLASS("input", GLUE_CLASS_INPUT),
	SMALL_CLASS("ip", GLUE_CLASS_IP),
	{ "timer", "timer", GLUE_CLASS_TIMER, 0, 0, 0, 0 },
};

static struct broker_program programs[BROKER_PROGRAMS_MAX];
static unsigned int n_programs;

uint64_t broker_segment_page(const struct broker_segment *segment)
{
	return segment->vaddr & ~(uint64_t)(BROKER_PAGE_BYTES - 1);
}

uint64_t broker_segment_end(const struct broker_segment *segment)
{
	return (segment->vaddr + segment->mem_bytes + BROKER_PAGE_BYTES - 1) &
	       ~(uint64_t)(BROKER_PAGE_BYTES - 1);
}

/* Put the address in the place of an offset. Return: 0 if it is too large. */
static int text_find(const struct broker_archive *archive, const char **text)
{
	uint64_t at = (uint64_t)*text;

	if (at >= archive->texts_end)
		return 0;
	*text = (const char *)archive + at;
	return 1;
}

/* The same for a class and its id, of which 0 is none. */
static int class_find(const struct broker_class **class)
{
	uint64_t id = (uint64_t) * class;

	*class = NULL;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (classes[i].id == id)
			*class = &classes[i];
	}
	return *class || id == 0;
}

static int data_find(const struct broker_archive *archive,
		     struct broker_segment *s)
{
	uint64_t at = (uint64_t)s->data;

	if (at > archive->bytes || s->file_bytes > archive->bytes - at)
		return 0;
	s->data = (const uint8_t *)archive + at;
	return 1;
}

/* In the image area, one behind the other, each page with one protection. */
static int segments_find(const struct broker_archive *archive,
			 struct broker_program *p)
{
	uint64_t from = GLUE_IMAGE_VADDR;

	if (p->n_segments == 0 || p->n_segments > BROKER_SEGMENTS_MAX)
		return 0;
	for (uint32_t i = 0; i < p->n_segments; i++) {
		struct broker_segment *s = &p->segment[i];

		if (broker_segment_page(s) < from ||
		    s->vaddr > GLUE_IMAGE_END ||
		    s->mem_bytes > GLUE_IMAGE_END - s->vaddr ||
		    s->file_bytes > s->mem_bytes ||
		    (s->writable && s->executable) || !data_find(archive, s))
			return 0;
		from = broker_segment_end(s);
	}
	return 1;
}

static int program_read(const struct broker_archive *archive,
			struct broker_program *p)
{
	return text_find(archive, &p->name) && text_find(archive, &p->match) &&
	       text_find(archive, &p->device) && text_find(archive, &p->args) &&
	       class_find(&p->class) && p->stack_bytes != 0 &&
	       p->stack_bytes <= STACK_MAX && p->dma_bytes <= DMA_MAX &&
	       p->dma_bytes % BROKER_PAGE_BYTES == 0 &&
	       p->lend_bytes <= GLUE_LENT_SPAN &&
	       p->channels <= GLUE_CHANS_MAX &&
	       p->meta_bytes <= META_BYTES_MAX && p->priority <= PRIORITY_MAX &&
	       segments_find(archive, p);
}

unsigned int broker_policy_read(const void *archive, size_t bytes)
{
	const struct broker_archive *a = archive;

	n_programs = 0;
	if (bytes < sizeof(*a) || a->magic != BROKER_ARCHIVE_MAGIC ||
	    a->bytes != bytes || a->programs > BROKER_PROGRAMS_MAX ||
	    a->texts_end > bytes ||
	    a->texts_end <= sizeof(*a) + a->programs * sizeof(programs[0]) ||
	    ((const char *)a)[a->texts_end - 1] != '\0')
		return 0;
	memcpy(programs, a->program, a->programs * sizeof(programs[0]));
	for (uint32_t i = 0; i < a->programs; i++) {
		if (!program_read(a, &programs[i]))
			return 0;
	}
	n_programs = a->programs;
	return n_programs;
}

unsigned int broker_policy_count(void)
{
	return n_programs;
}

const struct broker_program *broker_policy_program(uint64_t index)
{
	return index < n_programs ? &programs[index] : NULL;
}

const struct broker_program *broker_policy_find(const char *name)
{
	for (unsigned int i = 0; i < n_programs; i++) {
		if (strcmp(programs[i].name, name) == 0)
			return &programs[i];
	}
	return NULL;
}
