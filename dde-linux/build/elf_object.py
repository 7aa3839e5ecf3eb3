#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""elf_object.py - relocatable objects and archives as graphs of sections.

A linker that collects garbage keeps a section if a kept one refers to it. So
an object is read as: sections, what each refers to, and where each name is
defined. Only 64-bit little-endian ELF is met here (Linux modules, our own
objects). Source: System V gABI (object files), ar(5). Read next: closure.py
"""
import struct
from dataclasses import dataclass, field

SHT_SYMTAB, SHT_RELA = 2, 4
SHF_ALLOC = 2
SHN_UNDEF, SHN_LORESERVE, SHN_COMMON = 0, 0xff00, 0xfff2
STB_LOCAL, STB_WEAK = 0, 2
SECTION = struct.Struct("<IIQQQQIIQQ")
SYMBOL = struct.Struct("<IBBHQQ")
PROGRAM = struct.Struct("<IIQQQQQQ")
PT_LOAD = 1
RELA = struct.Struct("<QQq")
AR_MAGIC, AR_HEADER = b"!<arch>\n", 60


@dataclass
class Section:
    """One section: its name, and the names and own sections it refers to."""
    name: str
    names: set = field(default_factory=set)
    sections: set = field(default_factory=set)


@dataclass
class Object:
    """One object file; `defined` maps its global names to section numbers.

    `marks` are the lines of its section dde_symbols (emul/dde.h).
    """
    path: str
    sections: dict = field(default_factory=dict)
    defined: dict = field(default_factory=dict)
    weak: set = field(default_factory=set)
    marks: list = field(default_factory=list)

    def undefined(self):
        """Names that allocated sections use and the object does not define."""
        used = set().union(*(s.names for s in self.sections.values()))
        return used - set(self.defined)


def text_at(table, offset):
    """The string that begins at an offset of a string table."""
    return table[offset:table.index(b"\0", offset)].decode()


def read_headers(data):
    """Section headers with their names."""
    offset, = struct.unpack_from("<Q", data, 0x28)
    size, count, names = struct.unpack_from("<HHH", data, 0x3a)
    heads = [SECTION.unpack_from(data, offset + i * size)
             for i in range(count)]
    table = data[heads[names][4]:heads[names][4] + heads[names][5]]
    return [(text_at(table, head[0]), head) for head in heads]


def read_symbols(data, heads):
    """(name, binding, section number) of each symbol table entry."""
    for _, head in heads:
        if head[1] != SHT_SYMTAB:
            continue
        strings = heads[head[6]][1]
        table = data[strings[4]:strings[4] + strings[5]]
        raw = data[head[4]:head[4] + head[5]]
        return [(text_at(table, name), info >> 4, index)
                for name, info, _, index, _, _ in SYMBOL.iter_unpack(raw)]
    return []


def note_definitions(obj, symbols):
    """Global names of the object; absolute and common ones lie nowhere."""
    for name, binding, index in symbols:
        if binding == STB_WEAK:
            obj.weak.add(name)
        if binding != STB_LOCAL and index != SHN_UNDEF:
            obj.defined.setdefault(name, index)


def note_references(section, raw, symbols):
    """What the relocations of one section refer to."""
    for _, info, _ in RELA.iter_unpack(raw):
        name, binding, index = symbols[info >> 32]
        if binding == STB_LOCAL and index < SHN_LORESERVE:
            section.sections.add(index)
        elif name:
            section.names.add(name)


def read_object(data, path):
    """One ELF file's bytes as an Object."""
    heads = read_headers(data)
    symbols = read_symbols(data, heads)
    obj = Object(path)
    note_definitions(obj, symbols)
    for number, (name, head) in enumerate(heads):
        if head[2] & SHF_ALLOC:
            obj.sections[number] = Section(name)
        elif name == "dde_symbols":
            text = data[head[4]:head[4] + head[5]].decode()
            obj.marks += [mark for mark in text.split("\0") if mark]
    for _, head in heads:
        if head[1] == SHT_RELA and head[7] in obj.sections:
            note_references(obj.sections[head[7]],
                            data[head[4]:head[4] + head[5]], symbols)
    return obj


def member_name(raw, long_names):
    """A member's name; long ones lie in a table of their own."""
    name = raw.decode().rstrip()
    if name.startswith("/") and name[1:].isdigit():
        begin = int(name[1:])
        return long_names[begin:long_names.index(b"\n", begin)] \
            .decode().rstrip("/")
    return name.rstrip("/")


def read_archive(data, path):
    """The objects of an ar archive, in its order."""
    objects, long_names, at = [], b"", len(AR_MAGIC)
    while at + AR_HEADER <= len(data):
        head = data[at:at + AR_HEADER]
        size = int(head[48:58])
        body = data[at + AR_HEADER:at + AR_HEADER + size]
        if head.startswith(b"// "):
            long_names = body
        elif body.startswith(b"\x7fELF"):
            name = member_name(head[:16], long_names)
            objects.append(read_object(body, f"{path}({name})"))
        at += AR_HEADER + size + size % 2
    return objects


def read_file(path):
    """All objects of a file: an archive's members, or the file itself."""
    with open(path, "rb") as file:
        data = file.read()
    if data.startswith(AR_MAGIC):
        return read_archive(data, path)
    return [read_object(data, path)]


def loaded_bytes(path):
    """Memory that a program's segments take when it is started."""
    with open(path, "rb") as file:
        data = file.read()
    offset, = struct.unpack_from("<Q", data, 0x20)
    size, count = struct.unpack_from("<HH", data, 0x36)
    heads = [PROGRAM.unpack_from(data, offset + i * size)
             for i in range(count)]
    return sum(head[6] for head in heads if head[0] == PT_LOAD)
