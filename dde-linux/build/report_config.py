#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""report_config.py - configure Linux for a report: some drivers, or all of a folder.

Enables, as modules, the given symbols and every driver of the given folders
that Linux's Makefiles build for a tristate symbol, with all they depend on.
COMPILE_TEST is on here, so that drivers of other machines compile too; no
process is ever made of this configuration. What Linux refuses is written down
for the report to repeat, and so is what it would refuse without COMPILE_TEST.
One driver's wish for a feature of the network core (APART) would be on for all
of its folder: drivers that cannot be without one are left to a report of their
own (--apart), so that the others are seen as they are in their own process.
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
# What is compiled into the network core itself, or hangs on every card with it.
APART = ("BRIDGE", "NET_DEVLINK", "NET_SWITCHDEV", "PTP_1588_CLOCK", "TLS",
         "VLAN_8021Q", "XFRM")
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
        message = message.replace("DDE_", "D=").removeprefix(f"D={symbol}: ")
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


def enable(args, chosen, barred):
    """Enable what Linux lets be enabled. Return: its refusals, by symbol."""
    _, lines = drivers_config.run_need(args, ["--any"]
                                       + [f"-{s}" for s in barred] + chosen)
    return dict(line[len("unmet "):].split(": ", 1) for line in lines
                if line.startswith("unmet "))


def enable_tried(args, chosen, barred, without=""):
    """What would be refused, with a line of .config left out; .config stays."""
    path = os.path.join(args.out, ".config")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    link_driver.write_file(path, text.replace(without, ""))
    refused = enable(args, chosen, barred)
    link_driver.write_file(path, text)
    return refused


def decide(args, chosen):
    """(symbols of this report, what bars, refusals, symbols set apart)."""
    refused = enable_tried(args, chosen, BARRED + APART)
    again = enable_tried(args, sorted(refused), BARRED)
    apart = sorted(set(refused) - set(again))
    if args.apart:
        return apart, BARRED, again, []
    if args.symbol:
        return chosen, BARRED, again, []
    return sorted(set(chosen) - set(apart)), BARRED + APART, again, apart


def main():
    """Choose, enable, write down the refusals."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", action="append", default=[])
    parser.add_argument("--symbol", action="append", default=[])
    parser.add_argument("--apart", action="store_true")
    for option in ("--src", "--out", "--need", "--refused"):
        parser.add_argument(option, required=True)
    args = parser.parse_args()
    chosen, barred, refused, apart = decide(
        args, choose(args, drivers_config.linux_symbols(args)))
    plain = enable_tried(args, chosen, barred, "CONFIG_COMPILE_TEST=y\n")
    enable(args, chosen, barred)
    with open(args.refused, "w", encoding="utf-8") as file:
        json.dump({"refused": refused, "apart": apart, "compile_test": sorted(
            set(plain) - set(refused))}, file, indent=1)
    print(f"  KCONFIG  {len(set(chosen) - set(refused))} drivers enabled, "
          f"{len(refused)} refused by Linux"
          + (f", {len(apart)} left to APART=y" if apart else ""))


if __name__ == "__main__":
    main()
