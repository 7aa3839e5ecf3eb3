/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loader.c - the address space of a new process, as glue/places.h draws it.
 *
 *   0x0020_0000  env, device tree, channel table RO
 *   0x0020_1000  IPC buffer, counters RW; then the trace RW, once traced
 *   0x0020_8000  device tree RO, if it is large            (drivers)
 *   0x0021_0000  registers of the device, uncached         (drivers)
 *   ...          nothing: the guard below the stack
 *   0x0026_0000  top of the stack; above it the rings of channels
 *   0x0036_0000  image: code RX, constants RO, data RW
 *   ...          behind it the DMA arena and lent regions
 *   META_BASE    shadow metadata of DMA-visible pages      (Linux drivers)
 *   DMA_BASE     DMA arena and lent regions by bus address (Linux drivers)
 *
 * Each frame is mapped with the least rights that work, and only code may be
 * executed. Code and constants are the very pages of the archive in the broker's
 * image, which nobody can write to; data is copied.
 */
#include "loader.h"

#include <glue/string.h>
#include <glue/sys.h>

#include "blocks.h"
#include "log.h"
#include "machine.h"
#include "slots.h"

enum k_err broker_load_pages(struct broker_process *process, uint64_t vaddr,
			     uint32_t count, enum broker_prot prot)
{
	uint32_t frame;
	enum k_err err;

	err = broker_account_pages(&process->memory, ABI_OBJ_FRAME_SMALL, count,
				   &frame);
	if (err)
		return err;
	return broker_vspace_map_run(&process->vspace, frame, count, vaddr,
				     prot);
}

/* Pages of the archive, as they are. Return: K_ERR_NOTFOUND if the segment does
 * not begin with a page of the archive: then it has to be copied. */
static enum k_err share_segment(struct broker_process *process,
				const struct broker_segment *segment)
{
	uint32_t count = broker_pages_of(segment->file_bytes), copies = 0;
	uint32_t frame = broker_image_frame(segment->data);
	enum k_err err;

	if (segment->writable || !frame ||
	    segment->vaddr % BROKER_PAGE_BYTES != 0 ||
	    segment->mem_bytes != segment->file_bytes)
		return K_ERR_NOTFOUND;
	err = broker_vspace_map_copy(
		&process->vspace, process->memory.owner | BROKER_SLOT_FOREIGN,
		frame, count, segment->vaddr,
		segment->executable ? BROKER_RX : BROKER_RO, &copies);
	for (uint32_t i = 0; !err && segment->executable && i < count; i++)
		glue_page_unify_instruction(copies + i, 0, BROKER_PAGE_BYTES);
	return err;
}

static enum broker_prot segment_prot(const struct broker_segment *segment)
{
	if (segment->executable)
		return BROKER_RX;
	return segment->writable ? BROKER_RW : BROKER_RO;
}

/* Fresh frames, filled through the broker's window while nobody else has them
 * mapped, then mapped in the process for good. */
static enum k_err filled_pages(struct broker_process *process, uint64_t vaddr,
			       uint32_t count, const void *data, uint64_t bytes,
			       enum broker_prot prot)
{
	uint64_t in_page = vaddr % BROKER_PAGE_BYTES;
	uint32_t frame;
	enum k_err err;

	if (count == 0)
		return K_OK;
	err = broker_account_pages(&process->memory, ABI_OBJ_FRAME_SMALL, count,
				   &frame);
	if (!err)
		err = broker_frames_fill(frame, in_page, data, bytes,
					 prot == BROKER_RX);
	if (!err)
		err = broker_vspace_map_run(&process->vspace, frame, count,
					    vaddr - in_page, prot);
	return err;
}

/* What the file has of a segment; its zeros too, if nobody may write them. */
static enum k_err copy_segment(struct broker_process *process,
			       const struct broker_segment *segment)
{
	uint64_t page = broker_segment_page(segment);
	uint32_t all = broker_pages_of(broker_segment_end(segment) - page);
	uint32_t count = all;
	enum k_err err;

	if (segment->writable)
		count = broker_pages_of(segment->vaddr - page +
					segment->file_bytes);
	err = filled_pages(process, segment->vaddr, count, segment->data,
			   segment->file_bytes, segment_prot(segment));
	if (!err)
		err = broker_fresh_promise(process,
					   page + (uint64_t)count *
							   BROKER_PAGE_BYTES,
					   all - count);
	return err;
}

static enum k_err load_image(struct broker_process *process)
{
	const struct broker_program *program = process->program;
	const struct broker_segment *s = program->segment;
	enum k_err err = K_OK;

	for (uint32_t i = 0; !err && i < program->n_segments; i++, s++) {
		err = share_segment(process, s);
		if (err == K_ERR_NOTFOUND)
			err = copy_segment(process, s);
		process->low_end = broker_segment_end(s);
	}
	return err;
}

/* Where the broker sees a page that it shares with a process. */
static void *seen_at(const struct broker_process *process, uint64_t vaddr)
{
	uint64_t window = BROKER_WINDOW_PROCESS +
			  BROKER_WINDOW_PROCESS_SPAN *
				  broker_process_index(process);

	return (void *)(window + vaddr - GLUE_ENV_VADDR);
}

/* A new page, mapped in the process and, as a copy, in its window. */
static enum k_err share_page(struct broker_process *process, uint64_t vaddr,
			     enum broker_prot prot, uint32_t *frame)
{
	uint32_t copy = 0;
	enum k_err err = broker_account_pages(&process->memory,
					      ABI_OBJ_FRAME_SMALL, 1, frame);

	if (err)
		return err;
	err = broker_vspace_map(&process->vspace, *frame, vaddr, prot);
	if (!err)
		err = broker_vspace_map_copy(broker_vspace_own(),
					     process->memory.owner, *frame, 1,
					     (uint64_t)seen_at(process, vaddr),
					     BROKER_RW, &copy);
	if (err)
		glue_page_unmap(*frame); /* a trace is asked for again */
	return err;
}

static enum k_err load_info_pages(struct broker_process *process)
{
	uint32_t frame;
	enum k_err err = share_page(process, GLUE_ENV_VADDR, BROKER_RO, &frame);

	if (!err)
		err = share_page(process, GLUE_IPCBUF_VADDR, BROKER_RW,
				 &process->ipc_frame);
	if (err)
		return err;
	process->page = seen_at(process, GLUE_ENV_VADDR);
	process->counters = seen_at(process, GLUE_COUNTERS_VADDR);
	process->counters->keepsake = process->keepsake;
	glue_trace_begin(process->counters);
	return K_OK;
}

enum k_err broker_load_trace(struct broker_process *process)
{
	uint32_t frame;
	enum k_err err = process->trace ? K_OK :
					  share_page(process, GLUE_TRACE_VADDR,
						     BROKER_RW, &frame);

	if (!err)
		process->trace = seen_at(process, GLUE_TRACE_VADDR);
	return err;
}
_Static_assert(GLUE_TRACE_VADDR + BROKER_PAGE_BYTES - GLUE_ENV_VADDR ==
		       BROKER_WINDOW_PROCESS_SPAN,
	       "the window shows them at the same distances");

int broker_process_is_linear(const struct broker_process *process)
{
	return process->program->meta_bytes != 0;
}

/* Behind the image and an unmapped page, if it fits there. */
static uint64_t arena_place(struct broker_process *process)
{
	uint64_t place = process->low_end + BROKER_PAGE_BYTES;
	uint64_t bytes = process->program->dma_bytes;

	if (broker_process_is_linear(process) || bytes > GLUE_IMAGE_END - place)
		return GLUE_DMA_BASE + process->arena_paddr;
	process->low_end = place + bytes;
	return place;
}

/* The memory that the device may reach, in one piece. */
static enum k_err load_arena(struct broker_process *process)
{
	uint64_t bytes = process->program->dma_bytes;
	uint32_t frame;
	enum k_err err;

	if (bytes == 0)
		return K_OK;
	if (process->arena.bytes) { /* its last life's */
		err = broker_account_region_again(&process->arena, bytes,
						  process->arena_paddr, &frame);
	} else {
		err = broker_account_region(&process->arena, bytes,
					    &process->arena_paddr, &frame);
		if (err) /* a part of it is none that a next life could have */
			broker_account_close(&process->arena);
	}
	if (err)
		return err;
	process->env->dma_bus = process->arena_paddr;
	process->env->dma_vaddr = arena_place(process);
	process->env->dma_bytes = bytes;
	err = broker_vspace_map_run(&process->vspace, frame,
				    broker_pages_of(bytes),
				    process->env->dma_vaddr, BROKER_RW);
	return err ? err :
		     broker_load_metadata(process, process->arena_paddr, bytes);
}

enum k_err broker_load_shown(struct broker_process *process, uint32_t frame,
			     uint32_t count, uint64_t vaddr,
			     enum broker_prot prot)
{
	uint32_t copies = 0;

	return broker_vspace_map_copy(&process->vspace,
				      process->memory.owner |
					      BROKER_SLOT_FOREIGN,
				      frame, count, vaddr, prot, &copies);
}

static uint64_t range_pages(const struct broker_device_range *range)
{
	return ((range->paddr + range->bytes - 1) >> BROKER_PAGE_BITS) -
	       (range->paddr >> BROKER_PAGE_BITS) + 1;
}

/* Map the pages of one register range at *vaddr, and move it behind them. */
static enum k_err load_range(struct broker_process *process, unsigned int index,
			     uint64_t *vaddr)
{
	const struct broker_device_range *range = &process->device->mmio[index];
	uint64_t in_page = range->paddr % BROKER_PAGE_BYTES;
	enum k_err err = K_OK;

	process->env->mmio[index] = (struct glue_mmio){
		.vaddr = *vaddr + in_page,
		.paddr = range->paddr,
		.bytes = range->bytes,
		.bar = process->device->bar[index],
	};
	process->env->n_mmio = index + 1;
	for (uint64_t i = 0; !err && i < range_pages(range); i++) {
		uint32_t frame = broker_block_device_frame(
			range->paddr - in_page + i * BROKER_PAGE_BYTES,
			BROKER_PAGE_BITS);

		err = frame ? broker_load_shown(process, frame, 1, *vaddr,
						BROKER_DEVICE) :
			      K_ERR_BUSY;
		*vaddr += BROKER_PAGE_BYTES;
	}
	if (err == K_ERR_BUSY)
		broker_log("%s: the kernel keeps the registers of %s",
			   process->label, process->device->node);
	return err;
}

/* All register ranges of the device, one behind the other in a window. */
static enum k_err load_registers(struct broker_process *process)
{
	const struct broker_device *device = process->device;
	uint64_t vaddr = GLUE_MMIO_VADDR, pages = 0;
	enum k_err err = K_OK;

	for (unsigned int i = 0; device && i < device->n_mmio; i++)
		pages += range_pages(&device->mmio[i]);
	if (pages > GLUE_MMIO_BYTES / BROKER_PAGE_BYTES)
		vaddr = GLUE_MMIO_LARGE_VADDR;
	if (pages > GLUE_MMIO_LARGE_BYTES / BROKER_PAGE_BYTES) {
		broker_log("%s: %s has more than %lu KiB of registers",
			   process->label, device->node,
			   GLUE_MMIO_LARGE_BYTES / 1024);
		return K_ERR_RANGE;
	}
	for (unsigned int i = 0; device && !err && i < device->n_mmio; i++)
		err = load_range(process, i, &vaddr);
	return err;
}

/*
 * The device's part of the device tree, for drivers that read more of it than
 * the env page says.
 */
static enum k_err load_tree(struct broker_process *process)
{
	const struct broker_device *device = process->device;
	uint32_t bytes = device ? device->tree_bytes : 0;

	if (bytes == 0 || !process->program->class)
		return K_OK;
	process->env->tree_bytes = bytes;
	process->env->tree_vaddr = GLUE_TREE_LARGE_VADDR;
	if (bytes > sizeof(process->page->tree))
		return filled_pages(process, GLUE_TREE_LARGE_VADDR,
				    broker_pages_of(bytes), device->tree, bytes,
				    BROKER_RO);
	memcpy(process->page->tree, device->tree, bytes);
	process->env->tree_vaddr = GLUE_ENV_VADDR +
				   offsetof(struct glue_env_page, tree);
	return K_OK;
}

/* The first page at once, as it is used at once. */
static enum k_err load_stack(struct broker_process *process)
{
	uint32_t more = broker_pages_of(process->program->stack_bytes) - 1;
	uint64_t first = GLUE_STACK_TOP - BROKER_PAGE_BYTES;
	enum k_err err = broker_load_pages(process, first, 1, BROKER_RW);

	if (err)
		return err;
	return broker_fresh_promise(process,
				    first - (uint64_t)more * BROKER_PAGE_BYTES,
				    more);
}

enum k_err broker_load(struct broker_process *process)
{
	enum k_err err;

	err = load_image(process);
	if (!err)
		err = load_info_pages(process);
	if (!err)
		err = load_stack(process);
	if (!err)
		err = load_arena(process);
	if (!err)
		err = load_registers(process);
	if (!err)
		err = load_tree(process);
	return err;
}

void broker_load_env(struct broker_process *process)
{
	process->page->env = *process->env;
}
