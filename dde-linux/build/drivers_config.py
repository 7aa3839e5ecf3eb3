#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""drivers_config.py - read drivers.config and enable its drivers in Linux.

Two halves. Reading knows only the file's syntax (parse) and the names that may
stand in it (check); it collects every mistake and says file, line and remedy.
Resolving hands the Linux names to kconfig_need (kconfig_need.c), which asks
Linux's Kconfig. Unit tests: tests/unit/config_test.py.

  drivers_config.py names FILE [--kind KIND]      names, lower case; KIND is
                                  DDE, NATIVE or ALL: dde-a native-b, as listed
  drivers_config.py read FILE --native DIR        all but Linux's names
  drivers_config.py resolve FILE --src D --out D --need TOOL --native DIR
"""
import argparse
import difflib
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field

import driver_class
import settings

LINE = re.compile(r"^(DDE|NATIVE)_([A-Z0-9_]+)=(.*)$")
EXAMPLE = "write e.g. DDE_VIRTIO_BLK=y"


@dataclass(frozen=True)
class Entry:
    """One driver asked for: line number, "DDE" or "NATIVE", symbol.

    settings: what further lines say of it (settings.py), {key: value}.
    """
    line: int
    kind: str
    symbol: str
    settings: dict = field(default_factory=dict, compare=False)

    @property
    def word(self):
        """What stands for it in the file."""
        return f"{self.kind}_{self.symbol}"

    @property
    def name(self):
        """The name of its process and of its files."""
        return self.symbol.lower()


def explain_line(text):
    """Say what is wrong with a line that LINE does not match."""
    word = text.split("=", 1)[0].strip()
    if word.startswith("CONFIG_"):
        return f"'{word}' is Linux's name, here it is DDE_{word[7:]}=y"
    if not word.startswith(("DDE_", "NATIVE_")):
        return f"'{word}' begins with neither DDE_ nor NATIVE_, {EXAMPLE}"
    if "=" not in text:
        return f"'{word}' has no value, write {word}=y"
    if word != word.upper():
        return f"'{word}' must be in capitals: {word.upper()}=y"
    return f"'{text}' cannot be read, {EXAMPLE}"


def parse_line(number, text):
    """Return (Entry or None, message or None) for one line."""
    match = LINE.match(text)
    if not match:
        return None, explain_line(text)
    kind, symbol, value = match.groups()
    if value == "n":
        return None, None
    if value != "y":
        return None, (f"'{kind}_{symbol}={value}': the value must be y "
                      f"(or n), a driver is a process and never a module")
    return Entry(number, kind, symbol), None


def lines_of(text):
    """(number, text) of the lines that say something."""
    lines = [(n, raw.strip()) for n, raw in enumerate(text.splitlines(), 1)]
    return [(n, line) for n, line in lines
            if line and not line.startswith("#")]


def setting_message(words, seen, entry):
    """What is wrong with a setting of a listed driver, or None."""
    word, key, value = words
    name = f"{word}_{key}"
    if (word, key) in seen:
        return f"{name} is set twice, first in line {seen[word, key]}"
    reason = settings.check(word, key, value)
    if reason:
        return f"{name}={value}: {reason}"
    if entry:
        entry.settings[key] = value
    return None


def parse_settings(lines, entries, path):
    """Give each entry its settings. Return: (other lines, errors).

    A driver that is named with =n keeps its settings for later.
    """
    listed = {e.word: e for e in entries}
    named = {f"{match[1]}_{match[2]}" for _, line in lines
             if (match := LINE.match(line))}
    others, errors, seen = [], [], {}
    for number, line in lines:
        words = settings.split(line)
        if not words or (words[0] not in named and words[2] in ("y", "n", "m")):
            others.append((number, line))
            continue
        if words[0] not in named:
            message = (f"{line.split('=')[0]} says how {words[0]} runs, "
                       f"which no line lists; add {words[0]}=y or remove it")
        else:
            message = setting_message(words, seen, listed.get(words[0]))
            seen.setdefault(words[:2], number)
        if message:
            errors.append(f"{path}:{number}: {message}")
    return others, errors


def parse(text, path="drivers.config"):
    """Return (entries, errors) of a whole file."""
    lines = lines_of(text)
    lines, _ = parse_settings(lines, [], path)
    entries, errors = parse_drivers(lines, path)
    _, wrong = parse_settings(lines_of(text), entries, path)
    wrong += [f"{path}:{e.line}: DDE_{e.symbol}_DEVICE_ID is the name of the "
              f"device that DDE_{e.symbol}_DEVICE gives, which is not set"
              for e in entries if "DEVICE_ID" in e.settings
              and "DEVICE" not in e.settings]
    return entries, errors + wrong


def parse_drivers(lines, path):
    """Return (entries, errors) of the lines that name drivers."""
    entries, errors, first = [], [], {}
    for number, line in lines:
        entry, message = parse_line(number, line)
        if message:
            errors.append(f"{path}:{number}: {message}")
        if not entry:
            continue
        key = (entry.kind, entry.symbol)
        if key in first:
            errors.append(f"{path}:{number}: {entry.kind}_{entry.symbol} is "
                          f"listed twice, first in line {first[key]}; "
                          f"remove one of them")
            continue
        first[key] = number
        entries.append(entry)
    return entries, errors


def suggest(word, names):
    """Return " (did you mean X?)" for the nearest name, or ""."""
    near = difflib.get_close_matches(word, names, 1, 0.6)
    return f"; did you mean {near[0]}?" if near else ""


def check_dde(entry, symbols):
    """Return a message if Linux has no such switchable symbol, else None."""
    word = f"DDE_{entry.symbol}"
    kind = symbols.get(entry.symbol)
    if kind is None:
        hint = suggest(entry.symbol, symbols)
        hint = hint.replace("mean ", "mean DDE_") if hint else \
            "; see Linux's Kconfig files for the driver's name"
        return f"{word}: Linux has no symbol CONFIG_{entry.symbol}{hint}"
    if kind == "bool":
        return (f"{word}: CONFIG_{entry.symbol} is a bool: Linux has it in "
                f"its kernel or not at all, never as a module of its own; "
                f"list a tristate driver")
    if kind != "tristate":
        return (f"{word}: CONFIG_{entry.symbol} is of type {kind}, not a "
                f"driver that can be switched on")
    return None


def check_native(entry, natives):
    """Return a message if there is no such native driver, else None."""
    if entry.name in natives:
        return None
    known = ", ".join(f"NATIVE_{n.upper()}" for n in sorted(natives))
    hint = suggest(entry.name, natives).upper()
    hint = hint.replace("; DID YOU MEAN ", "; did you mean NATIVE_")
    return (f"NATIVE_{entry.symbol}: there is no such native driver"
            f"{hint or '; there are: ' + (known or 'none yet')}")


def check(entries, symbols, natives, path="drivers.config"):
    """Return the errors of names that neither Linux nor drivers-native has.

    symbols is None where Linux has not been asked: then DDE names all pass.
    """
    errors = []
    for entry in entries:
        if entry.kind == "NATIVE":
            message = check_native(entry, natives)
        else:
            message = symbols is not None and check_dde(entry, symbols)
        if message:
            errors.append(f"{path}:{entry.line}: {message}")
    return errors


def tool_environment(src, out):
    """The variables Linux's makefile gives to its Kconfig programs."""
    prefix = os.environ.get("CROSS", "aarch64-linux-gnu-")
    version = subprocess.run([prefix + "gcc", "--version"], text=True,
                             capture_output=True, check=True).stdout
    env = dict(os.environ, ARCH="kaal", SRCARCH="kaal", srctree=src,
               CC=prefix + "gcc", LD=prefix + "ld", NM=prefix + "nm",
               OBJCOPY=prefix + "objcopy", AR=prefix + "ar",
               PYTHON3="python3", PAHOLE="pahole", RUSTC="rustc",
               BINDGEN="bindgen", CC_VERSION_TEXT=version.splitlines()[0],
               KCONFIG_CONFIG=os.path.join(out, ".config"))
    env.setdefault("KERNELVERSION", "6.12")
    return env


def run_need(args, words):
    """Run kconfig_need with these words; return (status, output lines)."""
    src, out = os.path.abspath(args.src), os.path.abspath(args.out)
    run = subprocess.run([os.path.abspath(args.need), "Kconfig"] + words,
                         cwd=out, env=tool_environment(src, out), text=True,
                         capture_output=True, check=False)
    if run.returncode > 1 or run.returncode < 0:
        sys.exit(f"kconfig_need ended with {run.returncode}: {run.stderr}")
    return run.returncode, run.stdout.splitlines()


def linux_symbols(args):
    """Every Kconfig symbol of Linux with its type."""
    pairs = (line.split() for line in run_need(args, ["--list"])[1])
    return dict(pairs)


def native_names(folder):
    """Names of the native drivers: the folders of drivers-native/."""
    if not os.path.isdir(folder):
        return []
    return [n for n in os.listdir(folder)
            if os.path.isdir(os.path.join(folder, n))
            and not n.startswith(("include", "."))]


def refusals(lines, entries, path):
    """Turn kconfig_need's refusals into messages with line numbers."""
    where = {e.symbol: e.line for e in entries}
    errors = []
    for line in lines:
        if not line.startswith("unmet "):
            continue
        symbol, condition = line[6:].split(": ", 1)
        errors.append(f"{path}:{where.get(symbol, 0)}: DDE_{symbol}: Linux "
                      f"cannot enable it on this machine; it depends on: "
                      f"{condition}")
    return errors


def line_number(error):
    """The number in "path:number: message"."""
    return int(error.split(":", 2)[1])


def fail(errors):
    """Print all messages by line and end with status 1, if there are any."""
    for error in sorted(errors, key=line_number):
        print(error, file=sys.stderr)
    if errors:
        sys.exit(1)


def resolve(args):
    """Enable every DDE driver of the file in OUT/.config, or say why not."""
    with open(args.file, encoding="utf-8") as file:
        entries, errors = parse(file.read(), args.file)
    names = linux_symbols(args)
    errors += check(entries, names, native_names(args.native), args.file)
    fail(errors)
    wanted = [e for e in entries if e.kind == "DDE"]
    if not wanted:
        return
    _, lines = run_need(args, [e.symbol for e in wanted])
    fail(refusals(lines, wanted, args.file))
    fail(driver_class.refusals(args.src, wanted,
                               driver_class.read_classes(), args.file))
    extra = [line[3:] for line in lines if line.startswith("on ")]
    if extra:
        print(f"  KCONFIG  also enabled: {' '.join(extra)}")


def names(args):
    """Print the drivers' names; a broken file is explained by resolve."""
    with open(args.file, encoding="utf-8") as file:
        entries, _ = parse(file.read(), args.file)
    if args.kind == "ALL":
        print(" ".join(f"{e.kind.lower()}-{e.name}" for e in entries))
    else:
        print(" ".join(e.name for e in entries if e.kind == args.kind))


def dde_entries(path):
    """{name: entry} of the Linux drivers that a file lists."""
    with open(path, encoding="utf-8") as file:
        entries, _ = parse(file.read(), path)
    return {e.name: e for e in entries if e.kind == "DDE"}


def line_of(path, name):
    """The line that asks for the DDE driver of this name, 0 if none does."""
    entry = dde_entries(path).get(name)
    return entry.line if entry else 0


def read(args):
    """Judge all that needs no Linux; it is asked whatever is listed."""
    with open(args.file, encoding="utf-8") as file:
        entries, errors = parse(file.read(), args.file)
    errors += check(entries, None, native_names(args.native), args.file)
    fail(errors)
    print(f"# {args.file}: {len(entries)} drivers")


def main():
    """Read the command line and do one of the jobs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    jobs = parser.add_subparsers(dest="job", required=True)
    job = jobs.add_parser("names")
    job.add_argument("file")
    job.add_argument("--kind", default="DDE", choices=["DDE", "NATIVE", "ALL"])
    job.set_defaults(run=names)
    job = jobs.add_parser("read")
    job.add_argument("file")
    job.add_argument("--native", default="drivers-native")
    job.set_defaults(run=read)
    job = jobs.add_parser("resolve")
    job.add_argument("file")
    for option in ("--src", "--out", "--need", "--native"):
        job.add_argument(option, required=True)
    job.set_defaults(run=resolve)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
