# SPDX-License-Identifier: BSD-2-Clause
"""Which addresses of a console log tests/tools/symbolize.py looks up."""

import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tools"))
import symbolize  # noqa: E402  (needs the path above)


class Symbolize(unittest.TestCase):
    """Lines as the broker and apps/inject print them."""

    def test_lines_that_name_a_program(self):
        for line, name in (
                ("kaal: fault: blk0/virtio_blk (pid 5): read of", "virtio_blk"),
                ("kaal: net0/virtio_net (pid 5) has not answered for",
                 "virtio_net"),
                ("kaal: fault: shell (pid 5): read of", "shell"),
                ("inject: injected into net0/native_virtio_net (pid 7), seed 1",
                 "native_virtio_net")):
            self.assertEqual(re.search(symbolize.REPORT, line)[1], name)
        self.assertIsNone(re.search(symbolize.REPORT, "kaal: ready"))

    def test_addresses(self):
        for line, found in (
                ("read of unmapped address 0x10, pc 0x401234", ["401234"]),
                ("        pc  0000000000401234  sp  000000000025ff80  psr 0",
                 ["0000000000401234"]),
                ("        x28 0  x29 1  x30 0000000000380944",
                 ["0000000000380944"]),
                ("instruction 0x1 at 0x381e30 becomes 0x2", ["381e30"])):
            self.assertEqual(re.findall(symbolize.ADDRESS, line), found)


if __name__ == "__main__":
    unittest.main()
