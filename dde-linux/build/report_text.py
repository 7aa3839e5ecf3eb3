#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""report_text.py - a driver's report as text and as JSON records.

Read next: dde_report.py
"""
import os

import closure
import driver_class

LIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..",
                    "real-files.txt")
with open(LIST, encoding="utf-8") as _file:
    ASSEMBLY = {line.split()[0] for line in _file if ".S\t" in line}
TITLES = (("real", "real: Linux's own files"),
          ("emulated", "emulated: ours, tested"),
          ("noop", "no-ops: ours, doing nothing"),
          ("untested", "untested: ours, but no test reaches them"),
          ("missing", "missing: nobody defines them"))


def source_of(need):
    """The source that meets a need: Linux's, or ours from its mark."""
    path = closure.member_path(need.file)
    if "dde-linux/" in path:
        return path[path.index("dde-linux/"):]
    if not path.endswith(".o"):
        return path
    return path[:-1] + ("S" if path[:-1] + "S" in ASSEMBLY else "c")


def reason(name, world):
    """The reason of a no-op's mark."""
    return world.marks[name][2] if name in world.marks else ""


def need_record(name, need, tested, world):
    """One need as it goes into JSON."""
    record = {"state": need.state,
              "users": [f"{file}: {function}"
                        for _, file, function in need.users]}
    if need.file:
        record["file"] = source_of(need)
    if need.state == "emulated":
        record["test"] = tested[name]
    if need.state == "noop":
        record["reason"] = reason(name, world)
    return record


def detail(name, need, tested, found, world):
    """What there is to say of one need, behind its name."""
    file = source_of(need)
    user = " ".join(need.users[0][1:]) if need.users else ""
    if need.state == "real":
        return file
    if need.state == "emulated":
        return f"{file}; {tested[name]}"
    if need.state == "noop":
        return f"{file}: {reason(name, world)}"
    if need.state == "untested":
        return f"{file}; used in {user}"
    return f"used in {user}; {found.get(name, 'no file of Linux found')}"


def is_direct(need):
    """Does a module itself use it, and not only a real file behind it?"""
    return any(user[0] == "module" for user in need.users)


def section(title, names, reach, tested, found, world):
    """One kind of needs, the driver's own first."""
    if not names:
        return []
    lines = [f"{title} ({len(names)})"]
    for name in sorted(names, key=lambda n: not is_direct(reach.needs[n])):
        need = reach.needs[name]
        mark = " " if is_direct(need) else "+"
        lines.append(f"  {mark}{name:<36} "
                     + detail(name, need, tested, found, world))
    return lines


def driver_text(symbol, record, reach, tested, found, world):
    """The whole report of one driver; its last line is the sum."""
    lines = [f"{symbol}: module {record['module']} of Linux's "
             f"{record['path']}, class {record['class'] or 'none yet'}",
             f"linked with: {' '.join(record['with']) or 'no other module'}",
             "+ marks what only Linux's real files need, not the driver "
             "itself"]
    for state, title in TITLES:
        lines += section(title, reach.names(state), reach, tested, found,
                         world)
    count = {state: len(reach.names(state)) for state, _ in TITLES}
    end = f"links completely, image {record['image']} bytes" \
        if record["complete"] else "does not link completely"
    if "linker" in record:
        lines.append(record["linker"])
    if record["no_bus"]:
        lines.append(driver_class.NO_BUS.format(record["no_bus"]))
    untested = f", {count['untested']} untested" if count["untested"] else ""
    return "\n".join(lines + [
        f"{symbol}: {count['real']} real, {count['emulated']} emulated, "
        f"{count['noop']} no-ops, {count['missing']} missing{untested}; {end}"])
