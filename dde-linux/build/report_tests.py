#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""report_tests.py - which names the checks of tests/unit/dde_emul exercise.

A rule that a machine can apply: a check's object uses the name; or it uses a
function of a Linux file, and what that function reaches within the same file
uses the name. The second is for what drivers never call themselves: hrtimer
checks are what tests the clock device below Linux's own hrtimer.c. It goes one
file deep only: further on, being reached says little about being tested.
Read next: dde_report.py, tests/unit/dde_emul.py
"""
import os

import closure
from elf_object import read_file


def within(obj, name):
    """Names that a function uses, by itself or through its own file."""
    seen, todo, used = set(), [obj.defined[name]], set()
    while todo:
        number = todo.pop()
        if number in seen or number not in obj.sections:
            continue
        seen.add(number)
        section = obj.sections[number]
        todo += section.sections
        todo += [obj.defined[n] for n in section.names if n in obj.defined]
        used |= section.names - set(obj.defined)
    return used


def by_checks(paths, world):
    """name -> the check that exercises it; direct use first."""
    direct, behind = {}, {}
    for path in paths:
        obj, = read_file(path)
        check = "dde_emul/" + os.path.basename(path)[:-1] + "c"
        for name in obj.undefined():
            direct.setdefault(name, check)
            owner = world.where.get(name)
            if not owner or owner.kind != "real":
                continue
            file = closure.member_path(owner.path)[:-1] + "c"
            for other in within(owner, name):
                behind.setdefault(other, f"{check} through {file}")
    return behind | direct
