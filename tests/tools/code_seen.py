# SPDX-License-Identifier: BSD-2-Clause
"""code_seen.py - the code that guests execute, as QEMU writes it when it is new.

With KAAL_CODE=FOLDER every guest of this process leaves there what it executed
(make system CODE=1); make footprint finds in it the functions that no test runs.
A piece of code is its address and its bytes: whose it is says the program that
has these bytes there.
"""
import os
import pathlib
import re

LINE = re.compile(r"-{16}$|IN: |OBJD-|0x[0-9a-f]+:|$")
known = set()                    # what this process has written down


def folder():
    """Where to leave it, or None."""
    return os.environ.get("KAAL_CODE")


def classes():
    """What QEMU has to log, beside the guest's errors."""
    return ",in_asm" if folder() else ""


def pieces(log):
    """(address, code) of each piece of code that QEMU wrote down."""
    code, start = b"", None
    with open(log, encoding="latin-1") as lines:
        for line in lines:
            if line.startswith("0x"):
                at, word = line.split(None, 2)[:2]
                start = int(at[:-1], 16) if start is None else start
                code += int(word, 16).to_bytes(4, "little")
            elif code:
                yield start, code
                code, start = b"", None
    if code:
        yield start, code


def keep(log):
    """Note what a guest executed that none before it did."""
    if not folder() or not log.exists():
        return
    new = set(pieces(log)) - known
    known.update(new)
    where = pathlib.Path(folder())
    where.mkdir(parents=True, exist_ok=True)
    with open(where / f"{os.getpid()}.txt", "a", encoding="ascii") as file:
        file.writelines(f"{at:x} {code.hex()}\n" for at, code in new)


def kept(where, program):
    """What the guests of earlier processes executed since a program was built."""
    found = set()
    built = program.stat().st_mtime
    for path in where.glob("*.txt"):
        if path.stat().st_mtime < built:
            continue
        for line in path.read_text().splitlines():
            at, code = line.split()
            found.add((int(at, 16), bytes.fromhex(code)))
    return found
