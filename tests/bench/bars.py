# SPDX-License-Identifier: BSD-2-Clause
"""bars.py - pictures of measured figures, as SVG text; the same text each time.

chart: horizontal bars made of parts.
"""
import html

COLOURS = ("#4063a8", "#7a9fd6", "#c58b2a", "#e3c06a", "#5b8f56", "#a8cf9f",
           "#b9b9b9", "#8c5fa8")
LEFT, ROW, WIDE = 190, 20, 560


def text(x, y, words, anchor="start"):
    """One line of text."""
    return (f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">'
            f'{html.escape(words)}</text>')


def box(x, y, width, height, colour):
    """A filled rectangle."""
    return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
            f'height="{height:.1f}" fill="{colour}"/>')


def picture(title, width, height, parts):
    """The whole file."""
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="12">',
        f"<title>{html.escape(title)}</title>",
        box(0, 0, width, height, "#ffffff"), text(10, 18, title),
        *parts, "</svg>", ""])


def legend(names, y):
    """Names of the parts with their colours, in one row."""
    out, x = [], 10
    for name, colour in zip(names, COLOURS):
        out += [box(x, y - 10, 12, 12, colour), text(x + 16, y, name)]
        x += 34 + 7 * len(name)
    return out


def chart(title, labels, parts, values, notes=None):
    """values[i][j]: part j of bar i; notes[i]: words behind its sum."""
    most = max(map(sum, values), default=1) or 1
    out = legend(parts, 40)
    for row, (label, bar) in enumerate(zip(labels, values)):
        y, x = 56 + row * ROW, LEFT
        out.append(text(LEFT - 6, y + 12, label, "end"))
        for value, colour in zip(bar, COLOURS):
            width = value / most * WIDE
            out.append(box(x, y, width, ROW - 5, colour))
            x += width
        note = notes[row] if notes else ""
        out.append(text(x + 5, y + 12, f"{sum(bar):,.0f} {note}".rstrip()))
    return picture(title, LEFT + WIDE + 90, 66 + len(values) * ROW, out)
