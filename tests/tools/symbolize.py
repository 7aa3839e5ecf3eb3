# SPDX-License-Identifier: BSD-2-Clause
"""symbolize.py - function and line of the addresses in fault reports.

usage: symbolize.py --build DIR [LOG]     (or: a console on standard input)

Prints the log; below each line of the report of a fault or hang that names
addresses of the program's code, and below those of apps/inject, what the program's
ELF with symbols in DIR says about them.
"""
import argparse
import pathlib
import re
import subprocess
import sys

REPORT = r"(?:kaal:(?: fault:)?|inject: injected into) (?:\S*/)?(\S+) \(pid \d+\)"
ADDRESS = r"(?:pc|at|x30) +(?:0x)?([0-9a-f]+)"
ADDR2LINE = "aarch64-linux-gnu-addr2line"


def elfs_find(build):
    """{name in the manifest: ELF with symbols}, of build/archive."""
    lines = (build / "archive/manifest.txt").read_text().splitlines()
    found = (re.match(r"(\w+) .*?\belf=(\S+)", line) for line in lines)
    return {m[1]: build / m[2] for m in found if m}


def place(elf, address):
    """"function at file:line", or None if it is no code of that program."""
    said = subprocess.run([ADDR2LINE, "-fpie", elf, f"0x{address}"],
                          check=True, capture_output=True,
                          text=True).stdout.strip()
    return None if said.startswith("??") else \
        said.replace("\n (inlined by) ", ", inlined in ")


def main():
    """Copy the log, and add to it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("log", nargs="?", type=pathlib.Path)
    args = parser.parse_args()
    elfs, elf = elfs_find(args.build), None
    with args.log.open(errors="replace") if args.log else sys.stdin as log:
        for line in log:
            print(line, end="")
            report = re.search(REPORT, line)
            if report:
                elf = elfs.get(report[1])
            elif not line.startswith("        "):
                elf = None
            for address in re.findall(ADDRESS, line) if elf else ():
                where = place(elf, address)
                if where:
                    print(f"            {address}: {where}")


if __name__ == "__main__":
    main()
