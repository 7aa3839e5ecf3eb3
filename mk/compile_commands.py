# SPDX-License-Identifier: BSD-2-Clause
"""compile_commands.py - how each C file was compiled, for editors.

usage: compile_commands.py BUILD > BUILD/compile_commands.json

Ours: the makefiles leave a file .flags in each folder of objects, with the
compiler and its flags; the nearest one above an object counts. Linux's files:
Kbuild keeps each command in a .cmd file.
"""
import json
import os
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[1]
ROOMS = ("kernel", "glue", "dddk", "broker", "apps", "drivers-native",
         "dde-linux/kit", "dde-linux/class", "dde-linux/emul")


def flags_of(build, name):
    """Compiler and flags that made the object of a file, or None."""
    for folder in name.parents:
        stamp = build / folder / ".flags"
        if stamp.exists():
            return stamp.read_text().strip()
    return None


def ours(build):
    """Entries for our own C files that have been compiled."""
    for room in ROOMS:
        for path in sorted((TOP / room).rglob("*.c")):
            name = path.relative_to(TOP)
            output = build / name.with_suffix(".o")
            flags = flags_of(build, name)
            if flags and output.exists():
                yield {"directory": str(TOP), "file": str(name),
                       "command": f"{flags} -c {name} -o {output}"}


def linux(build):
    """Entries for Linux's files, from Kbuild's .cmd files."""
    out = build / "linux/out"
    for path in sorted(out.rglob(".*.o.cmd")):
        text = path.read_text(errors="replace")
        command = re.match(r"(?:saved)?cmd_\S+ := (.*gcc .* (\S+\.c))", text)
        if command:
            yield {"directory": str(out), "file": command[2],
                   "command": command[1]}


def main():
    """Print the list. Flags name the build folder as make was given it."""
    os.chdir(TOP)
    build = pathlib.Path(sys.argv[1]).absolute()
    print(json.dumps([*ours(build), *linux(build)], indent=1))


if __name__ == "__main__":
    main()
