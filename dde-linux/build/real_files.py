#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""real_files.py - Linux's own files of real-files.txt become one archive.

  real_files.py objects LIST --out DIR     the objects to ask Kbuild for
  real_files.py archive LIST --out DIR --cross PREFIX --archive A --inits J

Linux runs the initcalls of every file that it holds; here a process runs those
of the files marked +init, and only if it reaches the file at all. So the marked
objects get initcalls that a table can name: the pointers, which are static in
Linux, become global in a copy of the object, and the file of inits says for
each what the object defines (by which the link step sees that it is in use),
or the names of other files that the list gives: +init=of_clk_get_hw.
A line with ?SYMBOL counts only where Linux is configured with CONFIG_SYMBOL=y:
elsewhere the file's folder and its users do not exist. ?SYMBOL=m also where it
is a module: what Linux builds in for the sake of that module.
Read next: link_driver.py (live_inits), emul/dde_main.c (core_files_start)
"""
import argparse
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass

import common_code

# Linux's order of levels: include/linux/init.h.
LEVELS = ("early", "0", "0s", "1", "1s", "2", "2s", "3", "3s", "4", "4s", "5",
          "5s", "rootfs", "6", "6s", "7", "7s")
LINE = re.compile(r"^(\S+)\.([cS])\s+(.*)$")
INITCALL = re.compile(r"\s\.initcall(\w+)\.init\s+\S+\s+(__initcall__\S+)$",
                      re.M)


@dataclass(frozen=True)
class RealFile:
    """One line: path without its ending, is it C, are initcalls kept.

    keys: names that a process must hold for that; none: any of the file.
    """
    path: str
    suffix: str
    init: bool
    keys: tuple = ()

    @property
    def object(self):
        """What Kbuild is asked for."""
        return self.path + ".o"


def read_line(line):
    """(file, condition or None) of one line; None if it cannot be read."""
    match = LINE.match(line)
    words = match[3].split() if match else []
    condition = words.pop(0)[1:] if words[:1] and words[0][0] == "?" else None
    init = bool(words) and words[0].startswith("+init")
    if not words[init:]:
        return None
    keys = tuple(words[0][6:].split(",")) if init and words[0][5:] else ()
    return RealFile(match[1], match[2], init, keys), condition


def conditions(out):
    """The conditions that Linux's configuration in this folder meets."""
    with open(os.path.join(out, ".config"), encoding="utf-8") as file:
        lines = [line[7:-1] for line in file if line[-3:] in ("=y\n", "=m\n")]
    return {line[:-2] for line in lines if line[-1] == "y"} | \
        {line[:-1] + "m" for line in lines}


def read_list(path, out):
    """The files of real-files.txt; a line without a reason is refused."""
    found, met = [], conditions(out)
    with open(path, encoding="utf-8") as file:
        for number, raw in enumerate(file, 1):
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            pair = read_line(line)
            if not pair:
                sys.exit(f"{path}:{number}: '{line}': write FILE.c, blanks, "
                         f"[?SYMBOL[=m]] [+init[=NAME]] and why drivers reach it")
            if pair[1] is None or pair[1] in met:
                found.append(pair[0])
    return found


def run(words, **options):
    """Output of a binutils program, which is expected to succeed."""
    return subprocess.run(words, check=True, text=True,
                          stdout=subprocess.PIPE, **options).stdout


def initcalls(text):
    """(level, symbol) of every initcall in objdump's symbol table."""
    return [(level, symbol) for level, symbol in INITCALL.findall(text)
            if level in LEVELS]


def names_defined(obj, cross):
    """Strong global names of an object, by which it is found in a program."""
    text = run([cross + "nm", "-g", "--defined-only", obj])
    return [line.split()[-1] for line in text.splitlines()
            if line.split()[-2] in "TDBR"]


def expose(file, folder, out, cross):
    """Copy one object with nameable initcalls. Return: (copy, its entry)."""
    source = os.path.join(out, file.object)
    copy = os.path.join(folder, file.object)
    calls = initcalls(run([cross + "objdump", "-t", source]))
    if not calls:
        sys.exit(f"real-files.txt: {file.path}.c is marked +init, but as "
                 f"configured it has no initcall")
    os.makedirs(os.path.dirname(copy), exist_ok=True)
    words = [cross + "objcopy"]
    for level in sorted({level for level, _ in calls}):
        words.append(f"--rename-section=.initcall{level}.init="
                     f".data.dde_initcall{level}")
    words += [f"--globalize-symbol={symbol}" for _, symbol in calls]
    run([*words, source, copy])
    return copy, {"file": f"{file.path}.{file.suffix}", "calls": calls,
                  "names": list(file.keys) or names_defined(source, cross)}


def archive(args):
    """Collect all objects, in the order of the list."""
    folder = args.archive + ".init"
    members, inits = [], []
    for file in read_list(args.list, args.out):
        if not file.init:
            members.append(os.path.abspath(os.path.join(args.out, file.object)))
            continue
        copy, entry = expose(file, folder, args.out, args.cross)
        members.append(os.path.abspath(copy))
        inits.append(entry)
    if os.path.exists(args.archive):
        os.unlink(args.archive)
    # Whole paths: ld would cut a short name at its first slash.
    run([args.cross + "ar", "qcsDP", args.archive, *members])
    common_code.apart(args.archive)
    with open(args.inits, "w", encoding="utf-8") as file:
        json.dump(inits, file, indent=1)


def objects(args):
    """Print the objects, for the makefile."""
    print(" ".join(file.object for file in read_list(args.list, args.out)))


def main():
    """Read the command line and do one of the jobs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    jobs = parser.add_subparsers(dest="job", required=True)
    job = jobs.add_parser("objects")
    job.add_argument("list")
    job.add_argument("--out", required=True)
    job.set_defaults(run=objects)
    job = jobs.add_parser("archive")
    job.add_argument("list")
    for option in ("--out", "--cross", "--archive", "--inits"):
        job.add_argument(option, required=True)
    job.set_defaults(run=archive)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
