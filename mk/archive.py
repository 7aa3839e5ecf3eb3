#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""archive.py - pack files into a cpio archive (newc), the same bytes each time.

usage: archive.py OUT FILE...

Members carry their base names, no dates and no owners, so that equal inputs
give an equal archive on any machine. Read by broker/archive.c.
"""
import os
import sys

MODE_FILE = 0o100644


def pad4(data):
    """Zero bytes up to the next multiple of four."""
    return data + bytes(-len(data) % 4)


def member(inode, name, data, mode=MODE_FILE):
    """One header, name and data. Fields: 13 numbers of 8 hex digits."""
    raw_name = name.encode() + b"\0"
    fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(raw_name), 0)
    header = b"070701" + b"".join(b"%08x" % field for field in fields)
    return pad4(header + raw_name) + pad4(data)


def main():
    """Write the archive named first from the files named after it."""
    if len(sys.argv) < 3:
        sys.exit("usage: archive.py OUT FILE...")
    out, files = sys.argv[1], sys.argv[2:]
    parts = []
    for inode, path in enumerate(files, 1):
        with open(path, "rb") as source:
            parts.append(member(inode, os.path.basename(path), source.read()))
    parts.append(member(0, "TRAILER!!!", b"", 0))
    with open(out, "wb") as target:
        target.write(b"".join(parts))


if __name__ == "__main__":
    main()
