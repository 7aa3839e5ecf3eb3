#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""link_test.py - the link step's choices: order, class, manifest line, quotas.

Run: python3 tests/unit/link_test.py (from the top, no Linux tree needed).
"""
import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "dde-linux", "build"))
sys.dont_write_bytecode = True

import driver_class  # noqa: E402
import link_driver as ld  # noqa: E402
import quotas  # noqa: E402

def row_of(name, function):
    """A row of classes.txt."""
    return driver_class.ClassRow(name, function, "glue", "stack_kib=64")


class FakeModule:
    """What link_driver.Module offers, without a Kbuild output."""

    def __init__(self, name, depends=(), aliases=()):
        self.name, self.depends = name, list(depends)
        self.aliases = list(aliases)


class Linking(unittest.TestCase):
    """Order of modules, manifest line, messages."""

    def setUp(self):
        self.modules = [
            FakeModule("virtio"), FakeModule("virtio_ring", ["virtio"]),
            FakeModule("virtio_mmio", ["virtio_ring", "virtio"]),
            FakeModule("virtio_blk", ["virtio", "virtio_ring"],
                       ["virtio:d00000002v*"])]
        self.by_name = {m.name: m for m in self.modules}

    def test_transport_comes_first(self):
        own = ld.add_transports([self.modules[3]], self.by_name,
                                [["virtio:", "virtio_mmio"]])
        order = [m.name for m in ld.in_order(own, self.by_name)]
        self.assertEqual(order, ["virtio", "virtio_ring", "virtio_mmio",
                                 "virtio_blk"])

    def test_manifest_line(self):
        self.assertEqual(
            ld.manifest_line("virtio_blk", row_of("block", "f"), self.modules,
                             {}, {}),
            "virtio_blk elf=dde_virtio_blk.elf kind=dde start=device "
            "class=block match=virtio:d00000002v* stack_kib=64\n")

    def test_named_node(self):
        line = ld.manifest_line("x", row_of("rtc", "f"), [],
                                {"DEVICE": '"/a"'}, {})
        self.assertEqual(line, "x elf=dde_x.elf kind=dde start=device "
                         "class=rtc stack_kib=64 device=/a\n")

    def test_driver_that_matches_nothing(self):
        """It makes its own device: it is started once."""
        line = ld.manifest_line("x", row_of("rtc", "f"), [], {}, {})
        self.assertEqual(line, "x elf=dde_x.elf kind=dde start=boot "
                         "class=rtc stack_kib=64\n")

    def test_comma_in_alias(self):
        self.modules[3].aliases = ["of:N*T*Carm,pl011"]
        self.assertIn("match=of:N*T*Carm?pl011 ",
                      ld.manifest_line("x", row_of("c", "f"), self.modules, {}, {}))

    def test_pci_ids_are_short(self):
        """Same devices, less text; what does not match anything stays."""
        self.modules[3].aliases = [
            "pci:v00008086d0000105Esv*sd*bc*sc*i*",
            "pci:v00008086d0000105Esv*sd*bc*sc*i*",
            "pci:v*d*sv*sd*bc01sc08i02*", "pci:v0000106Bd00002003sv*sd*bc01sc*i*"]
        self.assertIn("match=pci:v00008086d0000105E*,"
                      "pci:v*d*sv*sd*bc01sc08i02*,"
                      "pci:v0000106Bd00002003sv*sd*bc01sc*i* ",
                      ld.manifest_line("x", row_of("c", "f"), self.modules,
                                       {}, {}))

    def test_privileged_instructions_are_seen(self):
        text = ("  400000:\td4000003 \tsmc\t#0x0\n"
                "  400004:\td5384100 \tmrs\tx0, sp_el0\n"
                "  400008:\td53be040 \tmrs\tx0, cntvct_el0\n")
        found = ld.INSTRUCTION.findall(text)
        self.assertIn(found[0][0], ld.FORBIDDEN)
        self.assertFalse(ld.REGISTERS.search(found[1][1]))
        self.assertTrue(ld.REGISTERS.search(found[2][1]))

    def test_tables_of_this_tree(self):
        classes = driver_class.read_classes()
        self.assertEqual(classes[0].name, "block")
        self.assertTrue(all(row.glue == f"dde_class_{row.name}"
                            for row in classes))
        self.assertEqual(len({row.function for row in classes}), len(classes))
        transports, buses = driver_class.read_buses()
        self.assertEqual(transports, [("virtio:", "virtio_mmio")])
        self.assertEqual(buses["i2c_register_driver"], "I2C")

    def test_a_bus_that_is_not_here(self):
        buses = {"i2c_register": "I2C", "spi_register": "SPI",
                 "pci_register": "-"}
        for called, lacking in (({"kfree"}, None), ({"pci_register"}, None),
                                ({"i2c_register", "kfree"}, "I2C"),
                                ({"spi_register", "i2c_register"},
                                 "I2C or SPI"),
                                ({"i2c_register", "pci_register"}, None)):
            self.assertEqual(driver_class.no_bus(called, buses), lacking)


class Quotas(unittest.TestCase):
    """Measured peaks become quotas with a margin."""

    def test_margin(self):
        words = "stack_kib=16 dma_kib=256 meta_bytes=64"
        self.assertEqual(
            quotas.words_for("a", words, {"a": (192, 1), "b": (0, 9)}),
            "stack_kib=8 dma_kib=232 meta_bytes=64")
        self.assertEqual(
            quotas.words_for("b", words, {"a": (192, 1), "b": (0, 9)}),
            "stack_kib=36 dma_kib=256 meta_bytes=64")
        self.assertEqual(quotas.words_for("c", words, {}), words)

    def test_setting_wins(self):
        line = ld.manifest_line("a", row_of("block", "f"), [],
                                {"DMA_KIB": "64"}, {"a": (192, 1)})
        self.assertIn(" dma_kib=64", line)

    def test_table_of_this_tree(self):
        measured = quotas.read()
        self.assertIn("virtio_blk", measured)
        self.assertTrue(all(arena and stack
                            for arena, stack in measured.values()))


class Buses(unittest.TestCase):
    """Which buses a process brings along depends on what its driver matches."""

    def test_hooks(self):
        text = ld.bus_hooks([FakeModule("a", aliases=["virtio:d1v*"])])
        self.assertIn("dde_pci_bus)(void) = 0;", text)
        self.assertIn("dde_amba_bus)(struct device_node *) = 0;", text)
        text = ld.bus_hooks([FakeModule("a", aliases=["of:x", "amba:d?1"])])
        self.assertIn("dde_amba_bus)(struct device_node *) = dde_amba_create;",
                      text)
        self.assertIn("dde_pci_bus)(void) = 0;", text)


if __name__ == "__main__":
    unittest.main()
