#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""config_test.py - the reader of drivers.config and the link step's choices.

Run: python3 tests/unit/config_test.py (from the top, no Linux tree needed).
Each test feeds text and expects the exact lines that a person would see.
"""
import os
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "dde-linux", "build"))
sys.path.insert(0, os.path.join(TOP, "linux-src"))
sys.dont_write_bytecode = True

import driver_class  # noqa: E402
import dwarf  # noqa: E402
import drivers_config as dc  # noqa: E402
import link_driver as ld  # noqa: E402
import linux_flags as lf  # noqa: E402
import menu  # noqa: E402
import missing  # noqa: E402
import quotas  # noqa: E402
import real_files as rf  # noqa: E402
import settings  # noqa: E402
import verify  # noqa: E402

SYMBOLS = {"VIRTIO_BLK": "tristate", "VIRTIO_NET": "tristate",
           "E1000E": "tristate", "HZ": "integer", "SMP": "bool"}


def messages(text, natives=()):
    """All errors of a file with this text."""
    entries, errors = dc.parse(text, "f")
    return errors + dc.check(entries, SYMBOLS, list(natives), "f")


class Reading(unittest.TestCase):
    """Syntax of the file."""

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
            'DDE_VIRTIO_BLK=y\nDDE_VIRTIO_BLK_HEAP_KIB=8\n'
            'DDE_VIRTIO_BLK_STACK_KIB=32\nDDE_VIRTIO_BLK_DMA_KIB=512\n'
            'DDE_VIRTIO_BLK_ARGS="queue_depth=64 list=1,2"\n'
            'DDE_VIRTIO_BLK_STRICT=y\nDDE_VIRTIO_BLK_ABSENT=wait\n', "f")
        self.assertEqual(errors, [])
        self.assertEqual(len(entries), 1)
        self.assertEqual(
            settings.manifest_words("heap_kib=4 meta_bytes=64",
                                    entries[0].settings),
            "heap_kib=8 meta_bytes=64 stack_kib=32 dma_kib=512 absent=wait "
            "args=queue_depth=64,list=1,,2,dde.strict")

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

    def test_bad_values(self):
        for key, value, why in (
                ("DMA_KIB", "0", "must be a number from 1 to 65536"),
                ("DMA_KIB", "1M", "must be a number"),
                ("STACK_KIB", "513", "must be a number from 1 to 512"),
                ("HEAP_KIB", "9" * 30, "must be a number"),
                ("STRICT", "yes", "must be y or n"),
                ("ABSENT", "", "must be wait or end"),
                ("ARGS", "a=1", "in quotes"),
                ("ARGS", '"', "in quotes"),
                ("ARGS", '"a="b""', "without quotes"),
                ("ARGS", '"' + "a" * 201 + '"', "at most 200")):
            found = messages(f"DDE_E1000E=y\nDDE_E1000E_{key}={value}")
            self.assertEqual(len(found), 1, key)
            self.assertIn(f"f:2: DDE_E1000E_{key}={value}: ", found[0])
            self.assertIn(why, found[0])

    def test_set_twice(self):
        self.assertEqual(
            messages("DDE_E1000E=y\n" + "DDE_E1000E_STRICT=y\n" * 2),
            ["f:3: DDE_E1000E_STRICT is set twice, first in line 2"])


class Quotas(unittest.TestCase):
    """Measured peaks become quotas with a margin."""

    def test_margin(self):
        words = "heap_kib=4 stack_kib=16 dma_kib=256 meta_bytes=64"
        self.assertEqual(
            quotas.words_for("a", words, {"a": (192, 1), "b": (0, 9)}),
            "heap_kib=4 stack_kib=8 dma_kib=232 meta_bytes=64")
        self.assertEqual(
            quotas.words_for("b", words, {"a": (192, 1), "b": (0, 9)}),
            "heap_kib=4 stack_kib=36 dma_kib=256 meta_bytes=64")
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


def row_of(name, function):
    """A row of classes.txt."""
    return driver_class.ClassRow(name, function, "glue", "heap_kib=64")


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
            "class=block match=virtio:d00000002v* heap_kib=64\n")

    def test_comma_in_alias(self):
        self.modules[3].aliases = ["of:N*T*Carm,pl011"]
        self.assertIn("match=of:N*T*Carm?pl011 ",
                      ld.manifest_line("x", row_of("c", "f"), self.modules, {}, {}))

    def test_privileged_instructions_are_seen(self):
        text = ("  400000:\td4000003 \tsmc\t#0x0\n"
                "  400004:\td5384100 \tmrs\tx0, sp_el0\n"
                "  400008:\td53be040 \tmrs\tx0, cntvct_el0\n")
        found = ld.INSTRUCTION.findall(text)
        self.assertIn(found[0][0], ld.FORBIDDEN)
        self.assertFalse(ld.REGISTERS.search(found[1][1]))
        self.assertTrue(ld.REGISTERS.search(found[2][1]))

    def test_driver_without_class(self):
        """Refused by its sources: no file beside it names a class."""
        rows = [row_of("block", "__blk_alloc_disk")]
        with tempfile.TemporaryDirectory() as src:
            for name, text in (("a", "blk_alloc_disk();"), ("b", "x();")):
                os.makedirs(os.path.join(src, "drivers", name))
                folder = os.path.join(src, "drivers", name)
                ld.write_file(os.path.join(folder, "Makefile"),
                              f"obj-$(CONFIG_{name.upper()}) += {name}.o\n")
                ld.write_file(os.path.join(folder, name + ".c"), text)
            entries, _ = dc.parse("DDE_A=y\nDDE_B=y\nDDE_ELSEWHERE=y")
            self.assertEqual(
                driver_class.refusals(src, entries, rows, "f"),
                ["f:2: DDE_B: calls no registration function of a class that "
                 "dde-linux has (block); see dde-linux/build/classes.txt"])

    def test_line_of_a_driver(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "f")
            ld.write_file(path, "\nNATIVE_A=y\nDDE_A=y\n")
            self.assertEqual(dc.line_of(path, "a"), 3)
            self.assertEqual(dc.line_of(path, "b"), 0)

    def test_tables_of_this_tree(self):
        folder = os.path.join(TOP, "dde-linux", "build")
        classes = driver_class.read_classes()
        self.assertEqual(classes[0].name, "block")
        self.assertTrue(all(row.glue == f"dde_class_{row.name}"
                            for row in classes))
        self.assertEqual(len({row.function for row in classes}), len(classes))
        buses = driver_class.read_table(
            os.path.join(folder, "buses.txt"))
        self.assertTrue(all(len(row) == 2 for row in buses))


# readelf's text: int f(void); struct rtc *g(void); const u32 h(void);
# enum e i(void); void j(void); extern struct list k; static int l(void) {}
DWARF = """\
 <1><10>: Abbrev Number: 1 (DW_TAG_base_type)
    <11>   DW_AT_byte_size   : 4
    <12>   DW_AT_encoding    : 5\t(signed)
    <13>   DW_AT_name        : int
 <1><20>: Abbrev Number: 2 (DW_TAG_pointer_type)
    <21>   DW_AT_byte_size   : 8
    <22>   DW_AT_type        : <0x70>
 <1><30>: Abbrev Number: 3 (DW_TAG_const_type)
    <31>   DW_AT_type        : <0x40>
 <1><40>: Abbrev Number: 4 (DW_TAG_typedef)
    <41>   DW_AT_name        : (indirect string, offset: 0x1): u32
    <42>   DW_AT_type        : <0x50>
 <1><50>: Abbrev Number: 1 (DW_TAG_base_type)
    <51>   DW_AT_byte_size   : 4
    <52>   DW_AT_encoding    : 7\t(unsigned)
 <1><60>: Abbrev Number: 5 (DW_TAG_enumeration_type)
    <61>   DW_AT_byte_size   : 4
 <1><70>: Abbrev Number: 6 (DW_TAG_structure_type)
    <71>   DW_AT_name        : (indirect string, offset: 0x9): f
    <72>   DW_AT_byte_size   : 0x28
"""
for letter, offset in zip("fghij", ("10", "20", "30", "60", None)):
    DWARF += (f" <1><1{ord(letter):x}>: Abbrev Number: 9 (DW_TAG_subprogram)\n"
              f"    <2>   DW_AT_name        : (indirect string, offset: 0x2): "
              f"{letter}\n    <3>   DW_AT_declaration : 1\n")
    if offset:
        DWARF += f"    <4>   DW_AT_type        : <0x{offset}>\n"
DWARF += """\
 <1><200>: Abbrev Number: 8 (DW_TAG_variable)
    <201>   DW_AT_name        : k
    <202>   DW_AT_type        : <0x70>
    <203>   DW_AT_declaration : 1
 <1><210>: Abbrev Number: 9 (DW_TAG_subprogram)
    <211>   DW_AT_name        : l
    <212>   DW_AT_type        : <0x10>
"""


class Missing(unittest.TestCase):
    """Functions that are not there: their types and what they return."""

    def kinds(self, names):
        entries = dwarf.entries_of(DWARF.splitlines())
        return {name: (found.kind, found.size) for name, found
                in dwarf.declared(entries, set(names)).items()}

    def test_types(self):
        self.assertEqual(self.kinds("fghij"), {
            "f": ("signed", 4), "g": ("pointer", 8), "h": ("unsigned", 4),
            "i": ("unsigned", 4), "j": ("void", 0)})

    def test_variable_is_no_function(self):
        self.assertEqual(self.kinds("k"), {"k": ("variable", 0)})

    def test_what_the_object_defines_does_not_count(self):
        self.assertEqual(self.kinds("lz"), {})

    def test_linker_names_each_once(self):
        text = ("a.o: in function `f':\nx.c:3: warning: undefined reference to "
                "`foo'\na.o: warning: undefined reference to `bar'\n"
                "more undefined references to `foo' follow\n")
        self.assertEqual(missing.undefined(text), ["bar", "foo"])

    def judged(self, *code):
        """How this code, one instruction a word, takes the result."""
        return missing.judged_as([(c.split()[0], missing.operands_of(
            c.split(None, 1)[1] if " " in c else "")) for c in code])

    def test_error_pointer(self):
        self.assertEqual(self.judged("str x0, [x21, #8]", "mov x19, x0",
                                     "cmn x0, #0x1, lsl #12"), "err")
        self.assertEqual(self.judged("mov x19, x0", "bl 40 <printk>",
                                     f"mov x1, {missing.ERR_LIMIT}",
                                     "cmp x19, x1"), "err")

    def test_null_pointer(self):
        self.assertEqual(self.judged("mov x21, x0", "cbz x0, 914"), "null")
        self.assertEqual(self.judged("cmp x0, #0x0"), "null")

    def test_not_judged(self):
        self.assertIsNone(self.judged("ret"))
        self.assertIsNone(self.judged("bl 40 <f>", "cbz x0, 914"))
        self.assertIsNone(self.judged("mov x0, #0x0", "cbz x0, 914"))

    def test_code_of_functions(self):
        text = missing.function_text(0, "g", dwarf.Prototype("pointer", 8),
                                     "-EOPNOTSUPP")
        self.assertIn('void * made_up_0(void) asm("g");', text)
        self.assertIn("\treturn (void *)-EOPNOTSUPP;\n", text)
        text = missing.function_text(1, "j", dwarf.Prototype("void", 0), "0")
        self.assertNotIn("return", text.replace("return_address", ""))
        text = missing.function_text(2, "s", dwarf.Prototype("struct", 40), "0")
        self.assertIn("char bytes[40];", text)

    def test_callers(self):
        listing = ("0000000000400100 <probe>:\n  400100:\tstp\tx29, x30, [sp]\n"
                   "  400104:\tbl\t400200 <foo>\n  400108:\tret\n\n"
                   "0000000000400110 <remove>:\n  400110:\tret\n\n"
                   "0000000000400120 <tail>:\n  400120:\tb\t400200 <foo>\n")
        self.assertEqual(missing.callers(listing, ["foo"]),
                         [(0x400100, 0x40010c, "probe"),
                          (0x400120, 0x400124, "tail")])


class RealFiles(unittest.TestCase):
    """The list of Linux's own files and the initcalls it keeps."""

    def test_list(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "f")
            ld.write_file(os.path.join(folder, ".config"),
                          "CONFIG_SPI=y\nCONFIG_MMC=m\n")
            ld.write_file(path, "# x\n\nlib/a.c\t\twhy\nb/c.S +init why\n"
                          "d/e.c ?SPI +init why\nf.c ?MMC why\n")
            self.assertEqual([(f.object, f.init)
                              for f in rf.read_list(path, folder)],
                             [("lib/a.o", False), ("b/c.o", True),
                              ("d/e.o", True)])
            for line in ("lib/a.c", "lib/a.c +init", "lib/a.h why",
                         "lib/a.c ?SPI +init"):
                ld.write_file(path, line)
                with self.assertRaisesRegex(SystemExit, "f:1: "):
                    rf.read_list(path, folder)

    def test_initcalls_of_a_file_that_others_reach(self):
        read = rf.read_line("drivers/clk/a.c +init=of_clk,clk_x a table")
        self.assertEqual(read[0].keys, ("of_clk", "clk_x"))
        self.assertTrue(read[0].init)
        self.assertEqual(rf.read_line("a.c +init why")[0].keys, ())
        self.assertIsNone(rf.read_line("a.c +init=of_clk"))

    def test_initcalls_of_an_object(self):
        text = ("0 l     O .initcall4.init\t0000000000000008 __initcall__a4\n"
                "0 l     O .initcall7s.init\t0000000000000008 __initcall__b7s\n"
                "0 l     O .con_initcall.init\t0000000008 __initcall__c\n"
                "0 l    d  .initcall4.init\t0000000000000000 .initcall4.init\n")
        self.assertEqual(rf.initcalls(text), [("4", "__initcall__a4"),
                                              ("7s", "__initcall__b7s")])

    def test_only_files_in_use_by_level(self):
        inits = [{"file": "a.c", "calls": [["7", "x"], ["2", "y"]],
                  "names": ["f", "g"]},
                 {"file": "b.c", "calls": [["2", "z"]], "names": ["h"]},
                 {"file": "c.c", "calls": [["early", "w"]], "names": ["i"]}]
        live = ld.live_inits({"g", "i", "main"}, inits)
        self.assertEqual([c.symbol for c in live], ["w", "y", "x"])
        self.assertEqual(ld.live_inits({"main"}, inits), [])
        live = ld.live_inits({"f", "h"}, inits)
        self.assertEqual([c.symbol for c in live], ["y", "z", "x"])


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


class Flags(unittest.TestCase):
    """Kbuild's command becomes flags for any file."""

    def test_per_file_words_go(self):
        words = ("gcc -Wp,-MMD,x.d -I./inc -O2 -DKBUILD_BASENAME='a' "
                 "-D__KBUILD_MODNAME=a -c -o a.o /src/a.c").split()
        self.assertEqual(lf.keep_flags("/out", words), ["-I/out/inc", "-O2"])


class Verifying(unittest.TestCase):
    """A used file that differs, or that no tarball has, is found."""

    def test_chain(self):
        with tempfile.TemporaryDirectory() as top:
            src = os.path.join(top, "linux", "src")
            os.makedirs(os.path.join(src, "lib"))
            os.makedirs(os.path.join(top, "x"))
            for name in ("lib/a.c", "lib/b.h"):
                with open(os.path.join(src, name), "w") as file:
                    file.write("text\n")
            with open(os.path.join(top, "x", "a.d"), "w") as file:
                file.write(f"a.o: {src}/lib/a.c \\\n other.h\n")
            self.assertEqual(verify.used_files(top, [src]), {"lib/a.c"})
            self.assertEqual(list(verify.strangers([src], {"lib/a.c"})),
                             ["lib/b.h"])

    def test_objects_of_another_configuration(self):
        """What an earlier drivers.config compiled does not count."""
        with tempfile.TemporaryDirectory() as top:
            src = os.path.join(top, "linux", "src")
            out = os.path.join(top, "linux", "out")
            for name in ("now", "then", "real"):
                flag = "" if name == "real" else "-DMODULE"
                ld.write_file(os.path.join(src, name + ".c"), "text\n")
                ld.write_file(os.path.join(out, f".{name}.o.cmd"),
                              f"cmd := gcc {flag} {src}/{name}.c\n")
            ld.write_file(os.path.join(out, "modules.order"), "module.o\n")
            ld.write_file(os.path.join(out, "module.mod"), "now.o\n")
            self.assertEqual(verify.used_files(top, [src]),
                             {"now.c", "real.c"})

    def test_list_is_what_sha256sum_reads(self):
        with tempfile.TemporaryDirectory() as top:
            path = os.path.join(top, "list")
            verify.list_write(path, ["a", "b"], {"b": "22", "a": "11"})
            with open(path) as file:
                self.assertEqual(file.read(), "11  a\n22  b\n")


if __name__ == "__main__":
    unittest.main()
