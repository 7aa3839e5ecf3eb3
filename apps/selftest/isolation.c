/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * isolation.c - probes that touch what the process was not given.
 *
 * Each must end in a fault report of the broker. A probe that comes back
 * prints what it reached, and its status says that isolation is broken.
 */
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <glue/sys.h>

#include "probe.h"

/* QEMU's virt machine: RAM starts here; any address of RAM would do. */
#define SOME_RAM    0x40000000ul
/* Where the kernel maps itself: the upper half, which EL0 cannot address. */
#define KERNEL_HALF 0xffff000040080000ul

/* Below it lies the guard page. */
static uint64_t stack_low(void)
{
	return GLUE_STACK_TOP - glue_env()->stack_bytes;
}

/* Names for the places that tests ask for; else a number. */
static int place_find(const char *name, uint64_t *address)
{
	static uint32_t data;
	const struct {
		const char *name;
		uint64_t address;
	} places[] = {
		{ "null", 0 },
		{ "kernel", KERNEL_HALF },
		{ "device", GLUE_MMIO_VADDR },
		{ "neighbour", GLUE_MMIO_VADDR + 0x1000 },
		{ "arena", glue_env()->dma_vaddr },
		{ "past_arena", glue_env()->dma_vaddr + glue_env()->dma_bytes },
		{ "process", GLUE_DMA_BASE + SOME_RAM },
		{ "guard", stack_low() - sizeof(uint64_t) },
		{ "env", GLUE_ENV_VADDR },
		{ "channels", GLUE_CHANS_VADDR },
		{ "text", (uint64_t)probe_read },
		{ "stack", GLUE_STACK_TOP - 4096 },
		{ "data", (uint64_t)&data },
		{ "unaligned", (uint64_t)probe_read + 2 },
	};
	unsigned i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (strcmp(name, places[i].name))
			continue;
		*address = places[i].address;
		return 1;
	}
	return glue_parse_u64(name, address);
}

/* Not a fault of the system: the test was typed wrong. */
static int place_unknown(const char *place)
{
	glue_printf("probe: no place \"%s\"\n", place);
	return PROBE_USAGE;
}

/* A load of 4 bytes, as devices want it. */
int probe_read(char *place, char *second, char *third)
{
	uint64_t address;
	uint32_t value;

	(void)second;
	(void)third;
	if (!place_find(place, &address))
		return place_unknown(place);
	value = *(volatile uint32_t *)address;
	glue_printf("probe: read 0x%x at 0x%lx\n", value, address);
	return PROBE_BROKE;
}

/* A store of 4 bytes. */
int probe_write(char *place, char *second, char *third)
{
	uint64_t address;

	(void)second;
	(void)third;
	if (!place_find(place, &address))
		return place_unknown(place);
	*(volatile uint32_t *)address = 0;
	glue_printf("probe: wrote to 0x%lx\n", address);
	return PROBE_BROKE;
}

/* A call: the memory's content does not matter, fetching it must fault. */
int probe_jump(char *place, char *second, char *third)
{
	uint64_t address;

	(void)second;
	(void)third;
	if (!place_find(place, &address))
		return place_unknown(place);
	((void (*)(void))address)();
	glue_printf("probe: ran code at 0x%lx\n", address);
	return PROBE_BROKE;
}

/*
 * Calling an empty slot inside the own CNode is answered with an error, as in
 * seL4; waiting on it, and any use of a slot outside, is a fault.
 */
int probe_cap(char *slot, char *second, char *third)
{
	struct glue_msg msg = { .info = abi_info(1, 0, 0) };
	uint64_t cptr;

	(void)second;
	(void)third;
	if (!glue_parse_u64(slot, &cptr))
		return place_unknown(slot);
	glue_sys_call(cptr, &msg);
	if (abi_info_label(msg.info) != ABI_INVALID_CAPABILITY) {
		glue_printf("probe: slot %lu answered a call\n", cptr);
		return PROBE_BROKE;
	}
	glue_printf("probe: slot %lu refused a call, now waiting on it\n",
		    cptr);
	glue_sys_wait(cptr);
	glue_printf("probe: slot %lu ended a wait\n", cptr);
	return PROBE_BROKE;
}

/* Switching the machine off by a debug call is not for everybody. */
int probe_halt(char *first, char *second, char *third)
{
	(void)first;
	(void)second;
	(void)third;
	glue_sys_debug_halt();
	return PROBE_BROKE;
}
