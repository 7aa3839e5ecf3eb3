#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""kbuild_modules.py - the modules that Linux's Kbuild made: which, for whom, what they need.

A symbol leads to its modules by Linux's makefiles, a module to those it needs
by modpost (`depends`) and by buses.txt. Read next: link_driver.py
"""
import os
import re
import sys

OBJ_M = re.compile(r"^\s*obj-\$\(CONFIG_([A-Z0-9_]+)\)\s*[+:]?=\s*(.*)$")
ALIAS = re.compile(r'^MODULE_ALIAS\("([^"]+)"\);', re.M)
DEPENDS = re.compile(r'^MODULE_INFO\(depends, "([^"]*)"\);', re.M)


class Module:
    """One .ko in the Kbuild output: its name, needs and aliases."""

    def __init__(self, out, path):
        self.path = os.path.join(out, path + ".ko")
        self.name = os.path.basename(path).replace("-", "_")
        with open(os.path.join(out, path + ".mod.c"), encoding="utf-8") as f:
            text = f.read()
        self.aliases = ALIAS.findall(text)
        self.params = 0  # bytes of its table of parameters
        self.parameters = parameters_of(self.path)
        found = DEPENDS.search(text)
        self.depends = [d.replace("-", "_")
                        for d in found.group(1).split(",") if d] \
            if found else []


def parameters_of(path):
    """Names of a module's parameters: parmtype=NAME:TYPE in .modinfo."""
    with open(path, "rb") as file:
        found = re.findall(rb"\0parmtype=(\w+):", b"\0" + file.read())
    return [name.decode() for name in found]


def load_modules(out):
    """All modules that Kbuild made, by name."""
    with open(os.path.join(out, "modules.order"), encoding="utf-8") as file:
        paths = [line.strip()[:-2] for line in file if line.strip()]
    modules = [Module(out, path) for path in paths]
    return {m.name: m for m in modules}, dict(zip(paths, modules))


def makefile_rows(src, folder):
    """(symbol, objects) of each line obj-$(CONFIG_symbol) of FOLDER."""
    for name in ("Kbuild", "Makefile"):
        path = os.path.join(src, folder, name)
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as file:
            text = file.read().replace("\\\n", " ")
        for line in text.splitlines():
            match = OBJ_M.match(line)
            if match:
                yield match.group(1), match.group(2).split("#")[0].split()
        return


def makefile_objects(src, folder, symbol):
    """Objects that FOLDER's Makefile builds for CONFIG_symbol."""
    return [o for row, objects in makefile_rows(src, folder)
            if row == symbol for o in objects]


def module_symbol(src, path):
    """The symbol whose line builds this module, "" if none does."""
    folder, base = os.path.split(path)
    for symbol, objects in makefile_rows(src, folder):
        if base + ".o" in objects:
            return symbol
    return ""


def driver_modules(src, by_path, symbol):
    """The modules that CONFIG_symbol stands for."""
    found = []
    for path, module in by_path.items():
        folder, base = os.path.split(path)
        if base + ".o" in makefile_objects(src, folder, symbol):
            found.append(module)
    if not found:
        sys.exit(f"DDE_{symbol.upper()}: no Makefile of Linux makes a module "
                 f"for CONFIG_{symbol}; only tristate drivers can be listed")
    return found


def add_transports(modules, by_name, transports):
    """Modules with the transports their aliases imply put in front."""
    extra = []
    for prefix, transport in transports:
        hit = any(a.startswith(prefix) for m in modules for a in m.aliases)
        if hit and transport not in by_name:
            sys.exit(f"{transport}.ko was not built, but {prefix} devices "
                     f"need it: kaal_defconfig must enable it")
        if hit:
            extra.append(by_name[transport])
    return extra + modules


def in_order(modules, by_name):
    """Every needed module once, each after those it depends on."""
    order = []

    def visit(module):
        if module in order:
            return
        for name in module.depends:
            if name in by_name:
                visit(by_name[name])
        order.append(module)

    for module in modules:
        visit(module)
    return order
