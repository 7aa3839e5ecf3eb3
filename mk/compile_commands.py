# SPDX-License-Identifier: BSD-2-Clause
"""compile_commands.py - how each C file was compiled, for editors.

usage: compile_commands.py BUILD > BUILD/compile_commands.json

Ours: each room's makefile keeps its flags in one variable, and make is asked
for their values. Linux's files: Kbuild keeps each command in a .cmd file.
"""
import json
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[1]
# Room folder -> variables that may hold its flags.
ROOMS = {
    "kernel": "KERNEL_CFLAGS", "glue": "GLUE_CFLAGS", "dddk": "DDDK_CFLAGS",
    "broker": "BROKER_CFLAGS", "apps": "APPS_CFLAGS",
    "dde-linux/kit": "KIT_CFLAGS",
}


def flags_read(build):
    """Ask make for the value of each room's flags variable."""
    show = "".join(f"$(info {room}={'$(' + name + ')'})"
                   for room, name in ROOMS.items())
    done = subprocess.run(
        ["make", "-s", f"B={build}", f"--eval={show}", "help"], cwd=TOP,
        stdout=subprocess.PIPE, text=True, check=True)
    return dict(re.findall(r"^([a-z/-]+)=(.*)$", done.stdout, re.M))


def ours(build):
    """Entries for our own C files that have been compiled."""
    flags = flags_read(build)
    for room in ROOMS:
        for path in sorted((TOP / room).rglob("*.c")):
            name = path.relative_to(TOP)
            output = pathlib.Path(build) / name.with_suffix(".o")
            if output.exists() or (TOP / output).exists():
                yield {"directory": str(TOP), "file": str(name),
                       "command": "aarch64-linux-gnu-gcc "
                       f"{flags.get(room, '')} -c {name} -o {output}"}


def linux(build):
    """Entries for Linux's files, from Kbuild's .cmd files."""
    out = (TOP / build / "linux/out").resolve()
    for path in sorted(out.rglob(".*.o.cmd")):
        text = path.read_text(errors="replace")
        command = re.match(r"(?:saved)?cmd_\S+ := (.*gcc .* (\S+\.c))", text)
        if command:
            yield {"directory": str(out), "file": command[2],
                   "command": command[1]}


def main():
    """Print the list."""
    build = sys.argv[1]
    print(json.dumps([*ours(build), *linux(build)], indent=1))


if __name__ == "__main__":
    main()
