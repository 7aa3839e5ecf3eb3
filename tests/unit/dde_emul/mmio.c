// SPDX-License-Identifier: BSD-2-Clause
/*
 * mmio.c - the device's registers: which addresses can be mapped, who has
 * claimed them, and accesses of every width. Their barriers: dde_barriers.py.
 */
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/ioport.h>
#include <linux/string.h>
#include "check.h"

#define REGISTERS 0x9000000ul /* tree.dts */
#define BYTES	  0x1000ul

/* Only what the broker has given, to its last byte. */
static void mapped(void)
{
	void *window = (void *)kit_device()->mmio[0].vaddr;

	CHECK((void __force *)ioremap(REGISTERS, BYTES) == window);
	CHECK((void __force *)ioremap(REGISTERS + BYTES - 16, 16) ==
	      window + BYTES - 16);
	fake_log_clear();
	CHECK(!ioremap(REGISTERS + BYTES - 16, 17));
	CHECK(strstr(fake_log, "not registers of this device"));
	CHECK(!ioremap(REGISTERS - 1, 2) && !ioremap(REGISTERS + BYTES, 1));
	CHECK(!ioremap(REGISTERS + 16, ~0ul) && !ioremap(0x8000000, 4));
}

static void claimed(void)
{
	CHECK(request_mem_region(REGISTERS + 0x800, 0x100, "one"));
	CHECK(!request_mem_region(REGISTERS + 0x8ff, 2, "two"));
	CHECK(request_mem_region(REGISTERS + 0x900, 2, "two"));
	release_mem_region(REGISTERS + 0x900, 2);
	release_mem_region(REGISTERS + 0x800, 0x100);
	CHECK(request_mem_region(REGISTERS + 0x8ff, 2, "two"));
	release_mem_region(REGISTERS + 0x8ff, 2);
}

/* Registers are little-endian; each access touches its own bytes only. */
static void widths(u8 __iomem *at)
{
	memset_io(at, 0xee, 32);
	writeq(0x1122334455667788, at + 8);
	CHECK(readb(at + 8) == 0x88 && readw(at + 10) == 0x5566);
	CHECK(readl(at + 12) == 0x11223344 && readb(at + 16) == 0xee);
	writel(0xa1b2c3d4, at + 8);
	writew_relaxed(0x9988, at + 12);
	writeb(0x77, at + 14);
	CHECK(readq(at + 8) == 0x11779988a1b2c3d4);
	CHECK(ioread32be(at + 8) == 0xd4c3b2a1);
	iowrite16be(0x0102, at + 8);
	CHECK(readw_relaxed(at + 8) == 0x0201 && readb(at + 7) == 0xee);
}

/* Copies of any length to any address, and nothing beside them. */
static void copies(u8 __iomem *at)
{
	u8 from[40], to[40];
	unsigned int start, bytes, i;

	for (i = 0; i < sizeof(from); i++)
		from[i] = i + 1;
	for (start = 0; start < 8; start++) {
		for (bytes = 0; bytes < 24; bytes++) {
			memset_io(at, 0, 40);
			memcpy_toio(at + start, from, bytes);
			memcpy_fromio(to, at, 40);
			CHECK(!memcmp(to + start, from, bytes));
			CHECK(!memchr_inv(to, 0, start));
			CHECK(!memchr_inv(to + start + bytes, 0,
					  40 - start - bytes));
		}
	}
}

static void polled(u8 __iomem *at)
{
	u32 value;

	writel(5, at);
	CHECK(!readl_poll_timeout(at, value, value == 5, 100, 1000));
	CHECK(readl_poll_timeout(at, value, value == 6, 100, 1000) ==
	      -ETIMEDOUT);
	CHECK(readl_poll_timeout_atomic(at, value, value == 6, 10, 100) ==
	      -ETIMEDOUT);
	CHECK(value == 5);
}

static void check_mmio(void)
{
	u8 __iomem *registers = ioremap(REGISTERS, BYTES);

	mapped();
	claimed();
	widths(registers + 0x100);
	copies(registers + 0x200);
	polled(registers + 0x300);
	memset_io(registers, 0, 0x400);
	iounmap(registers);
}
CHECK_GROUP(mmio);
