#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""common_code.py - what all Linux drivers of a build link, in one order.

usage: common_code.py plan FOLDER LINKMAP...
       common_code.py apart FILE...

plan: reads the link maps of drivers that were linked each for itself, and writes
the lists of input sections that all of them have, for dde.lds to place first.
Drivers linked with the same lists have these sections at the same addresses. As
whatever a section of all refers to is in all as well, their bytes are the same.
The lists are only an order: a list that has become old costs memory, no more.

apart: in objects and archives, strings are no longer merged with equal ones of
others; which string comes first would differ from driver to driver.
"""
import pathlib
import re
import struct
import sys
from collections import defaultdict

from elf_object import AR_HEADER, AR_MAGIC, SECTION, SHF_ALLOC

SHF_MERGE, SHF_STRINGS = 0x10, 0x20
FLAGS_AT = 8    # in a section header
# Kinds, and which input sections of dde.lds each takes.
KINDS = {"text": r"\.((init|exit|ref|sched|spinlock|noinstr)\.)?text\b",
         "rodata": r"\.(init\.)?rodata\b(?!_table)",
         "data": r"\.(init\.)?data\b(?!\.dde_initcall)", "bss": r"\.bss\b"}
PLACED = re.compile(r"^ (\.\S+)\s+0x([0-9a-f]{16})\s+0x([0-9a-f]+) (\S+)$", re.M)
# Linux's files and ours, of which all drivers link the very same; and the tables
# whose contents differ.
SHARED = re.compile(r"(?:.*/)?(ours\.o|(?:real|emul)\.a)(?:\((.*)\))?$")
PRIVATE = {".rodata.dde_optional"}


def kind_of(section):
    """The list of a section, or None."""
    for kind, pattern in KINDS.items():
        if re.match(pattern, section):
            return kind
    return None


def placed(text):
    """{(file, section): its sizes} of what one driver has linked, in order."""
    text = text[text.index("Linker script and memory map"):]
    text = re.sub(r"\n( \.\S+)\n +0x", r"\n\1 0x", text)
    found = defaultdict(list)
    for section, address, size, path in PLACED.findall(text):
        file = SHARED.match(path)
        if file and int(address, 16) and kind_of(section) \
                and section not in PRIVATE:
            found[file[1], file[2], section].append(int(size, 16))
    return found


def in_all(drivers):
    """What all have, as often and as large, in the order of the first."""
    first, *others = drivers
    return [key for key, sizes in first.items()
            if all(other.get(key) == sizes for other in others)]


def plan(folder, maps):
    """Write the four lists; leave those that are the same."""
    keys = in_all([placed(pathlib.Path(path).read_text()) for path in maps])
    for kind in KINDS:
        text = "".join(
            f"*{file}{':' + member if member else ''}({section})\n"
            for file, member, section in keys if kind_of(section) == kind)
        target = pathlib.Path(folder) / f"common.{kind}"
        if not target.is_file() or target.read_text() != text:
            target.write_text(text)


def objects_in(data):
    """Where the objects of a file begin: of an archive, or the file itself."""
    if data[:len(AR_MAGIC)] != AR_MAGIC:
        return [0]
    found, at = [], len(AR_MAGIC)
    while at < len(data):
        size = int(data[at + 48:at + 58])
        found.append(at + AR_HEADER)
        at += AR_HEADER + size + size % 2
    return [at for at in found if data[at:at + 4] == b"\x7fELF"]


def apart(path):
    """Clear the flags by which a linker merges strings."""
    data = bytearray(pathlib.Path(path).read_bytes())
    for at in objects_in(data):
        table, = struct.unpack_from("<Q", data, at + 0x28)
        count, = struct.unpack_from("<H", data, at + 0x3c)
        for i in range(count):
            place = at + table + i * SECTION.size + FLAGS_AT
            flags, = struct.unpack_from("<Q", data, place)
            if flags & SHF_ALLOC:
                struct.pack_into("<Q", data, place,
                                 flags & ~(SHF_MERGE | SHF_STRINGS))
    pathlib.Path(path).write_bytes(data)


def main():
    """Do one of the jobs."""
    if len(sys.argv) > 3 and sys.argv[1] == "plan":
        plan(sys.argv[2], sys.argv[3:])
    elif len(sys.argv) > 2 and sys.argv[1] == "apart":
        for path in sys.argv[2:]:
            apart(path)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
