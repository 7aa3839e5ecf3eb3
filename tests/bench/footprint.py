# SPDX-License-Identifier: BSD-2-Clause
"""footprint.py - what a Linux driver costs, and what its native twin does.

usage: footprint.py --build DIR [--docs]

Two machines with a device for each driver: one runs Linux's drivers, one the
native ones. Each service does its work (LOAD of tests/system/quotas.py); then
the broker says what each process holds, and the processes what they counted.
QEMU writes each piece of code down when it first runs (`-d in_asm`): functions
of a program of which nothing ran are its dead weight. footprint_static.py adds
what ELF, link map and sources say.
Prints a table with the budgets of shared/baseline.md, writes DIR/footprint.json
and DIR/footprint.svg. tests/system/test_footprint.py holds what is met.

RAM of a process is what ps shows (data, stacks, page tables and metadata, kernel
objects) and the pages of its code and constants, which all instances share with
the archive. A Linux driver's heap lies in its DMA arena, as a device may have to
reach it: heap is the most of the arena that was in use, DMA the whole arena.
"""
import argparse
import json
import pathlib
import re
import sys
import tempfile

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests/tools"), str(TOP / "tests/bench"),
                str(TOP / "tests/system")]

import bars  # noqa: E402
import bench  # noqa: E402
import figures  # noqa: E402
import footprint_static  # noqa: E402
import guest_profile  # noqa: E402
import qemu  # noqa: E402
import quotas  # noqa: E402

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
MEM_KIB = 256 * 1024
CARD = ("-netdev", "user,id=net0,net=10.9.0.0/24,host=10.9.0.1",
        "-device", "virtio-net-device,netdev=net0,bus=virtio-mmio-bus.16")
DEVICES = CARD + (
    "-device", "virtio-rng-device,bus=virtio-mmio-bus.27",
    "-chardev", "null,id=hvc0",
    "-device", "virtio-serial-device,max_ports=2,bus=virtio-mmio-bus.24",
    "-device", "virtconsole,chardev=hvc0")
PROCESS = re.compile(r"^ *(\d+) +(\S+) +(?:linux|native) +([a-z]+)(\d+) +ready"
                     r" +(\d+) +(\d+)", re.M)


def machine(build, native, disks, devices, **more):
    """A machine of one of the two systems."""
    return qemu.Machine(
        build, tuple(qemu.Disk(None, f"disk{i}", size=1 << 26)
                     for i in range(disks)),
        initrd=build / ("native/system.elf" if native else "system.elf"),
        extra=devices + more.get("extra", ()))


def work(guest):
    """Let each service work once. Return: {program: row of what it holds}."""
    rows = {}
    for pid, name, service, number, _, _ in PROCESS.findall(guest.run("ps")):
        for command in quotas.LOAD.get(service, ()):
            guest.run(command.replace("N", number), 200)
        rows[pid] = {"program": name}
    for pid, name, _, _, ram, dma in PROCESS.findall(guest.run("ps")):
        peaks = dict(quotas.PEAK.findall(guest.run(f"counters {pid}")))
        rows[pid].update(private_kib=int(ram), dma_kib=int(dma),
                         heap_kib=int(peaks.get("arena", 0)),
                         stack_kib=int(peaks.get("stack", 0)))
    return {row.pop("program"): row for row in rows.values()}


def memory_used(guest):
    """KiB of RAM that are not free: kernel, archive, processes, DMA."""
    free = guest.demand("mem", r"(\d+) KiB free")
    return MEM_KIB - int(free[1])


def pieces_read(log):
    """(address, code) of each piece of code that QEMU wrote down."""
    code, start = b"", None
    with open(log, encoding="latin-1") as lines:
        for line in lines:
            if line.startswith("0x"):
                at, word = line.split(None, 2)[:2]
                start = int(at[:-1], 16) if start is None else start
                code += int(word, 16).to_bytes(4, "little")
            elif code:
                yield start, code
                code, start = b"", None
    if code:
        yield start, code


def never_run(pieces, elf):
    """(functions, those of which nothing ran) of a program."""
    program = guest_profile.Program(elf)
    ran = {program.block(at, len(code) // 4).function
           for at, code in pieces if program.has(at, code)}
    text = next(at for at, _ in program.parts)
    end = text + len(program.parts[0][1])
    names = {name for at, name in zip(program.starts, program.names)
             if text <= at < end}
    return len(names), len(names - ran)


def measure_kind(build, native, folder):
    """{key: row} of all drivers of one kind that are there."""
    log = pathlib.Path(folder) / "code"
    with qemu.Guest(machine(build, native, 1, DEVICES,
                            extra=("-d", "in_asm", "-D", str(log))),
                    limit_s=500) as guest:
        guest.boot(120)
        found = work(guest)
        guest.finish()
    pieces = set(pieces_read(log))
    where = build / "native" if native else build
    origins = footprint_static.Origins(where)
    rows = {}
    for key, programs in DRIVERS.items():
        program, module = programs[native]
        row = found.get(program if native else program[len("dde_"):])
        if not row:
            continue
        row.update(footprint_static.describe(where, origins, program, module))
        row["ram_kib"] = row["private_kib"] + row["shared_kib"]
        row["functions"], row["never_run"] = never_run(
            pieces, where / f"{program}.elf")
        rows[key] = row
    return rows


def measure_system(build):
    """The default system at work: two disks, a card, the board's devices."""
    with qemu.Guest(machine(build, False, 2, CARD), limit_s=300) as guest:
        guest.boot(120)
        work(guest)
        used = memory_used(guest)
        dma = sum(map(int, re.findall(r" ready +\d+ +(\d+)",
                                      guest.run("ps"))))
        guest.finish()
    return {"ram_kib": used, "dma_kib": dma}


def ours(key):
    """Is it this program that has to measure a figure with a budget?"""
    return key.startswith("footprint.") or key == "bench.boot.all_ready"


def flat(rows, system, ready):
    """All figures by their full names."""
    found = {f"footprint.{kind}.{key}.{name}": value
             for kind in KINDS for key, row in rows[kind].items()
             for name, value in row.items() if name != "origin"}
    found.update({
        f"footprint.{kind}.{key}.from.{origin.replace(' ', '_')}": count
        for kind in KINDS for key, row in rows[kind].items()
        for origin, count in row["origin"].items()})
    found.update({f"footprint.system.{name}": value
                  for name, value in system.items()})
    found["bench.boot.all_ready"] = ready
    return found


COLUMNS = ("ram_kib", "private_kib", "shared_kib", "text", "rodata", "data",
           "bss", "heap_kib", "stack_kib", "dma_kib", "loc", "loc_linux",
           "functions", "never_run")


def show(rows, found):
    """The tables for people."""
    print(f"{'':22}" + "".join(f"{name:>12}" for name in COLUMNS))
    for key in DRIVERS:
        for kind in KINDS:
            row = rows[kind].get(key)
            if row:
                print(f"{key:15}{kind:7}" + "".join(
                    f"{row[name]:12}" for name in COLUMNS))
    print(f"\n{'bytes from':22}" + "".join(
        f"{origin:>12}" for origin in footprint_static.ORIGINS))
    for key in DRIVERS:
        for kind in KINDS:
            row = rows[kind].get(key)
            if row:
                print(f"{key:15}{kind:7}" + "".join(
                    f"{count:12}" for count in row["origin"].values()))
    figures.show(found, {})


def draw(rows):
    """The bar chart: one bar a driver, its bytes by origin."""
    labels, values = [], []
    for key in DRIVERS:
        for kind in KINDS:
            row = rows[kind].get(key)
            if not row:
                continue
            labels.append(f"{key} {'Linux' if kind == 'dde' else 'native'}")
            parts = [row["origin"][o] / 1024 for o in footprint_static.ORIGINS]
            parts.append(max(row["ram_kib"] - sum(parts), 0))
            values.append(parts)
    return bars.chart("RAM of a driver's process, KiB, without its DMA arena",
                      labels, footprint_static.ORIGINS +
                      ("stack, tables, objects",), values)


def main():
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--docs", action="store_true",
                        help="write docs/footprint.svg too")
    args = parser.parse_args()
    build = args.build.resolve()
    rows = {}
    try:
        for native, kind in enumerate(KINDS):
            with tempfile.TemporaryDirectory(prefix="kaal-foot-") as folder:
                rows[kind] = measure_kind(build, native, folder)
        system = measure_system(build)
        ready = bench.boot_measure(build)["boot.all_ready"]
    except qemu.Failure as failure:
        print(f"footprint: {failure}")
        return 1
    found = flat(rows, system, ready)
    show(rows, found)
    (build / "footprint.json").write_text(json.dumps(found, indent=1) + "\n")
    picture = draw(rows)
    (build / "footprint.svg").write_text(picture)
    if args.docs:
        (TOP / "docs/footprint.svg").write_text(picture)
    return figures.report("footprint", figures.judge(found, ours))


if __name__ == "__main__":
    sys.exit(main())
