#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""archive.py - pack files into a cpio archive (newc), the same bytes each time.

usage: archive.py OUT FILE...

Members carry their base names, no dates and no owners, so that equal inputs
give an equal archive on any machine. Data begin on pages, so that processes can
share those that nobody writes. Read by broker/archive.c.

A segment that nobody writes and that several programs have, byte for byte, is
stored once, in the member "shared"; their program headers say PT_SHARED instead of
PT_LOAD, with the offset in there (broker/elf.c). Linux drivers have their common
functions in such segments (dde-linux/build/common_code.py).
"""
import os
import struct
import sys
from collections import Counter

MODE_FILE = 0o100644
HEADER = 110
PAGE = 4096
# ELF, 64 bits: System V gABI, chapters 4 and 5.
PROGRAM = struct.Struct("<IIQQQQQQ")  # type flags offset vaddr paddr filesz ..
PT_LOAD, PT_SHARED, PF_W = 1, 0x6b61614c, 2


def pad4(data):
    """Zero bytes up to the next multiple of four."""
    return data + bytes(-len(data) % 4)


def member(place, inode, name, data, mode=MODE_FILE):
    """One header, name and data. Fields: 13 numbers of 8 hex digits.

    The name is filled with zero bytes up to a page's end of the archive.
    """
    raw_name = name.encode() + b"\0"
    raw_name += bytes(-(place + HEADER + len(raw_name)) % PAGE)
    fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(raw_name), 0)
    header = b"070701" + b"".join(b"%08x" % field for field in fields)
    return pad4(header + raw_name) + pad4(data)


def page_pad(data):
    """Zero bytes up to the end of the page."""
    return data + bytes(-len(data) % PAGE)


def programs(data):
    """The program headers of an ELF file; of another file none."""
    if data[:5] != b"\x7fELF\x02":
        return []
    start, = struct.unpack_from("<Q", data, 0x20)
    count, = struct.unpack_from("<H", data, 0x38)
    return [PROGRAM.unpack_from(data, start + i * PROGRAM.size)
            for i in range(count)]


def constant(data, head):
    """The bytes of a segment that could be shared, or None."""
    kind, flags, offset, vaddr, _, size, memory, _ = head
    if kind != PT_LOAD or flags & PF_W or size != memory or not size or \
            offset % PAGE or vaddr % PAGE:
        return None
    return bytes(data[offset:offset + size])


def without(data, places):
    """An ELF file without the segments that have places in "shared".

    Its section headers go too: the broker reads none.
    """
    heads = programs(data)
    start, = struct.unpack_from("<Q", data, 0x20)
    out = bytearray(data[:start + len(heads) * PROGRAM.size])
    struct.pack_into("<Q", out, 0x28, 0)
    struct.pack_into("<HHH", out, 0x3a, 0, 0, 0)
    for i, head in enumerate(heads):
        kind, flags, offset, *rest = head
        place = places.get(constant(data, head))
        if place is not None:
            kind, offset = PT_SHARED, place
        elif kind == PT_LOAD and head[5]:
            segment = data[offset:offset + head[5]]
            out += bytes(-len(out) % PAGE + offset % PAGE)
            offset = len(out)
            out += segment
        PROGRAM.pack_into(out, start + i * PROGRAM.size, kind, flags, offset,
                          *rest)
    return bytes(out)


def share(files):
    """(name, data) of all members: what several have is in the first one."""
    found = Counter(segment for _, data in files for segment in
                    {constant(data, head) for head in programs(data)} - {None})
    shared, places = b"", {}
    for segment, count in found.items():
        if count > 1:
            places[segment] = len(shared)
            shared += page_pad(segment)
    if not places:
        return files
    return [("shared", shared)] + [
        (name, without(data, places) if any(
            constant(data, head) in places for head in programs(data))
         else data) for name, data in files]


def main():
    """Write the archive named first from the files named after it."""
    if len(sys.argv) < 3:
        sys.exit("usage: archive.py OUT FILE...")
    out, files = sys.argv[1], sys.argv[2:]
    archive = bytearray()
    members = []
    for path in files:
        with open(path, "rb") as source:
            members.append((os.path.basename(path), source.read()))
    for inode, (name, data) in enumerate(share(members), 1):
        archive += member(len(archive), inode, name, data)
    archive += member(len(archive), 0, "TRAILER!!!", b"", 0)
    with open(out, "wb") as target:
        target.write(archive)


if __name__ == "__main__":
    main()
