# SPDX-License-Identifier: BSD-2-Clause
"""test_hostile.py - disks that lie, vanish or fail, and power that goes.

The lying disk is vhost_blk.py, in the test's own process behind unmodified
QEMU. Whatever it does, its client ends with the right data or with a clean
error, the disk is served again once it is honest, and another disk's client
notices nothing.
"""
import contextlib
import hashlib
import random
import re
import time

from harness import demand, disk_number, sha256, twins
from vhost_blk import LIES, SECTOR, VhostBlk

BYTES = 4 << 20
TIMES = 4                        # of each lie
LIMIT_MS = 2000                  # of guest time until data or an error
CLEAN = r"failed: .* \(error \d+\)$"
SUM_MS = r"KiB in (\d+) ms of guest time"


@contextlib.contextmanager
def hostile(t, **more):
    """A booted guest with the disk that may lie, and with an honest one."""
    disk = VhostBlk(t.folder, random.Random(BYTES).randbytes(BYTES))
    witness = t.disk("random")
    with disk, t.guest(witness, extra=disk.arguments(), **more) as guest:
        guest.boot()
        numbers = [disk_number(guest, name) for name in (disk.name, "random")]
        disk.sum_command = f"blk sum {numbers[0]}"
        guest.witness = f"blk sum {numbers[1]}", sha256(witness.path)
        guest.start(f"start probe load blk{numbers[1]} 5", "load: begins")
        yield guest, disk, numbers[0]
        guest.demand(*guest.witness)
        guest.seen = 0           # it may have ended long ago
        guest.expect(r"load: [1-9]\d* pieces .*: success")
        guest.finish()


def sum_right(guest, disk):
    """The disk is served, all of it. Return: how long it took, in ms."""
    wanted = hashlib.sha256(disk.data).hexdigest()
    return int(guest.demand(disk.sum_command,
                            f"^{wanted} .*\n(?:.*\n)*?.*{SUM_MS}")[1])


def lie_judge(guest, disk, name, honest_ms):
    """Read while it lies: right data or a clean error in time; then as ever."""
    start = time.monotonic()
    disk.lie(name, TIMES)
    said = guest.run(disk.sum_command)
    took_ms = (time.monotonic() - start) * 1000
    demand(disk.told > 0, f"{name}: nobody asked the disk")
    served = hashlib.sha256(disk.data).hexdigest() in said
    demand(served or re.search(CLEAN, said, re.M), f"{name}: {said}")
    # A slow host may take as long again as for the same work undisturbed.
    demand(took_ms < LIMIT_MS + 4 * honest_ms, f"{name}: {took_ms} ms")
    disk.honest()
    sum_right(guest, disk)
    guest.demand(*guest.witness)


@twins
def test_hostile_disk(t):
    """A disk that lies in nine ways: served, or a clean error, each time."""
    with hostile(t) as (guest, disk, _):
        start = time.monotonic()
        sum_right(guest, disk)
        honest_ms = (time.monotonic() - start) * 1000
        for name in LIES:
            t.say(f"the disk lies: {name}")
            lie_judge(guest, disk, name, honest_ms)


def size_await(guest, number, sectors):
    """The news of a size come by interrupt: ask until they are there."""
    until = time.monotonic() + 20
    while not re.search(rf"size +{sectors} sectors",
                        guest.run(f"blk info {number}")):
        demand(time.monotonic() < until, f"the size is not {sectors}")


@twins
def test_hostile_size(t):
    """A disk that changes its size: to nothing, to too much, and back."""
    with hostile(t) as (guest, disk, number):
        whole = len(disk.data) // SECTOR
        for sectors, answer in ((8, "beyond the end"), (0, "beyond the end"),
                                (1 << 50, "reports a failure")):
            disk.resize(sectors)
            size_await(guest, number, sectors)
            guest.demand(f"blk read {number} {whole} 1", answer)
        disk.resize(whole)
        size_await(guest, number, whole)
        sum_right(guest, disk)
