/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * finder_assign.c - the table that the finder writes: who gets what, the numbers of
 * services, and what happens when something is wanted twice or finds no room.
 * The broker must take each of these tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../broker/devices.h"
#include "../../broker/pci.h"
#include "../../finder/assign.h"
#include "../../finder/look.h"
#include "broker_dtb.h"
#include "broker_fake.h"
#include "broker_make.h"

#define BOARD(nodes)                                                           \
	"echo '/dts-v1/; / { #address-cells=<1>; #size-cells=<1>;"             \
	" interrupt-parent=<&gic>;"                                            \
	" gic: gic@100 { compatible=\"arm,gic-v3\"; #interrupt-cells=<3>;"     \
	"  reg=<0x100 0x100>; };" nodes " };'" DTB_DTC
#define NODE(name, at, irq)                                                    \
	" " name "@" at " { compatible=\"x," name "\";"                        \
	"  reg=<0x" at " 0x100>; interrupts=<0 " irq " 4>; };"
#define DRIVER(name, of, more)                                                 \
	name " elf=a.elf kind=native class=block match=of:N*T*Cx," of          \
	     "* " more "\n"

static uint8_t tree[1 << 18];
static uint64_t archive[1 << 14];
static uint64_t table[BROKER_FOUND_BYTES / 8];
static struct broker_found *const found = (void *)table;

const volatile void *finder_look(uint64_t page)
{
	(void)page;
	return NULL;
}

int finder_pci_open(uint64_t ecam)
{
	(void)ecam;
	return 0;
}

uint32_t finder_pci_read(unsigned int devfn, uint32_t offset, uint32_t bytes)
{
	(void)devfn, (void)offset, (void)bytes;
	return ~0u;
}

uint32_t finder_pci_size(unsigned int devfn, unsigned int bar)
{
	(void)devfn, (void)bar;
	return 0;
}

int broker_pci_fits(const struct broker_device *device, unsigned int range)
{
	(void)device, (void)range;
	return 0;
}

void broker_pci_place(const struct broker_device *device)
{
	(void)device;
}

/* Find, and take. Return: how many devices. */
static unsigned int find(const char *board, const char *manifest)
{
	size_t bytes = dtb_make(board, tree, sizeof(tree));
	size_t packed = make_archive(manifest, archive, sizeof(archive));
	unsigned int devices;

	fake_text_clear();
	assert_true(broker_policy_read(archive, packed) > 0);
	finder_find(tree, bytes, (const void *)archive, found);
	devices = broker_devices_take(found);
	assert_null(strstr(fake_text(), "table of devices is wrong"));
	return devices;
}

/* "a>x0! b>x1": program, device, number; ! is started at boot. */
static const char *matches(void)
{
	static char text[1024];
	const struct broker_match *m;
	size_t used = 0;

	text[0] = '\0';
	for (unsigned int i = 0; (m = broker_match(i)); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s%s>%.1s%u%s", i ? " " : "",
					 m->program->name, m->device->node,
					 m->number, m->first ? "!" : "");
	return text;
}

/* Those that are driven from the boot on have the first numbers. */
static void numbers_are_by_place(void **state)
{
	(void)state;
	assert_int_equal(
		find(BOARD(NODE("a", "2000", "1") NODE("b", "3000", "2")
				   NODE("c", "4000", "3")),
		     DRIVER("late", "a", "start=demand")
			     DRIVER("one", "b", "start=device")
				     DRIVER("two", "c", "start=device")
					     DRIVER("all", "", "start=demand")),
		4);
	assert_string_equal(matches(), "late>a2 all>a2 one>b0! all>b0 two>c1! "
				       "all>c1");
	assert_string_equal(broker_match(0)->alias, "of:NaT(null)Cx,a");
	assert_ptr_equal(broker_match(0)->alias, broker_device(1)->alias);
	assert_true(broker_device(1)->tree_bytes > 0);
	assert_int_equal(broker_device(0)->tree_bytes, 0);
}

/* What two devices share only the first one's drivers get. */
static void shared_devices_are_left_out(void **state)
{
	(void)state;
	find(BOARD(NODE("a", "2000", "1") NODE("b", "20f0", "2")
			   NODE("c", "4000", "1") NODE("d", "4080", "4")),
	     DRIVER("one", "a", "start=device")
		     DRIVER("two", "b", "start=device")
			     DRIVER("three", "c", "start=device")
				     DRIVER("four", "d", "start=device"));
	assert_string_equal(matches(), "one>a0! four>d1!");
	assert_non_null(
		strstr(fake_text(),
		       "b@20f0 has registers or an interrupt of a@2000"));
	assert_non_null(
		strstr(fake_text(),
		       "c@4000 has registers or an interrupt of a@2000"));
	assert_non_null(strstr(fake_text(), "two has nothing to drive"));
	assert_int_equal(broker_devices_absent(), 2 | 4);
}

/* So many devices that match so many programs. */
static void too_many_matches(void **state)
{
	char board[8192], manifest[2048];
	size_t used;

	(void)state;
	strcpy(board, "echo '/dts-v1/; / { #address-cells=<1>;"
		      " #size-cells=<1>;");
	used = strlen(board);
	for (unsigned int i = 0; i < 40; i++)
		used += (size_t)sprintf(board + used,
					" a@%x { compatible=\"x\";"
					" reg=<0x%x 4>; };",
					0x1000 + i * 16, 0x1000 + i * 16);
	strcpy(board + used, " };'" DTB_DTC);
	for (unsigned int i = used = 0; i < 5; i++)
		used += (size_t)sprintf(manifest + used,
					"p%u elf=a.elf kind=test "
					"start=demand match=of:*\n",
					i);
	assert_int_equal(find(board, manifest), 40);
	assert_non_null(broker_match(BROKER_MATCHES_MAX - 1));
	assert_null(broker_match(BROKER_MATCHES_MAX));
	assert_non_null(strstr(fake_text(), "more than 192 programs"));
}

/* Large trees until there is no room: those devices have none. */
static void no_room_for_all_trees(void **state)
{
	unsigned int with = 0, bytes = 0;
	char board[8192];
	size_t used;

	(void)state;
	strcpy(board, "(echo '/dts-v1/; / { #address-cells=<1>;"
		      " #size-cells=<1>;'; for i in 1 2 3 4 5 6; do echo \"");
	used = strlen(board);
	strcpy(board + used, " a@${i}000 { compatible=\\\"x,a\\\";"
			     " reg=<0x${i}000 4>; x = [$(head -c 24000 "
			     "/dev/zero | tr '\\0' 4)]; };\"; done;"
			     " echo '};')" DTB_DTC);
	assert_int_equal(find(board, DRIVER("one", "a", "start=device")), 6);
	for (unsigned int i = 0; i < 6; i++) {
		with += broker_device(i)->tree_bytes != 0;
		bytes += broker_device(i)->tree_bytes;
		assert_string_equal(broker_device(i)->compatible, "x,a");
	}
	assert_in_range(with, 1, 5);
	assert_true(bytes < BROKER_FOUND_BYTES);
}

/* Names fill the table: some are empty then, and one message says so. */
static void no_room_for_all_names(void **state)
{
	unsigned int named = 0, devices;
	char board[2048];

	(void)state;
	strcpy(board, "(echo '/dts-v1/; / { #address-cells=<1>;"
		      " #size-cells=<1>;'; n=$(head -c 110 /dev/zero | "
		      "tr '\\0' n); i=256; while [ $i -lt 380 ]; do echo \""
		      " $n@${i}00 { compatible=\\\"x,$n$n\\\";"
		      " reg=<0x${i}00 4>; };\"; i=$((i+1)); done;"
		      " echo '};')" DTB_DTC);
	devices = find(board, DRIVER("one", "a", "start=device"));
	assert_int_equal(devices, 124);
	for (unsigned int i = 0; i < devices; i++)
		named += broker_device(i)->alias[0] != '\0';
	assert_in_range(named, 20, devices - 1);
	assert_non_null(strstr(fake_text(), "table of devices is full"));
	assert_non_null(strstr(fake_text(), "one has nothing to drive"));
}

/* No tree at all: every driver is absent. */
static void without_a_tree(void **state)
{
	size_t packed = make_archive(DRIVER("one", "a", "start=device"),
				     archive, sizeof(archive));

	(void)state;
	assert_true(broker_policy_read(archive, packed) > 0);
	finder_find(NULL, 0, (const void *)archive, found);
	assert_int_equal(broker_devices_take(found), 0);
	assert_int_equal(broker_devices_absent(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_by_place),
		cmocka_unit_test(shared_devices_are_left_out),
		cmocka_unit_test(too_many_matches),
		cmocka_unit_test(no_room_for_all_trees),
		cmocka_unit_test(no_room_for_all_names),
		cmocka_unit_test(without_a_tree),
	};

	return cmocka_run_group_tests_name("finder_assign", tests, NULL, NULL);
}
