#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""linux_files_test.py - Linux's own files: the list, their flags, the proof.

Run: python3 tests/unit/linux_files_test.py (from the top, no Linux tree needed).
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

import link_driver as ld  # noqa: E402
import linux_flags as lf  # noqa: E402
import real_files as rf  # noqa: E402
import verify  # noqa: E402

class RealFiles(unittest.TestCase):
    """The list of Linux's own files and the initcalls it keeps."""

    def test_list(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "f")
            ld.write_file(os.path.join(folder, ".config"),
                          "CONFIG_SPI=y\nCONFIG_MMC=m\n")
            ld.write_file(path, "# x\n\nlib/a.c\t\twhy\nb/c.S +init why\n"
                          "d/e.c ?SPI +init why\nf.c ?MMC why\n"
                          "g.c ?MMC=m why\nh.c ?SPI=m why\ni.c ?HID=m why\n")
            self.assertEqual([(f.object, f.init)
                              for f in rf.read_list(path, folder)],
                             [("lib/a.o", False), ("b/c.o", True),
                              ("d/e.o", True), ("g.o", False),
                              ("h.o", False)])
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
