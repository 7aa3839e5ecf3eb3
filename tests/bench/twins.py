# SPDX-License-Identifier: BSD-2-Clause
"""twins.py - Linux itself, Linux's driver on KaaL and the native one, together.

Rows are those of the benchmark that both kinds of driver have; Linux's own
figures are the peers' (shared/baseline.md).
"""
import bars


def rows_of(found, peers):
    """(row, Linux itself, Linux's driver, native driver) of each common row."""
    for key, value in found.items():
        twin = key.replace(".dde.", ".native.")
        if ".dde." in key and twin in found:
            yield key.replace(".dde.", "."), peers[key][0], value, found[twin]


def show(found, peers):
    """The table, with how many times less than Linux itself."""
    print(f"\n{'instructions':32} {'Linux':>10} {'its driver':>12} "
          f"{'native':>14}")
    for row, linux, dde, native in rows_of(found, peers):
        print(f"{row:32} {linux:10} {dde:6} {linux / dde:4.1f}x "
              f"{native:7} {linux / native:5.1f}x")


def draw(found, peers):
    """The same as bars."""
    labels, values, notes = [], [], []
    for row, *figures in rows_of(found, peers):
        for who, figure in enumerate(figures):
            labels.append(row if who == 0 else "")
            values.append([figure if i == who else 0 for i in range(3)])
            notes.append(f"{figures[0] / figure:.1f}x less" if who else "")
    return bars.chart("Instructions an operation", labels,
                      ("Linux itself", "Linux's driver on KaaL",
                       "native driver"), values, notes)
