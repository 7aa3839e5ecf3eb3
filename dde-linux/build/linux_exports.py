#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""linux_exports.py - which file of Linux defines a kernel symbol.

Most names that drivers need are exported by an EXPORT_SYMBOL line; what real
files need among themselves is not, so for the rest the line of a definition is
searched: a name at the left margin's declaration, followed by its parameters.
Read next: dde_report.py
"""
import os
import re

EXPORT = re.compile(r"^EXPORT_[A-Z_]*SYMBOL[A-Z_]*\(\s*(\w+)", re.M)
DEFINITION = re.compile(r"^(?!static|extern|#)\w[\w \t*]*?\b(\w+)"
                        r"(?:\([^;{]*\)?$|\s*(?:\[[^\]]*\])?\s*(?:=|;))", re.M)
FOLDERS = ("drivers", "kernel", "lib", "mm", "fs", "net", "block", "crypto",
           "security", "init", "sound", "ipc")


def source_files(src):
    """Every C file that may define something for a driver."""
    for folder in FOLDERS:
        for place, _, files in os.walk(os.path.join(src, folder)):
            for name in files:
                if name.endswith(".c"):
                    yield os.path.join(place, name)


def providers(src, names):
    """name -> Linux file, for those of the names that a file defines."""
    wanted, exported, defined = set(names), {}, {}
    if not wanted:
        return {}
    for path in source_files(src):
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        short = os.path.relpath(path, src)
        for name in wanted.intersection(EXPORT.findall(text)):
            exported.setdefault(name, short)
        for name in wanted.intersection(DEFINITION.findall(text)):
            defined.setdefault(name, short)
    return dict(sorted((defined | exported).items()))
