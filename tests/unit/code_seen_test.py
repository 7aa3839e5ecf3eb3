# SPDX-License-Identifier: BSD-2-Clause
"""code_seen_test.py - what QEMU logs of code is read whole, and is no error."""
import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(TOP / "tests/tools"))

import code_seen  # noqa: E402  (needs the path above)

LOG = """----------------
IN: 
0x40200000:  14000002  b        #0x40200008
0x40200004:  d503201f  nop      

----------------
IN: 
0x00360010:  d65f03c0  ret      
"""
PIECES = {(0x40200000, bytes.fromhex("020000141f2003d5")),
          (0x360010, bytes.fromhex("c0035fd6"))}


class CodeSeen(unittest.TestCase):
    """One log, read and kept."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        (self.path / "log").write_text(LOG)

    def test_pieces(self):
        """Each piece has its first address and all its bytes in their order."""
        self.assertEqual(set(code_seen.pieces(self.path / "log")), PIECES)

    def test_kept(self):
        """What is kept comes back; a second guest adds nothing."""
        where = self.path / "code"
        with mock.patch.dict(os.environ, KAAL_CODE=str(where)), \
                mock.patch.object(code_seen, "known", set()):
            code_seen.keep(self.path / "log")
            size = sum(file.stat().st_size for file in where.iterdir())
            code_seen.keep(self.path / "log")
        self.assertEqual(code_seen.kept(where, self.path / "log"), PIECES)
        self.assertEqual(
            sum(file.stat().st_size for file in where.iterdir()), size)

    def test_kept_of_older(self):
        """What an older build has executed says nothing of this one's code."""
        where = self.path / "code"
        with mock.patch.dict(os.environ, KAAL_CODE=str(where)), \
                mock.patch.object(code_seen, "known", set()):
            code_seen.keep(self.path / "log")
        for file in where.iterdir():
            os.utime(file, (0, 0))
        self.assertEqual(code_seen.kept(where, self.path / "log"), set())

    def test_errors_stay(self):
        """A guest's error is not taken for code."""
        self.assertTrue(all(code_seen.LINE.match(line)
                            for line in LOG.splitlines()))
        self.assertIsNone(code_seen.LINE.match(
            "pl011_write: Bad offset 0x99"))


if __name__ == "__main__":
    unittest.main()
