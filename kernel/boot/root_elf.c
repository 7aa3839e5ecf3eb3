/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * root_elf.c - checks the root task's ELF file and answers questions about it.
 *
 * The file comes from outside: each number is checked before it is used, in
 * the order in which a wrong one would mislead the next check.
 */
#include <abi/object.h>
#include <arch/memory.h>
#include <boot/elf64.h>
#include <boot/root_elf.h>

#define PAGE	   4096ull
/* Above the image come the IPC buffer, boot info and the device tree. */
#define ROOM_ABOVE (16ull << 20)
#define HIGHEST	   (ABI_USER_TOP + 1 - ROOM_ABOVE)

static bool check_header(const struct elf64_header *h, uint64_t bytes,
			 struct complaint *c)
{
	if (bytes < 4 || memcmp(h->ident, "\177ELF", 4))
		return complain(c, "the initrd is not an ELF file: start with "
				   "-initrd build/system.elf");
	if (bytes < sizeof(*h))
		return complain_values(c,
				       "the initrd is cut off in the ELF "
				       "header",
				       "bytes", bytes, "needed", sizeof(*h));
	if (h->ident[ELF_CLASS] != ELF_CLASS_64 ||
	    h->ident[ELF_DATA] != ELF_DATA_LITTLE ||
	    h->machine != ELF_MACHINE_AARCH64)
		return complain_values(c,
				       "the initrd is an ELF file for "
				       "another machine than 64-bit "
				       "little-endian Arm",
				       "machine", h->machine, "class",
				       h->ident[ELF_CLASS]);
	if (h->type != ELF_TYPE_EXEC)
		return complain_values(c,
				       "the initrd's ELF file is not a "
				       "statically linked program (no PIE, "
				       "no shared object)",
				       "type", h->type, "wanted",
				       ELF_TYPE_EXEC);
	if (h->phentsize != sizeof(struct elf64_segment) || !h->phnum)
		return complain_values(c,
				       "the initrd's ELF file has no usable "
				       "program headers",
				       "entry bytes", h->phentsize, "entries",
				       h->phnum);
	if (h->phoff > bytes ||
	    h->phnum * sizeof(struct elf64_segment) > bytes - h->phoff)
		return complain_values(c,
				       "the initrd is cut off in the "
				       "program headers",
				       "bytes", bytes, "headers at", h->phoff);
	return true;
}

static bool check_segment(const struct elf64_segment *s, uint64_t bytes,
			  struct complaint *c)
{
	if (s->filesz > s->memsz)
		return complain_values(c,
				       "a segment of the initrd's ELF file "
				       "is larger in the file than in "
				       "memory",
				       "file bytes", s->filesz, "memory bytes",
				       s->memsz);
	if (s->offset > bytes || s->filesz > bytes - s->offset)
		return complain_values(c,
				       "the initrd is cut off: a segment "
				       "ends behind it",
				       "initrd bytes", bytes, "segment end",
				       s->offset + s->filesz);
	if (s->vaddr >= HIGHEST || s->memsz > HIGHEST - s->vaddr)
		return complain_values(c,
				       "a segment of the initrd's ELF file "
				       "lies outside of user space",
				       "address", s->vaddr, "bytes", s->memsz);
	return true;
}

static void add_segment(struct root_elf *elf, const struct elf64_segment *s)
{
	uint64_t start = s->vaddr & ~(PAGE - 1);
	uint64_t end = (s->vaddr + s->memsz + PAGE - 1) & ~(PAGE - 1);

	if (!elf->count || start < elf->start)
		elf->start = start;
	if (!elf->count || end > elf->end)
		elf->end = end;
	elf->segment[elf->count++] = (struct root_segment){
		s->vaddr,
		s->offset,
		s->filesz,
		s->memsz,
		s->flags & (ROOT_READ | ROOT_WRITE | ROOT_EXECUTE),
	};
}

static bool read_segments(const struct elf64_header *h, uint64_t bytes,
			  struct root_elf *elf, struct complaint *c)
{
	struct elf64_segment s;
	unsigned int i;

	for (i = 0; i < h->phnum; i++) {
		memcpy(&s, elf->file + h->phoff + i * sizeof(s), sizeof(s));
		if (s.type != ELF_SEGMENT_LOAD || !s.memsz)
			continue;
		if (elf->count == ROOT_SEGMENTS_MAX)
			return complain_values(c,
					       "the initrd's ELF file has "
					       "too many segments",
					       "most", ROOT_SEGMENTS_MAX,
					       "headers", h->phnum);
		if (!check_segment(&s, bytes, c))
			return false;
		add_segment(elf, &s);
	}
	if (!elf->count)
		return complain(c, "the initrd's ELF file has nothing to load");
	return true;
}

static bool check_entry(const struct root_elf *elf, struct complaint *c)
{
	if (root_elf_page_flags(elf, elf->entry & ~(PAGE - 1)) & ROOT_EXECUTE &&
	    !(elf->entry & 3))
		return true;
	return complain_values(c,
			       "the initrd's entry point is not in an "
			       "executable segment",
			       "entry", elf->entry, "first address",
			       elf->start);
}

bool root_elf_read(const void *file, uint64_t bytes, struct root_elf *elf,
		   struct complaint *c)
{
	struct elf64_header header = { .type = 0 };

	memcpy(&header, file, bytes < sizeof(header) ? bytes : sizeof(header));
	if (!check_header(&header, bytes, c))
		return false;
	elf->file = file;
	elf->entry = header.entry;
	elf->count = 0;
	return read_segments(&header, bytes, elf, c) && check_entry(elf, c);
}

static bool touches(const struct root_segment *s, uint64_t page)
{
	return s->vaddr < page + PAGE && page < s->vaddr + s->bytes;
}

uint32_t root_elf_page_flags(const struct root_elf *elf, uint64_t vaddr)
{
	uint32_t flags = 0;
	bool found = false;
	unsigned int i;

	for (i = 0; i < elf->count; i++) {
		if (!touches(&elf->segment[i], vaddr))
			continue;
		flags |= elf->segment[i].flags;
		found = true;
	}
	return found ? flags : ROOT_READ | ROOT_WRITE;
}

bool root_elf_page_filled(const struct root_elf *elf, uint64_t vaddr)
{
	const struct root_segment *s;
	unsigned int i;

	for (i = 0; i < elf->count; i++) {
		s = &elf->segment[i];
		if (s->vaddr <= vaddr &&
		    vaddr + PAGE <= s->vaddr + s->file_bytes)
			return true;
	}
	return false;
}
