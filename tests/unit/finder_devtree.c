/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * finder_devtree.c - the device-tree reader: QEMU's own tree, a made-up one
 * with nested buses, damaged ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <libfdt.h>

#include "../../finder/devices.h"
#include "../../finder/probe.h"
#include "../../finder/look.h"
#include "broker_dtb.h"
#include "broker_fake.h"

static uint8_t tree[1 << 20];
static size_t bytes;

/* Behind the first transport is a disk, behind the ninth a NIC. */
int finder_probe_virtio(uint64_t paddr, struct finder_virtio_id *id)
{
	id->vendor = 0x554d4551;
	id->device = paddr == 0xa000000 ? 2 : paddr == 0xa001000 ? 1 : 0;
	return 1;
}

/* The board's UART and RTC are PrimeCells; the GPIO's registers do not say. */
uint32_t finder_probe_primecell(uint64_t paddr)
{
	return paddr == 0x9000000 ? 0x00141011 :
	       paddr == 0x9010000 ? 0x00041031 :
				    0;
}

/* Behind the PCI host bridge is one function, in slot 2. */
int finder_pci_open(uint64_t ecam)
{
	assert_int_equal(ecam, 0x4010000000);
	return 1;
}

uint32_t finder_pci_read(unsigned int devfn, uint32_t offset, uint32_t size)
{
	(void)size, (void)offset;
	return devfn == 16 ? 0 : ~0u;
}

uint32_t finder_pci_size(unsigned int devfn, unsigned int bar)
{
	return devfn == 16 && bar == 0 ? 0x10000 : 0;
}

static void tree_make(const char *command)
{
	bytes = dtb_make(command, tree, sizeof(tree));
}

static struct finder_device *find(const char *node)
{
	for (unsigned int i = 0; i < finder_devices_count(); i++) {
		if (strcmp(finder_device(i)->node, node) == 0)
			return finder_device(i);
	}
	fail_msg("no device %s", node);
	return NULL;
}

static void reads_qemus_tree(void **state)
{
	char text[128];
	struct finder_device *d;
	unsigned int virtio = 0;

	(void)state;
	tree_make(DTB_QEMU);
	assert_true(finder_devices_read(tree, bytes) > 32);
	d = find("pl011@9000000");
	assert_int_equal(d->mmio[0].paddr, 0x9000000);
	assert_int_equal(d->mmio[0].bytes, 0x1000);
	assert_int_equal(d->irq[0].intid, 33);
	assert_int_equal(d->irq[0].edge, 0);
	assert_true(finder_device_match(d, "of:N*T*Carm,pl011*", text,
					sizeof(text)));
	assert_string_equal(text, "of:Npl011T(null)Carm,pl011");
	finder_device_path(d, text, sizeof(text));
	assert_string_equal(text, "/pl011@9000000");
	assert_true(
		finder_device_match(d, "amba:d???41011*", text, sizeof(text)));
	assert_string_equal(text, "amba:d00141011");
	assert_false(finder_device_match(find("pl061@9030000"), "amba:*", text,
					 sizeof(text)));
	assert_false(finder_device_match(find("fw-cfg@9020000"), "amba:*", text,
					 sizeof(text)));
	d = find("pci@00:02.0");
	assert_int_equal(d->mmio[0].bytes, 0x10000);
	assert_true(finder_device_alias(d, 0, text, sizeof(text)));
	assert_memory_equal(text, "pci:v00000000d", 14);
	assert_false(finder_device_alias(d, 1, text, sizeof(text)));
	finder_device_path(d, text, sizeof(text));
	assert_string_equal(text, "pci@00:02.0");
	assert_false(finder_device_is_named(d, "/none"));
	d = find("pl011@9000000");
	assert_true(finder_device_is_named(d, "/pl011"));
	assert_true(finder_device_is_named(d, "/pl011@9000000"));
	assert_false(finder_device_is_named(d, "/pl011@900000"));
	assert_false(finder_device_is_named(d, "/pl011@9000000/x"));
	assert_true(finder_device_is_console(d));
	assert_false(finder_device_is_console(find("pl031@9010000")));
	assert_false(finder_device_is_named(d, "::serial"));
	d = find("virtio_mmio@a000000");
	assert_int_equal(d->irq[0].intid, 48);
	assert_int_equal(d->irq[0].edge, 1);
	assert_true(finder_device_alias(d, 0, text, sizeof(text)));
	assert_string_equal(text, "virtio:d00000002v554D4551");
	assert_true(finder_device_alias(d, 1, text, sizeof(text)));
	assert_string_equal(text, "of:Nvirtio_mmioT(null)Cvirtio,mmio");
	assert_false(finder_device_alias(d, 2, text, sizeof(text)));
	for (unsigned int i = 0; i < finder_devices_count(); i++) {
		virtio += finder_device(i)->is_virtio;
		if (i > 0)
			assert_true(finder_device(i)->mmio[0].paddr >=
				    finder_device(i - 1)->mmio[0].paddr);
	}
	assert_int_equal(virtio, 32);
}

static const char nested[] =
	"echo '/dts-v1/; / { #address-cells=<2>; #size-cells=<2>;"
	" interrupt-parent=<&gic>;"
	" gic: gic@100 { compatible=\"arm,gic-v3\"; #interrupt-cells=<3>;"
	"  interrupt-controller; reg=<0 0x100 0 0x100>; };"
	" cpus { #address-cells=<1>; #size-cells=<0>;"
	"  cpu@0 { compatible=\"arm,cpu\"; reg=<0>; }; };"
	" bus@0 { #address-cells=<1>; #size-cells=<1>; compatible=\"simple-bus\";"
	"  ranges=<0x1000 0x5 0x80000000 0x10000>;"
	"  dev@1800 { compatible=\"x,dev\"; reg=<0x1800 0x100>, <0x2000 0x10>;"
	"   interrupts=<1 5 8>, <0 7 1>; };"
	"  out@20000 { compatible=\"x,out\"; reg=<0x20000 0x100>; };"
	"  off@1900 { compatible=\"x,off\"; reg=<0x1900 4>; status=\"disabled\"; };"
	"  gone@0 { status=\"disabled\"; #address-cells=<1>; #size-cells=<1>; ranges;"
	"   sub@1a00 { compatible=\"x,sub\"; reg=<0x1a00 4>; }; }; };"
	" i2c@200 { compatible=\"x,i2c\"; reg=<0 0x200 0 0x10>; #address-cells=<1>;"
	"  #size-cells=<0>; chip@50 { compatible=\"x,chip\"; reg=<0x50>; }; };"
	" odd@300 { compatible=\"x,odd\"; reg=<0 0x300 0 0>; };"
	" };'" DTB_DTC;

static void translates_nested_buses(void **state)
{
	struct finder_device *d;

	(void)state;
	tree_make(nested);
	assert_int_equal(finder_devices_read(tree, bytes), 3);
	d = find("dev@1800");
	assert_int_equal(d->n_mmio, 2);
	assert_int_equal(d->mmio[0].paddr, 0x580000800);
	assert_int_equal(d->mmio[1].paddr, 0x580001000);
	assert_int_equal(d->n_irq, 2);
	assert_int_equal(d->irq[0].intid, 21);
	assert_int_equal(d->irq[0].edge, 0);
	assert_int_equal(d->irq[1].intid, 39);
	assert_int_equal(d->irq[1].edge, 1);
	find("gic@100");
	find("i2c@200");
}

/* Each interrupt with its own controller: only the GIC's are for processes. */
static void extended_interrupts_are_read(void **state)
{
	struct finder_device *d;

	(void)state;
	tree_make(
		"echo '/dts-v1/; / { #address-cells=<1>; #size-cells=<1>;"
		" gic: gic@100 { compatible=\"arm,gic-v3\"; #interrupt-cells=<3>;"
		"  reg=<0x100 0x100>; };"
		" pic: pic@200 { compatible=\"x,pic\"; #interrupt-cells=<2>;"
		"  reg=<0x200 0x100>; };"
		" d@300 { compatible=\"x,d\"; reg=<0x300 0x100>; interrupts=<9 9>;"
		"  interrupts-extended=<&gic 0 5 4>, <&pic 1 2>, <&gic 0 6 1>; };"
		" cut@400 { compatible=\"x,cut\"; reg=<0x400 0x100>;"
		"  interrupts-extended=<&gic 0 5>; };"
		" lost@500 { compatible=\"x,lost\"; reg=<0x500 0x100>;"
		"  interrupts-extended=<0x77 0 5 4>; }; };'" DTB_DTC);
	assert_int_equal(finder_devices_read(tree, bytes), 5);
	d = find("d@300");
	assert_int_equal(d->n_irq, 2);
	assert_int_equal(d->irq[0].intid, 37);
	assert_int_equal(d->irq[0].edge, 0);
	assert_int_equal(d->irq[1].intid, 38);
	assert_int_equal(d->irq[1].edge, 1);
	assert_int_equal(find("cut@400")->n_irq, 0);
	assert_int_equal(find("lost@500")->n_irq, 0);
}

/* What the tree says of a PrimeCell comes before its registers. */
static void primecell_id_may_stand_in_the_tree(void **state)
{
	char text[64];

	(void)state;
	tree_make(
		"echo '/dts-v1/; / { #address-cells=<1>; #size-cells=<1>;"
		" a@9000000 { compatible=\"arm,primecell\"; reg=<0x9000000 0x1000>;"
		"  arm,primecell-periphid=<0x12345678>; };"
		" b@9010000 { compatible=\"x,b\"; reg=<0x9010000 0x1000>; }; };'" DTB_DTC);
	assert_int_equal(finder_devices_read(tree, bytes), 2);
	assert_true(
		finder_device_alias(find("a@9000000"), 0, text, sizeof(text)));
	assert_string_equal(text, "amba:d12345678");
	assert_int_equal(find("b@9010000")->primecell, 0);
}

/* Asked for one device after the other and back, as programs do. */
static void all_aliases_match(void **state)
{
	static const char *const lists[] = { "x:a of:*Cx,1", "amba:* of:*Cx,5",
					     "of:*Cx,6", "?f:*Cx,3",
					     "of:*Cx,5" };
	char text[FINDER_ALIAS_BYTES];

	(void)state;
	tree_make(
		"echo '/dts-v1/; / { #address-cells=<1>; #size-cells=<1>;"
		" a@1000 { reg=<0x1000 4>; compatible=\"x,1\", \"x,2\","
		"  \"x,3\", \"x,4\", \"x,5\"; };"
		" b@2000 { reg=<0x2000 4>; compatible=\"x,6\"; }; };'" DTB_DTC);
	assert_int_equal(finder_devices_read(tree, bytes), 2);
	for (unsigned int i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		int of_a = finder_device_match(find("a@1000"), lists[i], text,
					       sizeof(text));

		assert_int_equal(of_a, i != 2);
		if (of_a)
			assert_non_null(strstr(lists[i], strchr(text, 'C')));
		assert_int_equal(finder_device_match(find("b@2000"), lists[i],
						     text, sizeof(text)),
				 i == 2);
	}
}

/* A list that drivers.config may hold: paths, aliases, nonsense. */
static void nodes_are_found_by_name(void **state)
{
	(void)state;
	tree_make(
		"echo '/dts-v1/; / { #address-cells=<1>; #size-cells=<1>;"
		" aliases { uart0 = &a; };"
		" a: a@9000000 { compatible=\"x,a\"; reg=<0x9000000 0x1000>; };"
		" b@9010000 { compatible=\"x,b\"; reg=<0x9010000 0x1000>; }; };'" DTB_DTC);
	assert_int_equal(finder_devices_read(tree, bytes), 2);
	assert_true(finder_device_is_named(find("a@9000000"), "/c:uart0:/d"));
	assert_true(finder_device_is_named(find("a@9000000"), "uart0/"));
	assert_true(finder_device_is_named(find("b@9010000"), "uart0:/b"));
	assert_false(finder_device_is_named(find("b@9010000"), "uart0:/b@1"));
	assert_false(finder_device_is_named(find("b@9010000"), "::b:uart"));
	assert_false(finder_device_is_named(find("b@9010000"), ""));
}

static void shared_pages_are_named(void **state)
{
	(void)state;
	tree_make(DTB_QEMU);
	finder_devices_read(tree, bytes);
	fake_text_clear();
	finder_devices_warn_shared();
	assert_string_equal(fake_text(), "");
	find("virtio_mmio@a000200")->virtio_device = 2;
	find("virtio_mmio@a000400")->virtio_device = 2;
	finder_devices_warn_shared();
	assert_non_null(strstr(fake_text(),
			       "virtio_mmio@a000000 and virtio_mmio@a000200"));
	assert_null(strstr(fake_text(), "a000400"));
}

static void refuses_damaged_trees(void **state)
{
	(void)state;
	tree_make(nested);
	fake_text_clear();
	assert_int_equal(finder_devices_read(tree, bytes - 1), 0);
	assert_int_equal(finder_devices_read(tree, 3), 0);
	tree[0] = 0;
	assert_int_equal(finder_devices_read(tree, bytes), 0);
	assert_non_null(strstr(fake_text(), "device tree is damaged"));
}

static void survives_noise(void **state)
{
	static uint8_t good[1 << 16];
	char text[FINDER_ALIAS_BYTES];

	(void)state;
	tree_make(nested);
	assert_true(bytes < sizeof(good));
	memcpy(good, tree, bytes);
	srand(4);
	for (unsigned int round = 0; round < 20000; round++) {
		uint8_t *copy = malloc(bytes);

		memcpy(copy, good, bytes);
		for (int n = 1 + rand() % 8; n > 0; n--)
			copy[8 + (size_t)rand() % (bytes - 8)] =
				(uint8_t)rand();
		finder_devices_read(copy, bytes);
		for (unsigned int i = 0; i < finder_devices_count(); i++) {
			finder_device_path(finder_device(i), text, 32);
			finder_device_match(finder_device(i), "no", text,
					    sizeof(text));
		}
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_qemus_tree),
		cmocka_unit_test(translates_nested_buses),
		cmocka_unit_test(extended_interrupts_are_read),
		cmocka_unit_test(primecell_id_may_stand_in_the_tree),
		cmocka_unit_test(all_aliases_match),
		cmocka_unit_test(nodes_are_found_by_name),
		cmocka_unit_test(shared_pages_are_named),
		cmocka_unit_test(refuses_damaged_trees),
		cmocka_unit_test(survives_noise),
	};

	return cmocka_run_group_tests_name("finder_devtree", tests, NULL, NULL);
}
