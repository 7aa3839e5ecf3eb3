/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * assign.c - match devices with the programs of the manifest.
 *
 * Devices are taken in the order of their addresses, so that blk0 is the first
 * disk whatever driver serves it. For one device the first line of the
 * manifest that matches wins, but lines that share take turns with it.
 */
#include "assign.h"

#include <glue/string.h>

#include "devices.h"
#include "log.h"
#include "table.h"

#define NOBODY BROKER_PROGRAMS_MAX

static const struct broker_archive *archive;
static uint8_t devices_of[BROKER_PROGRAMS_MAX]; /* started for, a program */
static uint64_t at_boot;      /* programs that are started for a device */
static uint64_t matched;      /* those that have one */
static uint64_t last_drivers; /* of the device before */
static uint64_t rivals;	      /* programs whose loss has been reported */
_Static_assert(BROKER_PROGRAMS_MAX <= 64, "one bit a program");

/* Texts of the records are offsets in the archive. */
static const char *text(const char *offset)
{
	return (const char *)archive + (uint64_t)offset;
}

static const struct broker_program *program_at(unsigned int index)
{
	return &archive->program[index];
}

/* What the program wants to drive, as the manifest says it; "" nothing. Nodes
 * that it names count alone. */
static const char *wanted_of(const struct broker_program *p)
{
	return text(p->device)[0] ? text(p->device) : text(p->match);
}

/* The programs that may drive a device, one bit each. Twins match alike. */
static uint64_t drivers_of(const struct finder_device *device)
{
	int twin = finder_device_is_twin(device);
	char alias[FINDER_ALIAS_BYTES];
	uint64_t all = 0;

	for (unsigned int i = 0; i < archive->programs; i++) {
		const struct broker_program *p = program_at(i);
		const char *nodes = text(p->device);

		if (nodes[0] != '\0' ? finder_device_is_named(device, nodes) :
		    twin	     ? (int)(last_drivers >> i & 1) :
			   finder_device_match(device, text(p->match), alias,
					       sizeof(alias)))
			all |= (uint64_t)1 << i;
	}
	last_drivers = all;
	return all;
}

/* Once for each program that comes too late, whatever it has lost. */
static void rival_note(unsigned int loser, unsigned int winner,
		       const struct finder_device *device)
{
	const char *name = text(program_at(winner)->name);

	if (rivals >> loser & 1)
		return;
	rivals |= (uint64_t)1 << loser;
	finder_log(
		"%s and %s both match %s: %s drives it, as it comes first; to change that, put the other line first in drivers.config or remove one",
		name, text(program_at(loser)->name), device->node, name);
}

/* Who gets a device that program @i matches too? The first one, or one that
 * shares and has fewer devices yet. */
static unsigned int better_of(unsigned int winner, unsigned int i)
{
	if (winner == NOBODY ||
	    (program_at(i)->share && devices_of[i] < devices_of[winner]))
		return i;
	return winner;
}

/* All that may be started for the device at boot; one is. */
static unsigned int winner_of(const struct finder_device *device,
			      uint64_t candidates)
{
	unsigned int winner = NOBODY;

	for (unsigned int i = 0; i < archive->programs; i++) {
		if (candidates >> i & 1)
			winner = better_of(winner, i);
	}
	for (unsigned int i = winner + 1; i < archive->programs; i++) {
		if ((candidates >> i & 1) && !program_at(i)->share)
			rival_note(i, winner, device);
	}
	if (winner != NOBODY)
		devices_of[winner]++;
	matched |= candidates;
	return winner;
}

/* A device before it that has drivers and the same registers or interrupt. */
static const struct broker_device *met(const struct broker_found *found,
				       unsigned int index)
{
	const struct broker_device *row = &found->device[index];

	for (unsigned int i = 0; i < index; i++) {
		const struct broker_device *other = &found->device[i];

		if (other->matched && (broker_registers_meet(row, other) ||
				       broker_interrupts_meet(row, other)))
			return other;
	}
	return NULL;
}

/* Note all programs that may drive a device. */
static void matches_note(unsigned int index, uint64_t those,
			 unsigned int winner)
{
	const struct finder_device *device = finder_device(index);
	char alias[FINDER_ALIAS_BYTES];

	for (unsigned int i = 0; i < archive->programs; i++) {
		const struct broker_program *p = program_at(i);

		if (!(those >> i & 1))
			continue;
		if (!finder_device_match(device, text(p->match), alias,
					 sizeof(alias)))
			alias[0] = '\0'; /* device= names its node */
		if (!finder_table_match(index, i, alias, i == winner))
			return;
		if (p->class)
			finder_table_tree(index);
	}
}

static void device_assign(const struct broker_found *found, unsigned int index)
{
	const struct finder_device *device = finder_device(index);
	uint64_t all = drivers_of(device);
	const struct broker_device *other = all ? met(found, index) : NULL;

	if (other)
		finder_log(
			"%s has registers or an interrupt of %s: it is left to nobody",
			device->node,
			(const char *)found + (uint64_t)other->node);
	else if (all)
		matches_note(index, all, winner_of(device, all & at_boot));
}

/* For messages, the beginning of a list will do: some have hundreds of ids. */
#define SHOWN 96

/* A driver in the manifest, but nothing for it in the machine. */
static void absent_note(const struct broker_program *p)
{
	const char *wanted = wanted_of(p);

	finder_log("%s %s: no device %s %.*s%s%s", text(p->name),
		   p->absent_waits ? "waits" : "has nothing to drive",
		   text(p->device)[0] ? "with registers is at" : "matches",
		   SHOWN, wanted, strlen(wanted) > SHOWN ? " ..." : "",
		   p->absent_waits ? "; its clients wait until their deadline" :
				     "");
}

static void absent_find(struct broker_found *found)
{
	found->absent = at_boot & ~matched;
	for (unsigned int i = 0; i < archive->programs; i++) {
		if (found->absent >> i & 1)
			absent_note(program_at(i));
	}
}

static void begin(const struct broker_archive *manifest)
{
	archive = manifest;
	at_boot = matched = rivals = last_drivers = 0;
	memset(devices_of, 0, sizeof(devices_of));
	for (unsigned int i = 0; i < archive->programs; i++) {
		if (program_at(i)->start == BROKER_START_DEVICE)
			at_boot |= (uint64_t)1 << i;
	}
}

void finder_find(const void *tree, size_t bytes,
		 const struct broker_archive *manifest,
		 struct broker_found *found)
{
	begin(manifest);
	finder_devices_read(tree, bytes);
	finder_devices_warn_shared();
	finder_table_open(found);
	for (unsigned int i = 0; i < finder_devices_count(); i++) {
		finder_table_device(finder_device(i));
		device_assign(found, i);
	}
	absent_find(found);
	finder_table_close(archive);
}
