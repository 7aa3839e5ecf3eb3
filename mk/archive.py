#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""archive.py - pack files into a cpio archive (newc), the same bytes each time.

usage: archive.py OUT FILE...

Members carry their base names, no dates and no owners, so that equal inputs
give an equal archive on any machine. Data begin on pages, so that processes can
share those that nobody writes. Read by broker/archive.c.
"""
import os
import sys

MODE_FILE = 0o100644
HEADER = 110
PAGE = 4096


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


def main():
    """Write the archive named first from the files named after it."""
    if len(sys.argv) < 3:
        sys.exit("usage: archive.py OUT FILE...")
    out, files = sys.argv[1], sys.argv[2:]
    archive = bytearray()
    for inode, path in enumerate(files, 1):
        with open(path, "rb") as source:
            archive += member(len(archive), inode, os.path.basename(path),
                              source.read())
    archive += member(len(archive), 0, "TRAILER!!!", b"", 0)
    with open(out, "wb") as target:
        target.write(archive)


if __name__ == "__main__":
    main()
