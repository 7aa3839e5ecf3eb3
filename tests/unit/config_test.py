#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""config_test.py - the reader of drivers.config, its menu, what it refuses.

Run: python3 tests/unit/config_test.py (from the top, no Linux tree needed).
"""
import io
import contextlib
import argparse
import os
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "dde-linux", "build"))
sys.dont_write_bytecode = True

import driver_class  # noqa: E402
import drivers_config as dc  # noqa: E402
import menu  # noqa: E402
import settings  # noqa: E402

SYMBOLS = {"VIRTIO_BLK": "tristate", "VIRTIO_NET": "tristate",
           "E1000E": "tristate", "HZ": "integer", "SMP": "bool"}


def messages(text, natives=()):
    """All errors of a file with this text."""
    entries, errors = dc.parse(text, "f")
    return errors + dc.check(entries, SYMBOLS, list(natives), "f")


class Reading(unittest.TestCase):
    """Syntax of the file."""

    def test_names_as_listed(self):
        """A driver of the other kind that stands first comes first."""
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("DDE_B=y\nNATIVE_C=y\nDDE_A=y\n")
            file.flush()
            for kind, said in (("ALL", "dde-b native-c dde-a"),
                               ("DDE", "b a"), ("NATIVE", "c")):
                out = io.StringIO()
                with contextlib.redirect_stdout(out):
                    dc.names(argparse.Namespace(file=file.name, kind=kind))
                self.assertEqual(out.getvalue().strip(), said)

    def test_good_file(self):
        entries, errors = dc.parse(
            "# comment\n\n  DDE_VIRTIO_BLK=y\n# DDE_E1000E is not set\n"
            "NATIVE_RTC=y\nDDE_VIRTIO_NET=n\n")
        self.assertEqual(errors, [])
        self.assertEqual([(e.line, e.kind, e.name) for e in entries],
                         [(3, "DDE", "virtio_blk"), (5, "NATIVE", "rtc")])

    def test_empty_file(self):
        self.assertEqual(dc.parse(""), ([], []))

    def test_listed_twice(self):
        self.assertEqual(
            messages("DDE_VIRTIO_BLK=y\n\nDDE_VIRTIO_BLK=y\n"),
            ["f:3: DDE_VIRTIO_BLK is listed twice, first in line 1; "
             "remove one of them"])

    def test_same_name_native_and_dde(self):
        self.assertEqual(messages("DDE_VIRTIO_BLK=y\nNATIVE_VIRTIO_BLK=y\n",
                                  ["virtio_blk"]), [])

    def test_value_missing(self):
        self.assertEqual(messages("DDE_VIRTIO_BLK\n"),
                         ["f:1: 'DDE_VIRTIO_BLK' has no value, "
                          "write DDE_VIRTIO_BLK=y"])

    def test_value_m(self):
        self.assertIn("the value must be y", messages("DDE_VIRTIO_BLK=m")[0])

    def test_value_empty(self):
        self.assertIn("the value must be y", messages("DDE_VIRTIO_BLK=")[0])

    def test_linux_prefix(self):
        self.assertEqual(messages("CONFIG_E1000E=y"),
                         ["f:1: 'CONFIG_E1000E' is Linux's name, "
                          "here it is DDE_E1000E=y"])

    def test_small_letters(self):
        self.assertIn("DDE_VIRTIO_BLK=y", messages("DDE_virtio_blk=y")[0])

    def test_no_prefix(self):
        self.assertIn("neither DDE_ nor NATIVE_", messages("VIRTIO_BLK=y")[0])

    def test_blank_before_value(self):
        self.assertIn("f:1: ", messages("DDE_VIRTIO_BLK = y")[0])

    def test_every_mistake_is_told(self):
        errors = messages("FOO\nDDE_VIRTIO_BLK=m\nDDE_HZ=y\n")
        self.assertEqual([dc.line_number(e) for e in errors], [1, 2, 3])


class Settings(unittest.TestCase):
    """Lines that say how a driver runs."""

    def test_all_of_them(self):
        entries, errors = dc.parse(
            'DDE_VIRTIO_BLK=y\n'
            'DDE_VIRTIO_BLK_STACK_KIB=32\nDDE_VIRTIO_BLK_DMA_KIB=512\n'
            'DDE_VIRTIO_BLK_ARGS="queue_depth=64 list=1,2"\n'
            'DDE_VIRTIO_BLK_STRICT=y\nDDE_VIRTIO_BLK_ABSENT=wait\n', "f")
        self.assertEqual(errors, [])
        self.assertEqual(len(entries), 1)
        self.assertEqual(
            settings.manifest_words("dma_kib=4 meta_bytes=64",
                                    entries[0].settings),
            "dma_kib=512 meta_bytes=64 stack_kib=32 absent=wait "
            "args=queue_depth=64,list=1,,2,dde.strict")

    def test_absent(self):
        for word in ("wait", "end"):
            self.assertEqual(settings.manifest_words("a=1", {"ABSENT": word}),
                             f"a=1 absent={word}")

    def test_before_its_driver(self):
        entries, errors = dc.parse("DDE_X_STRICT=y\nDDE_X=y\n")
        self.assertEqual((errors, entries[0].settings), ([], {"STRICT": "y"}))

    def test_no_such_driver(self):
        self.assertEqual(
            messages("DDE_VIRTIO_BLK=y\nDDE_E1000E_DMA_KIB=64"),
            ["f:2: DDE_E1000E_DMA_KIB says how DDE_E1000E runs, which no line "
             "lists; add DDE_E1000E=y or remove it"])

    def test_a_symbol_that_ends_like_a_setting(self):
        entries, errors = dc.parse("DDE_FOO_STRICT=y\n")
        self.assertEqual((errors, entries[0].symbol), ([], "FOO_STRICT"))

    def test_kept_for_a_driver_that_is_off(self):
        self.assertEqual(dc.parse("DDE_X=n\nDDE_X_DMA_KIB=64\n"), ([], []))

    def test_of_a_native_driver(self):
        entries, errors = dc.parse(
            'DDE_VIRTIO_BLK=y\nNATIVE_VIRTIO_BLK=y\n'
            'NATIVE_VIRTIO_BLK_DEVICE="/virtio_mmio@a003c00"\n'
            "NATIVE_VIRTIO_BLK_SHARE=y\nNATIVE_VIRTIO_BLK_STALL_MS=250", "f")
        self.assertEqual((errors, entries[0].settings), ([], {}))
        self.assertEqual(
            settings.manifest_words("dma_kib=64", entries[1].settings),
            "dma_kib=64 stall_ms=250 share=1 device=/virtio_mmio@a003c00")
        self.assertEqual(
            messages("NATIVE_VIRTIO_BLK=y\nNATIVE_VIRTIO_BLK_STRICT=y",
                     ["virtio_blk"]),
            ["f:2: NATIVE_VIRTIO_BLK_STRICT=y: only a driver of Linux has "
             "this setting"])

    def test_bad_values(self):
        for key, value, why in (
                ("DMA_KIB", "0", "must be a number from 1 to 65536"),
                ("DMA_KIB", "1M", "must be a number"),
                ("STACK_KIB", "253", "must be a number from 1 to 252"),
                ("STACK_KIB", "9" * 30, "must be a number"),
                ("STALL_MS", "0", "must be a number from 1 to 3600000"),
                ("STRICT", "yes", "must be y or n"),
                ("ABSENT", "", "must be wait or end"),
                ("DEVICE", "/pl031", "in quotes"),
                ("DEVICE", '" "', "in quotes"),
                ("DEVICE", '"/a:b"', "'/a:b' is neither a path"),
                ("DEVICE", '"/a //b"', "'//b' is neither a path"),
                ("DEVICE", f'"/{"a" * 127}"', "is neither a path"),
                ("DEVICE", '"/a /a"', "'/a' stands there twice"),
                ("DEVICE_ID", '"a"', "a name of at most 19 characters"),
                ("DEVICE_ID", "a" * 20, "a name of at most 19 characters"),
                ("ARGS", "a=1", "in quotes"),
                ("ARGS", '"', "in quotes"),
                ("ARGS", '"a="b""', "without quotes"),
                ("ARGS", '"' + "a" * 201 + '"', "at most 200")):
            found = messages(f"DDE_E1000E=y\nDDE_E1000E_{key}={value}")
            self.assertEqual(len(found), 1, key)
            self.assertIn(f"f:2: DDE_E1000E_{key}={value}: ", found[0])
            self.assertIn(why, found[0])

    def test_nodes(self):
        entries, errors = dc.parse(
            'DDE_X=y\nDDE_X_DEVICE=" /soc/pl031@9010000 serial0"\n'
            'DDE_X_DEVICE_ID=clock,2\nDDE_X_ARGS="a=1"\n', "f")
        self.assertEqual(errors, [])
        self.assertEqual(
            settings.manifest_words("dma_kib=4", entries[0].settings),
            "dma_kib=4 device=/soc/pl031@9010000:serial0 "
            "args=a=1,dde.id=clock,,2")

    def test_name_without_a_node(self):
        self.assertEqual(
            messages("\nDDE_E1000E=y\nDDE_E1000E_DEVICE_ID=a"),
            ["f:2: DDE_E1000E_DEVICE_ID is the name of the device that "
             "DDE_E1000E_DEVICE gives, which is not set"])

    def test_set_twice(self):
        self.assertEqual(
            messages("DDE_E1000E=y\n" + "DDE_E1000E_STRICT=y\n" * 2),
            ["f:3: DDE_E1000E_STRICT is set twice, first in line 2"])


class Menu(unittest.TestCase):
    """What make menuconfig shows and what it changes."""

    def test_tree(self):
        drivers = menu.read_drivers(
            "config A\nmenu Device Drivers\nmenu Clocks\nprompt The \"A\"\n"
            "help one\nhelp\nhelp   two\nend\n"
            "config B\nmenu Device Drivers\nprompt B\nend\n"
            "config A\nmenu Elsewhere\nprompt again\nend\n")
        self.assertEqual([d.symbol for d in drivers], ["A", "B"])
        text = menu.menu_text(drivers)
        self.assertEqual(text.count("config DDE_A\n"), 1)
        self.assertIn('\tbool "The \\"A\\""\n\thelp\n\t  one\n\n\t  two\n',
                      text)
        self.assertEqual(text.count("menu \"Device Drivers\""), 1)
        self.assertLess(text.index("config DDE_B"), text.index('menu "Clocks"'))

    def test_answers(self):
        old = ("# mine\nDDE_A=y\nDDE_B=y\nDDE_B_STRICT=y\n\nDDE_OTHER=y\n"
               "DDE_C=n\n")
        known = {"DDE_A", "DDE_B", "DDE_C", "DDE_D", "NATIVE_E"}
        self.assertEqual(
            menu.changed(old, known, {"DDE_C", "DDE_D", "NATIVE_E"}),
            "# mine\nDDE_B=n\nDDE_B_STRICT=y\n\nDDE_OTHER=y\nDDE_C=y\n"
            "DDE_D=y\nNATIVE_E=y\n")
        self.assertEqual(menu.changed(old, known, {"DDE_A", "DDE_B"}),
                         old.replace("DDE_C=n\n", ""))

    def test_minimal(self):
        entries, errors = dc.parse("# x\nDDE_B=y\nDDE_C=n\nDDE_B_STRICT=n\n"
                                   "DDE_B_DMA_KIB=64\nNATIVE_E=y\n")
        self.assertEqual((menu.minimal_text(entries), errors),
                         ("DDE_B=y\nDDE_B_DMA_KIB=64\nNATIVE_E=y\n", []))


class Names(unittest.TestCase):
    """Names that Linux or drivers-native must know."""

    def test_misspelt(self):
        self.assertEqual(
            messages("\nDDE_VIRTIO_BLC=y"),
            ["f:2: DDE_VIRTIO_BLC: Linux has no symbol CONFIG_VIRTIO_BLC; "
             "did you mean DDE_VIRTIO_BLK?"])

    def test_nothing_near(self):
        self.assertIn("see Linux's Kconfig", messages("DDE_QQQQQQQ=y")[0])

    def test_not_switchable(self):
        self.assertIn("of type integer", messages("DDE_HZ=y")[0])

    def test_never_a_module(self):
        self.assertIn("is a bool", messages("DDE_SMP=y")[0])

    def test_native_unknown(self):
        self.assertEqual(
            messages("NATIVE_VIRTIO_BLC=y", ["virtio_blk", "pl011"]),
            ["f:1: NATIVE_VIRTIO_BLC: there is no such native driver; "
             "did you mean NATIVE_VIRTIO_BLK?"])

    def test_native_none(self):
        self.assertIn("none yet", messages("NATIVE_X=y")[0])

    def test_native_is_checked_without_linux(self):
        entries, _ = dc.parse("DDE_ANYTHING=y\nNATIVE_X=y", "f")
        self.assertEqual(dc.check(entries, None, [], "f"),
                         ["f:2: NATIVE_X: there is no such native driver; "
                          "there are: none yet"])

    def test_unmet_dependency_names_the_line(self):
        entries, _ = dc.parse("\nDDE_E1000E=y")
        self.assertEqual(
            dc.refusals(["on PCI", "unmet E1000E: PCI [=n]"], entries, "f"),
            ["f:2: DDE_E1000E: Linux cannot enable it on this machine; "
             "it depends on: PCI [=n]"])


def write(path, text):
    """Make a small file."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class Classes(unittest.TestCase):
    """A driver that cannot have a class is refused by its sources."""

    def test_driver_without_class(self):
        """Refused by its sources: no file beside it names a class."""
        rows = [driver_class.ClassRow("block", "__blk_alloc_disk", "", "")]
        with tempfile.TemporaryDirectory() as src:
            for name, text in (("a", "blk_alloc_disk();"), ("b", "x();")):
                os.makedirs(os.path.join(src, "drivers", name))
                folder = os.path.join(src, "drivers", name)
                write(os.path.join(folder, "Makefile"),
                              f"obj-$(CONFIG_{name.upper()}) += {name}.o\n")
                write(os.path.join(folder, name + ".c"), text)
            entries, _ = dc.parse("DDE_A=y\nDDE_B=y\nDDE_ELSEWHERE=y")
            self.assertEqual(
                driver_class.refusals(src, entries, rows, "f"),
                ["f:2: DDE_B: calls no registration function of a class that "
                 "dde-linux has (block), so no program could use it: remove the "
                 "line, or add a class (docs/adding-a-driver.md). Buses and "
                 "what else drivers share are built without being listed"])

    def test_line_of_a_driver(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "f")
            write(path, "\nNATIVE_A=y\nDDE_A=y\n")
            self.assertEqual(dc.line_of(path, "a"), 3)
            self.assertEqual(dc.line_of(path, "b"), 0)


if __name__ == "__main__":
    unittest.main()
