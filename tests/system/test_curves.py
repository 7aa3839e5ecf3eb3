# SPDX-License-Identifier: BSD-2-Clause
"""test_curves.py - make bench-curves still finds all its points, clients are
served alike, and make bench's drivers of the one UART still take turns.
"""
import sys

from harness import TOP, demand

sys.path.append(str(TOP / "tests/bench"))
import bench  # noqa: E402  (needs the path above)
import curves  # noqa: E402


def test_curves(t):
    """The two ends of each curve, for both kinds of driver, in short windows."""
    found = curves.measure(t.build, curves.FIGURES, quick=True)
    for name, figure in curves.FIGURES.items():
        demand(len(found[name]) == len(figure.curves) * len(curves.KINDS),
               f"{name}: curves {list(found[name])}")
        for curve in figure.curves:
            for kind in curves.KINDS:
                row = found[name][f"{kind}.{curve.name}"]
                demand(set(row) == {curve.xs[0], curve.xs[-1]},
                       f"{name}: {kind}.{curve.name} has {row}")
    for kind in curves.KINDS:
        row = found["depth"][f"{kind}.read"]
        costs = [row[x]["each"] for x in sorted(row)]
        demand(costs[1] < costs[0], f"{kind}: depth saves nothing: {costs}")
    curves.write(t.folder, found, [t.folder])


def test_fairness(t):
    """Of clients whose device answers at once none has much less than another.

    Before the drivers woke them in turn, the least had a hundredth.
    """
    for machine, work in (("prompt", ("read", 4096, 4, 8)),
                          ("sink", ("send", curves.FRAME, 4, 8))):
        with curves.booted(t.build, machine) as place:
            for kind in curves.KINDS:
                point = place.measure(kind, work, 300)
                demand(point["least"] * 6 > point["most"],
                       f"{machine}, {kind}: {point}")


def test_bench_serial(t):
    """Two drivers are started and stopped by turns on one UART, and serve it."""
    found = bench.serial_measure(t.build)
    demand(0 < found["serial.native.line64"] < found["serial.dde.line64"],
           f"instructions a line: {found}")
