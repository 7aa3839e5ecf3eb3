# SPDX-License-Identifier: BSD-2-Clause
"""arrows.py - who includes whom: the arrows between rooms of the design.

    tests -> everything            broker -> glue, abi
    finder -> glue, abi, and the manifest's records and PCI (broker/policy.h)
    drivers-native -> dddk, glue   dddk   -> glue, abi
    ip -> dddk, glue, lwIP
    dde-linux/kit -> dddk, glue    apps   -> glue, abi
    dde-linux rest -> kit, Linux   glue   -> abi        kernel -> nothing
    dde-linux/class sees the protocols of the classes in glue, and no more

A room's own headers are free; a path that climbs out of the room is not. Only
glue may hold an svc instruction.
"""
import re

from style import TOP, files_of

# Which of our <prefix/...> includes a room may use.
ALLOWED = {
    "kernel": {"abi"},
    "glue": {"abi", "glue"},
    "dddk": {"abi", "glue", "dddk"},
    "broker": {"abi", "glue"},
    "finder": {"abi", "glue", "broker"},
    "apps": {"abi", "glue"},
    "ip": {"abi", "glue", "dddk", "lwip", "netif"},
    "drivers-native": {"abi", "glue", "dddk"},
    "dde-linux/kit": {"abi", "glue", "dddk"},
    "dde-linux/emul": set(),
    "dde-linux/class": set(),
    "dde-linux/arch": set(),
}
# Plain numbers and structures, the same on both sides of the waist.
PROTOCOLS = {"glue/serial.h", "glue/rng.h", "glue/rtc.h", "glue/gpio.h",
             "glue/gpio_kept.h", "glue/input.h"}
# Prefixes with an owner: rooms of ours, and lwIP's folders.
OURS = {"abi", "broker", "glue", "dddk", "lwip", "netif"}
# Headers that come with the compiler, and libfdt.
FREE = {"stdint.h", "stddef.h", "stdarg.h", "stdbool.h", "libfdt.h",
        "libfdt_env.h", "fdt.h", "limits.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def include_judge(room, path, mark, name):
    """Return what is wrong with one include, or None."""
    first = name.split("/")[0]
    linux = room.startswith("dde-linux") and \
        (room != "dde-linux/kit" or "plain" in path.parts)
    if mark == '"':
        inside = (path.parent / name).resolve()
        if ".." in name and not inside.is_relative_to(TOP / room):
            return f"climbs out of {room}"
        return None
    if room == "dde-linux/class" and name in PROTOCOLS:
        return None
    if first in OURS and first not in ALLOWED[room]:
        return f"{room} may not see {first}"
    if not linux and first not in OURS and name not in FREE and \
            not any((TOP / room).rglob(name)):
        return f"{room} may not use <{name}>: no file of the room, and a " \
            "fresh machine has no C library for the target"
    return None


def room_check(room):
    """All findings in one room."""
    for path in files_of(room):
        text = path.read_text(errors="replace")
        where = path.relative_to(TOP)
        for mark, name in INCLUDE.findall(text):
            wrong = include_judge(room, path, mark, name)
            if wrong:
                yield f"{where}: includes {name}: {wrong}"
        if room != "glue" and re.search(r'"\s*svc\b|^\s+svc\s', text, re.M):
            yield f"{where}: an svc instruction outside of glue"


def findings():
    """All findings in all rooms."""
    for room in ALLOWED:
        yield from room_check(room)
