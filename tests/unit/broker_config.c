/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_config.c - the window to PCI's configuration space: shown once, and
 * each access no wider than it says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>
#include <glue/sys.h>

#include "../../broker/blocks.h"
#include "../../broker/pci.h"
#include "../../broker/vspace.h"

#define ECAM  0x10000000ul
#define FRAME 42u

static struct broker_vspace own;
static int hidden, refused; /* by the kernel: the frame, its mapping */
static uint8_t *space;	    /* what the window shows */

uint32_t broker_block_device_frame(uint64_t paddr, unsigned int bits)
{
	assert_int_equal(bits, ABI_FRAME_LARGE_BITS);
	assert_int_equal(paddr % (2 << 20), 0);
	return hidden ? 0 : FRAME;
}

struct broker_vspace *broker_vspace_own(void)
{
	return &own;
}

enum k_err broker_vspace_map(struct broker_vspace *vspace, uint32_t frame,
			     uint64_t vaddr, enum broker_prot prot)
{
	assert_ptr_equal(vspace, &own);
	assert_int_equal(frame, FRAME);
	assert_int_equal(vaddr, BROKER_WINDOW_PCI);
	assert_int_equal(prot, BROKER_DEVICE);
	return refused ? K_ERR_NOMEM : K_OK;
}

static int set_up(void **state)
{
	(void)state;
	space = mmap((void *)BROKER_WINDOW_PCI, 2 << 20, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	return space == MAP_FAILED;
}

/* In this order: what has been shown once is not shown again. */
static void what_is_no_configuration_space(void **state)
{
	(void)state;
	assert_int_equal(broker_pci_config_map(ECAM + (1 << 20)), 0);
	hidden = 1;
	assert_int_equal(broker_pci_config_map(ECAM), 0);
	hidden = 0;
	refused = 1;
	assert_int_equal(broker_pci_config_map(ECAM), 0);
	refused = 0;
	assert_false(broker_pci_config_is_mapped());
	assert_int_equal(broker_pci_config_map(ECAM), FRAME);
	assert_true(broker_pci_config_is_mapped());
	assert_int_equal(broker_pci_config_map(ECAM), 0);
}

static void accesses_have_their_width(void **state)
{
	static const uint8_t bytes[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	static const uint8_t after[8] = { 1, 0xaa, 0xcc, 0xbb, 5, 6, 7, 8 };
	uint8_t *at = space + (9 << 12) + 0x40;

	(void)state;
	memcpy(at, bytes, 8);
	assert_int_equal(broker_pci_config_read(9, 0x40, 4), 0x04030201);
	assert_int_equal(broker_pci_config_read(9, 0x42, 2), 0x0403);
	assert_int_equal(broker_pci_config_read(9, 0x43, 1), 4);
	broker_pci_config_write(9, 0x41, 1, 0xffffffaa);
	broker_pci_config_write(9, 0x42, 2, 0xffffbbcc);
	assert_memory_equal(at, after, 8);
	broker_pci_config_write(9, 0x44, 4, 0xddccbbaa);
	assert_int_equal(broker_pci_config_read(9, 0x44, 4), 0xddccbbaa);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_configuration_space),
		cmocka_unit_test(accesses_have_their_width),
	};

	return cmocka_run_group_tests_name("broker_config", tests, set_up,
					   NULL);
}
