#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""report_link.py - one driver linked for real, to see whether the linker agrees.

The same objects and the same linker call as link_driver.py makes a process
from, but the generated table is only what it refers to: this program never
runs. The names that table refers to are the roots of the closure as well.
Read next: link_driver.py, dde_report.py
"""
import argparse
import json
import os
import sys

import link_driver
from closure import BUSES, TABLE
from elf_object import loaded_bytes, read_file


def bus_functions(modules):
    """What makes the devices of buses that the modules match devices on."""
    aliases = [a for m in modules for a in m.aliases]
    return [f"dde_{bus}_create" for bus in BUSES
            if any(a.startswith(bus + ":") for a in aliases)]


def exports(obj):
    """A library module is used by what it defines."""
    defined, = read_file(obj)
    return sorted(n for n in defined.defined if "." not in n)


def table_text(names):
    """Assembly text: the table's names, and references to all others."""
    lines = [".section .rodata.table, \"a\"", ".balign 8"]
    lines += [f".globl {name}\n{name}:" for name in TABLE]
    return "\n".join(lines + [f".quad {name}" for name in names]) + "\n"


def link_table(args, options, objects, names):
    """Assemble a table that refers to these names, link."""
    source = os.path.join(args.work, "table.s")
    link_driver.write_file(source, table_text(names))
    link_driver.run([args.cross + "as", source, "-o", source[:-1] + "o"])
    found, lacks = link_driver.link_once(options, args.work,
                                         [source[:-1] + "o", *objects])
    if lacks:
        sys.exit(f"the linker lacks {' '.join(sorted(lacks))}")
    return found


def link_until_stable(args, options, objects, names):
    """As link_driver.link: until no initcall brings in another."""
    with open(args.real[:-1] + "inits", encoding="utf-8") as file:
        inits = json.load(file)
    core, wanted = None, []
    while core != wanted:
        core = wanted
        found = link_table(args, options, objects,
                           names + [c.symbol for c in core])
        wanted = link_driver.live_inits(found, inits)


def roots(own, order, objects, tools, row):
    """Names that a process of these modules begins with."""
    names = [row.glue] if row else []
    names += bus_functions(order)
    for module, obj in zip(order, objects):
        if link_driver.has_init(obj, tools, module):
            names.append(f"dde_init_{module.name}")
        elif module in own:
            names += exports(obj)
    return names


def try_link(args, own, order, row):
    """Fields of the driver's record: complete, image, what the linker said."""
    options = argparse.Namespace(
        cross=args.cross, elf=os.path.join(args.work, "link.elf"),
        ours=[args.ours], archive=[args.emul, args.real])
    os.makedirs(args.work, exist_ok=True)
    try:
        for module in order:
            module.params = 0
        objects = [link_driver.separate(m, args.cross, args.work)
                   for m in order]
        link_until_stable(args, options, objects,
                          roots(own, order, objects, args.cross, row))
    except SystemExit as end:
        return {"complete": False, "linker": str(end.code)}
    return {"image": loaded_bytes(options.elf)}
