/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * devices.c - the device table: names, aliases, order, shared pages.
 *
 * Reading registers and interrupts out of the tree: devtree.c.
 */
#include "devices.h"

#include <glue/print.h>
#include <glue/string.h>
#include <libfdt.h>

#include "devtree.h"
#include "glob.h"
#include "log.h"
#include "look.h"
#include "pci.h"
#include "probe.h"
#include "subtree.h"

static struct finder_device devices[BROKER_DEVICES_MAX];
static unsigned int n_devices;
static const void *tree;
static int console; /* node of the machine's; negative: none */

/* Aliases of one device, which is compared with all programs in turn; devices
 * with more of them are rare. */
#define ALIASES_KEPT 3u
static struct {
	const struct finder_device *device;
	unsigned int count;
	int same; /* as those of the device before */
	char text[ALIASES_KEPT][FINDER_ALIAS_BYTES];
} kept;

/* Keep the table ascending by address: instance numbers depend on it. */
static void device_insert(const struct finder_device *device)
{
	uint64_t paddr = device->mmio[0].paddr;
	unsigned int at = n_devices++;

	while (at > 0 && devices[at - 1].mmio[0].paddr > paddr) {
		devices[at] = devices[at - 1];
		at--;
	}
	devices[at] = *device;
}

/* Return: 0 if the table is full. */
static int device_add(const struct finder_device *device)
{
	if (n_devices == BROKER_DEVICES_MAX) {
		finder_log("more than %u devices: %s is left out",
			   BROKER_DEVICES_MAX, device->node);
		return 0;
	}
	device_insert(device);
	return 1;
}

static void pci_found(const struct finder_device *device)
{
	device_add(device);
}

static int device_is(const struct finder_device *device, const char *compatible)
{
	return fdt_stringlist_contains(device->compatible,
				       device->compatible_bytes, compatible);
}

/* A tree that gives the id does so because the registers lie or are off. */
static uint32_t primecell_id(const struct finder_device *device)
{
	int bytes;
	const fdt32_t *given = fdt_getprop(tree, device->offset,
					   "arm,primecell-periphid", &bytes);

	if (given && bytes >= 4)
		return fdt32_ld(given);
	return finder_probe_primecell(device->mmio[0].paddr);
}

/*
 * A timer has an interrupt for each of the processor's timers: secure, EL1's
 * physical, virtual, EL2's. The second is for processes, the kernel has the
 * third. Source: Linux's binding timer/arm,arch_timer.
 */
static void keep_physical_timer(struct finder_device *device)
{
	int named = fdt_stringlist_search(tree, device->offset,
					  "interrupt-names", "phys");
	uint32_t index = named >= 0 ? (uint32_t)named : 1;

	if (index < device->n_irq)
		device->irq[0] = device->irq[index];
	device->n_irq = index < device->n_irq;
}

/* The tree only knows that a transport is there, not what is behind it. */
static void device_probe(struct finder_device *device)
{
	struct finder_virtio_id id;

	if (device_is(device, "arm,armv8-timer"))
		keep_physical_timer(device);
	if (device->n_mmio == 0)
		return;
	if (device_is(device, "arm,primecell"))
		device->primecell = primecell_id(device);
	if (!device_is(device, "virtio,mmio"))
		return;
	device->is_virtio = 1;
	if (!finder_probe_virtio(device->mmio[0].paddr, &id))
		return;
	device->virtio_device = id.device;
	device->virtio_vendor = id.vendor;
}

/*
 * The kernel cuts the free space at a tree's end, so totalsize may say more
 * than there is. What libfdt reads are these two blocks, which it keeps to.
 */
static int tree_is_sound(const void *fdt, size_t bytes)
{
	uint64_t structure, strings;

	if (bytes < sizeof(struct fdt_header) || fdt_check_header(fdt) != 0 ||
	    fdt_version(fdt) < FDT_LAST_SUPPORTED_VERSION)
		return 0;
	structure = (uint64_t)fdt_off_dt_struct(fdt) + fdt_size_dt_struct(fdt);
	strings = (uint64_t)fdt_off_dt_strings(fdt) + fdt_size_dt_strings(fdt);
	return structure <= bytes && strings <= bytes &&
	       fdt_off_dt_struct(fdt) % 4 == 0;
}

/* The node at a path or alias, which ends at a colon; behind it moves *path. */
static int node_of_path(const char **path)
{
	const char *begin = *path;
	int node, bytes;

	while (**path != '\0' && **path != ':')
		++*path;
	bytes = (int)(*path - begin);
	node = *begin == '/' ? finder_subtree_by_name(begin + 1, bytes - 1) :
			       -1;
	return node >= 0 ? node : fdt_path_offset_namelen(tree, begin, bytes);
}

/*
 * "/pl011@9000000:115200n8" or an alias, "serial0". What stands behind the
 * colon is the line's speed and format. Source: Devicetree Specification 3.6.
 */
static int console_find(void)
{
	int bytes, chosen = finder_subtree_by_name("chosen", 6);
	const char *path = fdt_getprop(tree, chosen, "stdout-path", &bytes);

	if (!path || bytes < 1 || path[bytes - 1] != '\0')
		return -1;
	return node_of_path(&path);
}

unsigned int finder_devices_read(const void *fdt, size_t bytes)
{
	struct finder_devtree walk;
	struct finder_device device;

	n_devices = 0;
	kept.device = NULL;
	kept.count = 0;
	tree = fdt;
	if (!fdt)
		return 0;
	if (!tree_is_sound(fdt, bytes)) {
		finder_log(
			"the device tree is damaged: no devices can be used");
		return 0;
	}
	finder_subtree_open(fdt);
	console = console_find();
	finder_devtree_open(&walk, fdt);
	while (finder_devtree_next(&walk, &device)) {
		if (!device_add(&device))
			break;
		if (device.n_mmio != 0 &&
		    device_is(&device, "pci-host-ecam-generic"))
			finder_pci_scan(fdt, device.offset,
					device.mmio[0].paddr, pci_found);
	}
	for (unsigned int i = 0; i < n_devices; i++)
		device_probe(&devices[i]);
	return n_devices;
}

int finder_device_is_console(const struct finder_device *device)
{
	return console >= 0 && device->offset == console;
}

int finder_device_is_named(const struct finder_device *device,
			   const char *nodes)
{
	while (device->offset >= 0 && *nodes != '\0') {
		if (node_of_path(&nodes) == device->offset)
			return 1;
		nodes += *nodes == ':';
	}
	return 0;
}

unsigned int finder_devices_count(void)
{
	return n_devices;
}

struct finder_device *finder_device(unsigned int index)
{
	return index < n_devices ? &devices[index] : NULL;
}

void finder_device_path(const struct finder_device *device, char *path,
			int bytes)
{
	/* libfdt would walk the tree up to the node. */
	if (device->depth == 1)
		glue_snprintf(path, (size_t)bytes, "/%s", device->node);
	else if (fdt_get_path(tree, device->offset, path, bytes) != 0)
		glue_strlcpy(path, device->node, (size_t)bytes);
}

unsigned int finder_device_tree(const struct finder_device *device, void *out,
				unsigned int bytes)
{
	return finder_subtree_build(device->offset, out, bytes);
}

/* The index-th string of the compatible list, or NULL. */
static const char *compatible_string(const struct finder_device *device,
				     unsigned int index)
{
	const char *text = device->compatible;
	const char *end = text + device->compatible_bytes;

	while (text < end) {
		size_t bytes = glue_strnlen(text, (size_t)(end - text)) + 1;

		if (bytes > (size_t)(end - text))
			return NULL; /* not terminated: ignore the rest */
		if (index-- == 0)
			return text;
		text += bytes;
	}
	return NULL;
}

static int alias_make(const struct finder_device *device, unsigned int index,
		      char *alias, size_t bytes)
{
	const char *compatible;
	int name_bytes = 0;

	if (device->is_pci) {
		finder_pci_alias(device, alias, bytes);
		return index == 0;
	}
	if (device->virtio_device != 0 && index-- == 0) {
		glue_snprintf(alias, bytes, "virtio:d%08Xv%08X",
			      device->virtio_device, device->virtio_vendor);
		return 1;
	}
	if (device->primecell != 0 && index-- == 0) {
		glue_snprintf(alias, bytes, "amba:d%08X", device->primecell);
		return 1;
	}
	compatible = compatible_string(device, index);
	if (!compatible)
		return 0;
	while (device->node[name_bytes] != '\0' &&
	       device->node[name_bytes] != '@')
		name_bytes++;
	glue_snprintf(alias, bytes, "of:N%.*sT%sC%s", name_bytes, device->node,
		      device->type ? device->type : "(null)", compatible);
	return 1;
}

/* Of 32 transports most are empty, and all alike. */
static void aliases_keep(const struct finder_device *device)
{
	unsigned int n = 0, old = kept.count;
	char text[FINDER_ALIAS_BYTES];

	if (kept.device == device)
		return;
	kept.same = 1;
	for (; n < ALIASES_KEPT && alias_make(device, n, text, sizeof(text));
	     n++) {
		if (n >= old || strcmp(text, kept.text[n]) != 0)
			kept.same = 0;
		glue_strlcpy(kept.text[n], text, sizeof(kept.text[n]));
	}
	kept.device = device;
	kept.count = n;
	if (n != old || n == ALIASES_KEPT)
		kept.same = 0;
}

int finder_device_alias(const struct finder_device *device, unsigned int index,
			char *alias, size_t bytes)
{
	aliases_keep(device);
	if (index >= kept.count)
		return index >= ALIASES_KEPT &&
		       alias_make(device, index, alias, bytes);
	glue_strlcpy(alias, kept.text[index], bytes);
	return 1;
}

int finder_device_is_twin(const struct finder_device *device)
{
	aliases_keep(device);
	return kept.same;
}

void finder_device_compatible(const struct finder_device *device, char *text,
			      size_t bytes)
{
	const char *first = compatible_string(device, 0);

	glue_strlcpy(text, first ? first : "", bytes);
}

int finder_device_match(const struct finder_device *device, const char *list,
			char *alias, size_t bytes)
{
	unsigned int i;

	aliases_keep(device);
	for (i = 0; i < kept.count; i++) {
		if (!finder_match_list(list, kept.text[i]))
			continue;
		glue_strlcpy(alias, kept.text[i], bytes);
		return 1;
	}
	while (i >= ALIASES_KEPT && alias_make(device, i++, alias, bytes)) {
		if (finder_match_list(list, alias))
			return 1;
	}
	return 0;
}

void finder_devices_warn_shared(void)
{
	const struct finder_device *last = NULL;
	uint64_t warned = ~(uint64_t)0;

	for (unsigned int i = 0; i < n_devices; i++) {
		const struct finder_device *d = &devices[i];
		uint64_t page = d->mmio[0].paddr / FINDER_PAGE_BYTES;

		if (d->virtio_device == 0)
			continue;
		if (last && last->mmio[0].paddr / FINDER_PAGE_BYTES == page &&
		    warned != page) {
			finder_log(
				"warning: %s and %s share a 4 KiB page of registers, so each driver can reach the other's device; give QEMU's -device options bus=virtio-mmio-bus.N with Ns 8 apart",
				last->node, d->node);
			warned = page;
		}
		last = d;
	}
}
