#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""driver_class.py - can a Linux driver belong to a class that KaaL has?

A driver shows its class by the function it registers with (classes.txt). The
link step reads that from the compiled module and is exact; but compiling a big
driver takes half a minute. So before that its folder's sources are searched for
the names: where none occurs, no object made of them can call one. It errs on
the side of letting through. Read next: drivers_config.py, link_driver.py
"""
import os
import re
from dataclasses import dataclass

OBJ = re.compile(r"^\s*obj-\$\(CONFIG_([A-Z0-9_]+)\)")
SOURCES = (".c", ".h")


@dataclass(frozen=True)
class ClassRow:
    """One registration function: its class, the class's glue and manifest."""
    name: str
    function: str
    glue: str
    words: str


def read_classes(path=None):
    """A row for each function of classes.txt, in the order of the file."""
    rows, head = [], None
    with open(path or beside("classes.txt"), encoding="utf-8") as file:
        for line in file:
            line = line.split("#")[0].rstrip()
            if line and not line[0].isspace():
                head = line.split(None, 2)
            elif line and head:
                rows += [ClassRow(head[0], function, head[1], head[2])
                         for function in line.split()]
    return rows


def read_buses(path=None):
    """(alias prefix, transport module) rows; {registration function: bus}."""
    transports, functions = [], {}
    with open(path or beside("buses.txt"), encoding="utf-8") as file:
        for line in file:
            words = line.split("#")[0].split(None, 1)
            if words and words[0].endswith(":"):
                transports.append((words[0], words[1].strip()))
            elif words:
                functions[words[0]] = words[1].strip()
    return transports, functions


def no_bus(called, functions):
    """The buses that a driver registers with, if there are none such here."""
    found = {functions[name] for name in called if name in functions}
    return None if not found or "-" in found else " or ".join(sorted(found))


NO_BUS = "no {} bus on this machine: nothing can offer it a device"


def beside(name):
    """The path of a table in this folder."""
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), name)


def no_class(subject, classes):
    """The message for a driver of no known class."""
    known = " ".join(dict.fromkeys(row.name for row in classes))
    return (f"{subject}: calls no registration function of a class "
            f"that dde-linux has ({known}), so no program could use it: "
            f"remove the line, or add a class (docs/adding-a-driver.md). Buses "
            f"and what else drivers share are built without being listed")


def place(path, number, text):
    """A message with the line of drivers.config that it is about."""
    return f"{path}:{number}: {text}"


def text_of(path):
    """A file's text, whatever its bytes."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def driver_folders(src, symbols):
    """symbol -> folders whose Makefile builds something for it."""
    found = {symbol: set() for symbol in symbols}
    for folder, subdirs, files in os.walk(src):
        if folder == src:
            subdirs[:] = [d for d in subdirs if d not in
                          ("arch", "tools", "Documentation", "include")]
        for name in {"Makefile", "Kbuild"} & set(files):
            for line in text_of(os.path.join(folder, name)).splitlines():
                match = OBJ.match(line)
                if match and match[1] in found:
                    found[match[1]].add(folder)
    return found


def has_drivers(folder):
    """Does a folder's makefile build drivers of its own?"""
    paths = [os.path.join(folder, name) for name in ("Makefile", "Kbuild")]
    return any(OBJ.match(line) for path in paths if os.path.exists(path)
               for line in text_of(path).splitlines())


def names_class(folder, classes):
    """Does a source in the folder name a registration function?

    Drivers call most of them through a macro that is named without the leading
    underscores or the lock key, so these are left out of the comparison. A
    folder below belongs to it unless it builds drivers of its own.
    """
    words = "|".join(row.function.lstrip("_").removesuffix("_with_key")
                     for row in classes)
    wanted = re.compile(rf"\b_*(?:{words})\b")
    for inside, below, files in os.walk(folder):
        below[:] = [d for d in below if not has_drivers(os.path.join(inside, d))]
        for name in files:
            if name.endswith(SOURCES) and \
                    wanted.search(text_of(os.path.join(inside, name))):
                return True
    return False


def refusals(src, entries, classes, path):
    """Messages for the drivers that cannot have a class."""
    errors = []
    folders = driver_folders(src, {entry.symbol for entry in entries})
    for entry in entries:
        places = folders[entry.symbol]
        if places and not any(names_class(p, classes) for p in places):
            errors.append(place(path, entry.line, no_class(
                f"DDE_{entry.symbol}", classes)))
    return errors
