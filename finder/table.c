/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * table.c - rows with offsets, and behind them texts and trees.
 *
 * What finds no room is missing: a name is empty then, a tree is none, and one
 * message says so.
 */
#include "table.h"

#include <glue/string.h>

#include "log.h"

#define PATH_BYTES 128
#define TREE_ALIGN 8u

static struct broker_found *table;
static int full; /* has been said */

static void full_note(void)
{
	if (!full)
		finder_log(
			"the table of devices is full: some names or parts of the device tree are missing");
	full = 1;
}

/* So much fits; the last byte stays free for the 0 that ends it all. */
static uint32_t room(void)
{
	return BROKER_FOUND_BYTES - 1 - table->bytes;
}

/* Offset of a copy of a text. The first text is "". */
static const char *text_put(const char *text)
{
	uint32_t bytes = (uint32_t)strlen(text) + 1;
	uint64_t at = table->bytes;

	if (bytes > room()) {
		full_note();
		return (const char *)sizeof(*table);
	}
	memcpy((char *)table + at, text, bytes);
	table->bytes += bytes;
	return (const char *)at;
}

void finder_table_open(struct broker_found *found)
{
	table = found;
	full = 0;
	memset(table, 0, sizeof(*table));
	table->bytes = sizeof(*table);
	text_put("");
}

/* A path ends with the node's name, so one text does for both. */
static void names_put(struct broker_device *row,
		      const struct finder_device *device)
{
	char text[PATH_BYTES];
	size_t path, node = strlen(device->node);

	finder_device_path(device, text, sizeof(text));
	path = strlen(text);
	row->path = text_put(text);
	row->node = row->path + (path > node ? path - node : 0);
	finder_device_compatible(device, text, sizeof(text));
	row->compatible = text_put(text);
	if (device->is_virtio && device->virtio_device == 0)
		row->alias = text_put("virtio: empty slot");
	else if (finder_device_alias(device, 0, text, sizeof(text)))
		row->alias = text_put(text);
	else
		row->alias = text_put("");
}

void finder_table_device(const struct finder_device *device)
{
	struct broker_device *row = &table->device[table->devices++];

	names_put(row, device);
	row->n_mmio = device->n_mmio;
	row->n_irq = device->n_irq;
	memcpy(row->mmio, device->mmio, sizeof(row->mmio));
	memcpy(row->irq, device->irq, sizeof(row->irq));
	memcpy(row->bar, device->pci.bar, sizeof(row->bar));
	row->devfn = device->pci.devfn;
	row->is_pci = device->is_pci;
	row->is_virtio = device->is_virtio;
	row->is_console = finder_device_is_console(device) != 0;
}

int finder_table_match(unsigned int device, unsigned int program,
		       const char *alias, int first)
{
	struct broker_match *m = &table->match[table->matches];
	struct broker_device *row = &table->device[device];
	const char *known = (const char *)table + (uint64_t)row->alias;

	if (table->matches == BROKER_MATCHES_MAX) {
		finder_log(
			"more than %u programs and devices match: %s is left to nobody else",
			BROKER_MATCHES_MAX, finder_device(device)->node);
		return 0;
	}
	table->matches++;
	m->device = (struct broker_device *)(uint64_t)device;
	m->program = (const struct broker_program *)(uint64_t)program;
	m->alias = strcmp(alias, known) == 0 ? row->alias : text_put(alias);
	m->first = first != 0;
	row->matched = 1;
	return 1;
}

void finder_table_tree(unsigned int device)
{
	struct broker_device *row = &table->device[device];
	uint32_t at = (table->bytes + TREE_ALIGN - 1) & ~(TREE_ALIGN - 1);
	uint32_t bytes = BROKER_FOUND_BYTES - 1 - at;

	if (row->tree_bytes != 0 || row->is_pci || row->n_mmio == 0)
		return;
	if (at >= BROKER_FOUND_BYTES - 1) {
		full_note();
		return;
	}
	if (bytes > GLUE_TREE_BYTES)
		bytes = GLUE_TREE_BYTES;
	row->tree_bytes = finder_device_tree(finder_device(device),
					     (char *)table + at, bytes);
	if (row->tree_bytes == 0) {
		finder_log(
			"the device tree of %s is damaged or needs more than %u KiB: a Linux driver cannot start without it",
			finder_device(device)->node, bytes / 1024);
		return;
	}
	row->tree = (const uint8_t *)(uint64_t)at;
	table->bytes = at + row->tree_bytes;
}

/* 2: a program of the class is started for the device; 1: one could be. */
static unsigned int serves(const struct broker_archive *archive,
			   uint64_t device, const struct broker_class *class)
{
	unsigned int best = 0;

	for (unsigned int i = 0; i < table->matches; i++) {
		const struct broker_match *m = &table->match[i];

		if ((uint64_t)m->device == device &&
		    archive->program[(uint64_t)m->program].class == class &&
		    best < 1 + m->first)
			best = 1 + m->first;
	}
	return best;
}

/* The devices that are driven from the boot on have the first numbers of their
 * class; among each other both kinds are in the order of the table. */
static uint32_t number_of(const struct broker_archive *archive,
			  const struct broker_match *m)
{
	const struct broker_class *class =
		archive->program[(uint64_t)m->program].class;
	unsigned int own = serves(archive, (uint64_t)m->device, class);
	uint32_t number = 0;

	for (unsigned int i = 0; i < table->devices; i++) {
		unsigned int other = table->device[i].matched ?
					     serves(archive, i, class) :
					     0;

		number += other > own ||
			  (other == own && i < (uint64_t)m->device);
	}
	return number;
}

void finder_table_close(const struct broker_archive *archive)
{
	for (unsigned int i = 0; i < table->matches; i++)
		table->match[i].number = number_of(archive, &table->match[i]);
	((char *)table)[table->bytes++] = '\0';
}
