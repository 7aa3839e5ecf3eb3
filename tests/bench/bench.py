# SPDX-License-Identifier: BSD-2-Clause
"""bench.py - instruction counts of a booted system, under icount.

usage: bench.py --build DIR [--docs]

All on the benchmark kernel, BENCH=1 DEBUG=0: no assertions, no trace ring.
With `-icount shift=0` a nanosecond of guest time is one instruction, on any
machine and under any load. The disk is null-co, so only the guest counts.
One machine is there to time the kernel's boot. In all others both kinds of driver
are there, and take turns (turns.py). Two disks answer inside the guest's own
register write (no I/O thread, so the caller never sleeps and figures repeat); two
take their time, so that the caller sleeps: there only the processes' CPU time is
counted, as idling is not work. Also the disk that answers at once does so in QEMU's
main loop, which comes late when the host is busy: then a caller with one request
sleeps meanwhile, and the request costs a quarter more. So rounds are made until the
two least of each figure agree, and the least is it. Of UARTs the machine has one:
each turn starts the driver, and stops it. The kernel's own rows come from
kernel_rows.py, which boots a benchmark alone, those of the network from net_rows.py.
Prints `bench.KEY VALUE` lines, a table beside the peers' figures and the budgets
(peers.txt, budgets.txt), and writes DIR/bench.json and DIR/bench.svg; fails if
one is above its budget and no document explains it.
"""
import argparse
import json
import pathlib
import re
import sys

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests/tools"), str(TOP / "tests/bench")]

import figures  # noqa: E402
import kernel_rows  # noqa: E402
import net_rows  # noqa: E402
import qemu  # noqa: E402
import turns  # noqa: E402
import twins  # noqa: E402

REQUESTS = 2000
LINES = 1000
DISK_BYTES = 1 << 30
COUNTER_STEP = 16                # instructions in one tick of CNTVCT_EL0
PROMPT_DISK = ("-global", "virtio-mmio.ioeventfd=off")
SLOW_DISK = ",latency-ns=50000"
CONSOLE = ("-chardev", "stdio,id=both,mux=on",
           "-device", "virtio-serial-device,bus=virtio-mmio-bus.24",
           "-device", "virtconsole,chardev=both")
UARTS = {"dde": "serial_amba_pl011", "native": "native_serial_pl011"}


def icount(build, mem="256M", backend="", extra=(), sleep="off", initrd=None,
           disks=1):
    """A machine whose clock counts instructions, with disks of zeroes."""
    attached = tuple(qemu.Disk(None, f"null{i}", size=DISK_BYTES,
                               backend=backend) for i in range(disks))
    return qemu.Machine(
        build, attached, mem=mem, kernel=build / "bench/kernel.img",
        initrd=initrd,
        extra=("-icount", f"shift=0,sleep={sleep}", *extra))


def boot_measure(build):
    """Boot, with the RAM that the budget names and one disk."""
    machine = icount(build, mem="1G", extra=PROMPT_DISK)
    with qemu.Guest(machine, limit_s=120) as guest:
        guest.boot(120)
        guest.finish()
        root = re.search(r"^KaaL: root task starts at counter \d+, (\d+) "
                         "after the kernel", guest.text, re.M)
        ready = re.search(r"^kaal: ready at counter (\d+)", guest.text, re.M)
        if not root or not ready:
            guest.fail("no line says when the root task or all was ready")
    return {"kernel.boot_to_root": int(root[1]) * COUNTER_STEP,
            "boot.all_ready": int(ready[1]) * COUNTER_STEP}


def block_round(guest, disk, requests):
    """Run `blk bench`; return {name: (elapsed ns, CPU ns)} a request."""
    output = guest.run(f"blk bench {disk} {requests} write", 200)
    found = re.findall(r"^bench (\w+): .* (\d+) ns each, (\d+) ns of CPU",
                       output, re.M)
    if len(found) != 5:
        guest.fail("blk bench printed no figures")
    return {name: (int(ns), int(cpu)) for name, ns, cpu in found}


def block_run(machine, requests, column, only=None):
    """Both drivers, each on its disk: rounds of {name: ns}.

    column: 0 elapsed, 1 CPU time; only: the one figure that is of interest.
    """
    with qemu.Guest(machine, limit_s=600) as guest:
        turns.ready_wait(guest)
        disks = turns.drivers(guest, "blk")

        def measure(kind):
            found = block_round(guest, disks[kind], requests)
            return {name: ns[column] for name, ns in found.items()
                    if only in (None, name)}

        found = turns.rounds(measure)
        guest.finish()
    return found


def block_measure(build):
    """Reads and writes through Linux's driver and through our own."""
    one = "randread_4k_qd1"
    prompt = block_run(icount(build, extra=PROMPT_DISK, disks=2), REQUESTS, 0)
    slow = block_run(icount(build, backend=SLOW_DISK, sleep="on", disks=2),
                     REQUESTS // 2, 1, one)
    for runs, name in ((prompt, f"{one}_noidle"), (slow, f"{one}_idle")):
        for each in runs["dde"] + runs["native"]:
            each[name] = each.pop(one)
    return {**turns.figures(slow, "blk"), **turns.figures(prompt, "blk")}


def serial_line(guest, program):
    """A line of 64 bytes until it is answered: {name: ns}.

    The driver is started for it, and stopped then: the machine has one UART.
    """
    guest.run(f"start {program}")
    service = guest.demand(
        "ps", rf"{program} +\w+ +(serial\d+) +(?:starting|ready) ")[1]
    found = guest.demand(f"serial bench {service[6:]} {LINES}",
                         r"^bench line64: .* (\d+) ns each$")
    guest.start(f"stop {service}", rf"{service}/{program} .* has ended")
    return {"line64": int(found[1])}


def serial_measure(build):
    """Through Linux's driver and through our own, by turns on one UART.

    The shell is at the virtual console; `stdio` is both, and ^A c moves what is
    typed from one to the other. QEMU's UART takes each byte at once, so no time
    passes in waiting.
    """
    machine = icount(build, initrd=build / "lines/system.elf", disks=0,
                     extra=CONSOLE)
    machine.serial = "chardev:both"
    with qemu.Guest(machine, limit_s=200) as guest:
        guest.send("\x01c")
        turns.ready_wait(guest)
        found = turns.rounds(lambda kind: serial_line(guest, UARTS[kind]))
        guest.finish()
    return turns.figures(found, "serial")


def main():
    """Measure, print, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--docs", action="store_true",
                        help="write docs/bench.svg too")
    args = parser.parse_args()
    build = args.build.resolve()
    try:
        found = {**kernel_rows.measure(build), **boot_measure(build),
                 **block_measure(build), **net_rows.measure(build),
                 **serial_measure(build)}
        notes = {**kernel_rows.NOTES, **net_rows.notes(build)}
    except qemu.Failure as failure:
        print(f"bench: {failure}")
        return 1
    complaints = kernel_rows.show(found, notes)
    twins.show(found)
    for folder in [build] + [TOP / "docs"] * args.docs:
        (folder / "bench.svg").write_text(twins.draw(found))
    (build / "bench.json").write_text(json.dumps(
        {f"bench.{key}": value for key, value in found.items()}, indent=1)
        + "\n")
    return figures.report("bench", complaints)


if __name__ == "__main__":
    sys.exit(main())
