/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * devices.c - the finder's table, held against its bounds and against itself.
 *
 * First all of it is checked, then offsets become pointers and BARs are set.
 * Registers that are no device's (RAM, the interrupt controller) need no check
 * here: a process gets pages of device untypeds only (loader.c). A BAR does,
 * because it decides what its function answers to.
 */
#include "devices.h"

#include <glue/string.h>

#include "blocks.h"
#include "log.h"
#include "pci.h"

static struct broker_found *table;

/* A text: it ends, as the table's last byte is 0. */
static int text_is_inside(const struct broker_found *t, const char *text)
{
	return (uint64_t)text < t->bytes;
}

static int tree_is_inside(const struct broker_found *t,
			  const struct broker_device *d)
{
	uint64_t at = (uint64_t)d->tree;

	return at % 8 == 0 && at <= t->bytes &&
	       d->tree_bytes <= t->bytes - at &&
	       d->tree_bytes <= GLUE_TREE_BYTES;
}

static int ranges_are_sound(const struct broker_device *d)
{
	for (unsigned int i = 0; i < d->n_mmio; i++) {
		const struct broker_device_range *range = &d->mmio[i];

		if (range->bytes == 0 ||
		    range->paddr + range->bytes - 1 < range->paddr ||
		    (d->is_pci && !broker_pci_fits(d, i)))
			return 0;
	}
	return 1;
}

/* What is wrong with a device; NULL: nothing. */
static const char *device_fault(const struct broker_found *t,
				const struct broker_device *d)
{
	if (!text_is_inside(t, d->node) || !text_is_inside(t, d->path) ||
	    !text_is_inside(t, d->compatible) || !text_is_inside(t, d->alias))
		return "a name lies outside";
	if (!tree_is_inside(t, d))
		return "a tree lies outside, or is too large";
	if (d->n_mmio > GLUE_MMIO_MAX || d->n_irq > GLUE_IRQ_MAX)
		return "it has too many registers or interrupts";
	if (!ranges_are_sound(d))
		return "its registers are nowhere";
	return NULL;
}

/* Nobody gets what no program matches, but a function answers all the same. */
static const char *conflict(const struct broker_device *a,
			    const struct broker_device *b)
{
	if ((a->matched || a->is_pci) && (b->matched || b->is_pci) &&
	    broker_registers_meet(a, b))
		return "its registers are another's, too";
	if (a->matched && b->matched && broker_interrupts_meet(a, b))
		return "its interrupt is another's, too";
	return NULL;
}

/* The index of a wrong device, and what is wrong; NULL: all are right. */
static const char *devices_fault(const struct broker_found *t, uint32_t *at)
{
	const char *fault = NULL;

	for (*at = 0; *at < t->devices; ++*at) {
		fault = device_fault(t, &t->device[*at]);
		for (uint32_t i = 0; !fault && i < *at; i++)
			fault = conflict(&t->device[i], &t->device[*at]);
		if (fault)
			break;
	}
	return fault;
}

/* Also notes which devices are matched. */
static const char *matches_fault(struct broker_found *t, uint32_t *at)
{
	for (*at = 0; *at < t->devices; ++*at)
		t->device[*at].matched = t->device[*at].broken =
			t->device[*at].driver = 0;
	for (*at = 0; *at < t->matches; ++*at) {
		const struct broker_match *m = &t->match[*at];
		const struct broker_program *program = broker_policy_program(
			(uint64_t)m->program);

		if ((uint64_t)m->device >= t->devices || !program ||
		    !text_is_inside(t, m->alias) ||
		    (m->first && program->start != BROKER_START_DEVICE))
			return "a program's device is none, or the program";
		t->device[(uint64_t)m->device].matched = 1;
	}
	return NULL;
}

/* Nothing else is looked at before this is right. */
static const char *size_fault(const struct broker_found *t)
{
	if (t->devices > BROKER_DEVICES_MAX ||
	    t->matches > BROKER_MATCHES_MAX || t->bytes <= sizeof(*t) ||
	    t->bytes > BROKER_FOUND_BYTES ||
	    ((const char *)t)[t->bytes - 1] != '\0')
		return "its size";
	return NULL;
}

static const char *text_at(const char *text)
{
	return (const char *)table + (uint64_t)text;
}

/* Put addresses in the place of offsets. */
static void table_link(void)
{
	for (unsigned int i = 0; i < table->devices; i++) {
		struct broker_device *d = &table->device[i];

		d->node = text_at(d->node);
		d->path = text_at(d->path);
		d->compatible = text_at(d->compatible);
		d->alias = text_at(d->alias);
		d->tree = (const uint8_t *)table + (uint64_t)d->tree;
		if (d->is_pci)
			broker_pci_place(d);
	}
	for (unsigned int i = 0; i < table->matches; i++) {
		struct broker_match *m = &table->match[i];

		m->alias = text_at(m->alias);
		m->device = &table->device[(uint64_t)m->device];
		m->program = broker_policy_program((uint64_t)m->program);
	}
}

unsigned int broker_devices_take(struct broker_found *found)
{
	uint32_t at = 0;
	const char *fault = size_fault(found);

	if (!fault)
		fault = matches_fault(found, &at);
	if (!fault)
		fault = devices_fault(found, &at);
	table = fault ? NULL : found;
	if (fault) {
		broker_log(
			"the finder's table of devices is wrong at %u: %s; no devices can be used",
			at, fault);
		return 0;
	}
	table_link();
	return table->devices;
}

unsigned int broker_devices_count(void)
{
	return table ? table->devices : 0;
}

struct broker_device *broker_device(unsigned int index)
{
	return index < broker_devices_count() ? &table->device[index] : NULL;
}

const struct broker_match *broker_match(unsigned int index)
{
	return table && index < table->matches ? &table->match[index] : NULL;
}

const struct broker_match *broker_match_of(const struct broker_device *device,
					   const struct broker_program *program)
{
	const struct broker_match *m;

	for (unsigned int i = 0; (m = broker_match(i)); i++) {
		if (m->device == device && m->program == program)
			return m;
	}
	return NULL;
}

uint64_t broker_devices_absent(void)
{
	return table ? table->absent : 0;
}
