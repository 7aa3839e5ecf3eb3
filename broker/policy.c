/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.c - the records of the manifest.
 *
 * What they say was checked when the archive was made (mk/archive.py), beside which
 * our own code lies. So there is one question left: is it what was made?
 * Read next: process.c
 */
#include "policy.h"

#include <glue/block.h>
#include <glue/net.h>
#include <glue/request.h>
#include <glue/string.h>

#include "blocks.h"

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

static const struct broker_class *class_of(uint64_t id)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (classes[i].id == id)
			return &classes[i];
	}
	return NULL;
}

/* Put addresses in the place of offsets, and the class in that of its id. */
static void program_link(const char *base, struct broker_program *p)
{
	p->name = base + (uint64_t)p->name;
	p->match = base + (uint64_t)p->match;
	p->device = base + (uint64_t)p->device;
	p->args = base + (uint64_t)p->args;
	p->class = class_of((uint64_t)p->class);
	for (uint32_t i = 0; i < p->n_segments; i++)
		p->segment[i].data = (const uint8_t *)base +
				     (uint64_t)p->segment[i].data;
}

/* As mk/archive.py adds up all that follows the sum. */
static uint64_t archive_sum(const struct broker_archive *a)
{
	uint64_t sum = a->programs;

	for (const uint64_t *word = &a->bytes;
	     word < (const uint64_t *)a + a->texts_end / 8; word++)
		sum = ((sum ^ sum >> 32) ^ *word) * BROKER_ARCHIVE_PRIME;
	return sum;
}

unsigned int broker_policy_read(const void *archive, size_t bytes)
{
	const struct broker_archive *a = archive;

	n_programs = 0;
	if (bytes < sizeof(*a) || a->magic != BROKER_ARCHIVE_MAGIC ||
	    a->bytes != bytes || a->texts_end > bytes ||
	    archive_sum(a) != a->sum)
		return 0;
	n_programs = a->programs;
	memcpy(programs, a->program, n_programs * sizeof(programs[0]));
	for (uint32_t i = 0; i < n_programs; i++)
		program_link(archive, &programs[i]);
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
