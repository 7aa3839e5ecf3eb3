# SPDX-License-Identifier: BSD-2-Clause
"""curves_test.py - the curves' plots and JSON, from made-up figures."""
import json
import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests/bench"), str(TOP / "tests/tools")]
import curves  # noqa: E402
import lines  # noqa: E402
import twins  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"


def made_up():
    """A point for all that would be measured."""
    return {name: {f"{kind}.{curve.name}": {
        x: {"done": 9, "each": 1000 + x, "least": 1, "most": 2}
        for x in curve.xs} for curve in figure.curves for kind in curves.KINDS}
            for name, figure in curves.FIGURES.items()}


def elements(text, kind):
    """All elements of a kind in a picture."""
    return list(xml.etree.ElementTree.fromstring(text).iter(SVG + kind))


class Plots(unittest.TestCase):
    """lines.py: where things are, and that all of them are there."""

    def panel(self):
        return lines.Panel("depth", "cost", [
            lines.Line("a & b", [(1, 4000), (16, 500)], "#111111", "7 4")],
            ((4, 1000, "peer"),))

    def test_equal_ratios_are_equal_lengths(self):
        axes = lines.Axes(self.panel(), 70)
        self.assertEqual(axes.x(1), 70)
        self.assertEqual(axes.x(16), 70 + lines.WIDE)
        self.assertAlmostEqual(axes.x(4), 70 + lines.WIDE / 2)
        self.assertEqual(axes.y_steps[0], 256)
        self.assertEqual(axes.y_steps[-1], 4096)
        self.assertAlmostEqual(axes.y(1024), lines.TOP + lines.HIGH / 2)
        self.assertLess(axes.y(4000), axes.y(500))

    def test_a_single_x_has_an_axis(self):
        panel = lines.Panel("x", "y", [lines.Line("a", [(8, 8)], "#111111")])
        self.assertEqual(lines.Axes(panel, 0).x(8), 0)

    def test_names_and_marks_are_drawn(self):
        text = lines.draw("title", [self.panel()])
        words = [e.text for e in elements(text, "text")]
        for wanted in ("title", "depth", "cost", "a & b", "peer", "16",
                       "4,096"):
            self.assertIn(wanted, words)
        mine = [e for e in elements(text, "polyline")
                if e.get("stroke") == "#111111"]
        self.assertEqual(len(mine), 2)   # the curve, and its legend

    def test_all_stays_inside_of_the_picture(self):
        for name, rows in made_up().items():
            text = curves.picture(curves.FIGURES[name], rows)
            whole = xml.etree.ElementTree.fromstring(text)
            for e in elements(text, "text"):
                self.assertLess(float(e.get("x")), float(whole.get("width")))
                self.assertLess(float(e.get("y")), float(whole.get("height")))


class Twins(unittest.TestCase):
    """twins.py: the table of three as bars."""

    def test_bars_have_their_ratio_to_linux(self):
        text = twins.draw({"net.dde.tx64": 1876, "net.native.tx64": 469,
                           "net.dde.none": 5})
        words = [e.text for e in elements(text, "text")]
        for wanted in ("net.tx64", "4,690", "1,876 2.5x less",
                       "469 10.0x less"):
            self.assertIn(wanted, words)
        self.assertNotIn("net.none", words)   # it has no twin


class Figures(unittest.TestCase):
    """curves.py: the work asked for, and what is written."""

    def test_work_keeps_to_the_limits(self):
        for figure in curves.FIGURES.values():
            for curve in figure.curves:
                for x in curve.xs:
                    what, length, depth, clients = curve.work(x)
                    self.assertIn(depth, range(1, curves.RING + 1))
                    self.assertLessEqual(clients, 32)
                    self.assertIn(what, ("read", "write", "send", "receive"))
                    self.assertGreaterEqual(length, curves.FRAME)

    def test_a_depth_beyond_the_ring_takes_more_clients(self):
        self.assertEqual(curves.at_depth(128), ("read", 4096, 128, 1))
        self.assertEqual(curves.at_depth(256), ("read", 4096, 128, 2))

    def test_throughput_is_the_inverse_of_cost(self):
        text = curves.picture(curves.FIGURES["size"], made_up()["size"])
        words = [e.text for e in elements(text, "text")]
        self.assertIn("MiB in a million instructions", words)
        self.assertNotIn("MiB in a million instructions",
                         curves.picture(curves.FIGURES["clients"],
                                        made_up()["clients"]))

    def test_json_and_a_picture_each_are_written(self):
        found = made_up()
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            curves.write(folder, found, [folder])
            read = json.loads((folder / "curves.json").read_text())
            self.assertEqual({f"curves.{n}" for n in found}, set(read))
            self.assertEqual(
                read["curves.depth"]["native.read"]["32"]["each"], 1032)
            for figure in found:
                path = folder / f"curves-{figure}.svg"
                lines_drawn = elements(path.read_text(), "polyline")
                count = len(curves.FIGURES[figure].curves) * len(curves.KINDS)
                self.assertGreater(len(lines_drawn), count)


if __name__ == "__main__":
    unittest.main()
