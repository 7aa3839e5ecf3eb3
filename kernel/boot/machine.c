/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.c - reads memory, interrupt controller, UART and PSCI from the tree.
 *
 * One walk over all nodes. libfdt checks offsets and lengths against the
 * header; values are checked here. Nodes that are disabled are passed over.
 * Read next: tree.c (properties and addresses), main.c
 */
#include <libfdt.h>
#include <boot/machine.h>
#include <boot/tree.h>

#define PAGE_MASK 4095ull
#define UARTS_MAX 8u

struct uart {
	int node;
	uint64_t paddr;
};

struct walk {
	const void *fdt;
	struct machine *machine;
	struct tree_path path;
	struct uart uart[UARTS_MAX];
	unsigned int uarts;
	const char *stdout_path; /* NULL: none named */
	unsigned int stdout_bytes;
	bool in_reserved; /* below /reserved-memory */
	bool too_many;	  /* more ranges than a set holds */
};

/* Whole pages inside each entry of "reg" are RAM. */
static void read_memory(struct walk *walk)
{
	struct range range;
	unsigned int i;

	for (i = 0; tree_reg(&walk->path, i, &range); i++) {
		range.start = (range.start + PAGE_MASK) & ~PAGE_MASK;
		range.end &= ~PAGE_MASK;
		if (!ranges_add(&walk->machine->memory, range.start, range.end))
			walk->too_many = true;
	}
}

static void add_reserved(struct walk *walk, struct range range, bool no_map)
{
	range.start &= ~PAGE_MASK;
	range.end = (range.end + PAGE_MASK) & ~PAGE_MASK;
	if (!ranges_add(&walk->machine->reserved, range.start, range.end) ||
	    (no_map &&
	     !ranges_add(&walk->machine->unmapped, range.start, range.end)))
		walk->too_many = true;
}

static void read_reserved(struct walk *walk, const struct tree_node *node)
{
	struct range range;
	unsigned int i;

	for (i = 0; tree_reg(&walk->path, i, &range); i++)
		add_reserved(walk, range, node->value[TREE_NO_MAP] != NULL);
}

static void read_gic(struct walk *walk)
{
	tree_reg(&walk->path, 0, &walk->machine->gic_dist);
	tree_reg(&walk->path, 1, &walk->machine->gic_redist);
}

static void read_uart(struct walk *walk, const struct tree_node *node)
{
	struct range range;

	if (walk->uarts == UARTS_MAX || !tree_reg(&walk->path, 0, &range))
		return;
	walk->uart[walk->uarts].node = node->offset;
	walk->uart[walk->uarts++].paddr = range.start;
}

static void read_device(struct walk *walk, const struct tree_node *node)
{
	struct machine *machine = walk->machine;

	if (!node->value[TREE_COMPATIBLE])
		return;
	if (tree_string(node, TREE_COMPATIBLE, "arm,gic-v3")) {
		read_gic(walk);
	} else if (tree_string(node, TREE_COMPATIBLE, "arm,cortex-a15-gic") ||
		   tree_string(node, TREE_COMPATIBLE, "arm,gic-400")) {
		machine->gic_v2 = true;
	} else if (tree_string(node, TREE_COMPATIBLE, "arm,psci-0.2") ||
		   tree_string(node, TREE_COMPATIBLE, "arm,psci-1.0")) {
		machine->psci_hvc = tree_string(node, TREE_METHOD, "hvc");
		machine->psci_smc = tree_string(node, TREE_METHOD, "smc");
	} else if (tree_string(node, TREE_COMPATIBLE, "arm,pl011")) {
		read_uart(walk, node);
	}
}

static void read_chosen(struct walk *walk, const struct tree_node *node)
{
	walk->stdout_path = node->value[TREE_STDOUT];
	walk->stdout_bytes = node->bytes[TREE_STDOUT];
	walk->machine->initrd.start = tree_number(node, TREE_INITRD_START);
	walk->machine->initrd.end = tree_number(node, TREE_INITRD_END);
}

/* Nodes with a meaning by their place: the two below the root. */
static void read_top_node(struct walk *walk, const struct tree_node *node)
{
	const char *name = fdt_get_name(walk->fdt, node->offset, NULL);

	walk->in_reserved = name && !strcmp(name, "reserved-memory");
	if (name && !strcmp(name, "chosen"))
		read_chosen(walk, node);
}

static void read_node(struct walk *walk)
{
	const struct tree_node *node = tree_here(&walk->path);

	if (walk->path.depth == 1)
		read_top_node(walk, node);
	if (!tree_enabled(node))
		return;
	if (tree_string(node, TREE_DEVICE_TYPE, "memory"))
		read_memory(walk);
	else if (walk->in_reserved && walk->path.depth == 2)
		read_reserved(walk, node);
	else
		read_device(walk, node);
}

static bool walk_all(struct walk *walk, struct complaint *c)
{
	int depth = 0;
	int node = 0;

	while (node >= 0 && depth >= 0) {
		if (!tree_enter(walk->fdt, &walk->path, node, depth))
			return complain(c, "the device tree is damaged or too "
					   "deep: a node cannot be read");
		read_node(walk);
		node = fdt_next_node(walk->fdt, node, &depth);
	}
	if (node < 0 && node != -FDT_ERR_NOTFOUND)
		return complain(c, "the device tree is damaged: it ends in "
				   "the middle");
	return true;
}

/* Regions the boot loader set aside: the header's own list. */
static void read_memreserve(struct walk *walk)
{
	int count = fdt_num_mem_rsv(walk->fdt);
	uint64_t start, bytes;
	int i;

	for (i = 0; i < count; i++) {
		if (fdt_get_mem_rsv(walk->fdt, i, &start, &bytes) ||
		    start + bytes < start)
			continue;
		add_reserved(walk, (struct range){ start, start + bytes },
			     false);
	}
}

/*
 * "stdout-path" is a path or an alias, and may end in ":115200n8". Without a
 * usable one the first PL011 is as good a guess as any.
 */
static void choose_uart(struct walk *walk)
{
	const char *path = walk->stdout_path;
	unsigned int i;
	int node;

	if (!walk->uarts)
		return;
	walk->machine->uart = walk->uart[0].paddr;
	if (!path)
		return;
	for (i = 0; i < walk->stdout_bytes && path[i] && path[i] != ':'; i++)
		;
	node = fdt_path_offset_namelen(walk->fdt, path, (int)i);
	for (i = 0; i < walk->uarts; i++) {
		if (walk->uart[i].node == node)
			walk->machine->uart = walk->uart[i].paddr;
	}
}

static bool check_initrd(const struct machine *m, struct complaint *c)
{
	if (!m->initrd.start)
		return complain(c, "no initrd: start with -initrd "
				   "build/system.elf");
	if (m->initrd.end <= m->initrd.start ||
	    !ranges_contain(&m->memory, m->initrd.start, m->initrd.end))
		return complain_values(c, "the initrd does not lie in memory",
				       "start", m->initrd.start, "end",
				       m->initrd.end);
	return true;
}

static bool check_machine(const struct machine *m, struct complaint *c)
{
	if (!m->memory.count)
		return complain(c, "the device tree names no memory");
	if (m->gic_v2)
		return complain(c, "KaaL needs a GICv3 and this machine has a "
				   "GICv2: start QEMU with -M "
				   "virt,gic-version=3");
	if (!m->gic_dist.end || !m->gic_redist.end)
		return complain(c, "the device tree names no GICv3: start "
				   "QEMU with -M virt,gic-version=3");
	return check_initrd(m, c);
}

bool machine_read(const void *fdt, uint64_t bytes, struct machine *machine,
		  struct complaint *c)
{
	static struct walk walk;

	walk = (struct walk){ .fdt = fdt, .machine = machine };
	if (fdt_check_header(fdt) || fdt_totalsize(fdt) > bytes)
		return complain(c, "the device tree is damaged: its header "
				   "is wrong");
	if (!walk_all(&walk, c))
		return false;
	read_memreserve(&walk);
	choose_uart(&walk);
	if (walk.too_many)
		return complain_values(c,
				       "the device tree has too many "
				       "memory ranges",
				       "most", RANGES_MAX, "memory ranges",
				       machine->memory.count);
	return check_machine(machine, c);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

uint64_t machine_fdt_bytes(const void *fdt)
{
	uint64_t used = (uint64_t)fdt_off_dt_struct(fdt) +
			fdt_size_dt_struct(fdt);

	used = larger(used, (uint64_t)fdt_off_dt_strings(fdt) +
				    fdt_size_dt_strings(fdt));
	used = larger(used, fdt_off_mem_rsvmap(fdt) +
				    (fdt_num_mem_rsv(fdt) + 1) *
					    sizeof(struct fdt_reserve_entry));
	return used < fdt_totalsize(fdt) ? used : fdt_totalsize(fdt);
}
