/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_boot_tree.c - the kernel's reading of device trees, good and damaged.
 *
 * Trees are written with libfdt's sequential writer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <libfdt.h>
#include <boot/machine.h>

#define TREE_BYTES 4096

static char tree[TREE_BYTES];
static struct machine machine;
static struct complaint c;

/* What a test changes of the machine that tree_write describes. */
static struct {
	bool no_memory, no_gic, gic_v2, no_initrd, soc, stdout_second;
	bool reserved, secure_memory, initrd_far, short_initrd_cells;
	unsigned int pieces;
} want;

static void reg(uint64_t start, uint64_t bytes)
{
	fdt64_t cells[2] = { cpu_to_fdt64(start), cpu_to_fdt64(bytes) };

	fdt_property(tree, "reg", cells, sizeof(cells));
}

static void node(const char *name, const char *compatible, uint64_t start,
		 uint64_t bytes)
{
	fdt_begin_node(tree, name);
	fdt_property_string(tree, "compatible", compatible);
	reg(start, bytes);
	fdt_end_node(tree);
}

static void memory(const char *name, uint64_t start, uint64_t bytes,
		   const char *status)
{
	fdt_begin_node(tree, name);
	fdt_property_string(tree, "device_type", "memory");
	if (status)
		fdt_property_string(tree, "status", status);
	reg(start, bytes);
	fdt_end_node(tree);
}

static void write_memory(void)
{
	char name[32];
	unsigned int i;

	if (want.no_memory)
		return;
	memory("memory@40000000", 0x40000800, 0x10000000, NULL);
	if (want.secure_memory)
		memory("secram@e000000", 0x0e000000, 0x1000000, "disabled");
	for (i = 0; i < want.pieces; i++) {
		snprintf(name, sizeof(name), "memory@%x",
			 0x80000000 + i * 0x10000);
		memory(name, 0x80000000 + i * 0x10000, 0x1000, NULL);
	}
}

static void write_gic(void)
{
	fdt64_t cells[4] = {
		cpu_to_fdt64(0x8000000),
		cpu_to_fdt64(0x10000),
		cpu_to_fdt64(0x80a0000),
		cpu_to_fdt64(0xf60000),
	};

	if (want.no_gic)
		return;
	fdt_begin_node(tree, "intc@8000000");
	fdt_property_string(tree, "compatible",
			    want.gic_v2 ? "arm,cortex-a15-gic" : "arm,gic-v3");
	fdt_property(tree, "reg", cells, sizeof(cells));
	fdt_end_node(tree);
}

static void write_chosen(void)
{
	uint64_t start = want.initrd_far ? 0x90000000 : 0x48000000;

	fdt_begin_node(tree, "chosen");
	if (!want.no_initrd && want.short_initrd_cells) {
		fdt_property_u32(tree, "linux,initrd-start", (uint32_t)start);
		fdt_property_u32(tree, "linux,initrd-end",
				 (uint32_t)start + 100);
	} else if (!want.no_initrd) {
		fdt_property_u64(tree, "linux,initrd-start", start);
		fdt_property_u64(tree, "linux,initrd-end", start + 100);
	}
	if (want.stdout_second)
		fdt_property_string(tree, "stdout-path", "serial0:115200n8");
	fdt_end_node(tree);
	fdt_begin_node(tree, "aliases");
	fdt_property_string(tree, "serial0", "/uart@9040000");
	fdt_end_node(tree);
}

/* A UART behind a bus that moves addresses up by 0xa000000. */
static void write_soc(void)
{
	fdt64_t cells[3] = {
		cpu_to_fdt64(0),
		cpu_to_fdt64(0xa000000),
		cpu_to_fdt64(0x100000),
	};

	fdt_begin_node(tree, "soc");
	fdt_property_u32(tree, "#address-cells", 2);
	fdt_property_u32(tree, "#size-cells", 2);
	fdt_property(tree, "ranges", cells, sizeof(cells));
	node("uart@2000", "arm,pl011", 0x2000, 0x1000);
	fdt_end_node(tree);
}

static void write_reserved(void)
{
	fdt_begin_node(tree, "reserved-memory");
	fdt_property_u32(tree, "#address-cells", 2);
	fdt_property_u32(tree, "#size-cells", 2);
	fdt_property(tree, "ranges", "", 0);
	fdt_begin_node(tree, "a@41000000");
	fdt_property(tree, "no-map", "", 0);
	reg(0x41000000, 0x2000);
	fdt_end_node(tree);
	fdt_begin_node(tree, "b@42000000");
	reg(0x42000800, 0x100);
	fdt_end_node(tree);
	fdt_end_node(tree);
}

static void tree_write(void)
{
	fdt_create(tree, TREE_BYTES);
	if (want.reserved)
		fdt_add_reservemap_entry(tree, 0x43000000, 0x1000);
	fdt_finish_reservemap(tree);
	fdt_begin_node(tree, "");
	fdt_property_u32(tree, "#address-cells", 2);
	fdt_property_u32(tree, "#size-cells", 2);
	write_chosen();
	write_memory();
	write_gic();
	if (want.soc)
		write_soc();
	node("uart@9000000", "arm,pl011", 0x9000000, 0x1000);
	node("uart@9040000", "arm,pl011", 0x9040000, 0x1000);
	if (want.reserved)
		write_reserved();
	fdt_begin_node(tree, "psci");
	fdt_property_string(tree, "compatible", "arm,psci-1.0");
	fdt_property_string(tree, "method", "smc");
	fdt_end_node(tree);
	fdt_end_node(tree);
	assert_int_equal(fdt_finish(tree), 0);
}

static bool tree_read(void)
{
	memset(&machine, 0, sizeof(machine));
	return machine_read(tree, TREE_BYTES, &machine, &c);
}

static void refused(const char *word)
{
	tree_write();
	assert_false(tree_read());
	assert_non_null(strstr(c.what, word));
	memset(&want, 0, sizeof(want));
}

static int reset_want(void **state)
{
	(void)state;
	memset(&want, 0, sizeof(want));
	return 0;
}

static void test_good(void **state)
{
	(void)state;
	want.secure_memory = true;
	tree_write();
	assert_true(tree_read());
	assert_int_equal(machine.memory.count, 1);
	assert_int_equal(machine.memory.list[0].start, 0x40001000);
	assert_int_equal(machine.memory.list[0].end, 0x50000000);
	assert_int_equal(machine.initrd.start, 0x48000000);
	assert_int_equal(machine.initrd.end, 0x48000064);
	assert_int_equal(machine.gic_dist.start, 0x8000000);
	assert_int_equal(machine.gic_redist.end, 0x9000000);
	assert_int_equal(machine.uart, 0x9000000);
	assert_true(machine.psci_smc && !machine.psci_hvc);
	assert_true(machine_fdt_bytes(tree) <= fdt_totalsize(tree));
}

static void test_uart_choice(void **state)
{
	(void)state;
	want.stdout_second = true;
	tree_write();
	assert_true(tree_read());
	assert_int_equal(machine.uart, 0x9040000);
	want.stdout_second = false;
	want.soc = true;
	tree_write();
	assert_true(tree_read());
	assert_int_equal(machine.uart, 0xa002000);
}

static void test_reserved(void **state)
{
	(void)state;
	want.reserved = true;
	want.short_initrd_cells = true;
	tree_write();
	assert_true(tree_read());
	assert_int_equal(machine.initrd.end, 0x48000064);
	assert_int_equal(machine.reserved.count, 3);
	assert_true(ranges_contain(&machine.reserved, 0x41000000, 0x41002000));
	assert_true(ranges_contain(&machine.reserved, 0x42000000, 0x42001000));
	assert_true(ranges_contain(&machine.reserved, 0x43000000, 0x43001000));
	assert_int_equal(machine.unmapped.count, 1);
}

static void test_refusals(void **state)
{
	(void)state;
	want.no_memory = true;
	refused("no memory");
	want.no_gic = true;
	refused("no GICv3");
	want.gic_v2 = true;
	refused("GICv2");
	want.no_initrd = true;
	refused("no initrd");
	want.initrd_far = true;
	refused("does not lie in memory");
	want.pieces = 20;
	tree_write();
	assert_true(tree_read());
	assert_int_equal(machine.memory.count, 21);
}

/* Damage of one byte, anywhere: an answer of some kind and no wrong access. */
static void test_every_byte_damaged(void **state)
{
	char *copy = malloc(TREE_BYTES);
	uint32_t bytes, at;

	(void)state;
	want.reserved = want.soc = want.stdout_second = true;
	tree_write();
	bytes = fdt_totalsize(tree);
	for (at = 0; at < bytes; at++) {
		memcpy(copy, tree, TREE_BYTES);
		copy[at] ^= (char)(1 + rand() % 255);
		memset(&machine, 0, sizeof(machine));
		machine_read(copy, TREE_BYTES, &machine, &c);
	}
	free(copy);
}

/* The buffer ends where the reader is told: an early end is refused. */
static void test_truncated(void **state)
{
	uint32_t bytes, at;
	char *copy;

	(void)state;
	tree_write();
	bytes = fdt_totalsize(tree);
	for (at = 40; at < bytes; at += 7) {
		copy = malloc(at);
		memcpy(copy, tree, at);
		memset(&machine, 0, sizeof(machine));
		assert_false(machine_read(copy, at, &machine, &c));
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_good, reset_want),
		cmocka_unit_test_setup(test_uart_choice, reset_want),
		cmocka_unit_test_setup(test_reserved, reset_want),
		cmocka_unit_test_setup(test_refusals, reset_want),
		cmocka_unit_test_setup(test_every_byte_damaged, reset_want),
		cmocka_unit_test_setup(test_truncated, reset_want),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
