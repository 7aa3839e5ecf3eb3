# SPDX-License-Identifier: BSD-2-Clause
"""lines.py - plots of measured curves, as SVG text; the same text each time.

A Panel is one pair of axes; draw() puts panels side by side over one legend.
Both are drawn by their logarithm to base 2: equal ratios are equal lengths.
"""
import dataclasses
import math

import bars

WIDE, HIGH = 330, 260            # of a panel's inside
LEFT, TOP, GAP = 70, 54, 90
UNDER = 52                       # axis and its name, below the inside
LEGEND_ROW = 18
DASHES = ("", "7 4", "2 3", "9 3 2 3")


@dataclasses.dataclass
class Line:
    """A curve: colour says whose, dash says of what."""
    name: str
    points: list                 # of (x, y)
    colour: str
    dash: str = ""


@dataclasses.dataclass
class Panel:
    """What one pair of axes shows."""
    x_name: str
    y_name: str
    lines: list
    marks: tuple = ()            # of (x, y, words): single figures of others


def stroke(points, colour, dash="", width=1.0):
    """A line through points."""
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (f'<polyline points="{way}" fill="none" stroke="{colour}" '
            f'stroke-width="{width}" stroke-dasharray="{dash or "none"}"/>')


def short(value):
    """A number of an axis: 4096 is 4,096, 0.5 stays."""
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def powers_of(values):
    """Powers of two around all values."""
    first = math.floor(math.log2(min(values)))
    last = max(math.ceil(math.log2(max(values))), first + 1)
    return [2.0 ** i for i in range(first, last + 1)]


def part(value, steps):
    """How far along an axis, 0 to 1."""
    return math.log2(value / steps[0]) / math.log2(steps[-1] / steps[0])


class Axes:
    """Places of a panel's values."""

    def __init__(self, panel, left):
        seen = [p for line in panel.lines for p in line.points]
        seen += [mark[:2] for mark in panel.marks]
        self.left = left
        self.x_steps = powers_of([x for x, _ in seen])
        self.y_steps = powers_of([y for _, y in seen])

    def x(self, value):
        """Where this x is."""
        return self.left + WIDE * part(value, self.x_steps)

    def y(self, value):
        """Where this y is."""
        return TOP + HIGH * (1 - part(value, self.y_steps))

    def grid(self):
        """Lines and numbers of both axes."""
        out, bottom, right = [], TOP + HIGH, self.left + WIDE
        for step in self.x_steps:
            x = self.x(step)
            out += [stroke([(x, TOP), (x, bottom)], "#dddddd"),
                    bars.text(x, bottom + 16, short(step), "middle")]
        for step in self.y_steps:
            y = self.y(step)
            out += [stroke([(self.left, y), (right, y)], "#dddddd"),
                    bars.text(self.left - 6, y + 4, short(step), "end")]
        return out


def panel_draw(panel, left):
    """One panel, its inside beginning at `left`."""
    axes = Axes(panel, left)
    out = axes.grid()
    out += [bars.text(left - 50, TOP - 12, panel.y_name),
            bars.text(left + WIDE / 2, TOP + HIGH + 36, panel.x_name,
                      "middle")]
    for line in panel.lines:
        places = [(axes.x(x), axes.y(y)) for x, y in line.points]
        out.append(stroke(places, line.colour, line.dash, 2.0))
        out += [bars.box(x - 2, y - 2, 4, 4, line.colour) for x, y in places]
    for mark in panel.marks:
        out += mark_draw(axes, *mark)
    return out


def mark_draw(axes, x, y, words):
    """A single figure with its name, which stays inside of the panel."""
    place = axes.x(x), axes.y(y)
    right = place[0] > axes.left + WIDE / 2
    return [bars.box(place[0] - 4, place[1] - 4, 8, 8, "#000000"),
            bars.text(place[0] + (-8 if right else 8), place[1] + 4, words,
                      "end" if right else "start")]


def legend(lines, y, in_row):
    """Names of the lines, so many in a row."""
    out = []
    for index, line in enumerate(lines):
        x = LEFT + index % in_row * (WIDE + GAP)
        at = y + index // in_row * LEGEND_ROW
        out += [stroke([(x, at - 4), (x + 36, at - 4)], line.colour,
                       line.dash, 2.0), bars.text(x + 42, at, line.name)]
    return out


def draw(title, panels):
    """The picture; the first panel's lines make the legend."""
    out = []
    for index, panel in enumerate(panels):
        out += panel_draw(panel, LEFT + index * (WIDE + GAP))
    names = panels[0].lines
    under = TOP + HIGH + UNDER
    out += legend(names, under + LEGEND_ROW, len(panels))
    return bars.picture(
        title, LEFT + len(panels) * (WIDE + GAP) - GAP + 30,
        under + (-(-len(names) // len(panels)) + 1) * LEGEND_ROW, out)
