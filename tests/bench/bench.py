# SPDX-License-Identifier: BSD-2-Clause
"""bench.py - instruction counts of a booted system, under icount.

usage: bench.py --build DIR [--docs]

All on the benchmark kernel, BENCH=1 DEBUG=0: no assertions, no trace ring.
With `-icount shift=0` a nanosecond of guest time is one instruction, on any
machine and under any load. The disk is null-co, so only the guest counts.
Three machines: one to time the kernel's boot; one whose disk answers inside
the guest's own register write (no I/O thread, so the caller never sleeps and
figures repeat); one whose disk takes its time, so that the caller sleeps:
there only the processes' CPU time is counted, as idling is not work.
Also the disk that answers at once does so in QEMU's main loop, which comes late
when the host is busy: then a caller with one request sleeps meanwhile, and the
request costs a quarter more. So rounds are made until the two least of each figure
agree, and the least is it.
The kernel's own rows come from kernel_rows.py, which boots a benchmark alone,
those of the network from net_rows.py.
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
import operations  # noqa: E402
import qemu  # noqa: E402
import twins  # noqa: E402

REQUESTS = 2000
LINES = 1000
ROUNDS = 8                       # of a figure, at most
AGREE = 1.02                     # so close are the two least
DISK_BYTES = 1 << 30
COUNTER_STEP = 16                # instructions in one tick of CNTVCT_EL0
PROMPT_DISK = ("-global", "virtio-mmio.ioeventfd=off")
SLOW_DISK = ",latency-ns=50000"


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


def settled(rounds, column):
    """Have the figures of all rounds so far been there twice?"""
    for name in rounds[0]:
        least = sorted(each[name][column] for each in rounds)[:2]
        if len(least) < 2 or least[1] > least[0] * AGREE:
            return False
    return True


def block_run(machine, requests, column, only=None):
    """Both drivers, each on its disk, by turns in one boot: {kind: {name: ns}}.

    column: 0 elapsed, 1 CPU time; only: the one figure that is of interest.
    """
    rounds = {"dde": [], "native": []}
    with qemu.Guest(machine, limit_s=600) as guest:
        operations.ready_wait(guest)
        for _ in range(ROUNDS):
            for disk in (0, 1):
                driver = guest.demand("ps",
                                      rf"(\S+) +\w+ +blk{disk} +ready")[1]
                kind = "native" if driver.startswith("native_") else "dde"
                found = block_round(guest, disk, requests)
                rounds[kind].append({only: found[only]} if only else found)
            if not all(rounds.values()):
                guest.fail("of two disks each kind of driver should have one")
            if all(settled(runs, column) for runs in rounds.values()):
                break
        guest.finish()
    return {kind: {name: min(each[name][column] for each in runs)
                   for name in runs[0]} for kind, runs in rounds.items()}


def block_measure(build):
    """Reads and writes through Linux's driver and through our own."""
    one = "randread_4k_qd1"
    prompt = block_run(icount(build, extra=PROMPT_DISK, disks=2), REQUESTS, 0)
    slow = block_run(icount(build, backend=SLOW_DISK, sleep="on", disks=2),
                     REQUESTS // 2, 1, one)
    found = {}
    for kind in ("dde", "native"):
        found[f"blk.{kind}.{one}_noidle"] = prompt[kind].pop(one)
        found[f"blk.{kind}.{one}_idle"] = slow[kind][one]
        found.update({f"blk.{kind}.{name}": ns
                      for name, ns in prompt[kind].items()})
    return found


def serial_run(build, initrd=None):
    """A line of 64 bytes through the console's driver, until it is answered.

    QEMU's UART takes each byte at once, so no time passes in waiting.
    """
    with qemu.Guest(icount(build, initrd=initrd), limit_s=120) as guest:
        guest.boot(120)
        guest.send(f"serial bench 0 {LINES}\r")
        found = guest.expect(r"^bench line64: .* (\d+) ns each$", 60)
        guest.expect(f"^{qemu.PROMPT}")
        guest.finish()
    return int(found[1])


def serial_measure(build):
    """Through Linux's driver, and through our own in its system."""
    return {"serial.dde.line64": serial_run(build),
            "serial.native.line64": serial_run(
                build, build / "native/system.elf")}


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
