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
import footprint_show  # noqa: E402
import footprint_static  # noqa: E402

# What issue 5 names for each driver and its twin.
NAMED = ("ram_kib", "text", "data", "bss", "heap_kib", "stack_kib", "dma_kib",
         "loc")
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
    where = footprint.system_of(t.build, kind)
    origins = footprint_static.Origins(where)
    guest, ram = machine(t, kind, [t.disk("random")])
    with guest:
        footprint.boot(guest)
        footprint.work(guest)
        held = footprint.held(guest, ram, where)
        guest.finish()
    found = {}
    for key, programs in footprint.DRIVERS.items():
        program, module = programs[footprint.KINDS.index(kind)]
        found[key] = held.get(program.removeprefix("dde_"))
        demand(found[key], f"no {program} among {sorted(held)}")
        footprint.describe(found[key], where, origins, program, module)
    return found


def judge(t, kind):
    """Each driver's figures are there; its RAM, own and shared, is in budget."""
    found = footprint_show.flat({kind: rows(t, kind)})
    complaints = footprint.missing(found, [kind], NAMED) + figures.judge(found)
    demand(not complaints, "\n".join(complaints))
    for key in footprint.DRIVERS:
        name = f"footprint.{kind}.{key}."
        print(f"     {name}ram_kib {found[name + 'ram_kib']}: own "
              f"{found[name + 'private_kib']}, shared with the archive "
              f"{found[name + 'shared_kib']}")
        demand(kind == "native" or found[name + "heap_kib"],
               f"{name}heap_kib: Linux's driver counts no arena")


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


def test_footprint_three(t):
    """Kernel, broker, IP stack, shell and three Linux drivers at work: 4 MiB."""
    with footprint.qemu.Guest(footprint.machine(
            t.build, "three", 1, *footprint.CARD), limit_s=300) as guest:
        footprint.boot(guest)
        footprint.work(guest)
        found = footprint.system_figures(guest)
        listed = guest.run("ps")
        guest.finish()
    ready = [row[2] for row in footprint.PROCESS.findall(listed)]
    demand(ready.count("linux") == 3, listed)
    judged = {f"footprint.three.{key}": value for key, value in found.items()}
    complaints = figures.judge(judged)
    demand("footprint.three.ram_kib" in judged and not complaints,
           "\n".join(complaints))
    print(f"     footprint.three.ram_kib {found['ram_kib']}")


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
