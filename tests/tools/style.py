# SPDX-License-Identifier: BSD-2-Clause
"""style.py - measures how the code of each room reads.

usage: style.py [ROOM...]

Prints, per room: files, lines, functions with median, 90th percentile and
longest body, comment share, `#if` per 1000 lines. Limits that are rules
(a function over 60 lines, a .c over 450, a .h over 150, a file without its
opening sentence) are also returned as findings for checks.py.
"""
import dataclasses
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("kernel", "glue", "dddk", "broker", "finder", "apps", "ip",
         "drivers-native", "dde-linux", "tests")
FUNCTION_MAX, C_MAX, H_MAX = 60, 450, 150
MEDIAN_MAX, P90_MAX = 12, 40


@dataclasses.dataclass
class Room:
    """What was counted in one room."""
    files: int = 0
    lines: int = 0               # not blank
    code: int = 0                # neither blank nor only comment
    comments: int = 0
    ifs: int = 0
    functions: list = dataclasses.field(default_factory=list)
    findings: list = dataclasses.field(default_factory=list)


def files_of(room):
    """C and assembly files of a room, no build output."""
    return sorted(p for p in (TOP / room).rglob("*")
                  if p.suffix in (".c", ".h", ".S") and p.is_file())


def comment_lines(text):
    """Numbers of the lines that hold a comment, and of comment only."""
    some, only = set(), set()
    blank = re.sub(r'"(\\.|[^"\\\n])*"', lambda m: " " * len(m[0]), text)
    spans = [m.span() for m in re.finditer(r"/\*.*?\*/|//[^\n]*", blank, re.S)]
    rest = list(blank)
    for start, end in spans:
        for number in range(text.count("\n", 0, start),
                            text.count("\n", 0, end) + 1):
            some.add(number)
        for at in range(start, end):
            if rest[at] != "\n":
                rest[at] = " "
    for number, line in enumerate("".join(rest).split("\n")):
        if number in some and not line.strip():
            only.add(number)
    return some, only


def functions_of(lines):
    """(name, first line number, body lines) of each function."""
    start = None
    for number, line in enumerate(lines):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start is not None:
            head = " ".join(lines[max(0, start - 6):start])
            name = re.findall(r"(\w+)\s*\(", head)
            if line.rstrip() == "}" and lines[start].rstrip() == "{":
                yield (name or ["?"])[-1], start + 1, number - start - 1
            start = None


def is_guard(lines, number):
    """Is this #ifndef the include guard at the top of a header?"""
    return number + 1 < len(lines) and \
        lines[number].startswith("#ifndef") and \
        lines[number + 1].startswith("#define")


def opening_missing(path, text):
    """Return True if the file does not say what it is for."""
    head = text[:600]
    return f"{path.name} - " not in head


def file_count(room, path):
    """Add one file to its room."""
    text = path.read_text(errors="replace")
    lines = text.split("\n")
    some, only = comment_lines(text)
    filled = [n for n, line in enumerate(lines) if line.strip()]
    room.files += 1
    room.lines += len(filled)
    room.comments += len(some)
    room.code += len(filled) - len(only)
    room.ifs += sum(1 for n, line in enumerate(lines)
                    if re.match(r"#\s*(if|ifdef|ifndef|elif)\b", line)
                    and not is_guard(lines, n))
    where = path.relative_to(TOP)
    limit = {".c": C_MAX, ".h": H_MAX}.get(path.suffix, C_MAX)
    if len(lines) - 1 > limit:
        room.findings.append(f"{where}: {len(lines) - 1} lines, the limit "
                             f"is {limit}: split it")
    if opening_missing(path, text):
        room.findings.append(f"{where}: does not open with `{path.name} - "
                             "what it is for`")
    if path.suffix == ".S":
        return
    for name, number, body in functions_of(lines):
        room.functions.append(body)
        if body > FUNCTION_MAX:
            room.findings.append(f"{where}:{number}: {name} has {body} "
                                 f"lines, the limit is {FUNCTION_MAX}")


def quantile(values, share):
    """The value below which `share` of the sorted values lie."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] \
        if values else 0


def room_count(name):
    """Measure one room."""
    room = Room()
    for path in files_of(name):
        file_count(room, path)
    median, p90 = quantile(room.functions, .5), quantile(room.functions, .9)
    if name != "tests" and (median > MEDIAN_MAX or p90 > P90_MAX):
        room.findings.append(f"{name}: functions have median {median} and "
                             f"90th percentile {p90} lines; limits are "
                             f"{MEDIAN_MAX} and {P90_MAX}")
    return room


def table(rooms):
    """The numbers as text lines."""
    yield ("room            files  lines   code  funcs  med  p90  max  "
           "comment%  #if/1000")
    for name, room in rooms.items():
        if not room.files:
            continue
        yield (f"{name:15} {room.files:5} {room.lines:6} {room.code:6} "
               f"{len(room.functions):6} {quantile(room.functions, .5):4} "
               f"{quantile(room.functions, .9):4} "
               f"{max(room.functions, default=0):4} "
               f"{100 * room.comments / room.lines:8.1f} "
               f"{1000 * room.ifs / max(room.code, 1):9.1f}")


def main():
    """Print the table and every finding."""
    rooms = {name: room_count(name) for name in sys.argv[1:] or ROOMS}
    print("\n".join(table(rooms)))
    findings = [f for room in rooms.values() for f in room.findings]
    print("\n".join(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
