#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""dwarf.py - what the compiler knew about functions that an object only calls.

gcc writes an entry for every function that a file declares and calls, with the
type it returns. readelf prints these; here they become plain C types, so that
a function made up for the link step returns what its callers expect. Nothing
is guessed: a name without an entry is reported as such.
Read next: missing.py
"""
import re
import subprocess
from dataclasses import dataclass

ENTRY = re.compile(r"^ *<[0-9a-f]+><([0-9a-f]+)>: Abbrev Number: \d+ "
                   r"\(DW_TAG_(\w+)\)")
FIELD = re.compile(r"^ *<[0-9a-f]+> +DW_AT_(\w+) *: (.*)$")
KEPT = {"name", "type", "byte_size", "encoding", "declaration"}
# DW_TAG_* that only say something about another type.
WRAPPERS = {"typedef", "const_type", "volatile_type", "restrict_type",
            "atomic_type"}
BOOLEAN, SIGNED, SIGNED_CHAR = "2", "5", "6"


@dataclass(frozen=True)
class Prototype:
    """What stands behind a name.

    kind: void, bool, signed, unsigned, pointer, struct, or variable.
    size: bytes of the value.
    """
    kind: str
    size: int


def entries_of(lines):
    """{offset: {tag, name, type, ...}} of readelf's text."""
    found, entry = {}, {}
    for line in lines:
        head = ENTRY.match(line)
        if head:
            entry = {"tag": head[2]}
            found[head[1]] = entry
            continue
        field = FIELD.match(line)
        if field and field[1] in KEPT:
            # "(indirect string, offset: 0x46ea): text" or "text"
            entry[field[1]] = field[2].rsplit(": ", 1)[-1].strip()
    return found


def type_of(entries, entry):
    """The entry that a type attribute leads to, or None for void."""
    for _ in range(64):
        if "type" not in entry:
            return None
        entry = entries.get(entry["type"].strip("<>").removeprefix("0x"), {})
        if entry.get("tag") not in WRAPPERS:
            return entry
    return None


def size_of(entry):
    """Bytes of a type; readelf prints sizes in decimal or hexadecimal."""
    return int(entry.get("byte_size", "0"), 0)


def value_of(entry):
    """Prototype for a value of this type (None is void)."""
    if entry is None:
        return Prototype("void", 0)
    size = size_of(entry)
    if entry["tag"] == "pointer_type":
        return Prototype("pointer", 8)
    if entry["tag"] == "enumeration_type":
        return Prototype("unsigned", size)
    if entry["tag"] != "base_type":
        return Prototype("struct", size)
    encoding = entry.get("encoding", "").split()[:1]
    if encoding == [BOOLEAN]:
        return Prototype("bool", size)
    if encoding in ([SIGNED], [SIGNED_CHAR]):
        return Prototype("signed", size)
    return Prototype("unsigned", size)


def declared(entries, wanted):
    """{name: Prototype} of the wanted names that are only declared."""
    found = {}
    for entry in entries.values():
        name = entry.get("name")
        if name not in wanted or "declaration" not in entry:
            continue
        if entry["tag"] == "variable":
            found[name] = Prototype("variable", 0)
        elif entry["tag"] == "subprogram":
            found.setdefault(name, value_of(type_of(entries, entry)))
    return found


def prototypes(obj, wanted, cross):
    """{name: Prototype} of the wanted names that the object declares."""
    text = subprocess.run([cross + "readelf", "--debug-dump=info", obj],
                          check=True, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout
    return declared(entries_of(text.splitlines()), set(wanted))
