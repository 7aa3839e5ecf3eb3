#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""report_config.py - configure Linux for a report: some drivers, or all of a folder.

Enables, as modules, the given symbols and every driver of the given folders
that Linux's Makefiles build for a tristate symbol, with all they depend on.
COMPILE_TEST is on here, so that drivers of other machines compile too; no
process is ever made of this configuration. What Linux refuses is written down
for the report to repeat, and so is what it would refuse without COMPILE_TEST.
Read next: drivers_config.py, kconfig_need.c
"""
import argparse
import json
import os
import re
import sys

import drivers_config
import link_driver

# What no driver process has: user space's views of the kernel, and subsystems
# that many drivers offer something to and few need. Not on for a driver's sake.
# (Sources of graphics are not even extracted: linux-src/leave-out.txt.)
BARRED = ("CGROUPS", "KUNIT", "SYSFS", "PROC_FS", "DEBUG_FS", "CONFIGFS_FS",
          "DRM", "FB", "MEDIA_SUPPORT", "SND", "INFINIBAND")
# Drivers that select one of these: devices made up by user space.
LEFT_OUT = {"GPIO_SIM", "GPIO_VIRTUSER", "BLK_DEV_NULL_BLK", "VCAP"}
OBJ = re.compile(r"^\s*obj-\$\(CONFIG_([A-Z0-9_]+)\)\s*[+:]?=", re.M)


def folder_symbols(src, folder):
    """Symbols for which a Makefile below the folder builds an object."""
    found = set()
    for place, _, files in os.walk(os.path.join(src, folder)):
        for name in {"Makefile", "Kbuild"} & set(files):
            path = os.path.join(place, name)
            with open(path, encoding="utf-8") as file:
                found.update(OBJ.findall(file.read()))
    return found


def check_folders(src, folders):
    """End with a message if Linux has no such folder of drivers."""
    for folder in folders:
        if not os.path.isfile(os.path.join(src, folder, "Makefile")):
            sys.exit(f"ALL={folder}: Linux has no such folder with a "
                     f"Makefile; write e.g. ALL=drivers/rtc")


def check_symbol(symbol, types):
    """End with a message if the symbol is no driver of Linux."""
    entry = drivers_config.Entry(0, "DDE", symbol)
    message = drivers_config.check_dde(entry, types)
    if message:
        sys.exit(f"D={symbol}: {message}")


def choose(args, types):
    """The tristate symbols to enable, sorted."""
    check_folders(args.src, args.folder)
    for symbol in args.symbol:
        check_symbol(symbol, types)
    found = set(args.symbol)
    for folder in args.folder:
        found |= folder_symbols(args.src, folder)
    found -= LEFT_OUT - set(args.symbol)
    return sorted(s for s in found if types.get(s) == "tristate")


def enable(args, chosen):
    """Enable what Linux lets be enabled. Return: its refusals, by symbol."""
    _, lines = drivers_config.run_need(args, ["--any"]
                                       + [f"-{s}" for s in BARRED] + chosen)
    return dict(line[len("unmet "):].split(": ", 1) for line in lines
                if line.startswith("unmet "))


def enable_without_test(args, chosen):
    """What Linux refuses if it is not only to be compiled; .config stays."""
    path = os.path.join(args.out, ".config")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    link_driver.write_file(path, text.replace("CONFIG_COMPILE_TEST=y\n", ""))
    refused = enable(args, chosen)
    link_driver.write_file(path, text)
    return refused


def main():
    """Choose, enable, write down the refusals."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", action="append", default=[])
    parser.add_argument("--symbol", action="append", default=[])
    for option in ("--src", "--out", "--need", "--refused"):
        parser.add_argument(option, required=True)
    args = parser.parse_args()
    chosen = choose(args, drivers_config.linux_symbols(args))
    plain = enable_without_test(args, chosen)
    refused = enable(args, chosen)
    with open(args.refused, "w", encoding="utf-8") as file:
        json.dump({"refused": refused, "compile_test": sorted(
            set(plain) - set(refused))}, file, indent=1)
    print(f"  KCONFIG  {len(chosen) - len(refused)} drivers enabled, "
          f"{len(refused)} refused by Linux")


if __name__ == "__main__":
    main()
