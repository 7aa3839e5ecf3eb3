# SPDX-License-Identifier: BSD-2-Clause
"""common_test.py - code that drivers have in common: ordered alike in each."""
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "dde-linux/build"))

import common_code  # noqa: E402

MAP = """Discarded input sections
 .text.gone 0x0000000000000000 0x10 b/emul.a(core.o)
Linker script and memory map
 .text.both     0x0000000000380000       0x20 b/emul.a(core.o)
 .rodata.a_very_long_name
                0x00000000003a0000        0x8 b/linux/real.a(/x/lib/sort.o)
 .bss.__key     0x0000000000360000        0x0 b/emul.a(core.o)
 .rodata.dde_optional 0x0000000000364000  0x8 b/emul.a(dde_optional.o)
 .text.probe    0x0000000000380020       0x20 b/dde/blk/virtio_blk.o
 .data.dde_initcall6 0x00000000003640 0x8 b/emul.a(core.o)
"""
ONE_MORE = " .text.only     0x0000000000380040       0x20 b/emul.a(core.o)\n"


class Plan(unittest.TestCase):
    """What all drivers link, and nothing else, is listed."""

    def lists(self, *maps):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for number, text in enumerate(maps):
                paths.append(pathlib.Path(folder) / f"map{number}")
                paths[-1].write_text(text)
            common_code.plan(folder, paths)
            return {kind: (pathlib.Path(folder) / f"common.{kind}").read_text()
                    for kind in common_code.KINDS}

    def test_what_all_have(self):
        found = self.lists(MAP + ONE_MORE, MAP)
        self.assertEqual(found, {
            "text": "*emul.a:core.o(.text.both)\n",
            "rodata": "*real.a:/x/lib/sort.o(.rodata.a_very_long_name)\n",
            "data": "", "bss": "*emul.a:core.o(.bss.__key)\n"})

    def test_another_size_is_another_function(self):
        found = self.lists(MAP, MAP.replace("0x20 b/emul", "0x24 b/emul"))
        self.assertEqual(found["text"], "")
        self.assertNotEqual(found["rodata"], "")


if __name__ == "__main__":
    unittest.main()
