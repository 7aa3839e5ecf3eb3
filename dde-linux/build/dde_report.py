#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""dde_report.py - how the needs of Linux drivers are met: make dde-report.

Each kernel name that a driver reaches, itself or through Linux's real files, is
  real       Linux's own file, unmodified (real-files.txt)
  emulated   ours, and executed by a check of tests/unit/dde_emul
             (report_tests.py)
  untested   ours, marked as emulated, but no check executes it: not met
  noop       does nothing, and that is right: the mark says why
  missing    nobody defines it
A driver links completely if nothing is missing or untested and the linker, as
link_driver.py calls it, agrees. Read next: closure.py, report_rank.py
"""
import argparse
import json
import os
import sys

import closure
import driver_class
import kbuild_modules
import linux_exports
import report_link
import report_rank
import report_tests
import report_text
from elf_object import read_file

HERE = os.path.dirname(os.path.abspath(__file__))


class Drivers:
    """The modules of one Kbuild output folder and what they link with."""

    def __init__(self, out, emul, real, args):
        self.out = out
        self.by_name, self.by_path = kbuild_modules.load_modules(out)
        with open(real[:-1] + "inits", encoding="utf-8") as file:
            inits = json.load(file)
        self.world = closure.World(args.ours, emul, real,
                                   os.path.join(HERE, "dde.lds"), inits)
        self.transports, self.buses = driver_class.read_buses()
        self.classes = driver_class.read_classes()
        self.objects = {}

    def object(self, module):
        """A module's object, read once."""
        if module.path not in self.objects:
            obj, = read_file(module.path)
            obj.path = os.path.relpath(module.path, self.out)
            self.objects[module.path] = obj
        return self.objects[module.path]

    def order(self, own):
        """These modules with all that they need, in order of their start."""
        return kbuild_modules.in_order(
            kbuild_modules.add_transports(own, self.by_name, self.transports),
            self.by_name)

    def no_bus(self, own):
        """The buses that these modules would need and nobody has, or None."""
        return driver_class.no_bus(
            set().union(*(self.object(m).undefined() for m in own)), self.buses)

    def row(self, own, order):
        """The class row of a driver; None without a class that has glue."""
        for modules in (own, order):
            called = set().union(*(self.object(m).undefined()
                                   for m in modules))
            for row in self.classes:
                if row.function in called and row.glue in self.world.where:
                    return row
        return None

    def reach(self, own):
        """(class name or None, modules in order, Reach) of one driver."""
        order = self.order(own)
        row = self.row(own, order)
        roots = [row.glue] if row else []
        roots += report_link.bus_functions(order)
        walk = closure.Walk(self.world, [self.object(m) for m in order])
        return row, order, walk.run(roots)


def judge(reach, tested):
    """Emulated names that nothing tests become untested."""
    for name, need in reach.needs.items():
        if need.state == "emulated" and name not in tested:
            need.state = "untested"
    return reach


def report_one(args, drivers, tested, own):
    """The record of one driver, as it goes into the JSON file."""
    row, order, reach = drivers.reach(own)
    judge(reach, tested)
    lacking = reach.names("missing") + reach.names("untested")
    path = os.path.relpath(own[-1].path, drivers.out)[:-3]
    record = {"module": own[-1].name, "class": row.name if row else None,
              "path": path,
              "symbol": kbuild_modules.module_symbol(args.src, path),
              "with": [m.name for m in order if m not in own],
              "no_bus": drivers.no_bus(own),
              "missing": reach.names("missing"),
              "untested": reach.names("untested"),
              "noops": reach.names("noop"),
              "emulated": len(reach.names("emulated")),
              "real": len(reach.names("real")),
              "complete": not lacking, "image": 0}
    if not lacking:
        record |= report_link.try_link(args, own, order, row)
    return record, reach


def in_folders(path, folders):
    """Does a module lie below one of the folders?"""
    return any(path.startswith(folder + "/") for folder in folders)


def report_folders(args, drivers, tested):
    """Records of all modules of the folders, and all needs by name."""
    records, needs = [], {}
    wanted = [m for path, m in sorted(drivers.by_path.items())
              if in_folders(path, args.folder)]
    for number, module in enumerate(wanted, 1):
        if number % 50 == 0:
            print(f"  REPORT   {number} of {len(wanted)} modules",
                  file=sys.stderr)
        record, reach = report_one(args, drivers, tested, [module])
        records.append(record)
        for name, need in reach.needs.items():
            needs.setdefault(name, need)
    return records, needs


def folders_main(args, drivers, tested):
    """The report of whole folders: JSON, Markdown, a summary on the screen."""
    records, needs = report_folders(args, drivers, tested)
    names = sorted({n for r in records for n in r["missing"] + r["untested"]})
    with open(args.refused, encoding="utf-8") as file:
        choice = json.load(file)
    data = {"folders": args.folder, "modules": records,
            "refused": choice["refused"],
            "compile_test": choice["compile_test"], "apart": choice["apart"],
            "symbols": {n: report_text.need_record(n, needs[n], tested,
                                                   drivers.world)
                        for n in sorted(needs)},
            "provided_by": linux_exports.providers(args.src, names),
            "ranking": report_rank.ranking(records)}
    with open(args.json, "w", encoding="utf-8") as file:
        json.dump(data, file, indent=1)
    print(report_rank.summary(data))


def driver_main(args, drivers, tested):
    """The report of one driver, in full."""
    own = kbuild_modules.driver_modules(args.src, drivers.by_path, args.symbol)
    record, reach = report_one(args, drivers, tested, own)
    found = linux_exports.providers(
        args.src, record["missing"] + record["untested"])
    with open(args.json, "w", encoding="utf-8") as file:
        json.dump(record | {"provided_by": found, "symbols": {
            n: report_text.need_record(n, reach.needs[n], tested,
                                       drivers.world)
            for n in sorted(reach.needs)}}, file, indent=1)
    print(report_text.driver_text(args.symbol, record, reach, tested, found,
                                  drivers.world))


def main():
    """One driver or whole folders."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("symbol", "refused"):
        parser.add_argument(f"--{option}")
    for option in ("src", "out", "work", "cross", "ours", "emul",
                   "real", "checks", "json"):
        parser.add_argument(f"--{option}", required=True)
    parser.add_argument("--folder", action="append", default=[])
    args = parser.parse_args()
    drivers = Drivers(args.out, args.emul, args.real, args)
    tested = report_tests.by_checks(args.checks, [args.emul, args.real],
                                    args.cross)
    if args.symbol:
        driver_main(args, drivers, tested)
    else:
        folders_main(args, drivers, tested)


if __name__ == "__main__":
    main()
