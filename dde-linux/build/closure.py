#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""closure.py - what a driver process would hold, and what it would lack.

Walks the same graph as the linker does with --gc-sections: from the start of
our side and the modules' init functions, over what sections refer to, through
the emulation (first) and Linux's real files. Names that nobody defines are
missing; unlike the linker's list of them, this one knows who needs each name
and by which way it is met. Read next: elf_object.py, dde_report.py
"""
import re
from collections import deque
from dataclasses import dataclass, field

from elf_object import read_file

# Names that generated tables define (link_driver.py, missing.py), and dde.lds.
BUSES = ("pci", "amba")
TABLE = ("dde_driver_class", "dde_driver_name", "dde_core_inits",
         "dde_initcalls", "dde_missing_count", "dde_callers",
         *(f"dde_{bus}_bus" for bus in BUSES))
LDS_NAMES = re.compile(r"^\s*(?:PROVIDE\()?(\w+) = [^=]", re.M)
USERS_KEPT = 5


@dataclass
class Need:
    """One name: how it is met, by which file, and who uses it."""
    state: str
    file: str = ""
    users: list = field(default_factory=list)


@dataclass
class Reach:
    """What was reached from one driver: sections, and names by need."""
    sections: set = field(default_factory=set)
    needs: dict = field(default_factory=dict)

    def names(self, state):
        """The names that are met this way, sorted."""
        return sorted(n for n, need in self.needs.items()
                      if need.state == state)


def function_of(section):
    """A section's function or variable: .text.foo is foo."""
    parts = section.name.lstrip(".").split(".", 2)
    if parts[0] in ("init", "exit", "data", "ref") and len(parts) > 2:
        return parts[2]
    return ".".join(parts[1:]) or section.name


class World:
    """All that a driver can be linked with, but for its own modules."""

    def __init__(self, ours, emul, real, lds, inits=()):
        self.where = {}
        self.marks = {}
        self.inits = list(inits)
        with open(lds, encoding="utf-8") as file:
            self.given = set(LDS_NAMES.findall(file.read()))
        self.ours = read_file(ours)
        for kind, objects in (("ours", self.ours), ("emul", read_file(emul)),
                              ("real", read_file(real))):
            for obj in objects:
                self._add(kind, obj)

    def _add(self, kind, obj):
        obj.kind = kind
        for name in obj.defined:
            self.where.setdefault(name, obj)
        for mark in obj.marks:
            what, name, file, reason = (mark.split(" ", 3) + [""])[:4]
            self.marks[name] = (what, file, reason)

    def state(self, name, obj):
        """How a name is met by the object that defines it."""
        if obj.kind == "emul" and name in self.marks:
            return self.marks[name][0], self.marks[name][1]
        return obj.kind, obj.path


def member_path(path):
    """The Linux file of an archive member or module object."""
    inner = path[path.index("(") + 1:-1] if path.endswith(")") else path
    return re.sub(r"^.*/linux/(out|real\.a\.init)/", "", inner)


class Walk:
    """One driver's walk through a world."""

    def __init__(self, world, modules):
        self.world = world
        self.own = {}
        for obj in modules:
            obj.kind = "module"
            for name in obj.defined:
                self.own.setdefault(name, obj)
        self.modules = modules
        self.reach = Reach()
        self.todo = deque()
        self.held = set()  # ids of the objects of which something is reached
        self.weakly = []  # references that only count if the object is held

    def push(self, obj, number):
        """Note a section to look at, once."""
        key = (obj, number)
        if number in obj.sections and (id(obj), number) not in \
                self.reach.sections:
            self.reach.sections.add((id(obj), number))
            self.held.add(id(obj))
            self.todo.append(key)

    def find(self, obj, name):
        """The object that defines a name for this user; None if no one does."""
        if name in obj.defined:
            return obj
        return self.own.get(name) or self.world.where.get(name)

    def note(self, user, section, name, target):
        """Remember how a name is met, and one more user of it."""
        if target is user or user.kind in ("ours", "emul") and target:
            return
        if target:
            state, file = self.world.state(name, target)
        else:
            state, file = "missing", ""
        need = self.reach.needs.setdefault(name, Need(state, file))
        if len(need.users) < USERS_KEPT:
            need.users.append((user.kind, member_path(user.path),
                               function_of(section)))

    def use(self, user, section, name):
        """Follow one reference by name."""
        if name in self.world.given or name in TABLE:
            return
        target = self.find(user, name)
        if name in user.weak and target is not user and not \
                self.is_held(target):
            self.weakly.append((user, section, name))
            return
        self.note(user, section, name, target)
        if target:
            self.push(target, target.defined[name])

    def is_held(self, obj):
        """Is the object there anyway? A weak name alone fetches no member."""
        return obj is not None and (obj.kind == "module"
                                    or id(obj) in self.held)

    def drain(self):
        """Look at every section that is waiting."""
        while self.todo:
            obj, number = self.todo.popleft()
            section = obj.sections[number]
            for other in section.sections:
                self.push(obj, other)
            for name in section.names:
                self.use(obj, section, name)

    def root(self, name):
        """Begin at a name, if it is defined anywhere."""
        obj = self.own.get(name) or self.world.where.get(name)
        if obj:
            self.push(obj, obj.defined[name])

    def begin_modules(self):
        """Modules begin at their init; a library asked for, at all it has."""
        for obj in self.modules:
            names = ["init_module"] if "init_module" in obj.defined else []
            if not names and obj is self.modules[-1]:
                names = obj.defined
            for name in names:
                self.push(obj, obj.defined[name])
            for number, section in obj.sections.items():
                if section.name == "__param":
                    self.push(obj, number)

    def live_inits(self):
        """Initcalls of +init files of which something has been reached."""
        for entry in self.world.inits:
            objects = ((self.world.where.get(n), n) for n in entry["names"])
            if any(o and (id(o), o.defined[n]) in self.reach.sections
                   for o, n in objects):
                yield from (symbol for _, symbol in entry["calls"])

    def run(self, roots):
        """Walk from _start, the modules and these names until nothing is new."""
        for name in ("_start", *roots):
            self.root(name)
        self.begin_modules()
        before = -1
        while before != len(self.reach.sections):
            before = len(self.reach.sections)
            self.drain()
            for symbol in self.live_inits():
                self.root(symbol)
            again, self.weakly = self.weakly, []
            for reference in again:
                self.use(*reference)
        return self.reach
