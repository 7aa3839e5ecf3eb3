#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""real_files.py - the objects that real-files.txt asks for under one .config.

A line is a file, an optional condition ?SYMBOL and a reason. A file with a
condition is compiled only where Linux's own configuration has CONFIG_SYMBOL=y:
its folder, its headers and its users exist only then.
  real_files.py LIST CONFIG     prints the objects, one a line
"""
import os
import sys


def built_in(config):
    """Symbols that a .config sets to y."""
    with open(config, encoding="utf-8") as file:
        return {line[7:-3] for line in file if line.endswith("=y\n")}


def read_lines(path):
    """The words of each line that names a file."""
    with open(path, encoding="utf-8") as file:
        rows = [line.split() for line in file if not line.startswith("#")]
    return [row for row in rows if row]


def wanted(rows, symbols):
    """Files whose condition holds, or that have none."""
    for path, *words in rows:
        if not words or not words[0].startswith("?") \
                or words[0][1:] in symbols:
            yield path


def main():
    """Print the objects."""
    rows = read_lines(sys.argv[1])
    for path in wanted(rows, built_in(sys.argv[2])):
        print(os.path.splitext(path)[0] + ".o")


if __name__ == "__main__":
    main()
