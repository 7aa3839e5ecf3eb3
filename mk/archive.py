#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""archive.py - manifest and programs as the broker finds them: checked, laid out.

usage: archive.py OUT MANIFEST ELF...

A header, a record for each line of the manifest (manifest.py), their texts, and
the segments of the ELF files that the lines name. What a program is and where it
lies is decided here, once; equal inputs give equal bytes. A segment that several
programs have is stored once: Linux drivers have their common functions in such
segments (dde-linux/build/common_code.py). One that nobody writes begins on a page
and fills it, so that all processes share it as it lies there.

Every error ends with status 1, after a line that names the file.
"""
import pathlib
import struct
import sys

sys.dont_write_bytecode = True
import manifest  # noqa: E402  (no cache of it in the sources)

PAGE = manifest.PAGE
# struct broker_archive of broker/policy.h: magic, programs, sum, bytes, end of texts
HEADER = struct.Struct("<IIQQQ")
SUM = struct.Struct("<Q"), 8  # and where; all behind it is added up
MAGIC, PRIME = 0x4c61614b, 0x100000001b3
# Part of every system, unless its manifest has another: it runs before all others,
# and finds the devices (finder/).
FINDER = ("finder elf=finder.elf kind=app start=find allow=find priority=254 "
          "stall_ms=5000")
# ELF, 64 bits: System V gABI, chapters 4 and 5.
FILE = struct.Struct("<16sHHIQQQIHHHHHH")
PROGRAM = struct.Struct("<IIQQQQQQ")  # type flags offset vaddr paddr filesz ..
AARCH64, EXEC, HEADERS_MAX = 183, 2, 16
PT_LOAD, PT_DYNAMIC, PT_INTERP, PF_X, PF_W = 1, 2, 3, 1, 2
IMAGE, IMAGE_END = manifest.place("IMAGE_VADDR"), manifest.place("IMAGE_END")


def demand(right, what):
    """Refuse an ELF file."""
    if not right:
        raise manifest.Wrong(what)


def heads(data):
    """(entry, program headers) of an ELF file."""
    demand(data[:4] == b"\x7fELF", "it does not begin with the ELF magic")
    demand(len(data) >= FILE.size, "it is shorter than an ELF header")
    (ident, kind, machine, _, entry, start, _, _, _, size, count, _, _,
     _) = FILE.unpack_from(data)
    demand(ident[4:7] == b"\2\1\1", "it is not a 64-bit little-endian ELF")
    demand(machine == AARCH64, "it is not built for AArch64")
    demand(kind == EXEC,
           "it is not a static executable (link with -static, no PIE)")
    demand(size == PROGRAM.size, "its program headers have an unknown size")
    demand(0 < count <= HEADERS_MAX,
           f"it has no program header, or more than {HEADERS_MAX}")
    demand(start + count * size <= len(data),
           "its program headers pass the end of the file")
    return entry, [PROGRAM.unpack_from(data, start + i * size)
                   for i in range(count)]


def segment(data, head, end):
    """(address, bytes in memory, bytes, writable, executable); end: of the last."""
    _, flags, offset, vaddr, _, size, memory, _ = head
    demand(size <= memory, "a segment is larger in the file than in memory")
    demand(offset + size <= len(data),
           "a segment passes the end of the file (truncated?)")
    demand(IMAGE <= vaddr and vaddr + memory <= IMAGE_END,
           "a segment lies outside of the image area (glue/places.h)")
    demand(not flags & PF_W or not flags & PF_X,
           "a segment is writable and executable at once")
    demand(vaddr // PAGE * PAGE >= end,
           "its segments overlap, share a page, or are not in order")
    return (vaddr, memory, bytes(data[offset:offset + size]),
            int(flags & PF_W > 0), int(flags & PF_X > 0))


def segments(data):
    """(entry, segments) of a program's file; Wrong if it cannot be loaded."""
    entry, headers = heads(data)
    found, end = [], 0
    for head in headers:
        demand(head[0] not in (PT_DYNAMIC, PT_INTERP),
               "it needs a dynamic linker, which is not here")
        if head[0] != PT_LOAD or not head[6]:
            continue
        found.append(segment(data, head, end))
        end = found[-1][0] + found[-1][1]
    demand(found, "it has nothing to load")
    demand(len(found) <= manifest.SEGMENTS_MAX,
           f"it has more than {manifest.SEGMENTS_MAX} loadable segments")
    demand(any(runs and vaddr <= entry < vaddr + len(body) and entry % 4 == 0
               for vaddr, _, body, _, runs in found),
           "its entry point is not in an executable segment")
    return entry, found


def constant(one):
    """Can processes share the segment's pages?"""
    vaddr, memory, body, writable, _ = one
    return not writable and vaddr % PAGE == 0 and memory == len(body)


def lay_out(programs, start):
    """Give each segment a place from `start` on. Return: the bytes from there."""
    body, places = bytearray(), {}
    for alone in (True, False):
        for one in (s for p in programs for s in p["segments"]):
            if constant(one) != alone or (one[2], alone) in places:
                continue
            # Copying is quickest where both sides are aligned alike.
            body += bytes((one[0] - start - len(body)) % (PAGE if alone
                                                          else 16))
            places[one[2], alone] = start + len(body)
            body += one[2]
            if alone:
                body += bytes(-len(body) % PAGE)
    for program in programs:
        program["segments"] = [
            (one[0], one[1], len(one[2]), places[one[2], constant(one)],
             one[3], one[4]) for one in program["segments"]]
    return bytes(body)


def seal(data):
    """Write the sum by which the broker knows records and texts (broker/policy.c)."""
    _, total, _, _, end = HEADER.unpack_from(data)
    word, at = SUM
    for (value,) in struct.iter_unpack("<Q", data[at + word.size:end]):
        total = (total ^ total >> 32 ^ value) * PRIME % (1 << 64)
    word.pack_into(data, at, total)


def archive(programs):
    """All of it."""
    size = len(manifest.pack([{**p, "segments": []} for p in programs], 0))
    table = -(-(HEADER.size + size) // 8) * 8
    start = -(-table // PAGE) * PAGE
    body = lay_out(programs, start)
    head = bytearray(HEADER.pack(MAGIC, len(programs), 0, start + len(body),
                                 table)
                     + manifest.pack(programs, HEADER.size)).ljust(start, b"\0")
    seal(head)
    return bytes(head) + body


def main():
    """Write the archive named first from the files named after it."""
    if len(sys.argv) < 3:
        sys.exit("usage: archive.py OUT MANIFEST ELF...")
    out, lines, *paths = map(pathlib.Path, sys.argv[1:])
    files = {path.name: path for path in paths}

    def load(name):
        if name not in files:
            raise manifest.Wrong(f"{name} is not among the programs: "
                                 "add it to PROGRAMS (mk/README.md)")
        try:
            return segments(files[name].read_bytes())
        except manifest.Wrong as wrong:
            raise manifest.Wrong(f"{name} cannot be loaded: {wrong}") from None

    programs, errors = manifest.read(lines, load)
    if "finder.elf" in files and not errors and \
            not any(one["name"] == "finder" for one in programs):
        programs.append(manifest.program_of(FINDER, programs, load))
    if errors:
        sys.exit("\n".join(errors))
    out.write_bytes(archive(programs))


if __name__ == "__main__":
    main()
