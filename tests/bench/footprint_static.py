# SPDX-License-Identifier: BSD-2-Clause
"""footprint_static.py - what a driver's program is made of, from ELF and link map.

The linker's map names for each section the object that it came from; the
object's path says whose it is. Kit, dddk and glue are linked into one object
before Linux drivers get them, and native drivers are optimised with the kit as
one: there the section's name, a function's, says in which of our libraries to
look. What is inlined counts where it is.
Lines of code are lines that are neither blank nor comment.
"""
import collections
import functools
import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
# Whose code it is, in the order in which people read it.
ORIGINS = ("driver", "linux", "emulation", "class glue", "kit", "runtime")
SECTIONS = ("text", "rodata", "data", "bss")
PLACED = re.compile(r"^ \.(?:(?:init|exit|sched|ref|softirqentry)\.)?"
                    r"(text|rodata|data|bss)(\S*)\s+0x[0-9a-f]{16}\s+0x([0-9a-f]+) (\S+)$")
BUILT = re.compile(r".*/linux/(out|real\.a\.init)/")
MEMBER = re.compile(r"(.*)\((.*)\)$")


def code_lines(path):
    """Lines of code of one C file."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(errors="replace"),
                  flags=re.S)
    return sum(1 for line in text.splitlines() if line.strip())


def symbols(file, kinds="FUNC|OBJECT"):
    """Names defined in an object, a program or a library."""
    lines = subprocess.run(["readelf", "-sW", str(file)], text=True,
                           check=True, capture_output=True).stdout
    return set(re.findall(rf" (?:{kinds}) +\w+ +\w+ +(?:\d+|ABS) (\S+)$",
                          lines, re.M))


class Origins:
    """Says whose a section is."""

    def __init__(self, build):
        self.kit = symbols(build / "dddk.a")
        self.runtime = symbols(build / "glue.a")
        self.classes = {path.stem + ".o" for path in
                        (TOP / "dde-linux/class").glob("*.c")}

    def of_ours(self, section, others="kit"):
        """Of an object made of several: whose library has that name?"""
        name = section.lstrip(".").split(".")[0]
        if name in self.runtime and name not in self.kit:
            return "runtime"
        return "kit" if name in self.kit else others

    def of_object(self, path, section, module):
        """path: as the map has it; module: the driver's own object."""
        found = MEMBER.match(path)
        library = pathlib.Path(found[1] if found else path).name
        if library == "real.a":
            return "linux"
        if library == "emul.a":
            return "class glue" if found[2] in self.classes else "emulation"
        if library == "ours.o":
            return self.of_ours(section)
        if library.endswith(".ltrans.o"):   # of a native driver and the kit
            return self.of_ours(section, "driver")
        if library in ("dddk.a", "libfdt.a"):
            return "kit"
        if library == "glue.a":
            return "runtime"
        if "drivers-native/" in path or \
                pathlib.Path(path).stem.replace("-", "_") == module:
            return "driver"
        return "linux" if "/dde/" in path else "emulation"


def placed(map_file):
    """(section, rest of its name, bytes, object) of all that was linked."""
    text = map_file.read_text()
    text = re.sub(r"\n( \.\S+)\n +0x", r"\n\1 0x",
                  text[text.index("Linker script and memory map"):])
    for line in text.splitlines():
        found = PLACED.match(line)
        if found and int(found[3], 16) and " 0x0000000000000000 " not in line:
            yield found[1], found[2], int(found[3], 16), found[4]


def sizes(elf):
    """{section: bytes} of a program."""
    found = collections.Counter()
    lines = subprocess.run(["size", "-A", str(elf)], text=True, check=True,
                           capture_output=True).stdout
    for name, count in re.findall(r"^\.(\w+)\S*\s+(\d+)", lines, re.M):
        section = "data" if name == "got" else name
        if section in SECTIONS:
            found[section] += int(count)
    return dict(found)


@functools.cache
def drivers_of(source):
    """{name: files of that name} below Linux's drivers/."""
    found = collections.defaultdict(list)
    for path in source.glob("drivers/**/*.c"):
        found[path.name].append(path)
    return found


def linux_files(build, objects):
    """The Linux files that were linked; a module's object names its own."""
    source, files = build / "linux/src", set()
    for path in objects:
        found = MEMBER.match(path)
        if found and found[1].endswith("real.a"):
            name = BUILT.sub("", found[2])
            files.add(source / name.replace(".o", ".c"))
        elif not found and "/dde/" in path:
            files.update(file for name in symbols(TOP / path, "FILE")
                         for file in drivers_of(source)[name])
    return [file for file in sorted(files) if file.is_file()]


def our_files(build, elf):
    """Our files of which something is in a program, by names of theirs alone."""
    linked = {name.split(".")[0] for name in symbols(elf)}
    owners = collections.defaultdict(set)
    for room in ("dddk", "glue", "dde-linux"):
        for path in sorted((build / room).glob("**/*.o")):
            source = (TOP / path.relative_to(build)).with_suffix(".c")
            if source.is_file():
                for name in symbols(path):
                    owners[name].add(source)
    return sorted({file for name in linked & owners.keys()
                   for file in owners[name] if len(owners[name]) == 1})


def lines_of(files):
    """Lines of code of C files together."""
    return sum(map(code_lines, files))


def native_lines(module):
    """A native driver is all that its author wrote."""
    own = lines_of(sorted((TOP / "drivers-native" / module).glob("*.[ch]")))
    return {"loc": own, "loc_driver": own, "loc_linux": 0}


def dde_lines(build, objects, module):
    """Here the author wrote the line in drivers.config."""
    files = linux_files(build, objects)
    return {"loc": 1, "loc_linux": lines_of(files),
            "loc_driver": lines_of(
                file for file in files
                if file.stem.replace("-", "_") == module)}


def describe(build, origins, program, module):
    """Sizes, origins, lines of one program.

    program: its ELF's name; module: its folder's, or that of Linux's object.
    """
    elf = build / f"{program}.elf"
    native = program.startswith("native_")
    map_file = elf.with_suffix(".map") if native else \
        build / "dde" / program.replace("dde_", "", 1) / "link.map"
    parts = collections.Counter()
    objects = set()
    for section, name, count, path in placed(map_file):
        parts[origins.of_object(path, name, module), section] += count
        objects.add(path)
    row = sizes(elf)
    row["origin"] = {origin: {section: parts[origin, section]
                              for section in SECTIONS} for origin in ORIGINS}
    row.update(native_lines(module) if native else
               dde_lines(build, objects, module))
    row["loc_ours"] = lines_of(our_files(build, elf))
    return row
