#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""missing.py - functions of Linux that nothing here provides: made up, counted.

A driver that needs a function which dde-linux does not have is linked all the
same. Each such function becomes one that counts its calls, logs the first with
the caller, and returns an error that its callers understand (design.md D6; at
run time: emul/dde_missing.c). What it returns follows from two facts: the type
in the debug information of the objects that call it (dwarf.py), and for
pointers what the callers' code compares the result with.
A missing variable cannot be made up: such a driver is refused.
"""
import os
import re
import subprocess

import dwarf

# ld's --warn-unresolved-symbols, with and without the line of the source.
UNDEFINED = re.compile(r"undefined reference to `([^']+)'")
CALL = re.compile(r"R_AARCH64_(?:CALL|JUMP)26\t(\w+)")
INSN = re.compile(r"^ +([0-9a-f]+):\t(\S+)(?:\t([^/]*))?")
FUNCTION = re.compile(r"^([0-9a-f]+) <(\S+)>:$")
LOOK_AHEAD = 24  # instructions after a call in which a result is judged
ERR_LIMIT = "#0xfffffffffffff000"  # -MAX_ERRNO - 1, where error pointers begin
ENDS = {"ret", "b", "br"}


def undefined(text):
    """Names that ld has warned about, once each."""
    return sorted(set(UNDEFINED.findall(text)))


def operands_of(text):
    """Operands of an instruction, registers widened to x0..x30."""
    return [re.sub(r"^w(\d+)$", r"x\1", word.strip())
            for word in (text or "").split(",")]


def judged_as(code):
    """What the instructions after a call make of x0: "err", "null" or None.

    Follows copies in registers, forward, until the value is compared.
    """
    holds, limits = {"x0"}, set()
    for mnemonic, ops in code:
        if mnemonic == "cmn" and ops[0] in holds:
            return "err"
        if mnemonic == "cmp" and ops[0] in holds:
            return "err" if ops[1] in limits else "null"
        if mnemonic in ("cbz", "cbnz") and ops[0] in holds:
            return "null"
        if mnemonic in ENDS:
            return None
        if mnemonic == "mov" and ops[1] in holds:
            holds.add(ops[0])
        elif mnemonic == "bl":
            holds -= {f"x{n}" for n in range(19)}
        elif not mnemonic.startswith(("st", "b.")):
            holds.discard(ops[0])
        if mnemonic == "mov" and ops[1:] == [ERR_LIMIT]:
            limits.add(ops[0])
    return None


def instructions_after(lines, start):
    """(mnemonic, operands) of the lines that follow a call."""
    found = []
    for line in lines[start:start + 2 * LOOK_AHEAD]:
        if FUNCTION.match(line):
            break
        match = INSN.match(line)
        if match:
            found.append((match[2], operands_of(match[3])))
    return found[:LOOK_AHEAD]


def verdicts(listing, wanted):
    """name -> {"err": n, "null": n}: how callers in the listing judge it."""
    lines = listing.splitlines()
    found = {name: {"err": 0, "null": 0} for name in wanted}
    for number, line in enumerate(lines):
        call = CALL.search(line)
        if call and call[1] in found:
            verdict = judged_as(instructions_after(lines, number + 1))
            if verdict:
                found[call[1]][verdict] += 1
    return found


def add_verdicts(total, more):
    """Add up the verdicts of several objects."""
    for name, counts in more.items():
        for verdict, count in counts.items():
            total[name][verdict] += count


class Facts:
    """What the objects that may call the missing names say about them."""

    def __init__(self, names, objects, cross):
        self.prototypes = {}
        self.verdicts = {name: {"err": 0, "null": 0} for name in names}
        for obj in callers_of(names, objects, cross):
            self.prototypes = {**dwarf.prototypes(obj, names, cross),
                               **self.prototypes}
            listing = subprocess.run(
                [cross + "objdump", "-dr", "--no-show-raw-insn", obj],
                check=True, text=True, stdout=subprocess.PIPE).stdout
            add_verdicts(self.verdicts, verdicts(listing, names))

    def refused(self, names):
        """Messages about names that no function can stand for."""
        data = [n for n in names if n in self.prototypes
                and self.prototypes[n].kind == "variable"]
        unknown = [n for n in names if n not in self.prototypes]
        texts = []
        if data:
            texts.append(f"variables of Linux that dde-linux does not have, "
                         f"and whose contents cannot be made up: "
                         f"{' '.join(data)}")
        if unknown:
            texts.append(f"symbols that dde-linux does not have and of which "
                         f"the debug information tells no type: "
                         f"{' '.join(unknown)}")
        return texts

    def value(self, name):
        """C text of what the made-up function returns."""
        kind = self.prototypes[name].kind
        counts = self.verdicts[name]
        if kind == "signed":
            return "-EOPNOTSUPP"
        if kind == "pointer" and counts["err"] > counts["null"]:
            return "-EOPNOTSUPP"
        return "0"


def callers_of(names, objects, cross):
    """The objects that leave one of the names undefined."""
    text = subprocess.run([cross + "nm", "-A", "-u", *objects], check=True,
                          text=True, stdout=subprocess.PIPE).stdout
    found = {}
    for line in text.splitlines():
        path, _, name = line.rpartition(":")
        if name.split()[-1] in names:
            found[path] = True
    return list(found)


C_TYPES = {("bool", 1): "_Bool", ("pointer", 8): "void *",
           **{("signed", n): f"__s{8 * n}" for n in (1, 2, 4, 8)},
           **{("unsigned", n): f"__u{8 * n}" for n in (1, 2, 4, 8)}}


def function_text(number, name, prototype, value):
    """C text of one made-up function; its own name is only the linker's."""
    head = (f"static struct dde_missing missing_{number} = "
            f"{{ .name = \"{name}\" }};\n")
    call = (f"\tdde_missing_called(&missing_{number}, "
            "(unsigned long)__builtin_return_address(0));\n")
    kind = C_TYPES.get((prototype.kind, prototype.size))
    if prototype.kind == "void":
        kind, end = "void", ""
    elif kind:
        end = f"\treturn ({kind}){value};\n"
    else:
        head += (f"struct result_{number} "
                 f"{{ char bytes[{prototype.size}]; }};\n")
        kind = f"struct result_{number}"
        end = f"\treturn ({kind}){{ 0 }};\n"
    return (f"{head}{kind} made_up_{number}(void) asm(\"{name}\");\n"
            f"{kind} made_up_{number}(void)\n{{\n{call}{end}}}\n\n")


def table_text(names, facts, callers):
    """C text of all made-up functions and of the table of their callers."""
    functions = "".join(
        function_text(i, name, facts.prototypes[name], facts.value(name))
        for i, name in enumerate(names))
    rows = "".join(f'\t{{ 0x{start:x}, 0x{end:x}, "{name}" }},\n'
                   for start, end, name in callers)
    return ("/* Generated by missing.py: functions that are not there. */\n"
            "#include <linux/errno.h>\n#include <linux/types.h>\n"
            "#include <dde_missing.h>\n\n"
            f"{functions}const struct dde_caller dde_callers[] = {{\n{rows}"
            "\t{ 0, 0, 0 },\n};\n")


def callers(listing, names):
    """(start, end, name) of the program's functions that call one of these."""
    wanted, found, here, last = set(names), [], None, 0
    for line in listing.splitlines():
        head = FUNCTION.match(line)
        if head:
            here = [int(head[1], 16), None, head[2]]
            continue
        match = INSN.match(line)
        if not match:
            continue
        last = int(match[1], 16) + 4
        target = re.search(r"<(\S+)>$", (match[3] or "").strip())
        if here and match[2] in ("bl", "b") and target \
                and target[1] in wanted:
            if here not in found:
                found.append(here)
        if here in found:
            here[1] = last
    return [tuple(item) for item in found]


def write(path, text):
    """Write a file if it says something else than before."""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            if file.read() == text:
                return
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
