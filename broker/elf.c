/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * elf.c - the checks of elf.h, each with its own message.
 *
 * Headers are copied out of the file before they are looked at, because
 * archive members are only 4-byte aligned. Sums are checked for wrap-around
 * by subtracting from the larger side. Layouts: System V ABI, chapters 4, 5.
 */
#include "elf.h"

#include <glue/env.h>
#include <glue/string.h>

#include "blocks.h"

/* clang-format off */
struct elf64_header {
	uint8_t  ident[16];    /* magic, class, byte order, version, ABI   */
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint64_t entry;
	uint64_t ph_offset;
	uint64_t sh_offset;
	uint32_t flags;
	uint16_t header_bytes;
	uint16_t ph_bytes;
	uint16_t ph_count;
	uint16_t sh_bytes;
	uint16_t sh_count;
	uint16_t sh_names;
};

struct elf64_program {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t file_bytes;
	uint64_t mem_bytes;
	uint64_t align;
};
/* clang-format on */
_Static_assert(sizeof(struct elf64_header) == 64, "System V ABI 4");
_Static_assert(sizeof(struct elf64_program) == 56, "System V ABI 5");

#define ELF_TYPE_EXEC	    2u
#define ELF_MACHINE_AARCH64 183u
#define ELF_PH_MAX	    16u
#define ELF_PT_LOAD	    1u
#define ELF_PT_DYNAMIC	    2u
#define ELF_PT_INTERP	    3u
#define ELF_PT_SHARED	    0x6b61614cu /* as LOAD: mk/archive.py */
#define ELF_PF_X	    1u
#define ELF_PF_W	    2u

uint64_t broker_segment_page(const struct broker_segment *segment)
{
	return segment->vaddr & ~(uint64_t)(BROKER_PAGE_BYTES - 1);
}

static uint64_t segment_end_page(const struct broker_segment *segment)
{
	uint64_t end = segment->vaddr + segment->mem_bytes;

	return (end + BROKER_PAGE_BYTES - 1) &
	       ~(uint64_t)(BROKER_PAGE_BYTES - 1);
}

uint32_t broker_segment_pages(const struct broker_segment *segment)
{
	uint64_t bytes = segment_end_page(segment) -
			 broker_segment_page(segment);

	return (uint32_t)(bytes / BROKER_PAGE_BYTES);
}

/* What is wrong with the file header, or NULL. */
static const char *header_fault(const struct elf64_header *h, size_t bytes)
{
	/* Magic, 64-bit, little endian, version 1. */
	static const uint8_t ident[7] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };

	if (memcmp(h->ident, ident, 4) != 0)
		return "it does not begin with the ELF magic";
	if (memcmp(h->ident, ident, sizeof(ident)) != 0)
		return "it is not a 64-bit little-endian ELF";
	if (h->machine != ELF_MACHINE_AARCH64)
		return "it is not built for AArch64";
	if (h->type != ELF_TYPE_EXEC)
		return "it is not a static executable (link with -static, no PIE)";
	if (h->ph_bytes != sizeof(struct elf64_program))
		return "its program headers have an unknown size";
	if (h->ph_count == 0 || h->ph_count > ELF_PH_MAX)
		return "it has no program header, or more than 16";
	if (h->ph_offset > bytes ||
	    bytes - h->ph_offset < h->ph_count * sizeof(struct elf64_program))
		return "its program headers pass the end of the file";
	return NULL;
}

/* What is wrong with one loadable segment on its own, or NULL. */
static const char *segment_fault(const struct elf64_program *p, size_t bytes)
{
	if (p->file_bytes > p->mem_bytes)
		return "a segment is larger in the file than in memory";
	if (p->offset > bytes || p->file_bytes > bytes - p->offset)
		return "a segment passes the end of the file (truncated?)";
	if (p->vaddr < GLUE_IMAGE_VADDR || p->vaddr >= GLUE_IMAGE_END ||
	    p->mem_bytes > GLUE_IMAGE_END - p->vaddr)
		return "a segment lies outside of the image area (glue/places.h)";
	if ((p->flags & ELF_PF_W) && (p->flags & ELF_PF_X))
		return "a segment is writable and executable at once";
	if ((p->flags & ELF_PF_W) && p->type == ELF_PT_SHARED)
		return "a segment is shared and writable at once";
	return NULL;
}

/* Append a segment that is sound by itself; NULL if it fits the others. */
static const char *segment_add(struct broker_elf *elf,
			       const struct elf64_program *p,
			       const uint8_t *data)
{
	struct broker_segment *s = &elf->segment[elf->n_segments];

	if (elf->n_segments == BROKER_ELF_SEGMENTS_MAX)
		return "it has more than 8 loadable segments";
	s->vaddr = p->vaddr;
	s->mem_bytes = p->mem_bytes;
	s->file_bytes = p->file_bytes;
	s->data = data + p->offset;
	s->writable = (p->flags & ELF_PF_W) != 0;
	s->executable = (p->flags & ELF_PF_X) != 0;
	/* Each page has one kind of protection, so segments share none. */
	if (elf->n_segments > 0 &&
	    broker_segment_page(s) < segment_end_page(s - 1))
		return "its segments overlap, share a page, or are not in order";
	elf->n_segments++;
	return NULL;
}

static const char *read_segments(const struct broker_file *file,
				 const struct broker_file *shared,
				 const struct elf64_header *h,
				 struct broker_elf *elf)
{
	for (uint32_t i = 0; i < h->ph_count; i++) {
		const struct broker_file *in = file;
		struct elf64_program p;
		const char *fault;

		memcpy(&p, file->data + h->ph_offset + i * sizeof(p),
		       sizeof(p));
		if (p.type == ELF_PT_DYNAMIC || p.type == ELF_PT_INTERP)
			return "it needs a dynamic linker, which is not here";
		if ((p.type != ELF_PT_LOAD && p.type != ELF_PT_SHARED) ||
		    p.mem_bytes == 0)
			continue;
		if (p.type == ELF_PT_SHARED)
			in = shared;
		fault = segment_fault(&p, in->bytes);
		if (!fault)
			fault = segment_add(elf, &p, in->data);
		if (fault)
			return fault;
	}
	return elf->n_segments == 0 ? "it has nothing to load" : NULL;
}

/* The first instruction must be one that came from the file. */
static const char *entry_fault(const struct broker_elf *elf)
{
	for (uint32_t i = 0; i < elf->n_segments; i++) {
		const struct broker_segment *s = &elf->segment[i];

		if (s->executable && elf->entry >= s->vaddr &&
		    elf->entry - s->vaddr < s->file_bytes &&
		    elf->entry % 4 == 0)
			return NULL;
	}
	return "its entry point is not in an executable segment";
}

enum k_err broker_elf_read(const struct broker_file *file,
			   const struct broker_file *shared,
			   struct broker_elf *elf, const char **why)
{
	struct broker_elf found = { 0 };
	struct elf64_header h;
	const char *fault;

	*why = "it is shorter than an ELF header";
	if (file->bytes < sizeof(h))
		return K_ERR_FORMAT;
	memcpy(&h, file->data, sizeof(h));
	fault = header_fault(&h, file->bytes);
	if (!fault)
		fault = read_segments(file, shared, &h, &found);
	found.entry = h.entry;
	if (!fault)
		fault = entry_fault(&found);
	*why = fault ? fault : "";
	if (fault)
		return K_ERR_FORMAT;
	*elf = found;
	return K_OK;
}
