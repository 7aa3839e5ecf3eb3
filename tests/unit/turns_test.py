# SPDX-License-Identifier: BSD-2-Clause
"""turns_test.py - rounds of both drivers by turns, until their figures agree."""
import pathlib
import statistics
import sys
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(TOP / "tests/bench"))
import turns  # noqa: E402  (needs the path above)


def measuring(**figures):
    """A measure() that gives each kind's figures one by one, and its calls."""
    calls = []

    def measure(kind):
        calls.append(kind)
        return {"row": figures[kind].pop(0)}

    return measure, calls


class Rounds(unittest.TestCase):
    """rounds(): who is asked, how often."""

    def test_both_in_turn_until_they_agree(self):
        """The two least of each kind decide, not the two last."""
        measure, calls = measuring(dde=[100, 150, 101], native=[9, 9, 9])
        found = turns.rounds(measure)
        self.assertEqual(calls, ["dde", "native"] * 3)
        self.assertEqual(found["dde"], [{"row": 100}, {"row": 150},
                                        {"row": 101}])

    def test_one_that_never_agrees_ends(self):
        """Two percent apart and more, again and again."""
        measure, calls = measuring(dde=[3 ** i for i in range(9)],
                                   native=[1] * 9)
        turns.rounds(measure)
        self.assertEqual(len(calls), 2 * turns.ROUNDS)

    def test_a_number_of_rounds(self):
        """So many, though they agree."""
        measure, calls = measuring(dde=[1] * 5, native=[2] * 5)
        turns.rounds(measure, 5)
        self.assertEqual(len(calls), 10)


class Figures(unittest.TestCase):
    """figures(): names, and which of the rounds counts."""

    def test_least_or_median(self):
        runs = {"dde": [{"row": 7}, {"row": 5}, {"row": 6}],
                "native": [{"row": 1}, {"row": 3}, {"row": 2}]}
        self.assertEqual(turns.figures(runs, "net"),
                         {"net.dde.row": 5, "net.native.row": 1})
        self.assertEqual(turns.figures(runs, "net", statistics.median),
                         {"net.dde.row": 6, "net.native.row": 2})


if __name__ == "__main__":
    unittest.main()
