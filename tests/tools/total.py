# SPDX-License-Identifier: BSD-2-Clause
"""total.py - adds up what the parts of `make test` counted.

usage: total.py RESULTS PART...

A part that left no file broke before it could count: one failure. The last
line is "N passed, N failed"; the exit status is 0 if nothing failed.
"""
import pathlib
import sys


def part_read(path):
    """Return (passed, failed) of one part."""
    try:
        passed, failed = path.read_text().split()
        return int(passed), int(failed)
    except (OSError, ValueError):
        return 0, 1


def main():
    """Print one line a part, then the sum."""
    folder = pathlib.Path(sys.argv[1])
    passed = failed = 0
    for part in sys.argv[2:]:
        good, bad = part_read(folder / part)
        print(f"{part:8} {good:4} passed, {bad} failed")
        passed += good
        failed += bad
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
