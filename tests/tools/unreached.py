# SPDX-License-Identifier: BSD-2-Clause
"""unreached.py - which lines and branches of a room does no unit test reach?

usage: unreached.py UNITS ROOM...

UNITS holds unit tests that were compiled with gcov's counters and have run.
A source is compiled once for each test; a line or branch is reached if it was
in any of them. Prints one line a file, then each unreached line and, of lines
that were reached, each way out of a condition that was never taken. A source
that no unit test compiles has no counters; it is named at the end.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys


def counts_read(notes):
    """What gcov knows of one compiled file, as its JSON."""
    done = subprocess.run(["gcov", "-b", "--json-format", "--stdout", notes],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=True)
    return json.loads(done.stdout)["files"]


def file_add(file, lines, branches):
    """Add one compilation's counts to those of the others."""
    for line in file["lines"]:
        number = line["line_number"]
        lines[number] += line["count"]
        for i, branch in enumerate(line["branches"]):
            branches[number, i] += branch["count"]


def room_read(units, rooms):
    """{source: (lines, branches)} of the rooms, each with its count."""
    found = {}
    for notes in sorted(units.glob("*.d/*/*.gcno")):
        if notes.parent.name not in rooms:
            continue
        for file in counts_read(notes):
            name = file["file"]
            if name.split("/")[0] in rooms:
                found.setdefault(name, (collections.Counter(),
                                        collections.Counter()))
                file_add(file, *found[name])
    return found


def source_print(name, lines, branches):
    """What is unreached of one file. Return: lines, branches unreached."""
    text = pathlib.Path(name).read_text(encoding="utf-8").splitlines()
    never = [n for n in lines if not lines[n]]
    ways = collections.Counter(n for (n, i) in branches if lines[n]
                               and not branches[n, i])
    print(f"{name}: {len(lines) - len(never)} of {len(lines)} lines; "
          f"{sum(ways.values())} ways of reached conditions never taken")
    for n in sorted({*never, *ways}):
        print(f"  {n:4} {f'{ways[n]} ways' if ways[n] else 'never ':6} "
              f"{text[n - 1].strip()}")
    return len(never), sum(ways.values())


def main():
    """Print a table of each room's files, and the sums."""
    parser = argparse.ArgumentParser()
    parser.add_argument("units", type=pathlib.Path)
    parser.add_argument("rooms", nargs="+")
    args = parser.parse_args()
    found = room_read(args.units, args.rooms)
    sums = [source_print(name, *found[name]) for name in sorted(found)]
    total = sum(len(lines) for lines, _ in found.values())
    for room in args.rooms:
        missing = [str(p) for p in sorted(pathlib.Path(room).glob("*.c"))
                   if str(p) not in found]
        if missing:
            print(f"{room}: in no unit test: {' '.join(missing)}")
    print(f"unreached: {sum(s[0] for s in sums)} of {total} lines, "
          f"{sum(s[1] for s in sums)} ways of conditions")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
