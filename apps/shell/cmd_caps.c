/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_caps.c - which capabilities a process has, by the broker's books.
 *
 * The first ones every process has, in slots that glue/env.h names; of the others
 * the broker says whose they are. Memory and registers are mapped for a
 * process, which has no capability to them itself: such lines have no slot.
 * Code and constants are not the process's own: pages of the archive.
 */
#include <glue/broker_client.h>
#include <glue/find.h>
#include <glue/print.h>
#include <glue/string.h>
#include <glue/timer.h>

#include "command.h"
#include "console.h"
#include "process.h"

#define PAGE	   4096ul
#define PIECES_MAX 256u /* of one place; a Linux disk's driver has about 40 */

struct piece {
	uint64_t start;
	uint64_t end;
};

static void cap_line(unsigned slot, const char *type, const char *rights,
		     const char *what)
{
	console_printf("%4u %-12s %-6s %s\n", slot, type, rights, what);
}

/* "blk0/virtio_blk (pid 3)" */
static void who_text(uint32_t pid, char *text, size_t bytes)
{
	struct glue_process_info p = { .name = "ended" };
	char label[GLUE_LABEL_BYTES];

	glue_process_find(pid, &p);
	glue_process_label(&p, label, sizeof(label));
	glue_snprintf(text, bytes, "%s (pid %u)", label, pid);
}

/* What all have; the timer service receives where the others send. */
static void show_common(int is_timer)
{
	cap_line(GLUE_CAP_BROKER, "endpoint", "call", "the broker");
	cap_line(GLUE_CAP_NOTIFY, "notification", "wait", "its own");
	cap_line(GLUE_CAP_FAULT, "endpoint", "call",
		 "the broker, for the kernel's reports of its faults");
	if (!is_timer) {
		cap_line(GLUE_CAP_TIMER, "endpoint", "send",
			 "the timer service");
		return;
	}
	cap_line(GLUE_CAP_TIMER, "endpoint", "wait", "its clients");
	cap_line(GLUE_CAP_TIMER_BROKER, "notification", "signal", "the broker");
}

static void show_irqs(uint32_t pid)
{
	struct glue_held held;
	char what[32];

	for (unsigned i = 0; i < GLUE_IRQ_MAX; i++) {
		if (glue_broker_held(pid, GLUE_CAP_IRQ0 + i, 0, &held))
			continue;
		glue_snprintf(what, sizeof(what), "interrupt %lu", held.start);
		cap_line(GLUE_CAP_IRQ0 + i, "irq handler", "ack", what);
	}
}

/* For apps/inject, which lets others go wrong. */
static void show_victim(uint32_t pid)
{
	struct glue_held held;
	char who[64], what[96];

	if (glue_broker_held(pid, GLUE_CAP_VICTIM, 0, &held))
		return;
	who_text(held.pid, who, sizeof(who));
	glue_snprintf(what, sizeof(what), "of %s, and a page of its code", who);
	cap_line(GLUE_CAP_VICTIM, "thread", "any", what);
}

static void show_channels(uint32_t pid)
{
	struct glue_held held;
	char who[64], what[96];

	for (unsigned i = 0; i < GLUE_CHANS_MAX; i++) {
		if (glue_broker_held(pid, GLUE_CAP_PEER0 + i, 0, &held))
			continue;
		who_text(held.pid, who, sizeof(who));
		glue_snprintf(what, sizeof(what), "channel %u: %s, its %s", i,
			      who, held.server ? "client" : "server");
		cap_line(GLUE_CAP_PEER0 + i, "notification", "signal", what);
	}
}

static void show_clients(uint32_t pid)
{
	struct glue_held held;
	char who[64];

	for (unsigned i = 0; i < GLUE_TIMER_CLIENTS; i++) {
		if (glue_broker_held(pid, GLUE_CAP_TIMER_CLIENT0 + i, 0, &held))
			continue;
		who_text(held.pid, who, sizeof(who));
		cap_line(GLUE_CAP_TIMER_CLIENT0 + i, "notification", "signal",
			 who);
	}
}

/* Put a piece where its address belongs. */
static void piece_add(struct piece *piece, unsigned count,
		      const struct glue_held *held)
{
	struct piece add = { held->start & ~(PAGE - 1),
			     (held->start + held->bytes + PAGE - 1) &
				     ~(PAGE - 1) };

	while (count > 0 && piece[count - 1].start > add.start) {
		piece[count] = piece[count - 1];
		count--;
	}
	piece[count] = add;
}

/* One line for pieces that touch each other. */
static void show_memory(uint32_t pid, unsigned place, const char *rights,
			const char *what)
{
	static struct piece piece[PIECES_MAX];
	struct glue_held held;
	unsigned count = 0, first = 0;

	while (count < PIECES_MAX &&
	       !glue_broker_held(pid, place, count, &held))
		piece_add(piece, count++, &held);
	for (unsigned i = 0; i < count; i++) {
		if (i + 1 < count && piece[i].end >= piece[i + 1].start)
			continue;
		console_printf("   - frames       %-6s 0x%08lx-0x%08lx %s\n",
			       rights, piece[first].start, piece[i].end - 1,
			       what);
		first = i + 1;
	}
	if (count == PIECES_MAX)
		console_printf("   - and more than these %u pieces\n", count);
}

static void show_frames(uint32_t pid)
{
	char what[32];

	show_memory(pid, GLUE_HELD_MEMORY, "rw",
		    "data, stack, page tables, thread");
	show_memory(pid, GLUE_HELD_ARENA, "rw", "DMA arena");
	show_memory(pid, GLUE_HELD_REGISTERS, "rw",
		    "registers of its device, uncached");
	for (unsigned i = 0; i < GLUE_CHANS_MAX; i++) {
		glue_snprintf(what, sizeof(what), "channel %u", i);
		show_memory(pid, GLUE_CAP_PEER0 + i, "rw", what);
	}
}

void cmd_caps(int argc, char **argv)
{
	struct glue_process_info p;
	struct glue_held held;

	(void)argc;
	if (!process_find(argv[0], &p))
		return;
	if (glue_broker_held(p.pid, GLUE_HELD_MEMORY, 0, &held)) {
		console_printf("%s (pid %u) %s\n", p.name, p.pid,
			       p.kind == GLUE_KIND_BROKER ?
				       "has what no other process has" :
				       "has ended, and its capabilities with "
				       "it");
		return;
	}
	console_printf("slot type         rights what\n");
	show_common(!strncmp(p.service, "timer", strlen("timer")));
	show_irqs(p.pid);
	show_victim(p.pid);
	show_channels(p.pid);
	show_clients(p.pid);
	show_frames(p.pid);
}
