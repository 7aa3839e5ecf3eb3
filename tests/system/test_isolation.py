# SPDX-License-Identifier: BSD-2-Clause
"""test_isolation.py - programs that touch what they were not given.

The probe program (apps/selftest) tries; each try must end in a fault report
that names process, cause and address, and the disk must still be served.
"""
import re
import time

from harness import demand, disk_number, sha256
from test_config import told

FAULT = r"kaal: fault: probe.*\(pid \d+\): "


def faulted(t, tries):
    """Run probes; each must fault with a report that matches."""
    disk = t.disk("random")
    with t.guest(disk) as guest:
        guest.boot()
        for command, report in tries:
            output = guest.run(f"run probe {command}")
            demand(re.search(FAULT + report, output),
                   f"{command}: no report {report!r} in:\n{output}")
            demand("probe: faulted" in output, f"{command}:\n{output}")
        guest.demand("blk sum 0", sha256(disk.path))
        guest.finish()


def test_isolation_driver(t):
    """A driver reaches its own device and memory, and nothing beside them."""
    disk = t.disk("random")
    for own in ("device", "arena"):
        with t.guest() as guest:
            guest.boot()
            guest.demand(f"run rogue read {own}", "probe: read 0x")
            guest.finish()
    tries = [
        ("read kernel", "read of kernel address 0xffff000040080000"),
        ("write process", "write to unmapped address 0x4040000000"),
        ("read neighbour", "read of unmapped address 0x211000"),
        ("write past_arena", "write to unmapped address 0x3"),
        ("jump arena", "instruction fetch from non-executable address"),
        ("jump device", "instruction fetch from non-executable address"),
        ("write text", "write to read-only address 0x36"),
        ("cap 6", "used capability slot 6"),
        ("cap 1000", "used capability slot 1000"),
    ]
    for command, report in tries:        # an ended driver's device rests
        with t.guest(disk) as guest:
            guest.boot()
            output = guest.run(f"run rogue {command}")
            demand(re.search(r"kaal: fault: rogue \(pid \d+\): "
                             + report, output), f"{command}:\n{output}")
            guest.demand("run rogue read device", "cannot be started")
            guest.demand("blk sum 0", sha256(disk.path))
            guest.finish()


def test_isolation_memory(t):
    """Kernel, other processes' and unmapped memory; read-only pages."""
    faulted(t, [
        ("read kernel", "read of kernel address 0xffff000040080000, pc 0x"),
        ("write kernel", "write to kernel address 0xffff000040080000"),
        ("read null", "read of unmapped address 0x0"),
        ("read process", "read of unmapped address 0x4040000000"),
        ("write process", "write to unmapped address 0x4040000000"),
        ("read guard", r"read of unmapped address .*\n.*stack overflow"),
        ("write env", "write to read-only address 0x200000"),
        ("write channels", "write to read-only address 0x200800"),
        ("write text", "write to read-only address 0x36"),
    ])


def test_isolation_device(t):
    """The registers of a device that belongs to another process."""
    faulted(t, [
        ("read device", "read of unmapped address 0x210000"),
        ("write device", "write to unmapped address 0x210000"),
        ("read 0x9000000", "read of unmapped address 0x9000000"),
        ("read 0xa000000", "read of unmapped address 0xa000000"),
    ])


def test_isolation_execute(t):
    """Data is never code; code is never data."""
    faulted(t, [
        ("jump stack", "instruction fetch from non-executable address 0x25"),
        ("jump data", "instruction fetch from non-executable address 0x3"),
        ("jump kernel", "instruction fetch from kernel address 0xffff0000"),
        ("jump unaligned", "jump to an unaligned address"),
    ])


def test_isolation_capabilities(t):
    """Capability slots that a process was not given."""
    faulted(t, [
        ("cap 5", "used capability slot 5"),
        ("cap 16", "used capability slot 16"),
        ("cap 63", "used capability slot 63"),
        ("cap 64", "used capability slot 64"),
        ("cap 1000000", "used capability slot 1000000"),
        ("halt", "unknown system call -11"),
    ])


def test_garbage_ring(t):
    """A client fills its ring with garbage: nobody else notices."""
    disk = t.disk("random")
    with t.guest(disk) as guest:
        guest.boot()
        for seed in (1, 2, 3):
            guest.demand(f"run probe garbage blk0 indices {seed}",
                         "probe: garbage sent, channel is closed")
            guest.demand(f"run probe garbage blk0 entries {seed}",
                         "probe: garbage sent, channel is")
        guest.demand("blk info 0", "served by +linux virtio_blk")
        guest.demand("ps", "virtio_blk.*ready")
        guest.finish()


def test_33_clients(t):
    """The 33rd client of a disk is refused, the 32 others are not disturbed."""
    disk = t.disk("random")
    with t.guest(disk) as guest:
        guest.boot()
        guest.demand("start probe clients blk0 16 4000", "started as pid")
        guest.expect("probe: 16 channels open, then: success")
        guest.demand("start probe clients blk0 17 3000", "started as pid")
        guest.expect("probe: 16 channels open, then: no free channel")
        guest.send("\r")
        guest.demand("blk info 0", "no free channel")
        guest.demand("run probe clients blk0 1 1", "0 channels open, then: no")
        for _ in range(100):
            if "served by" in guest.run("blk info 0"):
                break
            time.sleep(0.2)
        guest.demand("blk sum 0", sha256(disk.path))
        guest.finish()


def memory_accounted(guest):
    """KiB that are free or held by a driver.

    Drivers touch new pages at any time, and keep page descriptors of memory that
    was once lent to them, so their share may grow, as `ps` shows.
    """
    free = int(guest.demand("mem", r"(\d+) KiB free")[1])
    held = re.findall(r"(?:linux|native) +\S+ +ready +(\d+) +(\d+)",
                      guest.run("ps"))
    return free + sum(int(ram) + int(dma) for ram, dma in held)


def memory_settled(guest):
    """Free memory when the programs of the start have opened their channels."""
    before = memory_accounted(guest)
    for _ in range(20):
        guest.demand("run probe exit 0", "ended with status 0")
        now = memory_accounted(guest)
        if now == before:
            return now
        before = now
    guest.fail("free memory does not come to rest after the start")
    return None


def ends(guest, rounds):
    """Programs that end, fault, or hold channels."""
    for _ in range(rounds):
        guest.demand("run probe exit 7", "ended with status 7")
        guest.demand("run probe read null", "faulted")
        guest.demand("run probe clients blk0 3 1", "3 channels open")


def test_memory_returns(t):
    """30 programs that end, fault, or hold channels: all memory returns."""
    with t.guest(t.disk("random")) as guest:
        guest.boot()
        told(guest, "^kaal: ready, ")
        ends(guest, 3)  # by then all others have opened their channels
        before = memory_settled(guest)
        ends(guest, 10)
        guest.demand("run probe exit 0", "ended with status 0")
        after = memory_accounted(guest)
        demand(before == after, f"free was {before} KiB, now {after} KiB")
        guest.demand("blk info 0", "served by")
        demand(disk_number(guest, "random") == 0, "the disk has moved")
        guest.finish()
