# SPDX-License-Identifier: BSD-2-Clause
"""twins.py - Linux itself, Linux's driver on KaaL and the native one, together.

Rows are those of the benchmark that both kinds of driver have; Linux's own
figures are the peers' (peers.txt).
"""
import bars
import figures


def rows_of(found):
    """(row, Linux itself, Linux's driver, native driver) of each common row."""
    for key, value in found.items():
        twin = key.replace(".dde.", ".native.")
        if ".dde." in key and twin in found:
            linux, _ = figures.peer(f"bench.{key}")
            yield key.replace(".dde.", "."), linux, value, found[twin]


def show(found):
    """The table, with how many times less than Linux itself."""
    print(f"\n{'instructions':32} {'Linux':>10} {'its driver':>12} "
          f"{'native':>14}")
    for row, linux, dde, native in rows_of(found):
        print(f"{row:32} {linux:10} {dde:6} {linux / dde:4.1f}x "
              f"{native:7} {linux / native:5.1f}x")


def draw(found):
    """The same as bars."""
    labels, values, notes = [], [], []
    for row, *costs in rows_of(found):
        for who, cost in enumerate(costs):
            labels.append(row if who == 0 else "")
            values.append([cost if i == who else 0 for i in range(3)])
            notes.append(f"{costs[0] / cost:.1f}x less" if who else "")
    return bars.chart("Instructions an operation", labels,
                      ("Linux itself", "Linux's driver on KaaL",
                       "native driver"), values, notes)
