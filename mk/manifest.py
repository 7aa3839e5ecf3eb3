# SPDX-License-Identifier: BSD-2-Clause
"""manifest.py - checks manifest.txt and packs it as the broker reads it.

docs/manifest.md says what the keys mean. The broker believes what is packed
here if it adds up (broker/policy.c): whatever is wrong is told at build time, with
file and line, all errors at once. Numbers for words come from the
headers that define them. Layout: struct broker_program in broker/policy.h.
"""
import itertools
import pathlib
import re
import struct

TOP = pathlib.Path(__file__).resolve().parents[1]
HEADERS = "".join(path.read_text() for path in (
    TOP / "broker/policy.h", *sorted((TOP / "glue/include/glue").glob("*.h"))))
PROGRAMS_MAX, SEGMENTS_MAX, PAGE = 48, 8, 4096
CHANNELS_MAX, NAME_MAX, GLOB_MAX = 32, 31, 127

# In the order of struct broker_program: 64 bits each, the segments, 32 bits.
WORDS = ("name", "match", "device", "args", "class", "stack_kib", "dma_kib",
         "lend_kib", "entry")
TEXTS = WORDS[:4]
SEGMENT = struct.Struct("<4Q2I")
NUMBERS = ("kind", "start", "connect", "needs", "allow", "priority",
           "optional_device", "share", "absent", "meta_bytes", "stall_ms",
           "channels", "sums_kib")
RECORD = struct.Struct(f"<{len(WORDS)}Q{SEGMENTS_MAX * SEGMENT.size}s"
                       f"{1 + len(NUMBERS)}I")


class Wrong(Exception):
    """What is wrong with a line."""


def enum(prefix):
    """{word: number} of the enumerators with that prefix."""
    found, last = {}, -1
    for name, value in re.findall(
            rf"\b{prefix}(\w+)(?: = (\w+(?: << \w+)?))?,", HEADERS):
        factors = [int(n, 0) for n in value.split(" << ")] if value else []
        last = factors[0] << sum(factors[1:]) if factors else last + 1
        found[name.lower()] = last
    return found


def place(name):
    """A number of glue/places.h."""
    return int(re.search(rf"GLUE_{name}\s+(0x[0-9a-f]+)ul", HEADERS)[1], 16)


KINDS = {word: number for word, number in enum("GLUE_KIND_").items()
         if word != "broker"}
STARTS = enum("BROKER_START_")
ALLOWED = enum("BROKER_ALLOW_")
CLASSES = enum("GLUE_CLASS_")
CONNECTED = {name: 1 << number for name, number in CLASSES.items()
             if name not in ("none", "timer")}


def number(low, high, unit=1):
    """A reader of numbers from low to high."""
    def read(text):
        if not re.fullmatch(r"\d+|0x[0-9a-fA-F]+", text) or \
                not low <= int(text, 0) <= high:
            raise ValueError
        return int(text, 0) * unit
    return read


def word(known):
    """A reader of one of these words."""
    def read(text):
        if text not in known:
            raise ValueError
        return known[text]
    return read


def words(known):
    """A reader of a comma list, for flags or-ed."""
    def read(text):
        flags = 0
        for item in text.split(","):
            flags |= word({**known, "none": 0, "": 0})(item)
        return flags
    return read


def text_of(value):
    """A reader of text that is not empty."""
    if not value:
        raise ValueError
    return value


def args(value):
    """Commas separate words; a doubled one is a comma."""
    return "\0".join(part.replace(",", " ") for part in
                     value.split(",,")).replace("\0", ",")


def set_members(body):
    """What [BODY] of a glob stands for."""
    for one in re.findall(r"(.)-(.)|(.)", body):
        if one[2]:
            yield one[2]
        else:
            yield from map(chr, range(ord(one[0]), ord(one[1]) + 1))


def globs(value):
    """Globs with a blank between two; each set of characters is written out.

    A comma separates two globs where a bus name and a colon follow.
    """
    found = []
    for glob in re.split(r",(?=[a-z0-9]*:)", text_of(value)):
        parts = re.split(r"\[([^]]+)\]", glob)
        parts[1::2] = [list(set_members(body)) for body in parts[1::2]]
        parts[::2] = [[part] for part in parts[::2]]
        found += map("".join, itertools.product(*parts))
        if "[" in "".join(found) or len(found[-1]) > GLOB_MAX:
            raise ValueError
    return " ".join(found)


READERS = {
    "elf": text_of, "match": globs, "device": text_of, "args": args,
    "kind": word(KINDS), "start": word(STARTS), "class": word(CLASSES),
    "absent": word({"end": 0, "wait": 1}),
    "optional_device": number(0, 1), "share": number(0, 1),
    "stack_kib": number(1, 252, 1024),  # and a guard below, then registers
    "dma_kib": number(0, 64 << 10, 1024),
    "lend_kib": number(0, place("LENT_SPAN") >> 10, 1024),
    "sums_kib": number(0, place("LENT_SPAN") >> 10, 1024),
    "meta_bytes": number(0, 64), "channels": number(0, CHANNELS_MAX),
    "connect": words(CONNECTED), "needs": words(CONNECTED),
    "allow": words(ALLOWED), "stall_ms": number(0, 3600 * 1000),
    "priority": number(0, 254),  # 255 is the broker's own
}


def program_read(text):
    """One line's program as {key: value}."""
    name, *items = text.split()
    program = {
        "name": name, "elf": "", "match": "", "device": "", "args": "",
        "kind": KINDS["app"], "start": STARTS["demand"], "class": 0,
        "stack_kib": 16 << 10, "dma_kib": 0, "lend_kib": 4 << 20,
        "channels": 4, "stall_ms": 1000}
    for item in items:
        key, equals, value = item.partition("=")
        if not equals:
            raise Wrong(f'"{item}" is not key=value')
        if key not in READERS:
            raise Wrong(f'unknown key "{key}"')
        try:
            program[key] = READERS[key](value)
        except ValueError:
            raise Wrong(f'bad value "{value}" for {key}') from None
    program["dma_kib"] = -(-program["dma_kib"] // PAGE) * PAGE
    program.setdefault("priority", 100 if program["kind"] in (
        KINDS["app"], KINDS["test"]) else 200)
    return program


def program_check(program, others):
    """What must be there, and what must not."""
    if len(program["name"]) > NAME_MAX:
        raise Wrong(f"the name is longer than {NAME_MAX} characters")
    if program["name"] in (other["name"] for other in others):
        raise Wrong(f"the name {program['name']} was used before")
    if not program["elf"]:
        raise Wrong("elf= is missing")
    if program["start"] == STARTS["device"] and \
            not program["match"] and not program["device"]:
        raise Wrong("start=device needs match= or device=")
    if program["stall_ms"] == 0:
        raise Wrong("stall_ms=0 leaves the device no time")
    if len(others) == PROGRAMS_MAX:
        raise Wrong(f"there are more than {PROGRAMS_MAX} programs")


def sums_add(program):
    """Memory for the sums of its disk: zeroes behind the image, and a gap."""
    bytes_ = program.get("sums_kib", 0)
    if not bytes_:
        return
    last = program["segments"][-1]
    place_ = -(-(last[0] + last[1]) // PAGE) * PAGE + PAGE
    if place_ + bytes_ > place("IMAGE_END"):
        raise Wrong("sums_kib: no room behind the program's image")
    if len(program["segments"]) == SEGMENTS_MAX:
        raise Wrong("sums_kib: the program has too many segments")
    program["segments"] = [*program["segments"], (place_, bytes_, b"", 1, 0)]


def program_of(text, others, load):
    """One line's program, checked, with its segments."""
    program = program_read(text)
    program_check(program, others)
    program["entry"], program["segments"] = load(program["elf"])
    sums_add(program)
    return program


def read(path, load):
    """(programs, errors) of a manifest; load: ELF's name -> (entry, segments).

    load raises Wrong for a file that is missing or cannot be a program.
    """
    programs, errors = [], []
    for line, text in enumerate(path.read_text().split("\n"), 1):
        text = re.sub(r"(^|\s)#.*", "", text)
        if not text.split():
            continue
        try:
            programs.append(program_of(text, programs, load))
        except Wrong as wrong:
            errors.append(f"{path}:{line}: {wrong}")
    if not programs and not errors:
        errors.append(f"{path}: it has no program: nothing to start")
    return programs, errors


def pack(programs, start):
    """Records and, behind them, their texts; offsets count from `start` on."""
    texts = bytearray()
    records = []
    for program in programs:
        values = []
        for field in WORDS:
            value = program[field]
            if field in TEXTS:
                value = start + len(programs) * RECORD.size + len(texts)
                texts += program[field].encode() + b"\0"
            values.append(value)
        segments = b"".join(SEGMENT.pack(*one) for one in program["segments"])
        records.append(RECORD.pack(
            *values, segments, len(program["segments"]),
            *(program.get(field, 0) for field in NUMBERS)))
    return b"".join(records) + bytes(texts)
