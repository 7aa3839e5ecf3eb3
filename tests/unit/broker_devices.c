/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_devices.c - the finder's table: a right one is used, and one with any
 * field wrong is refused with one message, as its writer is not trusted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../broker/devices.h"
#include "../../broker/pci.h"
#include "broker_fake.h"

#define UART 0
#define DISK 1
#define NIC  2

static union {
	struct broker_found found;
	char bytes[BROKER_FOUND_BYTES];
} table;
static struct broker_found *const found = &table.found;
static const struct broker_program program[2] = {
	{ .name = "driver", .start = BROKER_START_DEVICE },
	{ .name = "shell", .start = BROKER_START_BOOT },
};
static unsigned int placed;
static int bars_fit;

const struct broker_program *broker_policy_program(uint64_t index)
{
	return index < 2 ? &program[index] : NULL;
}

int broker_pci_fits(const struct broker_device *device, unsigned int range)
{
	assert_true(range < device->n_mmio);
	return bars_fit;
}

void broker_pci_place(const struct broker_device *device)
{
	assert_true(device->is_pci);
	placed++;
}

static const char *text_put(const char *text)
{
	uint64_t at = found->bytes;

	strcpy(&table.bytes[at], text);
	found->bytes += (uint32_t)strlen(text) + 1;
	return (const char *)at;
}

static struct broker_device *device_put(const char *path, uint64_t paddr,
					uint32_t intid)
{
	struct broker_device *d = &found->device[found->devices++];

	d->path = text_put(path);
	d->node = d->path + 1;
	d->compatible = text_put("x,y");
	d->alias = text_put("of:x");
	d->tree = (const uint8_t *)(uint64_t)((found->bytes + 7) & ~7u);
	d->tree_bytes = 8;
	found->bytes = (uint32_t)(uint64_t)d->tree + 8;
	d->n_mmio = d->n_irq = 1;
	d->mmio[0] = (struct broker_device_range){ paddr, 0x1000 };
	d->irq[0].intid = intid;
	d->broken = d->driver = 7; /* is the broker's to say */
	return d;
}

static void match_put(uint64_t device, uint64_t which, uint32_t first)
{
	found->match[found->matches++] = (struct broker_match){
		.device = (struct broker_device *)device,
		.program = (const struct broker_program *)which,
		.alias = text_put("matched"),
		.first = first,
		.number = 3,
	};
}

/* A UART for the shell, two disks for the driver, of which one is a function,
 * and what nobody wants: it may lie anywhere. */
static int table_make(void **state)
{
	struct broker_device *nic;

	(void)state;
	memset(&table, 0, sizeof(table));
	found->bytes = sizeof(*found);
	device_put("/uart@9000000", 0x9000000, 33);
	device_put("/disk@a000000", 0xa000000, 48);
	nic = device_put("/pci@00:02.0", 0x10000000, 36);
	nic->is_pci = 1;
	device_put("/gic@9000800", 0x9000800, 48);
	match_put(UART, 1, 0);
	match_put(DISK, 0, 1);
	match_put(NIC, 0, 1);
	found->bytes++;
	found->absent = 2;
	bars_fit = 1;
	placed = 0;
	fake_text_clear();
	return 0;
}

static void a_right_table_is_used(void **state)
{
	const struct broker_match *m;

	(void)state;
	assert_int_equal(broker_devices_take(found), 4);
	assert_string_equal(fake_text(), "");
	assert_int_equal(placed, 1);
	assert_int_equal(broker_devices_count(), 4);
	assert_null(broker_device(4));
	assert_string_equal(broker_device(DISK)->node, "disk@a000000");
	assert_string_equal(broker_device(DISK)->path, "/disk@a000000");
	assert_string_equal(broker_device(DISK)->compatible, "x,y");
	assert_int_equal(broker_device(DISK)->broken, 0);
	assert_int_equal(broker_device(DISK)->driver, 0);
	assert_int_equal((uint64_t)broker_device(DISK)->tree % 8, 0);
	m = broker_match_of(broker_device(DISK), &program[0]);
	assert_ptr_equal(m, broker_match(1));
	assert_string_equal(m->alias, "matched");
	assert_null(broker_match_of(broker_device(DISK), &program[1]));
	assert_null(broker_match_of(NULL, &program[0]));
	assert_null(broker_match(3));
	assert_int_equal(broker_devices_absent(), 2);
}

/* Take it with one thing wrong. */
static void refused(const char *why)
{
	assert_int_equal(broker_devices_take(found), 0);
	if (!strstr(fake_text(), why))
		fail_msg("not \"%s\" but: %s", why, fake_text());
	assert_null(strchr(strchr(fake_text(), '\n') + 1, '\n'));
	assert_int_equal(placed, 0);
	assert_int_equal(broker_devices_count(), 0);
	assert_null(broker_device(0));
	assert_null(broker_match(0));
	assert_int_equal(broker_devices_absent(), 0);
	table_make(NULL);
}

static void sizes_and_counts(void **state)
{
	(void)state;
	found->devices = BROKER_DEVICES_MAX + 1;
	refused("its size");
	found->matches = BROKER_MATCHES_MAX + 1;
	refused("its size");
	found->bytes = sizeof(*found);
	refused("its size");
	found->bytes = BROKER_FOUND_BYTES + 1;
	refused("its size");
	table.bytes[found->bytes - 1] = 'x'; /* a text without an end */
	refused("its size");
	found->device[DISK].n_mmio = GLUE_MMIO_MAX + 1;
	refused("at 1: it has too many registers");
	found->device[NIC].n_irq = GLUE_IRQ_MAX + 1;
	refused("at 2: it has too many registers");
}

static void places_of_texts_and_trees(void **state)
{
	(void)state;
	found->device[0].node = (const char *)(uint64_t)found->bytes;
	refused("at 0: a name lies outside");
	found->device[1].path = (const char *)~0ul;
	refused("at 1: a name lies outside");
	found->device[2].compatible = (const char *)BROKER_FOUND_BYTES;
	refused("at 2: a name lies outside");
	found->device[3].alias = (const char *)(1ul << 63);
	refused("at 3: a name lies outside");
	found->match[1].alias = (const char *)(uint64_t)found->bytes;
	refused("at 1: a program's device");
	found->device[0].tree += 4;
	refused("at 0: a tree lies outside");
	found->device[1].tree = (const uint8_t *)0xfffffffffffffff8ul;
	refused("at 1: a tree lies outside");
	found->device[2].tree_bytes = found->bytes;
	refused("at 2: a tree lies outside");
	found->device[0].tree = NULL;
	found->device[0].tree_bytes = GLUE_TREE_BYTES + 1;
	refused("at 0: a tree lies outside");
}

static void registers_and_interrupts(void **state)
{
	(void)state;
	found->device[DISK].mmio[0].bytes = 0;
	refused("at 1: its registers are nowhere");
	found->device[DISK].mmio[0].paddr = ~0xffful;
	found->device[DISK].mmio[0].bytes = 0x1001;
	refused("at 1: its registers are nowhere");
	bars_fit = 0;
	refused("at 2: its registers are nowhere");
	found->device[DISK].mmio[0].paddr = 0x9000ffc;
	refused("at 1: its registers are another's");
	found->device[UART].mmio[0].bytes = 0x10000000;
	refused("at 1: its registers are another's");
	found->device[NIC].mmio[0].paddr = 0xa000000;
	refused("at 2: its registers are another's");
	found->device[DISK].irq[0].intid = 33;
	refused("at 1: its interrupt is another's");
}

/* A function answers though nobody drives it; its interrupt raises nobody. */
static void functions_that_nobody_drives(void **state)
{
	(void)state;
	found->matches = 2;
	found->device[NIC].irq[0].intid = 33;
	assert_int_equal(broker_devices_take(found), 4);
	table_make(NULL);
	found->matches = 2;
	found->device[NIC].mmio[0].paddr = 0xa000000;
	refused("at 2: its registers are another's");
}

static void matches_name_what_there_is(void **state)
{
	(void)state;
	found->match[0].device = (struct broker_device *)4ul;
	refused("at 0: a program's device");
	found->match[1].program = (const struct broker_program *)2ul;
	refused("at 1: a program's device");
	found->match[2].program = (const struct broker_program *)(1ul << 32);
	refused("at 2: a program's device");
	found->match[0].first = 1; /* the shell is not started for a device */
	refused("at 0: a program's device");
}

/* Whatever is in it, nothing outside of it is touched. */
static void survives_noise(void **state)
{
	unsigned int taken = 0;

	(void)state;
	srand(5);
	for (unsigned int round = 0; round < 20000; round++) {
		size_t bytes;

		table_make(NULL);
		bytes = found->bytes;
		for (int n = 1 + rand() % 3; n > 0; n--)
			table.bytes[(size_t)rand() % bytes] = (char)rand();
		taken += broker_devices_take(found) > 0;
		for (unsigned int i = 0; i < broker_devices_count(); i++)
			assert_true(strlen(broker_device(i)->path) <
				    sizeof(table));
	}
	assert_in_range(taken, 1, 19999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_right_table_is_used, table_make),
		cmocka_unit_test_setup(sizes_and_counts, table_make),
		cmocka_unit_test_setup(places_of_texts_and_trees, table_make),
		cmocka_unit_test_setup(registers_and_interrupts, table_make),
		cmocka_unit_test_setup(functions_that_nobody_drives,
				       table_make),
		cmocka_unit_test_setup(matches_name_what_there_is, table_make),
		cmocka_unit_test_setup(survives_noise, table_make),
	};

	return cmocka_run_group_tests_name("broker_devices", tests, NULL, NULL);
}
