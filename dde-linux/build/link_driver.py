#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""link_driver.py - link one Linux driver into a process, write its manifest line.

The driver's symbol in drivers.config leads to its modules (Linux's Makefiles),
those to the modules they need (modpost's `depends`, buses.txt). Modules were
never meant to share one name space: each defines init_module, cleanup_module
and __this_module. objcopy gives every one its own names, and a generated table
calls the init functions in dependency order.

Class (classes.txt) and devices (MODULE_ALIAS) are read from the modules too.
Read next: dde.lds, dde-linux/dde.mk
"""
import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from collections import namedtuple

import driver_class
import drivers_config
import missing
import quotas
import real_files
import settings

OBJ_M = re.compile(r"^\s*obj-\$\(CONFIG_([A-Z0-9_]+)\)\s*[+:]?=\s*(.*)$")
ALIAS = re.compile(r'^MODULE_ALIAS\("([^"]+)"\);', re.M)
DEPENDS = re.compile(r'^MODULE_INFO\(depends, "([^"]*)"\);', re.M)

# What EL0 may not execute: it would end the process at run time (Arm ARM DDI
# 0487, C6.2). Counter, thread pointer and flags are the readable registers.
INSTRUCTION = re.compile(r"^\s*[0-9a-f]+:\t[0-9a-f]{8} \t(\S+)(.*)$", re.M)
FORBIDDEN = {"hvc", "smc", "eret", "tlbi", "wfi", "at", "hlt"}
REGISTERS = re.compile(r"cnt(vct|frq)_el0|tpidr(ro)?_el0|nzcv|ctr_el0|"
                       r"dczid_el0|pmccntr_el0")


CoreInit = namedtuple("CoreInit", "file symbol")


class Module:
    """One .ko in the Kbuild output: its name, needs and aliases."""

    def __init__(self, out, path):
        self.path = os.path.join(out, path + ".ko")
        self.name = os.path.basename(path).replace("-", "_")
        with open(os.path.join(out, path + ".mod.c"), encoding="utf-8") as f:
            text = f.read()
        self.aliases = ALIAS.findall(text)
        self.params = 0  # bytes of its table of parameters
        self.parameters = parameters_of(self.path)
        found = DEPENDS.search(text)
        self.depends = [d.replace("-", "_")
                        for d in found.group(1).split(",") if d] \
            if found else []


def run_both(words):
    """Run a program; on failure end with what it said. Return: its outputs."""
    done = subprocess.run(words, text=True, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{os.path.basename(words[0])} failed:\n{done.stderr}")
    return done.stdout, done.stderr


def run(words):
    """The output of a program that must succeed."""
    return run_both(words)[0]


def parameters_of(path):
    """Names of a module's parameters: parmtype=NAME:TYPE in .modinfo."""
    with open(path, "rb") as file:
        found = re.findall(rb"\0parmtype=(\w+):", b"\0" + file.read())
    return [name.decode() for name in found]


def load_modules(out):
    """All modules that Kbuild made, by name."""
    with open(os.path.join(out, "modules.order"), encoding="utf-8") as file:
        paths = [line.strip()[:-2] for line in file if line.strip()]
    modules = [Module(out, path) for path in paths]
    return {m.name: m for m in modules}, dict(zip(paths, modules))


def makefile_rows(src, folder):
    """(symbol, objects) of each line obj-$(CONFIG_symbol) of FOLDER."""
    for name in ("Kbuild", "Makefile"):
        path = os.path.join(src, folder, name)
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as file:
            text = file.read().replace("\\\n", " ")
        for line in text.splitlines():
            match = OBJ_M.match(line)
            if match:
                yield match.group(1), match.group(2).split("#")[0].split()
        return


def makefile_objects(src, folder, symbol):
    """Objects that FOLDER's Makefile builds for CONFIG_symbol."""
    return [o for row, objects in makefile_rows(src, folder)
            if row == symbol for o in objects]


def module_symbol(src, path):
    """The symbol whose line builds this module, "" if none does."""
    folder, base = os.path.split(path)
    for symbol, objects in makefile_rows(src, folder):
        if base + ".o" in objects:
            return symbol
    return ""


def driver_modules(src, by_path, symbol):
    """The modules that CONFIG_symbol stands for."""
    found = []
    for path, module in by_path.items():
        folder, base = os.path.split(path)
        if base + ".o" in makefile_objects(src, folder, symbol):
            found.append(module)
    if not found:
        sys.exit(f"DDE_{symbol.upper()}: no Makefile of Linux makes a module "
                 f"for CONFIG_{symbol}; only tristate drivers can be listed")
    return found


def add_transports(modules, by_name, buses):
    """Modules with the transports their aliases imply put in front."""
    extra = []
    for prefix, transport in buses:
        hit = any(a.startswith(prefix) for m in modules for a in m.aliases)
        if hit and transport not in by_name:
            sys.exit(f"{transport}.ko was not built, but {prefix} devices "
                     f"need it: kaal_defconfig must enable it")
        if hit:
            extra.append(by_name[transport])
    return extra + modules


def in_order(modules, by_name):
    """Every needed module once, each after those it depends on."""
    order = []

    def visit(module):
        if module in order:
            return
        for name in module.depends:
            if name in by_name:
                visit(by_name[name])
        order.append(module)

    for module in modules:
        visit(module)
    return order


def separate(module, tools, folder):
    """A copy of the module whose fixed names cannot meet another's.

    ld keeps only the first of all .gnu.linkonce sections with one name, so
    the one that holds struct module is renamed.
    """
    copy = os.path.join(folder, module.name + ".o")
    bounds = [f"--add-symbol=dde_params{end}_{module.name}=__param:{offset},"
              "global" for end, offset in (("", 0), ("_end", module.params))]
    run([tools + "objcopy", *(bounds if module.params else []),
         f"--redefine-sym=init_module=dde_init_{module.name}",
         f"--redefine-sym=cleanup_module=dde_exit_{module.name}",
         "--rename-section", ".gnu.linkonce.this_module=.data.this_module",
         "--localize-symbol=__this_module",
         "--localize-symbol=__start_alloc_tags",
         "--localize-symbol=__stop_alloc_tags",
         "--wildcard", "--localize-symbol=__mod_*__device_table",
         module.path, copy])
    return copy


def section_bytes(obj, tools, name):
    """Size of a section, 0 if there is none."""
    text = run([tools + "objdump", "-h", obj])
    found = re.search(rf"^\s*\d+ {re.escape(name)}\s+([0-9a-f]+)", text, re.M)
    return int(found[1], 16) if found else 0


def has_init(obj, tools, module):
    """Does the module have an init function at all? Libraries have none."""
    names = run([tools + "nm", "--defined-only", obj])
    return f" dde_init_{module.name}\n" in names


def params_of(module):
    """C text: where the module's parameters begin and end."""
    if not module.params:
        return "0, 0"
    return f"dde_params_{module.name}, dde_params_end_{module.name}"


def bus_hooks(modules):
    """C text: how devices of buses come to be that only some modules match."""
    text = ""
    for bus, argument in (("pci", "void"), ("amba", "struct device_node *")):
        hit = any(a.startswith(bus + ":") for m in modules for a in m.aliases)
        text += (f"int (*const dde_{bus}_bus)({argument}) = "
                 f"{f'dde_{bus}_create' if hit else '0'};\n")
    return text


def init_table(name, glue, modules, core, lacks):
    """C text of what the process runs through at its start (dde.h)."""
    calls = "".join(f"int dde_init_{m.name}(void);\n" for m in modules)
    calls += "".join(f"extern int (*{c.symbol})(void);\n" for c in core)
    rows = "".join(f'\t{{ "{m.name}", dde_init_{m.name}, {params_of(m)} }},\n'
                   for m in modules)
    calls += "".join(f"extern const struct kernel_param dde_params_{m.name}[], "
                     f"dde_params_end_{m.name}[];\n"
                     for m in modules if m.params)
    core_rows = "".join(f'\t{{ "{c.file}", &{c.symbol} }},\n' for c in core)
    return ("/* Generated by link_driver.py: class and init functions. */\n"
            "#include <linux/moduleparam.h>\n#include <dde.h>\n"
            f"#include <dde_missing.h>\n{calls}"
            f"const struct dde_class *const dde_driver_class = &{glue};\n"
            f"const char dde_driver_name[] = \"{name}\";\n"
            f"const unsigned int dde_missing_count = {lacks};\n"
            f"{bus_hooks(modules)}"
            f"const struct dde_core_init dde_core_inits[] = {{\n{core_rows}"
            "\t{ 0, 0 },\n};\n"
            f"const struct dde_initcall dde_initcalls[] = {{\n{rows}"
            "\t{ 0, 0 },\n};\n")


def undefined_in(modules, tools):
    """Names that the modules leave to somebody else."""
    text = run([tools + "nm", "-u"] + [m.path for m in modules])
    return set(re.findall(r" U (\S+)", text))


def classify(own, order, tools, classes):
    """The row of the first registration function called.

    The driver's own modules decide; those they need only if these call none.
    """
    for modules in (own, order):
        called = undefined_in(modules, tools)
        for row in classes:
            if row.function in called:
                return row
    return sys.exit(driver_class.no_class(own[-1].name, classes))


def check_glue(row, tools, archives):
    """Refuse a class that classes.txt names but no archive has."""
    have = run([tools + "nm", "-j", "-g", "--defined-only"] + archives).split()
    if row.glue not in have:
        sys.exit(f"class {row.name} has no glue: nothing in dde-linux/class "
                 f"defines {row.glue}, which classes.txt names")


def manifest_line(name, row, modules, chosen, measured):
    """The line of the manifest for this driver; see docs/manifest.md.

    A comma separates globs there, so inside one it becomes "?".
    """
    words = quotas.words_for(name, row.words, measured)
    aliases = [a.replace(",", "?") for m in modules for a in m.aliases]
    return (f"{name} elf=dde_{name}.elf kind=dde start=device class={row.name} "
            f"match={','.join(aliases)} "
            f"{settings.manifest_words(words, chosen)}\n")


def write_file(path, text):
    """Write a small text file, making its folder."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def live_inits(names, inits):
    """Initcalls of the files that a program with these names holds, by level.

    Within a level the order is that of real-files.txt.
    """
    calls = [(real_files.LEVELS.index(level), CoreInit(entry["file"], symbol))
             for entry in inits if names & set(entry["names"])
             for level, symbol in entry["calls"]]
    return [call for _, call in sorted(calls, key=lambda pair: pair[0])]


def compiled(args, folder, name, text):
    """Compile generated C text. Return: the object."""
    source = os.path.join(folder, name)
    write_file(source, text)
    run([*shlex.split(args.compiler), "-c", source, "-o", source[:-1] + "o"])
    return source[:-1] + "o"


def link_once(args, folder, objects):
    """Link everything. Return: names it defines, names that it lacks."""
    here = os.path.dirname(os.path.abspath(__file__))
    _, warnings = run_both([
         args.cross + "ld", "--warn-unresolved-symbols", "-static", "--gc-sections",
         "--require-defined=_start", "-z", "noexecstack",
         "-z", "max-page-size=4096", "--build-id=none",
         "-T", os.path.join(here, "dde.lds"),
         "-Map", os.path.join(folder, "link.map"), "-o", args.elf,
         *objects, *args.ours,
         "--start-group", *args.archive, "--end-group"])
    text = run([args.cross + "nm", "-j", "-g", "--defined-only", args.elf])
    return set(text.split()), missing.undefined(warnings)


def all_objects(args, objects):
    """Every object that may call what is missing: modules, Linux's, ours."""
    real = [os.path.join(args.out, file.object)
            for file in real_files.read_list(args.real_list, args.out)]
    ours = [os.path.join(folder, name)
            for part in ("emul", "class")
            for folder, _, names in os.walk(os.path.join(args.emul, part))
            for name in names if name.endswith(".o")]
    return [*objects, *real, *ours]


def look_up(args, names, objects):
    """What is known about missing names; ends if one cannot be made up."""
    own = [name for name in names if name.startswith(("dde_", "kit_"))]
    if own:
        sys.exit(f"dde-linux uses, but does not define: {' '.join(own)}")
    facts = missing.Facts(names, all_objects(args, objects), args.cross)
    refused = facts.refused(names)
    if refused:
        sys.exit("; ".join(refused) + f"; make dde-report D={args.name.upper()}"
                 " tells which file of Linux has them")
    return facts


class Program:
    """A driver being linked: what it runs at its start, what it lacks."""

    def __init__(self, args, row, order):
        self.args, self.row = args, row
        self.folder = os.path.join(args.work, args.name)
        os.makedirs(self.folder, exist_ok=True)
        for module in order:
            module.params = section_bytes(module.path, args.cross, "__param")
        self.objects = [separate(m, args.cross, self.folder) for m in order]
        self.starting = [m for m, o in zip(order, self.objects)
                         if has_init(o, args.cross, m)]
        self.core, self.lacks, self.facts = [], [], None

    def link(self, callers):
        """One link with what is known so far. Return: as link_once."""
        extra = [compiled(self.args, self.folder, "init_table.c",
                          init_table(self.args.name, self.row.glue,
                                     self.starting, self.core,
                                     len(self.lacks)))]
        if self.lacks:
            extra.append(compiled(
                self.args, self.folder, "missing.c",
                missing.table_text(self.lacks, self.facts, callers)))
        return link_once(self.args, self.folder, extra + self.objects)

    def complete(self):
        """Link until no initcall and no missing function brings in more."""
        with open(self.args.inits, encoding="utf-8") as file:
            inits = json.load(file)
        while True:
            names, lacks = self.link([])
            if lacks:
                self.lacks = sorted({*self.lacks, *lacks})
                self.facts = look_up(self.args, self.lacks, self.objects)
            core = live_inits(names, inits)
            if not lacks and core == self.core:
                return
            self.core = core

    def name_callers(self):
        """Link once more with the callers' addresses, which do not move."""
        listing = run([self.args.cross + "objdump", "-d",
                       "--no-show-raw-insn", self.args.elf])
        self.link(missing.callers(listing, self.lacks))


def link(args, row, order):
    """Link the driver. Return: the functions that were made up for it."""
    program = Program(args, row, order)
    program.complete()
    if program.lacks:
        program.name_callers()
    write_file(os.path.join(program.folder, "missing.txt"),
               "".join(f"{name}\n" for name in program.lacks))
    return program.lacks


def check_instructions(args, elf):
    """Refuse a program with instructions that a user process may not use."""
    text = run([args.cross + "objdump", "-d", elf])
    bad = {f"{name}{operands}".replace("\t", " ")
           for name, operands in INSTRUCTION.findall(text)
           if name in FORBIDDEN
           or (name in ("mrs", "msr") and not REGISTERS.search(operands))}
    if bad:
        os.unlink(elf)
        sys.exit(f"{args.name}: the driver contains instructions that no user "
                 f"process may execute: {'; '.join(sorted(bad))}")


def driver_build(args):
    """Find the driver's modules, link them, write the manifest line."""
    here = os.path.dirname(os.path.abspath(__file__))
    by_name, by_path = load_modules(args.out)
    if args.module:
        own = [Module("", args.module)]
    else:
        own = driver_modules(args.src, by_path, args.name.upper())
        check_single(args, own, by_path)
    buses = driver_class.read_table(os.path.join(here, "buses.txt"))
    order = in_order(add_transports(own, by_name, buses), by_name)
    row = classify(own, order, args.cross, driver_class.read_classes())
    check_glue(row, args.cross, args.archive)
    lacks = link(args, row, order)
    check_instructions(args, args.elf)
    write_file(args.manifest,
               manifest_line(args.name, row, own, chosen_for(args, order),
                             quotas.read()))
    if lacks:
        warn_of(args, lacks)


def chosen_for(args, order):
    """The driver's settings; parameters that no module has are refused."""
    entry = drivers_config.dde_entries(args.config).get(args.name)
    chosen = entry.settings if entry else {}
    known = [name for module in order for name in module.parameters]
    for word in settings.parameters(chosen):
        name = word.split("=")[0]
        if name.split(".")[-1] not in known:
            sys.exit(f"DDE_{args.name.upper()}_ARGS: '{name}' is no parameter "
                     f"of this driver; it has: {' '.join(known) or 'none'}")
    return chosen


def check_single(args, own, by_path):
    """Refuse two symbols that stand for one module."""
    for name, entry in drivers_config.dde_entries(args.config).items():
        if name == args.name:
            continue
        both = set(own) & set(driver_modules(args.src, by_path, entry.symbol))
        if both:
            sys.exit(f"DDE_{args.name.upper()} and DDE_{entry.symbol} (line "
                     f"{entry.line}) are both the module {both.pop().name}; "
                     f"remove one of them")


def warn_of(args, lacks):
    """One line about functions that were made up."""
    shown = ", ".join(lacks[:3]) + (", ..." if lacks[3:] else "")
    print(place(args, f"DDE_{args.name.upper()} is linked without {len(lacks)} "
                f"functions of Linux ({shown}): they are counted and return "
                f"errors; make dde-report D={args.name.upper()} tells more"),
          file=sys.stderr)


def place(args, text):
    """A message with the line that asked for the driver."""
    if args.module:
        return f"{args.module}: {text}"
    number = drivers_config.line_of(args.config, args.name)
    return driver_class.place(args.config, number, text)


def main():
    """Do the job; whatever stops it is said of the line that asked for it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", help="symbol in lower case: virtio_blk")
    for option in ("--compiler", "--src", "--out", "--work", "--cross", "--elf",
                   "--manifest", "--inits", "--real-list", "--emul"):
        parser.add_argument(option, required=True)
    parser.add_argument("--ours", action="append", default=[])
    parser.add_argument("--archive", action="append", default=[])
    parser.add_argument("--module", help="folder/name of one outside Linux")
    parser.add_argument("--config", default="drivers.config")
    args = parser.parse_args()
    try:
        driver_build(args)
    except SystemExit as end:
        sys.exit(place(args, end.code))


if __name__ == "__main__":
    main()
