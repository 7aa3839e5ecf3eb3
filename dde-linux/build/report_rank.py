#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""report_rank.py - which missing symbols to meet first.

Two rankings. Alone: how many drivers lack this symbol and nothing else.
Greedy: the next symbols are those of the driver that lacks fewest, counted
again after each step; so the list is an order of work, with what it reaches.
Read next: dde_report.py
"""
import collections
from dataclasses import dataclass

TOP = 25


@dataclass(frozen=True)
class Folder:
    """One folder: `plain` are the modules that need no COMPILE_TEST, `found`
    the complete ones for whose bus there are devices here."""
    folder: str
    modules: int
    complete: int
    plain: int
    plain_complete: int
    found: int
    names: int
    median: int


def lacking(record):
    """What keeps a driver from linking completely."""
    return frozenset(record["missing"] + record["untested"])


def alone(needs):
    """[symbol, drivers that lack it alone, drivers that lack it], best first."""
    single = collections.Counter(next(iter(n)) for n in needs if len(n) == 1)
    users = collections.Counter(name for n in needs for name in n)
    rows = [[name, single[name], users[name]] for name in users]
    return sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))


def next_step(needs, users):
    """The cheapest driver's names: fewest, then most wanted by others."""
    return min(needs, key=lambda n: (len(n), -sum(users[x] for x in n),
                                     sorted(n)))


def greedy(needs):
    """Steps [symbols, symbols so far, drivers unlocked so far]."""
    steps, met, unlocked = [], 0, 0
    needs = [n for n in needs if n]
    while needs:
        users = collections.Counter(name for n in needs for name in n)
        step = next_step(needs, users)
        left = [n - step for n in needs]
        met += len(step)
        unlocked += sum(not n for n in left)
        needs = [n for n in left if n]
        steps.append([sorted(step), met, unlocked])
    return steps


def ranking(records):
    """Both rankings of all drivers that do not link completely."""
    needs = [lacking(r) for r in records if lacking(r)]
    return {"alone": alone(needs), "greedy": greedy(needs)}


def median(numbers):
    """The middle one; 0 of none."""
    return sorted(numbers)[len(numbers) // 2] if numbers else 0


def folder_of(data, folder):
    """The sums of one folder."""
    records = [r for r in data["modules"]
               if r["path"].startswith(folder + "/")]
    plain = [r for r in records if r["symbol"] not in data["compile_test"]]
    return Folder(folder, len(records), sum(r["complete"] for r in records),
                  len(plain), sum(r["complete"] for r in plain),
                  sum(r["complete"] and not r["no_bus"] for r in records),
                  len(set().union(*(lacking(r) for r in records))),
                  median([len(lacking(r)) for r in records]))


def by_folder(data):
    """The sums of each folder."""
    return [folder_of(data, folder) for folder in data["folders"]]


def summary(data):
    """A few lines for the screen."""
    folders = by_folder(data)
    lines = [f"{f.folder}: {f.complete} of {f.modules} modules link "
             f"completely ({f.plain_complete} of {f.plain} without "
             f"COMPILE_TEST); {f.names} symbols lack" for f in folders]
    if data["apart"]:
        lines.append(f"{len(data['apart'])} drivers need what would change the "
                     "net core for all others: the same with APART=y")
    lines += ["first steps, by the drivers they unlock:"]
    for names, met, unlocked in data["ranking"]["greedy"][:TOP]:
        lines.append(f"  {unlocked:4} drivers after {met:4} symbols: "
                     + " ".join(names))
    done = sum(f.complete for f in folders)
    return "\n".join(lines + [f"dde-report: {done} of "
                              f"{sum(f.modules for f in folders)} modules link "
                              f"completely"])
