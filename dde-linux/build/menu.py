#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""menu.py - drivers.config as a menu: Linux's drivers and the native ones.

`make menuconfig` shows Linux's own menus with the drivers that have a class
here. Titles, prompts and help come from Linux at each build (kconfig_menu.c);
a native driver brings drivers-native/X/Kconfig. The menu program works on a
.config; what a person changes there goes back into drivers.config, whose other
lines (comments, settings, drivers the menu does not know) stay as they are.

  menu.py tree --src D --out D --menu TOOL --native D    the Kconfig text
  menu.py load FILE                 drivers.config as the menu's .config
  menu.py save FILE CONFIG KCONFIG  the menu's .config into drivers.config
  menu.py minimal FILE              only what differs from doing nothing
  menu.py check FILE                say what is wrong with it, or how many
"""
import argparse
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field

import driver_class
import drivers_config
import settings

CONFIG = re.compile(r"^CONFIG_((?:DDE|NATIVE)_[A-Z0-9_]+)=y$", re.M)
KNOWN = re.compile(r"^config ((?:DDE|NATIVE)_[A-Z0-9_]+)$", re.M)


@dataclass
class Driver:
    """One driver as Linux's menus show it."""
    symbol: str
    titles: list = field(default_factory=list)
    prompt: str = ""
    help: list = field(default_factory=list)


def read_drivers(text):
    """Drivers of kconfig_menu's output, each symbol once."""
    found = {}
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word == "config":
            driver = Driver(rest)
        elif word == "menu":
            driver.titles.append(rest)
        elif word == "prompt":
            driver.prompt = rest
        elif word == "help":
            driver.help.append(rest)
        elif word == "end":
            found.setdefault(driver.symbol, driver)
    return list(found.values())


def quoted(text):
    """A Kconfig string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def driver_text(driver):
    """Kconfig text of one driver."""
    lines = [f"config DDE_{driver.symbol}", f"\tbool {quoted(driver.prompt)}",
             "\thelp"]
    lines += [f"\t  {line.strip()}".rstrip() for line in driver.help]
    lines += ["", f"\t  Linux's driver CONFIG_{driver.symbol}, unmodified, in "
              "a process of its own.", "", ""]
    return "\n".join(lines)


def menu_text(drivers, depth=0):
    """Kconfig text of drivers, nested under their titles in Linux's order."""
    groups = {}
    for driver in drivers:
        title = driver.titles[depth] if depth < len(driver.titles) else None
        groups.setdefault(title, []).append(driver)
    text = "".join(driver_text(driver) for driver in groups.pop(None, []))
    for title, inside in groups.items():
        text += (f"menu {quoted(title)}\n\n{menu_text(inside, depth + 1)}"
                 "endmenu\n\n")
    return text


def native_text(folder):
    """Kconfig text that takes in what each native driver brings."""
    files = [os.path.join(os.path.abspath(folder), name, "Kconfig")
             for name in sorted(drivers_config.native_names(folder))]
    sources = "".join(f"source {quoted(path)}\n" for path in files
                      if os.path.exists(path))
    return f'menu "Native drivers"\n\n{sources}\nendmenu\n\n' if sources else ""


def with_class(src, drivers):
    """The drivers below drivers/ whose sources name a class that is here."""
    classes = driver_class.read_classes()
    folders = driver_class.driver_folders(os.path.join(src, "drivers"),
                                          {d.symbol for d in drivers})
    good = {}
    for folder in set().union(*folders.values()):
        good[folder] = driver_class.names_class(folder, classes)
    return [d for d in drivers if any(good[f] for f in folders[d.symbol])]


def tree(args):
    """Print the Kconfig tree of everything that can be listed."""
    src, out = os.path.abspath(args.src), os.path.abspath(args.out)
    text = subprocess.run(
        [os.path.abspath(args.menu), "Kconfig"], cwd=out, check=True,
        env=drivers_config.tool_environment(src, out), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    drivers = with_class(src, read_drivers(text))
    print('mainmenu "KaaL: drivers of the system (drivers.config)"\n')
    print(native_text(args.native) + menu_text(drivers), end="")


def text_of(path):
    """A file's text."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def fine_entries(path):
    """The drivers of a file without mistakes; else ends with the messages."""
    entries, errors = drivers_config.parse(text_of(path), path)
    drivers_config.fail(errors)
    return entries


def load(args):
    """Print the .config that stands for a drivers.config."""
    for entry in fine_entries(args.file):
        print(f"CONFIG_{entry.kind}_{entry.symbol}=y")


def changed(text, known, wanted):
    """The text of drivers.config with the menu's answers put in.

    known: names that the menu shows; wanted: those switched on. A driver that
    is switched off loses its line, or keeps it as =n if settings follow it.
    """
    lines, have = [], set()
    set_for = {words[0] for _, line in drivers_config.lines_of(text)
               if (words := settings.split(line))}
    for line in text.splitlines():
        match = drivers_config.LINE.match(line.strip())
        name = f"{match[1]}_{match[2]}" if match else None
        if name not in known:
            lines.append(line)
            continue
        have.add(name)
        if name in wanted:
            lines.append(f"{name}=y")
        elif name in set_for:
            lines.append(f"{name}=n")
    lines += [f"{name}=y" for name in sorted(wanted - have)]
    return "\n".join(lines) + "\n"


def save(args):
    """Put the menu's answers into drivers.config; say what has changed."""
    old = text_of(args.file)
    before = {f"{e.kind}_{e.symbol}" for e in fine_entries(args.file)}
    wanted = set(CONFIG.findall(text_of(args.config)))
    new = changed(old, set(KNOWN.findall(text_of(args.kconfig))), wanted)
    if new == old:
        print(f"{args.file}: nothing has changed")
        return
    with open(args.file, "w", encoding="utf-8") as file:
        file.write(new)
    after = {f"{e.kind}_{e.symbol}" for e in fine_entries(args.file)}
    words = [f"+{name}" for name in sorted(after - before)]
    words += [f"-{name}" for name in sorted(before - after)]
    print(f"{args.file}: {' '.join(words) or 'other layout'}")


def minimal_text(entries):
    """The shortest drivers.config with the same meaning."""
    lines = []
    for entry in entries:
        lines.append(f"{entry.word}=y")
        lines += [f"{entry.word}_{key}={value}"
                  for key, value in entry.settings.items()
                  if value not in ("n", "end", '""')]
    return "".join(line + "\n" for line in lines)


def minimal(args):
    """Print it."""
    print(minimal_text(fine_entries(args.file)), end="")


def check(args):
    """Say how many drivers there are; names were checked by resolve."""
    entries = fine_entries(args.file)
    count = {kind: sum(e.kind == kind for e in entries)
             for kind in ("DDE", "NATIVE")}
    print(f"{args.file}: {count['DDE']} drivers of Linux, "
          f"{count['NATIVE']} native; every name is known")


def main():
    """Read the command line and do one of the jobs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    jobs = parser.add_subparsers(dest="job", required=True)
    job = jobs.add_parser("tree")
    for option in ("--src", "--out", "--menu", "--native"):
        job.add_argument(option, required=True)
    job.set_defaults(run=tree)
    for name, run, words in (("load", load, ["file"]),
                             ("save", save, ["file", "config", "kconfig"]),
                             ("minimal", minimal, ["file"]),
                             ("check", check, ["file"])):
        job = jobs.add_parser(name)
        for word in words:
            job.add_argument(word)
        job.set_defaults(run=run)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"menu.py: {error}")
