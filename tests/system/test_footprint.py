# SPDX-License-Identifier: BSD-2-Clause
"""test_footprint.py - what a driver's process takes stays within its budget.

RAM is counted with the pages of code and constants that all instances share with
the archive; budgets and explained misses: tests/bench/budgets.txt. What ps and mem
say, which make footprint writes down, is held against the page tables and the
kernel's objects in the machine's RAM.
"""
import re
import sys

from harness import TOP, demand, make

sys.path.append(str(TOP / "tests/bench"))
import figures  # noqa: E402  (needs the path above)
import footprint  # noqa: E402

UNNAMED_KIB = 64                 # of all RAM, what no process is said to hold


def machine(t, kind, disks):
    """A guest with a device for each driver, and the file of its RAM."""
    ram = t.folder / "ram"
    return t.guest(
        *disks, initrd=footprint.system_of(t.build, kind) / "system.elf",
        extra=(*footprint.CARD, *footprint.RNG, *footprint.HVC,
               *footprint.memory_walk.options(ram, footprint.MEM_MIB))), ram


def rows(t, kind):
    """Work; {key: row} of all drivers. Fails if ps and page tables differ."""
    guest, ram = machine(t, kind, [t.disk("random")])
    with guest:
        footprint.boot(guest)
        footprint.work(guest)
        found = footprint.held(guest, ram,
                               footprint.system_of(t.build, kind))
        guest.finish()
    number = footprint.KINDS.index(kind)
    named = {key: programs[number][0].removeprefix("dde_")
             for key, programs in footprint.DRIVERS.items()}
    demand(set(named.values()) <= set(found), f"drivers: {sorted(found)}")
    return {key: found[program] for key, program in named.items()}


def judge(t, kind):
    """Each driver's RAM, own and shared, against its budget."""
    whole = {}
    for key, row in rows(t, kind).items():
        name = f"footprint.{kind}.{key}.ram_kib"
        whole[name] = row["private_kib"] + row["shared_kib"]
        print(f"     {name} {whole[name]}: own {row['private_kib']}, "
              f"shared with the archive {row['shared_kib']}")
    complaints = figures.judge(whole)
    demand(not complaints, "\n".join(complaints))


def test_footprint_linux(t):
    """Linux's drivers, with their code, are within their budgets."""
    judge(t, "dde")


def test_footprint_native(t):
    """Native drivers, with their code, are within theirs."""
    judge(t, "native")


def test_footprint_system(t):
    """mem's figures are the sum of what ps says of all processes."""
    guest, _ = machine(t, "dde", [t.disk("random"), t.disk("fat")])
    with guest:
        footprint.boot(guest)
        footprint.work(guest)
        found = footprint.system_figures(guest)
        used = int(guest.demand("mem", r"(\d+) KiB used")[1])
        guest.finish()
    demand(0 <= found["other_kib"] <= UNNAMED_KIB,
           f"ps and mem differ by more than {UNNAMED_KIB} KiB: {found}")
    demand(used == found["ram_kib"] - found["kernel_kib"]
           - found["broker_kib"], f"mem says {used} KiB used, JSON {found}")


def test_footprint_machine(t):
    """make footprint measures the very machine that make run starts."""
    typed = {}
    for target in ("run", "footprint"):
        status, output = make(t, "-n", target)
        demand(status == 0, output)
        lines = re.findall(r"qemu-system-aarch64 -M [^'\n]*", output)
        demand(len(lines) == 1, f"make {target}: {output}")
        typed[target] = re.sub(r"127\.0\.0\.1:\d+", "", lines[0]).split()
    demand(typed["run"] == typed["footprint"], str(typed))
