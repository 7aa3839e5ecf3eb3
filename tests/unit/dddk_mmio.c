/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dddk_mmio.c - register access helpers: width, place, bits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dddk/irq.h>
#include <dddk/mmio.h>
#include "fake/process.h"

static uint8_t regs[16] __attribute__((aligned(8)));

static void test_widths(void **state)
{
	(void)state;
	dddk_mmio_write32(regs, 0x44332211);
	assert_int_equal(dddk_mmio_read8(regs + 1), 0x22);
	assert_int_equal(dddk_mmio_read16(regs + 2), 0x4433);
	assert_int_equal(dddk_mmio_read32(regs), 0x44332211);
	dddk_mmio_write8(regs, 0xaa);
	dddk_mmio_write16(regs + 2, 0xbbcc);
	assert_int_equal(dddk_mmio_read32(regs), 0xbbcc22aa);
	dddk_mmio_write32_relaxed(regs + 4, 7);
	assert_int_equal(regs[4], 7);
	assert_int_equal(regs[8], 0);
}

static void test_bits(void **state)
{
	(void)state;
	dddk_mmio_write32(regs, 0xf0);
	dddk_mmio_set32(regs, 0x3);
	assert_int_equal(dddk_mmio_read32(regs), 0xf3);
	dddk_mmio_clear32(regs, 0x30);
	assert_int_equal(dddk_mmio_read32(regs), 0xc3);
}

static void test_ack(void **state)
{
	(void)state;
	fake_process_start();
	dddk_irq_ack(0);
	dddk_irq_ack(3);
	assert_int_equal(fake.acks, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_ack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
