/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * finder_subtree.c - the tree that a driver gets: what is in it, what is not,
 * and machine's trees that are made to break the cutting.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <libfdt.h>

#include "../../finder/subtree.h"
#include "broker_dtb.h"
#include "broker_fake.h"

#define OUT_BYTES 16384u

static uint8_t machine[1 << 20];
static size_t machine_bytes;
static uint8_t out[OUT_BYTES] __attribute__((aligned(8)));

static void machine_make(const char *command)
{
	machine_bytes = dtb_make(command, machine, sizeof(machine));
	finder_subtree_open(machine);
}

static const char board[] =
	"echo '/dts-v1/; / { #address-cells=<2>; #size-cells=<2>;"
	" compatible=\"x,board\"; interrupt-parent=<&gic>;"
	" gic: gic@100 { compatible=\"arm,gic-v3\"; #interrupt-cells=<3>;"
	"  interrupt-controller; reg=<0 0x100 0 0x100>; its { }; };"
	" clocks { osc: osc { compatible=\"fixed-clock\"; #clock-cells=<0>;"
	"   clock-frequency=<24000000>; };"
	"  half: half { compatible=\"fixed-factor-clock\"; #clock-cells=<0>;"
	"   clocks=<&osc>; clock-div=<2>; clock-mult=<1>; }; };"
	" pll: pll@500 { compatible=\"x,pll\"; #clock-cells=<1>;"
	"  reg=<0 0x500 0 0x10>; };"
	" soc { compatible=\"simple-bus\"; #address-cells=<2>; #size-cells=<2>;"
	"  ranges; other@600 { compatible=\"x,other\"; reg=<0 0x600 0 0x10>; };"
	"  gpio: gpio@700 { compatible=\"arm,pl061\", \"arm,primecell\";"
	"   reg=<0 0x700 0 0x100>; interrupts=<0 7 4>; gpio-controller;"
	"   #gpio-cells=<2>; clocks=<&pll 3 &half>; clock-names=\"a\", \"b\";"
	"   child { x,odd=[01 02 03]; grandchild { }; }; }; };"
	" gpio-keys { compatible=\"gpio-keys\"; off { gpios=<&gpio 3 0>; }; };"
	" lone@900 { compatible=\"x,lone\"; reg=<0 0x900 0 0x10>; };"
	" };'" DTB_DTC;

static int node_of(const char *path)
{
	int node = fdt_path_offset(machine, path);

	assert_true(node >= 0);
	return node;
}

/* Every node and property can be read, and the walk ends where it should. */
static void assert_sound(unsigned int bytes)
{
	int node = 0, depth = 0, property;

	assert_int_equal(fdt_check_header(out), 0);
	assert_int_equal(fdt_totalsize(out), bytes);
	for (; node >= 0 && depth >= 0;
	     node = fdt_next_node(out, node, &depth)) {
		assert_non_null(fdt_get_name(out, node, NULL));
		fdt_for_each_property_offset(property, out, node)
			assert_non_null(fdt_getprop_by_offset(out, property,
							      NULL, NULL));
		assert_int_equal(property, -FDT_ERR_NOTFOUND);
	}
	assert_int_equal(depth, -1);
}

static unsigned int cut(const char *path)
{
	unsigned int bytes = finder_subtree_build(node_of(path), out,
						  sizeof(out));

	if (bytes > 0)
		assert_sound(bytes);
	return bytes;
}

static int has(const char *path)
{
	return fdt_path_offset(out, path) >= 0;
}

static void assert_same(const char *path, const char *property)
{
	int was_bytes, is_bytes;
	const void *was = fdt_getprop(machine, node_of(path), property,
				      &was_bytes);
	const void *is = fdt_getprop(out, fdt_path_offset(out, path), property,
				     &is_bytes);

	assert_non_null(was);
	assert_non_null(is);
	assert_int_equal(is_bytes, was_bytes);
	assert_memory_equal(is, was, (size_t)was_bytes);
}

static void device_and_parents_are_whole(void **state)
{
	(void)state;
	machine_make(board);
	assert_true(cut("/soc/gpio@700") > 0);
	assert_same("/", "compatible");
	assert_same("/", "#address-cells");
	assert_same("/soc", "ranges");
	assert_same("/soc/gpio@700", "reg");
	assert_same("/soc/gpio@700", "clocks");
	assert_same("/soc/gpio@700", "compatible");
	assert_same("/soc/gpio@700/child", "x,odd");
	assert_true(has("/soc/gpio@700/child/grandchild"));
	assert_false(has("/soc/other@600"));
	assert_false(has("/lone@900"));
}

static void phandles_lead_where_they_did(void **state)
{
	const char *osc = "/clocks/osc";

	(void)state;
	machine_make(board);
	assert_true(cut("/soc/gpio@700") > 0);
	assert_same("/clocks/half", "clocks");
	assert_same(osc, "clock-frequency");
	assert_int_equal(fdt_get_phandle(out, fdt_path_offset(out, osc)),
			 fdt_get_phandle(machine, node_of(osc)));
	assert_same("/gic@100", "#interrupt-cells");
	assert_same("/gic@100", "phandle");
	assert_same("/gpio-keys/off", "gpios");
	/* Registers of others: not even their addresses. */
	assert_false(has("/pll@500"));
	assert_null(fdt_getprop(out, fdt_path_offset(out, "/gic@100"), "reg",
				NULL));
	assert_false(has("/gic@100/its"));
}

static void other_controllers_come_along(void **state)
{
	(void)state;
	machine_make(
		"echo '/dts-v1/; / { gic: gic { #interrupt-cells=<3>; };"
		" pic: pic { #interrupt-cells=<2>; compatible=\"x,pic\"; secret; };"
		" d { interrupts-extended=<&gic 0 5 4 &pic 1 2>; }; };'" DTB_DTC);
	assert_true(cut("/d") > 0);
	assert_same("/gic", "#interrupt-cells");
	assert_same("/pic", "compatible");
	assert_null(
		fdt_getprop(out, fdt_path_offset(out, "/pic"), "secret", NULL));
}

static void a_device_alone_has_little(void **state)
{
	(void)state;
	machine_make(board);
	assert_true(cut("/lone@900") > 0);
	assert_true(has("/gic@100"));
	assert_false(has("/clocks"));
	assert_false(has("/gpio-keys"));
	assert_false(has("/soc"));
}

static void qemus_uart_fits_in_a_page(void **state)
{
	(void)state;
	machine_make(DTB_QEMU);
	assert_true(cut("/pl011@9000000") > 0);
	assert_true(fdt_totalsize(out) < 4096);
	assert_same("/apb-pclk", "clock-frequency");
	assert_same("/pl011@9000000", "clock-names");
	assert_true(cut("/pl061@9030000") > 0);
	assert_same("/gpio-keys/poweroff", "label");
}

static void what_does_not_fit_is_refused(void **state)
{
	unsigned int whole;

	(void)state;
	machine_make(board);
	whole = cut("/soc/gpio@700");
	for (unsigned int bytes = 0; bytes < whole; bytes++) {
		uint8_t *small = malloc(bytes + 1);

		assert_int_equal(finder_subtree_build(node_of("/soc/gpio@700"),
						      small, bytes),
				 0);
		free(small);
	}
	machine_make(
		"(echo '/dts-v1/; / { a { x = ['; head -c 40000 /dev/zero | tr '\\0' 4; echo ']; }; };')" DTB_DTC);
	assert_int_equal(cut("/a"), 0);
}

/* Clocks that name each other in a circle, and a device that is its own
 * interrupt controller and its own clock. */
static void circles_end(void **state)
{
	(void)state;
	machine_make(
		"echo '/dts-v1/; / { a: a { compatible=\"fixed-factor-clock\";"
		" #clock-cells=<0>; clocks=<&b &b &a>; }; b: b { #clock-cells=<0>;"
		" compatible=\"fixed-factor-clock\"; clocks=<&a>; };"
		" d: d { compatible=\"fixed-clock\"; #clock-cells=<0>;"
		" clocks=<&d &a>; interrupt-parent=<&d>; gpio-controller; }; };'" DTB_DTC);
	assert_true(cut("/d") > 0);
	assert_true(has("/a"));
	assert_true(has("/b"));
}

/* A list of thousands of clocks, and a chain of a hundred each of which stands
 * behind the one that it names, cost no more than the first few of them. */
static void many_clocks_are_bounded(void **state)
{
	(void)state;
	machine_make(
		"python3 -c \"print('/dts-v1/; / { d { clocks=<' + '&c99 ' * 2000 + '>; };'"
		" + ''.join('c%%d: c%%d { compatible=\\\"fixed-factor-clock\\\";"
		" #clock-cells=<0>; clocks=<&c%%d>; };' %% (i, i, max(i - 1, 0))"
		" for i in range(100)) + '};')\"" DTB_DTC);
	assert_true(cut("/d") > 0);
	assert_true(has("/c99"));
	assert_true(has("/c93"));
	assert_false(has("/c80"));
	machine_make(
		"python3 -c \"print('/dts-v1/; / { d { clocks=<' + '&c ' * 2000 + '>; };"
		" c: c { compatible=\\\"fixed-clock\\\"; #clock-cells=<0>; }; };')\"" DTB_DTC);
	assert_true(cut("/d") > 0);
	assert_true(has("/c"));
	/* A provider that claims to take more cells than there are. */
	machine_make(
		"echo '/dts-v1/; / { d { clocks=<&c 1 2>; }; c: c { #clock-cells=<1000>;"
		" compatible=\"fixed-clock\"; }; };'" DTB_DTC);
	assert_true(cut("/d") > 0);
	assert_false(has("/c"));
}

/* More nodes than the list holds: said once, and no device gets a tree. */
static void too_many_nodes_are_refused(void **state)
{
	(void)state;
	fake_text_clear();
	machine_make(
		"python3 -c \"print('/dts-v1/; / { d { }; ' + ''.join("
		"'n%%d { };' %% i for i in range(2100)) + '};')\"" DTB_DTC);
	assert_non_null(strstr(fake_text(), "more than 2048 nodes"));
	assert_int_equal(cut("/d"), 0);
}

/* Noise in the machine's tree: whatever comes out is a sound tree, or none. */
/* As libfdt's own searches say it. */
static void nodes_are_found_without_a_walk(void **state)
{
	static const char *const names[] = { "gpio-keys", "clocks", "lone@900",
					     "lone",	  "osc",    "soc" };
	uint32_t phandle;

	(void)state;
	machine_make(board);
	for (phandle = 0; phandle < 16; phandle++)
		assert_int_equal(finder_subtree_by_phandle(phandle) < 0 ?
					 -1 :
					 finder_subtree_by_phandle(phandle),
				 fdt_node_offset_by_phandle(machine, phandle) <
						 0 ?
					 -1 :
					 fdt_node_offset_by_phandle(machine,
								    phandle));
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int node = fdt_subnode_offset(machine, 0, names[i]);

		/* libfdt takes a name without its address, too. */
		if (!strcmp(names[i], "lone"))
			node = -FDT_ERR_NOTFOUND;
		assert_int_equal(finder_subtree_by_name(names[i],
							(int)strlen(names[i])),
				 node);
	}
}

static void noise_makes_no_unsound_tree(void **state)
{
	unsigned int made = 0;

	(void)state;
	machine_make(board);
	srand(7);
	for (unsigned int round = 0; round < 20000; round++) {
		uint8_t *copy = malloc(machine_bytes);
		int node = node_of("/soc/gpio@700");
		unsigned int bytes;

		memcpy(copy, machine, machine_bytes);
		for (int n = 1 + rand() % 8; n > 0; n--)
			copy[sizeof(struct fdt_header) +
			     (size_t)rand() % (machine_bytes -
					       sizeof(struct fdt_header))] =
				(uint8_t)rand();
		finder_subtree_open(copy);
		bytes = finder_subtree_build(node, out, sizeof(out));
		if (bytes > 0) {
			assert_sound(bytes);
			made++;
		}
		free(copy);
	}
	assert_true(made > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(device_and_parents_are_whole),
		cmocka_unit_test(phandles_lead_where_they_did),
		cmocka_unit_test(other_controllers_come_along),
		cmocka_unit_test(a_device_alone_has_little),
		cmocka_unit_test(qemus_uart_fits_in_a_page),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(circles_end),
		cmocka_unit_test(many_clocks_are_bounded),
		cmocka_unit_test(too_many_nodes_are_refused),
		cmocka_unit_test(nodes_are_found_without_a_walk),
		cmocka_unit_test(noise_makes_no_unsound_tree),
	};

	return cmocka_run_group_tests_name("finder_subtree", tests, NULL, NULL);
}
