# SPDX-License-Identifier: BSD-2-Clause
"""figures_test.py - a missed budget fails; an explained one only if it grows."""
import pathlib
import sys
import unittest
from unittest import mock

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(TOP / "tests/bench"))

import figures  # noqa: E402  (needs the path above)

HERE = "docs/performance.md#memory"
BARS = {"a.plain": figures.Budget(10, 10, ""),
        "a.explained": figures.Budget(10, 20, HERE),
        "a.unexplained": figures.Budget(10, 20, "docs/performance.md#no")}


def complaints(domain=None, **found):
    """What judge says of figures a.NAME."""
    with mock.patch.object(figures, "budgets", return_value=BARS):
        return figures.judge({f"a.{name}": value
                              for name, value in found.items()}, domain)


class Judge(unittest.TestCase):
    """What is above a bar is named, with key, figure and budget."""

    def test_met(self):
        """At the budget is within it."""
        self.assertEqual(complaints(plain=10, explained=10), [])

    def test_missed(self):
        """One more is a miss, and the line says all that one needs."""
        said, = complaints(plain=11)
        for word in ("a.plain", "11", "10"):
            self.assertIn(word, said)

    def test_explained(self):
        """Up to the ceiling a document explains it, above it does not."""
        self.assertEqual(complaints(explained=20), [])
        said, = complaints(explained=21)
        for word in ("a.explained", "21", "10", "20", HERE):
            self.assertIn(word, said)

    def test_no_document(self):
        """A heading that nobody wrote explains nothing."""
        self.assertEqual(len(complaints(unexplained=15)), 1)

    def test_not_measured(self):
        """Who has to measure a figure may not leave it out."""
        self.assertEqual(complaints(plain=1), [])
        self.assertEqual(len(complaints(lambda key: True, plain=1)), 2)


class Files(unittest.TestCase):
    """budgets.txt and peers.txt hold what the rules above need."""

    def test_explanations(self):
        """Each explained miss has its document, and a ceiling above it."""
        for key, bar in figures.budgets().items():
            self.assertGreaterEqual(bar.ceiling, bar.limit, key)
            if bar.where:
                self.assertTrue(figures.explained(bar.where), key)

    def test_peers(self):
        """A row of both kinds finds Linux's figure; each has a source."""
        self.assertEqual(figures.peer("bench.net.native.tx64"),
                         figures.peer("bench.net.dde.tx64"))
        self.assertEqual(figures.peer("bench.net.dde.tx64"), (4690, "Linux"))
        self.assertTrue(all(source for *_, source in figures.peers()))

    def test_budgets_all_rows(self):
        """Every row of make bench that has a budget has a peer beside it."""
        for key in figures.budgets():
            if key.startswith("bench."):
                self.assertIsNotNone(figures.peer(key)[0], key)


if __name__ == "__main__":
    unittest.main()
