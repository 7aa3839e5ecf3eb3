# SPDX-License-Identifier: BSD-2-Clause
"""archive_test.py - wrong manifests and programs are refused where they are built.

What is right is read back by the broker itself: tests/unit/broker_policy.c.
"""
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "mk"))

import archive  # noqa: E402
import manifest  # noqa: E402

R, X, W = 4, 1, 2
CODE = (R | X, 0x400000, b"c" * 0x1100, 0x1100)
DATA = (R | W, 0x402010, b"d" * 0x20, 0x3000)


def elf(*segments, entry=0x400000):
    """An AArch64 executable of (flags, address, bytes, bytes in memory)."""
    count = len(segments)
    data = archive.FILE.pack(
        b"\x7fELF\2\1\1".ljust(16, b"\0"), archive.EXEC, archive.AARCH64, 1,
        entry, 64, 0, 0, 64, 56, count, 0, 0, 0)
    at = len(data) + 56 * count
    for flags, address, body, memory in segments:
        data += archive.PROGRAM.pack(archive.PT_LOAD, flags, at, address,
                                     address, len(body), memory, 4096)
        at += len(body)
    return data + b"".join(body for _, _, body, _ in segments)


def put(data, at, layout, value):
    """The bytes with a number in another place."""
    out = bytearray(data)
    struct.pack_into(layout, out, at, value)
    return bytes(out)


class Folder(unittest.TestCase):
    """A folder of its own, and the tool run in it."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return pathlib.Path(self.folder.name) / name

    def pack(self, text, **files):
        """Return: (status, errors, archive or None)."""
        self.path("manifest.txt").write_text(text)
        files = files or {"a": elf(CODE, DATA)}
        for name, data in files.items():
            self.path(f"{name}.elf").write_bytes(data)
        out = self.path("out")
        out.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-B", str(TOP / "mk/archive.py"), str(out),
             str(self.path("manifest.txt")),
             *(str(self.path(f"{name}.elf")) for name in files)],
            text=True, capture_output=True)
        return (done.returncode, done.stderr,
                out.read_bytes() if out.exists() else None)


class Lines(Folder):
    """Each wrong line is told with its file and number; nothing is built."""

    def refused(self, line, words):
        status, said, made = self.pack(f"# first\n{line}\n")
        self.assertEqual((status, made), (1, None), line)
        self.assertIn("manifest.txt:2: ", said)
        self.assertIn(words, said)
        self.assertEqual(said.count("\n"), 1, said)

    def test_wrong_words(self):
        for words, said in (
                ("stackkib=1", 'unknown key "stackkib"'),
                ("stack_kib=1x", 'bad value "1x" for stack_kib'),
                ("stack_kib=" + "9" * 20, "bad value"),
                ("stack_kib=253", "bad value"), ("stack_kib=0", "bad value"),
                ("stack_kib=-1", "bad value"), ("dma_kib=65537", "bad value"),
                ("lend_kib=65537", "bad value"),
                ("sums_kib=65537", "bad value"),
                ("channels=33", "bad value"), ("meta_bytes=65", "bad value"),
                ("stall_ms=0", "leaves the device no time"),
                ("kind=driver", 'bad value "driver"'),
                ("kind=broker", "bad value"), ("class=disk", "bad value"),
                ("connect=block,disk", "bad value"),
                ("connect=timer", "bad value"), ("allow=all", "bad value"),
                ("absent=never", "bad value"), ("priority=255", "bad value"),
                ("match=of:a[", "bad value"), ("match=", "bad value"),
                ("match=of:" + "x" * 128, "bad value"),
                ("word", '"word" is not key=value'),
                ("start=device", "needs match=")):
            self.refused(f"a elf=a.elf {words}", said)

    def test_wrong_programs(self):
        self.refused("a elf=", 'bad value "" for elf')
        self.refused("a kind=app", "elf= is missing")
        self.refused("a elf=b.elf", "b.elf is not among the programs")
        self.refused("a" * 32 + " elf=a.elf", "longer than 31")

    def test_no_place_for_sums(self):
        for image, words in (
                (elf((R | X, 0xfff8000, b"cccc", 4), entry=0xfff8000),
                 "no room behind"),
                (elf(*((R | X, 0x400000 + i * 4096, b"cccc", 4)
                       for i in range(8))), "too many segments")):
            self.assertEqual(self.pack("a elf=a.elf\n", a=image)[0], 0)
            status, said, _ = self.pack("a elf=a.elf sums_kib=28\n", a=image)
            self.assertEqual(status, 1)
            self.assertIn("manifest.txt:1: sums_kib: ", said)
            self.assertIn(words, said)

    def test_all_errors_at_once(self):
        status, said, _ = self.pack("a elf=a.elf\na elf=a.elf\nb elf=\n")
        self.assertEqual(status, 1)
        self.assertIn("manifest.txt:2: the name a was used before", said)
        self.assertIn("manifest.txt:3: ", said)

    def test_counts(self):
        lines = "".join(f"a{i} elf=a.elf\n" for i in range(49))
        self.assertIn("manifest.txt:49: there are more than 48",
                      self.pack(lines)[1])
        self.assertEqual(self.pack("\n".join(lines.split("\n")[:48]))[0], 0)
        self.assertIn("it has no program", self.pack("# none\n")[1])

    def test_globs(self):
        for value, globs in (
                ("of:a,b,of:N*Carm,pl*,virtio:d1*",
                 "of:a,b of:N*Carm,pl* virtio:d1*"),
                ("x:[ab]1[0-2]", "x:a10 x:a11 x:a12 x:b10 x:b11 x:b12")):
            self.assertEqual(manifest.globs(value), globs)


class Programs(unittest.TestCase):
    """What cannot be loaded is refused in words."""

    def refused(self, data, words):
        with self.assertRaises(manifest.Wrong) as wrong:
            archive.segments(data)
        self.assertIn(words, str(wrong.exception))

    def test_headers(self):
        good = elf(CODE, DATA)
        archive.segments(good)
        for at, layout, value, words in (
                (1, "B", 0x65, "magic"), (4, "B", 1, "64-bit"),
                (18, "<H", 62, "AArch64"), (16, "<H", 3, "static executable"),
                (54, "<H", 32, "unknown size"),
                (56, "<H", 0, "no program header"),
                (56, "<H", 17, "no program header"),
                (32, "<Q", len(good) - 100, "pass the end")):
            self.refused(put(good, at, layout, value), words)
        for length in range(len(good)):
            with self.assertRaises(manifest.Wrong):
                archive.segments(good[:length])

    def test_segments(self):
        flags, address, body, memory = DATA
        for segments, words in (
                ((CODE, (flags, address, body, 8)), "larger in the file"),
                (((R | X, 0x300000, b"cccc", 4),), "outside of the image"),
                ((CODE, (flags, 2**64 - 65536, body, memory)), "outside"),
                ((CODE, (flags, address, body, 2**63)), "outside"),
                (((R | W | X, *CODE[1:]), DATA), "writable and executable"),
                ((CODE, (flags, 0x401200, body, memory)), "share a page"),
                ((DATA, CODE), "not in order"),
                ([(R | X, 0x400000 + i * 4096, b"cccc", 4)
                  for i in range(9)], "more than 8")):
            self.refused(elf(*segments), words)
        good = elf(CODE, DATA)
        self.refused(put(good, 64 + 56, "<I", 3), "dynamic linker")
        self.refused(put(put(good, 64, "<I", 4), 120, "<I", 4),
                     "nothing to load")

    def test_entry(self):
        for entry in (0x402010, 0x400002, 0x401100):
            self.refused(elf(CODE, DATA, entry=entry), "entry point")


class Share(Folder):
    """Equal segments are stored once; constants fill pages of their own."""

    def test_equal_ones(self):
        code, data = b"c" * 5000, b"d" * 100
        whole = (R | X, 0x380000, code, len(code))
        files = {"a": elf(whole, (R | W, 0x390000, data, 100), entry=0x380000),
                 "b": elf((R | W, 0x360000, data, 200), whole,
                          (R, 0x390000, b"own", 3), entry=0x380000)}
        text = "a elf=a.elf\nb elf=b.elf\n"
        status, said, made = self.pack(text, **files)
        self.assertEqual((status, said), (0, ""))
        self.assertEqual((made.count(code), made.count(data)), (1, 1))
        self.assertEqual(made.find(code) % 4096, 0)
        self.assertEqual(made.find(b"own") % 4096, 0)
        self.assertEqual(self.pack(text, **files)[2], made)


if __name__ == "__main__":
    unittest.main()
