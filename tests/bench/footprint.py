# SPDX-License-Identifier: BSD-2-Clause
"""footprint.py - what a Linux driver costs, and what its native twin does.

usage: footprint.py --build DIR     (QEMU_RUN in the environment: make footprint)

Two machines with a device for each driver: one runs Linux's drivers, one the
native ones. Each service does its class's benchmark (LOAD, and megabytes over
TCP); then the broker says what each process holds (ps, mem), the processes what
they counted, and memory_walk.py reads the same from the page tables in the
machine's RAM: both must agree. QEMU writes each piece of code down when it first
runs (`-d in_asm`): functions of which nothing ran are counted, and, after make
system CODE=1, those that no test runs either (dead).
footprint_static.py adds what ELF, link map and sources say, operations.py what a
start and an operation cost. The whole system is the machine of `make run`.
Prints tables, writes DIR/footprint.json, and footprint.svg into DIR and docs;
fails if a figure is above its budget and no document explains it (budgets.txt).

ram_kib is what ps shows (private_kib: data, stack, page tables, metadata, kernel
objects) and the pages of code and constants (shared_kib), which all instances
share with the archive. A Linux driver's heap lies in its DMA arena, as a device
may have to reach it: heap is the most of the arena that was in use, DMA the whole
arena. Native drivers have no heap.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import sys
import tempfile

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests/tools"), str(TOP / "tests/bench"),
                str(TOP / "tests/system")]

import bench  # noqa: E402
import code_seen  # noqa: E402
import figures  # noqa: E402
import footprint_show  # noqa: E402
import footprint_static  # noqa: E402
import guest_profile  # noqa: E402
import memory_walk  # noqa: E402
import operations  # noqa: E402
import qemu  # noqa: E402
import quotas  # noqa: E402
import test_ip  # noqa: E402

# key -> (program, its own object) of Linux's driver; (program, folder)
DRIVERS = {
    "virtio_blk": (("dde_virtio_blk", "virtio_blk"),
                   ("native_virtio_blk", "virtio_blk")),
    "virtio_net": (("dde_virtio_net", "virtio_net"),
                   ("native_virtio_net", "virtio_net")),
    "pl011": (("dde_serial_amba_pl011", "amba_pl011"),
              ("native_serial_pl011", "serial_pl011")),
    "pl031": (("dde_rtc_drv_pl031", "rtc_pl031"),
              ("native_rtc_pl031", "rtc_pl031")),
    "pl061": (("dde_gpio_pl061", "gpio_pl061"),
              ("native_gpio_pl061", "gpio_pl061")),
    "virtio_rng": (("dde_hw_random_virtio", "virtio_rng"),
                   ("native_virtio_rng", "virtio_rng")),
    "virtio_console": (("dde_virtio_console", "virtio_console"),
                       ("native_virtio_console", "virtio_console")),
}
KINDS = ("dde", "native")
MEM_MIB = 256
DHCP = r"ip: net0 has \S+ from DHCP"
TCP_BYTES = 4_000_000
LOAD = {**quotas.LOAD, "net": ("net ping 10.0.2.2 20",
                               "run nettest netN send 5000 1514")}
RNG = ("-device", "virtio-rng-device,bus=virtio-mmio-bus.27")
HVC = ("-chardev", "null,id=hvc0",
       "-device", "virtio-serial-device,max_ports=2,bus=virtio-mmio-bus.24",
       "-device", "virtconsole,chardev=hvc0")
CARD = ("-netdev", "user,id=net0,restrict=on",
        "-device", "virtio-net-device,netdev=net0,bus=virtio-mmio-bus.16")
# key -> (its service's class and number, its device if the board has none)
SERVICES = {"virtio_blk": ("blk", "0", ()), "pl011": ("serial", "0", ()),
            "pl031": ("rtc", "0", ()), "pl061": ("gpio", "0", ()),
            "virtio_rng": ("rng", "0", RNG),
            "virtio_console": ("serial", "1", HVC)}
# Programs that wait for a driver, and twins that share its device.
WAITING = {"dde": ("ip", "powerkey", "native_virtio_blk",
                   "native_virtio_net"), "native": ("ip", "powerkey")}
PROCESS = re.compile(r"^ *(\d+) +(\S+) +(\w+) +(?:([a-z]+)(\d+))? +ready"
                     r" +(\d+) +(\d+)", re.M)


def system_of(build, kind):
    """The folder of a system: Linux's drivers, ours, or three of Linux's."""
    return build if kind == "dde" else build / kind


def machine(build, kind, disks, *extra):
    """A machine of one of the systems."""
    return qemu.Machine(
        build, tuple(qemu.Disk(None, f"disk{i}", size=1 << 26)
                     for i in range(disks)),
        mem=f"{MEM_MIB}M", initrd=system_of(build, kind) / "system.elf",
        extra=extra)


class Run(qemu.Machine):
    """The machine that make run starts: its command line."""

    def arguments(self, log):
        """QEMU's whole command line."""
        return [*shlex.split(os.environ["QEMU_RUN"]), *self.extra,
                "-d", "guest_errors,unimp", "-D", str(log)]


def boot(guest):
    """Boot; wait for the lines that come when they will, not amid an echo."""
    guest.boot(120)
    for line in ("kaal: ready at counter", DHCP):
        guest.seen = 0
        guest.expect(line, 120)
    guest.run("mem")


def work(guest, net=None):
    """Let each service do its class's benchmark."""
    if net:
        test_ip.discard(net, TCP_BYTES)
        test_ip.source_bytes(net, TCP_BYTES)
    for _, _, kind, service, number, _, _ in PROCESS.findall(guest.run("ps")):
        if kind in ("linux", "native"):
            for command in LOAD.get(service, ()):
                guest.run(command.replace("N", number), 200)


def held(guest, ram, where):
    """{program: figures of its process}; the RAM says what the broker says.

    where: the folder of the system that runs.
    """
    walked = memory_walk.processes(ram, guest.machine.build / "kernel.elf")
    ends = memory_walk.image_ends(where)
    rows = {}
    for pid, name, kind, _, _, private, dma in PROCESS.findall(
            guest.run("ps")):
        if kind == "broker":
            continue
        row = walked[int(pid)].figures(ends[name])
        if row["private_kib"] != int(private):
            guest.fail(f"ps says that {name} holds {private} KiB, its page "
                       f"tables and objects {row}")
        peaks = dict(quotas.PEAK.findall(guest.run(f"counters {pid}")))
        rows[name] = {**row, "dma_kib": int(dma),
                      "heap_kib": int(peaks.get("arena", 0))}
    return rows


def never_run(pieces, elf):
    """(functions, those of which nothing ran) of a program."""
    program = guest_profile.Program(elf)
    ran = {program.block(at, len(code) // 4).function
           for at, code in pieces if program.has(at, code)}
    names = {name for at, name in zip(program.starts, program.names)
             if any(start <= at < end for start, end in program.code)}
    return len(names), len(names - ran)


def measure_kind(build, kind, folder):
    """{program: row of its process}, and the code that ran."""
    ram, log = pathlib.Path(folder) / "ram", pathlib.Path(folder) / "code"
    net = test_ip.Net()
    with qemu.Guest(machine(
            build, kind, 1, *net.extra, *RNG, *HVC, "-d", "in_asm", "-D",
            str(log), *memory_walk.options(ram, MEM_MIB)),
            limit_s=500) as guest:
        boot(guest)
        work(guest, net)
        found = held(guest, ram, system_of(build, kind))
        guest.finish()
    return found, set(code_seen.pieces(log))


def describe(row, where, origins, program, module):
    """Add to a process's row what its program is made of."""
    row.update(footprint_static.describe(where, origins, program, module))
    row["ram_kib"] = row["private_kib"] + row["shared_kib"]


def rows_of(build, kind):
    """{key: row} of all drivers of one kind that are there."""
    with tempfile.TemporaryDirectory(prefix="kaal-foot-") as folder:
        found, pieces = measure_kind(build, kind, folder)
    where = system_of(build, kind)
    origins = footprint_static.Origins(where)
    tests = code_seen.kept(build / "code", where / "system.elf")
    rows = {}
    for key, programs in DRIVERS.items():
        program, module = programs[KINDS.index(kind)]
        row = found.get(program.removeprefix("dde_"))
        if not row:
            continue
        describe(row, where, origins, program, module)
        row["functions"], row["never_run"] = never_run(
            pieces, where / f"{program}.elf")
        if tests:
            row["dead"] = never_run(pieces | tests, where / f"{program}.elf")[1]
        rows[key] = row
    return rows


def counting(build, kind, folder, without, *extra, disks=1):
    """A machine that counts instructions, with some programs left out."""
    here = machine(build, kind, disks, *extra, *operations.ICOUNT)
    here.kernel = build / "bench/kernel.img"
    here.initrd = operations.edited(here.initrd, folder, without)
    return here


def start_cost(build, kind, key=None):
    """Instructions from reset to all ready, without one driver."""
    without = list(WAITING[kind])
    if key:
        without.append(DRIVERS[key][KINDS.index(kind)][0].removeprefix("dde_"))
    with tempfile.TemporaryDirectory(prefix="kaal-start-") as folder:
        ram = pathlib.Path(folder) / "ram"
        return operations.start(counting(
            build, kind, folder, without, *CARD, *RNG, *HVC,
            *memory_walk.options(ram, MEM_MIB)), ram)


def operation(build, kind, key):
    """What one operation of a driver's class costs."""
    if key == "virtio_net":
        return operations.frame(build, kind)
    service, number, device = SERVICES[key]
    with tempfile.TemporaryDirectory(prefix="kaal-op-") as folder:
        return operations.one(
            counting(build, kind, folder, WAITING[kind], *device,
                     disks=int(service == "blk")),
            system_of(build, kind), DRIVERS[key][KINDS.index(kind)][0],
            service, number)


def costs_add(build, rows):
    """Add starts and operations to all rows; two machines run at a time."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        full = {kind: pool.submit(start_cost, build, kind) for kind in rows}
        jobs = [(row, full[kind], pool.submit(start_cost, build, kind, key),
                 pool.submit(operation, build, kind, key))
                for kind in rows for key, row in rows[kind].items()]
        for row, whole, less, one in jobs:
            row["start"] = whole.result() - less.result()
            row["op_instructions"] = one.result().instructions
            row["op_switches"] = one.result().switches


def system_figures(guest):
    """The RAM of a whole system and its parts, from mem and ps."""
    total, free = map(int, guest.demand(
        "mem", r"^(\d+) KiB of memory, (\d+) KiB free").groups())
    rows = PROCESS.findall(guest.run("ps"))
    broker = sum(int(row[5]) for row in rows if row[2] == "broker")
    found = {"ram_kib": MEM_MIB * 1024 - free, "broker_kib": broker,
             "kernel_kib": MEM_MIB * 1024 - total - broker,
             "processes_kib": sum(int(row[5]) for row in rows) - broker,
             "dma_kib": sum(int(row[6]) for row in rows)}
    found["other_kib"] = 2 * found["ram_kib"] - sum(found.values())
    return found


def measure_system(here):
    """A machine at work: the figures of its RAM."""
    with qemu.Guest(here, limit_s=300) as guest:
        boot(guest)
        work(guest)
        found = system_figures(guest)
        guest.finish()
    return found


def missing(found, kinds=KINDS, words=None):
    """A complaint for each figure of a driver that is not there.

    words: default all columns of the tables, but what only CODE=1 can tell.
    """
    words = words or [word for columns in footprint_show.TABLES.values()
                      for word in columns if word != "dead"]
    return [f"footprint.{kind}.{key}.{word} was not measured"
            for kind in kinds for key in DRIVERS for word in words
            if not isinstance(found.get(f"footprint.{kind}.{key}.{word}"),
                              (int, float))]


def ours(key):
    """Is it this program that has to measure a figure with a budget?"""
    return key.startswith("footprint.") or key == "bench.boot.all_ready"


def measure(build):
    """All figures by their full names, and the rows of drivers."""
    rows = {kind: rows_of(build, kind) for kind in KINDS}
    costs_add(build, rows)
    found = footprint_show.flat(rows)
    for name, here in (("system", Run(build)),
                       ("default", machine(build, "dde", 2, *CARD)),
                       ("three", machine(build, "three", 1, *CARD))):
        found.update({f"footprint.{name}.{key}": value for key, value in
                      measure_system(here).items()})
    found["bench.boot.all_ready"] = bench.boot_measure(build)[
        "boot.all_ready"]
    return found, rows


def main():
    """Measure, print, write, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build.resolve()
    try:
        found, rows = measure(build)
    except qemu.Failure as failure:
        print(f"footprint: {failure}")
        return 1
    footprint_show.tables(rows, found)
    (build / "footprint.json").write_text(json.dumps(found, indent=1) + "\n")
    for folder in (build, TOP / "docs"):
        (folder / "footprint.svg").write_text(footprint_show.draw(rows))
    return figures.report("footprint",
                          missing(found) + figures.judge(found, ours))


if __name__ == "__main__":
    sys.exit(main())
