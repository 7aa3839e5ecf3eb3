#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""report_tests.py - which emulated names the checks of the emulation test.

A function is tested by a group of checks that executed its body: QEMU's log of
`dde_emul.py trace` tells. QEMU logs an instruction when it translates it, which
it does when it is about to run it; each group begins by making it forget all
translations. A variable is tested by a group that executed a function of any
object that refers to it. Of several groups the one is named whose own code
mentions the name. Why so: docs/decisions/0011. Read next: dde_report.py
"""
import collections
import glob
import os
import re
import subprocess

from elf_object import read_file

LOGGED = re.compile(r"^0x([0-9a-f]+):", re.M)
GROUP = re.compile(r"check_(\w+)")


def functions_of(elf, tools):
    """{address: names} of the program's functions."""
    text = subprocess.run([tools + "nm", elf], stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    found = collections.defaultdict(set)
    for line in text.splitlines():
        address, kind, name = line.rsplit(None, 2)
        if kind in "tTwW":
            found[int(address, 16)].add(name)
    return found


def executed(log, functions, groups):
    """{name of a function: groups that executed it}, in the order they ran."""
    runs, group = collections.defaultdict(list), None
    for address in (int(a, 16) for a in LOGGED.findall(log)):
        names = functions.get(address, ())
        for name in names:
            begin = GROUP.fullmatch(name)
            if begin and begin[1] in groups:
                group = begin[1]
        for name in names if group else ():
            if group not in runs[name]:
                runs[name].append(group)
    return runs


def with_variables(runs, functions, objects):
    """The same with the variables that the executed functions refer to."""
    code = set().union(*functions.values())
    found = {name: list(groups) for name, groups in runs.items()}
    for obj in objects:
        where = {number: name for name, number in obj.defined.items()}
        for number, section in obj.sections.items():
            name = where.get(number, section.name.removeprefix(".text."))
            for group in runs.get(name, ()):
                for other in section.names - code:
                    if group not in found.setdefault(other, []):
                        found[other].append(group)
    return found


def by_checks(folder, archives, tools):
    """name -> the check that tests it, of a folder that was traced into."""
    checks = {os.path.basename(path)[:-2]: read_file(path)[0]
              for path in sorted(glob.glob(os.path.join(folder, "*.o")))}
    functions = functions_of(os.path.join(folder, "check.elf"), tools)
    with open(os.path.join(folder, "trace.log"), encoding="utf-8") as file:
        runs = executed(file.read(), functions, checks)
    objects = [o for path in archives for o in read_file(path)]
    found = with_variables(runs, functions,
                           [*objects, *checks.values()])
    tested = {}
    for name, groups in found.items():
        own = [g for g in groups if name in checks[g].undefined()]
        tested[name] = f"dde_emul/{(own or groups)[0]}.c"
    return tested
