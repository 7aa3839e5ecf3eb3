/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * root_task.c - makes the first thread and everything it is given.
 *
 * Order of slots: fixed ones, page tables, extra boot info, image, untypeds.
 * User libraries take every slot above the highest one they know as free, so
 * untypeds come last. Source: shared/abi.md section 17.
 * Read next: root_plan.c (where everything lies), untyped.c
 */
#include <libfdt.h>
#include <abi/bootinfo.h>
#include <arch/boot.h>
#include <arch/memory.h>
#include <arch/pte_kernel.h>
#include <boot/root_task.h>
#include <object/asid.h>
#include <object/cap.h>
#include <object/cdt.h>
#include <object/tcb.h>

#define RIGHTS_RW (ABI_RIGHT_READ | ABI_RIGHT_WRITE)

static void root_cap(struct root *root, uint64_t slot, struct cap cap)
{
	cdt_insert_root(&root->cnode[slot], cap);
}

/* The entry at @level - 1 that covers @vaddr. */
static uint64_t *parent_entry(const struct root_plan *plan, unsigned int level,
			      uint64_t vaddr)
{
	uint64_t *table = phys_to_virt(
		level == 1 ? plan->vspace :
			     root_plan_table(plan, level - 1, vaddr));

	return &table[table_index(vaddr, level - 1)];
}

static void make_tables(struct root *root, unsigned int level)
{
	const struct root_plan *plan = root->plan;
	unsigned int shift = root_plan_level_shift(level);
	uint64_t i, vaddr, paddr;
	struct cap cap;

	for (i = 0; i < plan->tables[level]; i++) {
		vaddr = ((plan->image_vaddr >> shift) + i) << shift;
		paddr = plan->table[level] + (i << ABI_PAGE_TABLE_BITS);
		*parent_entry(plan, level, vaddr) = pte_table(paddr);
		cap = cap_page_table(paddr);
		cap.w1 = map_info(root->asid, vaddr);
		root_cap(root, root->next_slot++, cap);
	}
}

/* Map the page and make its capability. @attr: ABI_VM_*. */
static void make_page(struct root *root, uint64_t slot, uint64_t vaddr,
		      uint64_t paddr, unsigned int rights, unsigned int attr)
{
	struct cap cap = cap_frame(paddr, FRAME_SMALL, RIGHTS_RW, false);

	*parent_entry(root->plan, ROOT_LEVELS,
		      vaddr) = pte_leaf(paddr, ROOT_LEVELS - 1, rights, attr);
	cap.w1 = map_info(root->asid, vaddr);
	root_cap(root, slot, cap);
}

static void make_image_page(struct root *root, const struct root_elf *elf,
			    uint64_t offset)
{
	uint64_t vaddr = root->plan->image_vaddr + offset;
	uint32_t flags = root_elf_page_flags(elf, vaddr);
	unsigned int rights = ABI_RIGHT_READ;
	unsigned int attr = ABI_VM_CACHEABLE;

	if (flags & ROOT_WRITE)
		rights |= ABI_RIGHT_WRITE;
	if (!(flags & ROOT_EXECUTE))
		attr |= ABI_VM_EXECUTE_NEVER;
	make_page(root, root->next_slot++, vaddr, root->plan->image + offset,
		  rights, attr);
}

/* Clear what the file does not fill, then copy; later segments win. */
static void copy_image(const struct root_plan *plan, const struct root_elf *elf)
{
	char *image = phys_to_virt(plan->image);
	const struct root_segment *s;
	uint64_t offset;
	unsigned int i;

	for (offset = 0; offset < plan->image_pages << 12; offset += 4096) {
		if (!root_elf_page_filled(elf, plan->image_vaddr + offset))
			memory_zero(image + offset, 4096);
	}
	for (i = 0; i < elf->count; i++) {
		s = &elf->segment[i];
		memcpy(image + (s->vaddr - plan->image_vaddr),
		       elf->file + s->offset, s->file_bytes);
		if (s->flags & ROOT_EXECUTE)
			icache_sync(image + (s->vaddr - plan->image_vaddr),
				    s->bytes);
	}
}

static void make_image(struct root *root, const struct root_elf *elf)
{
	struct abi_slot_region *region = &root->info->user_image_frames;
	uint64_t i;

	copy_image(root->plan, elf);
	region->start = root->next_slot;
	for (i = 0; i < root->plan->image_pages; i++)
		make_image_page(root, elf, i << 12);
	region->end = root->next_slot;
}

/* The device tree behind a chunk header; free space at its end is cut. */
static void make_extra(struct root *root, const void *fdt, uint64_t bytes)
{
	const struct root_plan *plan = root->plan;
	struct abi_slot_region *region = &root->info->extra_bi_pages;
	struct abi_boot_extra *chunk = phys_to_virt(plan->extra);
	uint64_t last = plan->extra_pages - 1;
	uint64_t i;

	memory_zero((char *)chunk + (last << 12), 4096);
	chunk->id = ABI_BOOT_EXTRA_FDT;
	chunk->len = sizeof(*chunk) + bytes;
	memcpy(chunk + 1, fdt, bytes);
	fdt_set_totalsize(chunk + 1, (uint32_t)bytes);
	root->info->extra_len = chunk->len;
	region->start = root->next_slot;
	for (i = 0; i < plan->extra_pages; i++)
		make_page(root, root->next_slot++,
			  plan->extra_vaddr + (i << 12),
			  plan->extra + (i << 12), RIGHTS_RW,
			  ABI_VM_CACHEABLE | ABI_VM_EXECUTE_NEVER);
	region->end = root->next_slot;
}

static void make_fixed(struct root *root)
{
	const struct root_plan *plan = root->plan;
	unsigned int attr = ABI_VM_CACHEABLE | ABI_VM_EXECUTE_NEVER;

	root_cap(root, ABI_SLOT_TCB, cap_thread(phys_to_virt(plan->tcb)));
	root_cap(root, ABI_SLOT_CNODE,
		 cap_cnode(root->cnode, plan->cnode_bits,
			   64 - plan->cnode_bits));
	root_cap(root, ABI_SLOT_VSPACE, cap_vspace(plan->vspace, root->asid));
	root_cap(root, ABI_SLOT_IRQ_CONTROL, cap_control(ABI_CAP_IRQ_CONTROL));
	root_cap(root, ABI_SLOT_ASID_CONTROL,
		 cap_control(ABI_CAP_ASID_CONTROL));
	root_cap(root, ABI_SLOT_ASID_POOL, cap_asid_pool(plan->asid_pool, 0));
	root_cap(root, ABI_SLOT_DOMAIN, cap_control(ABI_CAP_DOMAIN));
	make_page(root, ABI_SLOT_BOOT_INFO_FRAME, plan->info_vaddr, plan->info,
		  RIGHTS_RW, attr);
	make_page(root, ABI_SLOT_IPC_BUFFER_FRAME, plan->ipc_vaddr, plan->ipc,
		  RIGHTS_RW, attr);
}

/* The TCB's own copies are derived ones: revoking a root slot takes them. */
static void tcb_own_slot(struct root *root, struct tcb *tcb, enum tcb_slot own,
			 uint64_t slot)
{
	struct cte *parent = &root->cnode[slot];
	struct cap cap = parent->cap;

	if (own == TCB_IPC_FRAME)
		cap.w1 = 0;
	cdt_insert(&tcb->slot[own], cap, parent, false);
}

static struct tcb *make_thread(struct root *root, uint64_t entry)
{
	struct tcb *tcb = phys_to_virt(root->plan->tcb);
	static const char name[] = "root";

	tcb_init(tcb);
	tcb_own_slot(root, tcb, TCB_CSPACE, ABI_SLOT_CNODE);
	tcb_own_slot(root, tcb, TCB_VSPACE, ABI_SLOT_VSPACE);
	tcb_own_slot(root, tcb, TCB_IPC_FRAME, ABI_SLOT_IPC_BUFFER_FRAME);
	tcb->ipc_buffer = root->plan->ipc_vaddr;
	tcb->context.pc = entry;
	tcb->context.fault_pc = entry;
	tcb->context.x[0] = root->plan->info_vaddr;
	tcb->priority = 255;
	tcb->mcp = 255;
	tcb->state = THREAD_RUNNING;
	memcpy(tcb->name, name, sizeof(name));
	return tcb;
}

static void clear_objects(const struct root_plan *plan)
{
	memory_zero(phys_to_virt(plan->cnode), plan->image - plan->cnode);
	memory_zero(phys_to_virt(plan->ipc), plan->extra - plan->ipc);
	memory_zero(phys_to_virt(plan->tcb), 1u << ABI_TCB_BITS);
}

struct tcb *root_make(struct root *root, const struct root_plan *plan,
		      const struct root_elf *elf, const void *fdt,
		      uint64_t fdt_bytes)
{
	unsigned int level;

	clear_objects(plan);
	*root = (struct root){
		.plan = plan,
		.cnode = phys_to_virt(plan->cnode),
		.info = phys_to_virt(plan->info),
		.next_slot = ABI_SLOT_FIRST_FREE,
	};
	asid_boot_pool(plan->asid_pool);
	root->asid = asid_boot_assign(plan->vspace);
	root->info->user_image_paging.start = root->next_slot;
	for (level = 1; level < ROOT_LEVELS; level++)
		make_tables(root, level);
	root->info->user_image_paging.end = root->next_slot;
	make_fixed(root);
	make_extra(root, fdt, fdt_bytes);
	make_image(root, elf);
	return make_thread(root, elf->entry);
}

void root_finish(struct root *root)
{
	struct abi_boot_info *info = root->info;

	info->num_nodes = 1;
	info->ipc_buffer = root->plan->ipc_vaddr;
	info->cnode_size_bits = root->plan->cnode_bits;
	info->empty.start = root->next_slot;
	info->empty.end = 1ull << root->plan->cnode_bits;
}
