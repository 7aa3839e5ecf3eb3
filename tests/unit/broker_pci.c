/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_pci.c - functions of a made-up bus 0: BARs, interrupts, names, and
 * what their drivers may write. The configuration space is a model: BARs keep
 * only the bits of their size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <libfdt.h>

#include "../../broker/blocks.h"
#include "../../broker/calls.h"
#include "../../broker/pci.h"
#include "../../broker/regs_pci.h"
#include "../../finder/devices.h"
#include "../../finder/look.h"
#include "../../finder/pci.h"
#include "../../finder/regs_pci_ids.h"
#include "broker_dtb.h"
#include "broker_fake.h"

#define ECAM	   0x4010000000ul
#define WINDOW	   0x10000000ul
#define WINDOW_END 0x3eff0000ul

static uint8_t tree[1 << 20];
static int host; /* node of the bridge */
static uint8_t space[256][256];
static uint32_t bar_mask[256][6]; /* bits that can be written */
static unsigned int bar_writes;	  /* while memory decoding was on: wrong */
static struct finder_device device[32];
static unsigned int n_devices;

static int mapped;

int finder_pci_open(uint64_t ecam)
{
	mapped = ecam == ECAM;
	return mapped;
}

int broker_pci_config_is_mapped(void)
{
	return mapped;
}

bool broker_block_covers_device(uint64_t paddr, uint64_t bytes)
{
	return paddr >= WINDOW && paddr + bytes <= WINDOW_END;
}

uint32_t finder_pci_read(unsigned int devfn, uint32_t offset, uint32_t bytes)
{
	return broker_pci_config_read(devfn, offset, bytes);
}

uint32_t finder_pci_size(unsigned int devfn, unsigned int bar)
{
	return broker_pci_bar_size(devfn, bar);
}

uint32_t broker_pci_config_read(unsigned int devfn, uint32_t offset,
				uint32_t bytes)
{
	uint32_t value = 0;

	assert_true(devfn < 256 && offset % bytes == 0);
	if (offset < 256)
		memcpy(&value, &space[devfn][offset], bytes);
	return value;
}

void broker_pci_config_write(unsigned int devfn, uint32_t offset,
			     uint32_t bytes, uint32_t value)
{
	unsigned int bar = (offset - PCI_BAR0) / 4;
	uint32_t old;

	assert_true(devfn < 256 && offset % bytes == 0 && offset < 256);
	if (offset >= PCI_BAR0 && bar < 6) {
		bar_writes += (space[devfn][PCI_COMMAND] &
			       PCI_COMMAND_MEMORY) != 0;
		memcpy(&old, &space[devfn][offset], 4);
		value = (value & bar_mask[devfn][bar]) |
			(old & ~bar_mask[devfn][bar]);
	}
	memcpy(&space[devfn][offset], &value, bytes);
}

int broker_process_may_complain(struct broker_process *process)
{
	(void)process;
	return 1;
}

void broker_reply_word(struct broker_reply *reply, uint64_t word)
{
	reply->word[reply->length++] = word;
}

static enum k_err pci_read(struct broker_device *d, uint64_t offset,
			   uint64_t bytes, uint32_t *value)
{
	struct broker_process driver = { .device = d };
	struct broker_reply reply = { .length = 0 };
	uint64_t word[] = { offset, bytes };
	int err = broker_call_pci_read(
		&(struct broker_call){ &driver, word, 2, &reply });

	*value = (uint32_t)reply.word[0];
	return (enum k_err)err;
}

static enum k_err pci_write(struct broker_device *d, uint64_t offset,
			    uint64_t bytes, uint64_t value)
{
	struct broker_process driver = { .device = d, .label = "e1000" };
	uint64_t word[] = { offset, bytes, value };

	return (enum k_err)broker_call_pci_write(
		&(struct broker_call){ &driver, word, 3, NULL });
}

static void put(unsigned int devfn, uint32_t offset, uint32_t bytes,
		uint32_t value)
{
	memcpy(&space[devfn][offset], &value, bytes);
}

static void function_make(unsigned int devfn, uint16_t id)
{
	put(devfn, PCI_VENDOR_ID, 2, 0x8086);
	put(devfn, PCI_DEVICE_ID, 2, id);
	put(devfn, PCI_CLASS_REVISION, 4, 0x02000003);
	put(devfn, PCI_SUBSYSTEM_VENDOR, 2, 0x1af4);
	put(devfn, PCI_SUBSYSTEM_ID, 2, 0x1100);
	put(devfn, PCI_INTERRUPT_PIN, 1, 1);
	put(devfn, PCI_COMMAND, 2, 0x7);
}

static void bar_make(unsigned int devfn, unsigned int bar, uint32_t size,
		     uint32_t kind)
{
	bar_mask[devfn][bar] = ~(size - 1) & ~0xfu;
	put(devfn, PCI_BAR0 + 4 * bar, 4, kind);
}

/* As the table tells the broker of a function. */
static struct broker_device row_of(const struct finder_device *d)
{
	struct broker_device row = { .is_pci = 1,
				     .devfn = d->pci.devfn,
				     .n_mmio = d->n_mmio };

	memcpy(row.mmio, d->mmio, sizeof(row.mmio));
	memcpy(row.bar, d->pci.bar, sizeof(row.bar));
	return row;
}

static void found(const struct finder_device *d)
{
	struct broker_device row = row_of(d);

	assert_true(n_devices < 32);
	device[n_devices++] = *d;
	for (unsigned int i = 0; i < row.n_mmio; i++)
		assert_true(broker_pci_fits(&row, i));
	broker_pci_place(&row);
}

/* QEMU's own tree; an empty bus but for what a test has made. */
static int tree_load(void **state)
{
	(void)state;
	dtb_make(DTB_QEMU, tree, sizeof(tree));
	host = fdt_node_offset_by_compatible(tree, -1, "pci-host-ecam-generic");
	return host < 0;
}

static int bus_empty(void **state)
{
	(void)state;
	memset(space, 0, sizeof(space));
	memset(bar_mask, 0, sizeof(bar_mask));
	for (unsigned int devfn = 0; devfn < 256; devfn++)
		put(devfn, PCI_VENDOR_ID, 4, ~0u);
	n_devices = bar_writes = 0;
	fake_text_clear();
	return 0;
}

static void bars_get_pages_of_their_own(void **state)
{
	char alias[96];

	(void)state;
	function_make(8, 0x10d3);
	bar_make(8, 0, 0x20000, 0);
	bar_make(8, 2, 32, PCI_BAR_IO);
	bar_make(8, 3, 0x100, 0);
	bar_make(8, 4, 0x4000, PCI_BAR_64);
	bar_mask[8][5] = ~0u;
	finder_pci_scan(tree, host, ECAM, found);
	assert_int_equal(n_devices, 1);
	assert_int_equal(bar_writes, 0);
	assert_string_equal(device[0].node, "pci@00:01.0");
	assert_int_equal(device[0].n_mmio, 3);
	assert_int_equal(device[0].mmio[0].bytes, 0x20000);
	assert_int_equal(device[0].mmio[0].paddr % 0x20000, 0);
	assert_int_equal(device[0].mmio[1].bytes, 0x100);
	assert_int_equal(device[0].mmio[1].paddr % 4096, 0);
	assert_true(device[0].mmio[2].paddr >= device[0].mmio[1].paddr + 4096);
	assert_int_equal(device[0].pci.bar[0], 1);
	assert_int_equal(device[0].pci.bar[1], 4);
	assert_int_equal(device[0].pci.bar[2], 5);
	assert_int_equal(broker_pci_config_read(8, PCI_BAR0, 4),
			 device[0].mmio[0].paddr);
	assert_int_equal(broker_pci_config_read(8, PCI_BAR0 + 20, 4), 0);
	assert_int_equal(broker_pci_config_read(8, PCI_COMMAND, 2), 0);
	finder_pci_alias(&device[0], alias, sizeof(alias));
	assert_string_equal(alias, "pci:v00008086d000010D3sv00001AF4"
				   "sd00001100bc02sc00i00");
}

/* QEMU: pin A of device n is interrupt 3 + n % 4, shared, level. */
static void pins_follow_the_map(void **state)
{
	(void)state;
	for (unsigned int slot = 0; slot < 5; slot++) {
		function_make(slot << 3, 1);
		bar_make(slot << 3, 0, 4096, 0);
	}
	put(4 << 3, PCI_INTERRUPT_PIN, 1, 2);
	function_make(9 << 3, 1);
	bar_make(9 << 3, 0, 4096, 0);
	put(9 << 3, PCI_INTERRUPT_PIN, 1, 0);
	finder_pci_scan(tree, host, ECAM, found);
	assert_int_equal(n_devices, 6);
	for (unsigned int slot = 0; slot < 4; slot++) {
		assert_int_equal(device[slot].irq[0].intid, 32 + 3 + slot);
		assert_int_equal(device[slot].irq[0].edge, 0);
	}
	assert_int_equal(device[4].irq[0].intid, 32 + 4);
	assert_int_equal(device[5].n_irq, 0);
}

static void odd_functions_are_left_out(void **state)
{
	(void)state;
	function_make(0, 1); /* no registers: nobody could drive it */
	function_make(8, 1);
	put(8, PCI_HEADER_TYPE, 1, 0x01);
	function_make(16, 1); /* as large as the whole window */
	bar_make(16, 0, 0x80000000, 0);
	function_make(24, 1);
	put(24, PCI_HEADER_TYPE, 1, PCI_HEADER_MANY);
	bar_make(24, 0, 4096, 0);
	function_make(27, 2);
	bar_make(27, 1, 4096, 0);
	finder_pci_scan(tree, host, ECAM, found);
	assert_int_equal(n_devices, 2);
	assert_string_equal(device[1].node, "pci@00:03.3");
	assert_non_null(strstr(fake_text(), "pci@00:01.0 is a bridge"));
	assert_non_null(
		strstr(fake_text(), "pci@00:02.0: its registers find no room"));
}

/* More BARs than a process can get: not half a device. */
static void five_bars_are_too_many(void **state)
{
	(void)state;
	function_make(0, 1);
	for (unsigned int bar = 0; bar < 5; bar++)
		bar_make(0, bar, 4096, 0);
	finder_pci_scan(tree, host, ECAM, found);
	assert_int_equal(n_devices, 0);
}

static void no_map_no_pci(void **state)
{
	(void)state;
	function_make(0, 1);
	bar_make(0, 0, 4096, 0);
	finder_pci_scan(tree, host, ECAM + 4096, found);
	assert_int_equal(n_devices, 0);
	assert_non_null(strstr(fake_text(), "no PCI"));
	finder_pci_scan(tree, 0, ECAM, found); /* the root has no window */
	assert_int_equal(n_devices, 0);
}

/* What a wrong table says of a BAR is not written. */
static void bars_are_what_the_function_says(void **state)
{
	struct broker_device row;

	(void)state;
	function_make(8, 0x10d3);
	bar_make(8, 0, 0x20000, 0);
	finder_pci_scan(tree, host, ECAM, found);
	row = row_of(&device[0]);
	assert_true(broker_pci_fits(&row, 0));
	row.mmio[0].bytes = 0x10000;
	assert_false(broker_pci_fits(&row, 0));
	row = row_of(&device[0]);
	row.mmio[0].paddr += 0x10000;
	assert_false(broker_pci_fits(&row, 0));
	row.mmio[0].paddr = 0x40000000; /* RAM */
	assert_false(broker_pci_fits(&row, 0));
	row.mmio[0].paddr = 0x100000000;
	assert_false(broker_pci_fits(&row, 0));
	row = row_of(&device[0]);
	row.bar[0] = 0;
	assert_false(broker_pci_fits(&row, 0));
	row.bar[0] = 7;
	assert_false(broker_pci_fits(&row, 0));
	row.bar[0] = 2;
	assert_false(broker_pci_fits(&row, 0));
	row = row_of(&device[0]);
	row.devfn = 256;
	assert_false(broker_pci_fits(&row, 0));
	row.devfn = 8;
	mapped = 0;
	assert_false(broker_pci_fits(&row, 0));
}

static void drivers_read_all_and_write_little(void **state)
{
	struct broker_device d = { .is_pci = 1, .devfn = 8 };
	uint32_t value;

	(void)state;
	function_make(8, 0x10d3);
	put(8, PCI_STATUS, 2, PCI_STATUS_CAPABILITIES);
	put(8, PCI_CAPABILITIES, 1, 0x40);
	put(8, 0x40, 4, 0x00005005); /* MSI, next 0x50 */
	put(8, 0x50, 4, 0x00006001); /* power, next 0x60 */
	put(8, 0x60, 4, 0x00000010); /* express */
	assert_int_equal(pci_read(&d, 0, 4, &value), K_OK);
	assert_int_equal(value, 0x10d38086);
	assert_int_equal(pci_read(&d, 1, 2, &value), K_ERR_ALIGN);
	assert_int_equal(pci_read(&d, 4096, 4, &value), K_ERR_RANGE);
	assert_int_equal(pci_read(&d, 0, 3, &value), K_ERR_INVALID);
	assert_int_equal(pci_write(&d, PCI_COMMAND, 2, 0xffff), K_OK);
	assert_int_equal(broker_pci_config_read(8, PCI_COMMAND, 2),
			 PCI_COMMAND_DRIVER);
	for (uint32_t at = PCI_BAR0; at < PCI_CAPABILITIES; at += 4)
		assert_int_equal(pci_write(&d, at, 4, ~0u), K_ERR_DENIED);
	assert_int_equal(pci_write(&d, 0x42, 2, 1), K_ERR_DENIED);
	assert_int_equal(pci_write(&d, 0x44, 4, 1), K_ERR_DENIED);
	assert_int_equal(pci_write(&d, PCI_COMMAND, 4, 6), K_ERR_DENIED);
	assert_int_equal(pci_write(&d, 0x54, 2, 3), K_OK);
	assert_int_equal(pci_write(&d, 0x68, 2, 0x8000), K_OK);
	assert_int_equal(pci_write(&d, 0x6c, 2, 1), K_ERR_DENIED);
	assert_int_equal(pci_write(&d, 0x100, 4, 1), K_ERR_DENIED);
	assert_int_equal(pci_write(&d, PCI_INTERRUPT_LINE, 1, 9), K_OK);
}

/* It may begin nothing more, and is quiet when what it has begun is over. */
static void functions_are_stopped(void **state)
{
	struct broker_device d = { .is_pci = 1, .devfn = 8 };

	(void)state;
	function_make(8, 0x10d3);
	put(8, PCI_COMMAND, 2, PCI_COMMAND_DRIVER);
	put(8, PCI_STATUS, 2, PCI_STATUS_CAPABILITIES);
	put(8, PCI_CAPABILITIES, 1, 0x40);
	put(8, 0x40, 4, 0x00000010); /* express */
	put(8, 0x40 + PCI_CAP_EXPRESS_DEVSTA, 2, PCI_DEVSTA_PENDING);
	assert_false(broker_pci_is_quiet(&d));
	broker_pci_stop(&d);
	assert_int_equal(broker_pci_config_read(8, PCI_COMMAND, 2),
			 PCI_COMMAND_DRIVER & ~PCI_COMMAND_MASTER);
	assert_false(broker_pci_is_quiet(&d));
	put(8, 0x40 + PCI_CAP_EXPRESS_DEVSTA, 2, 0xf);
	assert_true(broker_pci_is_quiet(&d));
	put(8, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	assert_false(broker_pci_is_quiet(&d));
	broker_pci_stop(&d);
	/* One that is no express function, or has no list at all. */
	put(8, 0x40, 4, 0x00000001);
	assert_true(broker_pci_is_quiet(&d));
	put(8, PCI_STATUS, 2, 0);
	assert_true(broker_pci_is_quiet(&d));
}

/* A device whose list of capabilities runs in a circle holds nobody up. */
static void circular_capabilities(void **state)
{
	struct broker_device d = { .is_pci = 1 };

	(void)state;
	function_make(0, 1);
	put(0, PCI_STATUS, 2, PCI_STATUS_CAPABILITIES);
	put(0, PCI_CAPABILITIES, 1, 0x40);
	put(0, 0x40, 4, 0x00004009);
	assert_int_equal(pci_write(&d, 0x44, 2, 1), K_ERR_DENIED);
	d.is_pci = 0;
	assert_int_equal(pci_write(&d, 0x44, 2, 1), K_ERR_UNSUPPORTED);
	assert_int_equal(pci_write(NULL, 0x44, 2, 1), K_ERR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(functions_are_stopped, bus_empty),
		cmocka_unit_test_setup(bars_get_pages_of_their_own, bus_empty),
		cmocka_unit_test_setup(pins_follow_the_map, bus_empty),
		cmocka_unit_test_setup(odd_functions_are_left_out, bus_empty),
		cmocka_unit_test_setup(five_bars_are_too_many, bus_empty),
		cmocka_unit_test_setup(no_map_no_pci, bus_empty),
		cmocka_unit_test_setup(bars_are_what_the_function_says,
				       bus_empty),
		cmocka_unit_test_setup(drivers_read_all_and_write_little,
				       bus_empty),
		cmocka_unit_test_setup(circular_capabilities, bus_empty),
	};

	return cmocka_run_group_tests(tests, tree_load, NULL);
}
