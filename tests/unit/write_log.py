# SPDX-License-Identifier: BSD-2-Clause
"""The judge of write logs notices what a power cut would lose."""
import pathlib
import sys
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "tools")]

import pattern  # noqa: E402  (needs the path above)
from write_log import (Entry, FLUSH, Lost, Round, judge,  # noqa: E402
                       replay)

ROUNDS = [Round(1, 8, 4), Round(2, 10, 6)]
FLUSHED = Entry(FLUSH, 0, b"")


def write(index, first, count):
    """A part of a round."""
    return Entry(0, first, pattern.sectors(ROUNDS[index].seed, first, count))


GOOD = [write(0, 10, 2), write(0, 8, 2), FLUSHED, write(1, 10, 6), FLUSHED]


class WriteLog(unittest.TestCase):
    """Good logs pass, and each kind of loss is named."""

    def lost(self, entries, words):
        """This log must be refused with these words."""
        with self.assertRaisesRegex(Lost, words):
            judge(entries, ROUNDS)

    def test_good(self):
        self.assertEqual(judge(GOOD, ROUNDS), 3)

    def test_sent_again(self):
        again = GOOD[:2] + [FLUSHED, GOOD[0]] + GOOD[2:]
        self.assertEqual(judge(again, ROUNDS), 4)

    def test_write_behind_its_flush(self):
        self.lost([GOOD[0], FLUSHED, GOOD[1]] + GOOD[3:],
                  "prefix of 2 writes, round 0: acknowledged, but 0 sectors "
                  "missing or no flush")

    def test_write_missing(self):
        self.lost(GOOD[:1] + GOOD[2:], "round 0: .* 2 sectors missing")

    def test_no_flush(self):
        self.lost(GOOD[:2] + GOOD[3:], "no flush behind them")

    def test_foreign(self):
        self.lost(GOOD[:3] + [Entry(0, 10, bytes(512))], "nobody has written")

    def test_stale(self):
        """An old write that is done again over a newer one."""
        self.lost(GOOD + GOOD[:1], "nobody has written")

    def test_end(self):
        self.lost(GOOD[:4], "ends in round 1 of 2")

    def test_replay(self):
        data = replay(GOOD, bytearray(20 * 512))
        self.assertEqual(data[10 * 512:16 * 512], GOOD[3].data)
        self.assertEqual(data[8 * 512:10 * 512], GOOD[1].data)


if __name__ == "__main__":
    unittest.main()
