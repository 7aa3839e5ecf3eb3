# SPDX-License-Identifier: BSD-2-Clause
"""checks.py - judges the tree without running it, and counts the checks.

usage: checks.py --build DIR --cc COMPILER

style (numbers and openings), arrows between rooms, every header alone, comments
of public functions, a licence line in each file, Python syntax, left-over words,
quotes in docs, sizes.
Each is one check; one that fails prints all its findings. Counts go to DIR/results/checks.
"""
import argparse
import ast
import pathlib
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True

import arrows  # noqa: E402
import documented  # noqa: E402
import style  # noqa: E402

TOP = style.TOP
INCLUDES = {
    "kernel": ["-Ikernel/include", "-Ikernel",
               "-Ikernel/arch/aarch64/include", "-DKAAL_DEBUG=1"],
    "glue": ["-Iglue/include", "-Ikernel/include"],
    "dddk": ["-Idddk/include", "-Iglue/include", "-Ikernel/include",
             "-isystemglue/libc"],
    "broker": ["-Iglue/include", "-Ikernel/include", "-Ibroker",
               "-isystemglue/libc"],
    "finder": ["-I.", "-Iglue/include", "-Ikernel/include",
               "-isystemglue/libc"],
    "apps": ["-Iglue/include", "-Ikernel/include"],
    "ip": ["-Idddk/include", "-Iglue/include", "-Ikernel/include",
           "-Iip/port", "-Iip/port/libc"],
    "drivers-native": ["-Idddk/include", "-Iglue/include",
                       "-Ikernel/include"],
    "dde-linux/kit": ["-Idddk/include", "-Iglue/include",
                      "-Ikernel/include"],
}
GPL = "dde-linux"
LINES_MAX = {"kernel": 9999, "dde-linux": 11999, "broker": 4999,  # of code
             "drivers-native/virtio_blk": 350,
             "drivers-native/virtio_net": 400,
             "drivers-native/serial_pl011": 150,
             "drivers-native/rtc_pl031": 80, "drivers-native/gpio_pl061": 80,
             "drivers-native/example_clock": 50}
WORDS = re.compile(r"\b(TODO|FIXME|XXX|HACK|not implemented)\b")


def source_files():
    """Every file that git would keep, by its rules for ignoring."""
    done = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=TOP,
        stdout=subprocess.PIPE, text=True, check=False)
    return [TOP / name for name in done.stdout.split("\n")
            if name and (TOP / name).is_file()]


def format_report():
    """Say how far the layout is from clang-format's; never a failure."""
    if not shutil.which("clang-format"):
        return "clang-format is not installed: no report about layout"
    files = [str(p) for p in source_files() if p.suffix in (".c", ".h")]
    done = subprocess.run(["clang-format", "--dry-run", *files], cwd=TOP,
                          stderr=subprocess.PIPE, text=True, check=False)
    places = re.findall(r"^(\S+?):\d+:\d+: warning", done.stderr, re.M)
    return (f"clang-format would change {len(places)} places in "
            f"{len(set(places))} of {len(files)} files (a report only)")


def check_style(_args):
    """style numbers"""
    print("    " + format_report())
    rooms = {name: style.room_count(name) for name in style.ROOMS}
    print("\n".join("    " + line for line in style.table(rooms)))
    return [f for room in rooms.values() for f in room.findings]


def check_arrows(_args):
    """arrows between rooms"""
    return list(arrows.findings())


def check_headers(args):
    """every header compiles alone"""
    wrong = []
    fetched = [f"-I{args.build}/libfdt/scripts/dtc/libfdt",
               f"-isystem{args.build}/lwip/src/include"]
    for room, flags in INCLUDES.items():
        for path in style.files_of(room):
            if path.suffix != ".h" or "plain" in path.parts:
                continue             # plain/ stands on Linux's own headers
            done = subprocess.run(
                [args.cc, "-std=gnu11", "-ffreestanding", "-fsyntax-only",
                 "-Wall", "-Wextra", "-Werror", *flags, *fetched,
                 "-include", str(path), "-x", "c", "/dev/null"],
                cwd=TOP, stderr=subprocess.PIPE, text=True, check=False)
            if done.returncode:
                first = re.search(r"^.*(error:.*)", done.stderr, re.M)
                wrong.append(f"{path.relative_to(TOP)}: "
                             + (first or [done.stderr])[0])
    return wrong


def licence_of(path):
    """The SPDX licence that a file's place demands."""
    return "GPL-2.0-only" if path.relative_to(TOP).parts[0] == GPL \
        else "BSD-2-Clause"


def check_documented(_args):
    """every public function is documented"""
    return list(documented.findings())


def check_licences(_args):
    """an SPDX line opens every file"""
    wrong = []
    for path in source_files():
        if path.suffix in (".md", ".svg", ".json", ".src",
                           ".flags", ".needs") or \
                path.relative_to(TOP).parts[0] == "LICENSES":
            continue
        head = path.read_text(errors="replace")[:200]
        found = re.search(r"SPDX-License-Identifier: ([\w.-]+)", head)
        if not found:
            wrong.append(f"{path.relative_to(TOP)}: no SPDX line")
        elif path.parts and licence_of(path) == "GPL-2.0-only" and \
                not found[1].startswith("GPL-2.0"):
            wrong.append(f"{path.relative_to(TOP)}: {found[1]} below {GPL}")
    return wrong


def check_python(_args):
    """Python files parse"""
    wrong = []
    for path in source_files():
        if path.suffix != ".py":
            continue
        try:
            ast.parse(path.read_text(), str(path))
        except SyntaxError as error:
            wrong.append(f"{path.relative_to(TOP)}:{error.lineno}: "
                         f"{error.msg}")
    return wrong


def check_words(_args):
    """no words of unfinished work"""
    own = pathlib.Path(__file__).name
    wrong = []
    for path in source_files():
        if path.suffix not in (".c", ".h", ".S", ".py", ".mk", ".sh", ".md",
                               "") or path.name == own:
            continue
        for number, line in enumerate(
                path.read_text(errors="replace").split("\n"), 1):
            if WORDS.search(line):
                wrong.append(f"{path.relative_to(TOP)}:{number}: "
                             + line.strip()[:60])
    return wrong


def check_readmes(_args):
    """each room has a README of at most 40 lines"""
    wrong = []
    for room in style.ROOMS + ("linux-src", "lwip-src", "mk"):
        path = TOP / room / "README.md"
        if not (TOP / room).is_dir() or not any((TOP / room).iterdir()):
            continue
        if not path.exists():
            wrong.append(f"{room}/README.md is missing")
        elif len(path.read_text().splitlines()) > 40:
            wrong.append(f"{room}/README.md has more than 40 lines")
    return wrong


def check_sizes(_args):
    """kernel, dde-linux, broker and native drivers keep to their lines of code"""
    counts = {room: style.room_count(room).code for room in LINES_MAX}
    print("".join(f"    {room}: {counts[room]} of at most {most}\n"
                  for room, most in LINES_MAX.items()), end="")
    return [f"{room} has {counts[room]} lines without blanks and comments, "
            f"at most {most} are allowed: share or delete"
            for room, most in LINES_MAX.items() if counts[room] > most]


def check_quotes(_args):
    """documents quote the sources' own lines"""
    wrong = []
    for path in sorted((TOP / "docs").rglob("*.md")):
        for block in re.finditer(r"^```\w+ (\S+)\n(.*?)^```$",
                                 path.read_text(), re.M | re.S):
            source = TOP / block[1]
            if not source.is_file() or block[2] not in source.read_text():
                wrong.append(f"{path.relative_to(TOP)}: {block[1]} has no "
                             f"such lines: {block[2].splitlines()[0]}")
    return wrong


CHECKS = (check_style, check_arrows, check_headers, check_documented,
          check_licences, check_python, check_words, check_readmes,
          check_quotes, check_sizes)


def main():
    """Run all checks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--cc", default="aarch64-linux-gnu-gcc")
    args = parser.parse_args()
    args.build = args.build.resolve()
    good = 0
    for check in CHECKS:
        wrong = check(args)
        print(f"{'FAIL' if wrong else 'ok  '} {check.__doc__}")
        print("".join(f"    {line}\n" for line in wrong), end="")
        good += not wrong
    bad = len(CHECKS) - good
    print(f"checks: {good} passed, {bad} failed")
    (args.build / "results").mkdir(parents=True, exist_ok=True)
    (args.build / "results/checks").write_text(f"{good} {bad}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
