# SPDX-License-Identifier: BSD-2-Clause
"""common_test.py - code that drivers have in common: ordered alike, stored once."""
import pathlib
import struct
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "dde-linux/build"), str(TOP / "mk")]

import archive  # noqa: E402
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


def elf(*segments):
    """An ELF file of (flags, address, bytes) with section headers named."""
    data = bytearray(b"\x7fELF\x02\x01\x01".ljust(64, b"\0"))
    struct.pack_into("<QQ", data, 0x20, 64, 0x1234)
    struct.pack_into("<HHHHH", data, 0x36, 56, len(segments), 64, 3, 2)
    bodies, at = b"", 4096
    for flags, address, body in segments:
        data += archive.PROGRAM.pack(archive.PT_LOAD, flags, at, address,
                                     address, len(body), len(body), 4096)
        bodies += archive.page_pad(body)
        at += len(archive.page_pad(body))
    return bytes(archive.page_pad(data)) + bodies


class Share(unittest.TestCase):
    """Equal segments that nobody writes are stored once."""

    def loaded(self, files):
        """{name: [(flags, address, bytes)]} as the broker would load them."""
        files = dict(files)
        shared = files.pop("shared", b"")
        found = {}
        for name, data in files.items():
            found[name] = [
                (flags, address, (shared if kind == archive.PT_SHARED else
                                  data)[offset:offset + size])
                for kind, flags, offset, address, _, size, _, _
                in archive.programs(data)]
        return found

    def test_equal_ones(self):
        code, data = b"c" * 5000, b"d" * 100
        files = [("a", elf((5, 0x380000, code), (6, 0x390000, data))),
                 ("b", elf((6, 0x360000, data), (5, 0x380000, code),
                           (5, 0x390000, b"own"))),
                 ("c", elf((5, 0x380000, b"C" + code[1:]))),
                 ("text", b"no program")]
        shared = archive.share(files)
        self.assertEqual(shared[0], ("shared", archive.page_pad(code)))
        self.assertEqual(self.loaded(shared), self.loaded(files))
        sizes = {name: len(data) for name, data in shared}
        self.assertEqual(sizes["a"], 4096 + 100)
        self.assertEqual(dict(shared)["c"], dict(files)["c"])

    def test_nothing_in_common(self):
        files = [("a", elf((5, 0x380000, b"one"), (6, 0x390000, b"data"))),
                 ("b", elf((5, 0x380000, b"two"), (6, 0x390000, b"data")))]
        self.assertEqual(archive.share(files), files)


if __name__ == "__main__":
    unittest.main()
