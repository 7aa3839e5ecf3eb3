# SPDX-License-Identifier: BSD-2-Clause
"""sums_rows.py - what it costs that a disk's client remembers its sectors.

usage: sums_rows.py --build DIR

The block rows of bench.py with a shell that keeps sums of the whole disk
(glue/block_sums.h), and with one that does not. Prints `bench.sums.KEY VALUE` lines
and the table of docs/performance.md.
"""
import argparse
import pathlib
import sys

import bench
import qemu
import turns


def measure(build, initrd=None):
    """{KIND.ROW: instructions a request}, each answered before its caller sleeps."""
    machine = bench.icount(build, initrd=initrd, extra=bench.PROMPT_DISK,
                           disks=2)
    found = turns.figures(bench.block_run(machine, bench.REQUESTS, 0), "blk")
    return {key.removeprefix("blk."): value for key, value in found.items()}


def show(without, with_sums):
    """Lines for programs, then the table."""
    for key, value in with_sums.items():
        print(f"bench.sums.{key} {value}")
    print("\n| row | native | with sums | Linux's | with sums |"
          "\n|---|---|---|---|---|")
    for key in without:
        kind, row = key.split(".")
        if kind == "native":
            print(f"| {row} | " + " | ".join(
                f"{found[f'{one}.{row}']:,}" for one in ("native", "dde")
                for found in (without, with_sums)) + " |")


def main():
    """Measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build.resolve()
    try:
        show(measure(build), measure(build, build / "sums/system.elf"))
    except qemu.Failure as failure:
        print(f"bench: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
