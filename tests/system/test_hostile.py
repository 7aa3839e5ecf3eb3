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
import tempfile
import time

import write_log
from harness import demand, disk_number, sha256, twins
from vhost_blk import LIES, SECTOR, VhostBlk

BYTES = 4 << 20
TIMES = 4                        # of each lie
LIMIT_MS = 2000                  # of the host's time until data or an error
CLEAN = r"failed: .* \(error \d+\)$|: flush: the device reports a failure$"
SUM_MS = r"KiB in (\d+) ms of guest time"
# What is one request's fault is its error; after all else it is asked for again.
ONE_FAILS = {"bad_status", "too_short"}


@contextlib.contextmanager
def hostile(t, **more):
    """A booted guest with the disk that may lie, and with an honest one."""
    data = random.Random(BYTES).randbytes(BYTES)
    disk = VhostBlk(tempfile.mkdtemp(dir=t.folder), data)
    witness = t.disk("random", transport=16)
    with disk, t.guest(witness, extra=disk.arguments(transport=0),
                       **more) as guest:
        guest.boot()
        numbers = [disk_number(guest, name) for name in (disk.name, "random")]
        guest.demand(f"blk info {numbers[0]}", "served by +"
                     + t.pick("linux", "native"))
        disk.sum_command = f"blk sum {numbers[0]}"
        guest.witness = f"blk sum {numbers[1]}", sha256(witness.path)
        guest.start(f"start probe load blk{numbers[1]} 5", "load: begins")
        start = time.monotonic()
        sum_right(guest, disk)
        disk.honest_ms = (time.monotonic() - start) * 1000
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


def lie_judge(guest, disk, name):
    """Read while it lies: right data or a clean error in time; then as ever.

    Return: was it the data?
    """
    start = time.monotonic()
    said = guest.run(disk.sum_command)
    took_ms = (time.monotonic() - start) * 1000
    demand(disk.told > 0, f"{name}: nobody asked the disk")
    served = hashlib.sha256(disk.data).hexdigest() in said
    demand(served or re.search(CLEAN, said, re.M), f"{name}: {said}")
    demand(took_ms < limit_ms(disk), f"{name}: {took_ms} ms")
    disk.honest()
    sum_right(guest, disk)
    guest.demand(*guest.witness)
    return served


def limit_ms(disk, least=LIMIT_MS):
    """A slow host may take as long again as for the same work undisturbed."""
    return least + 4 * disk.honest_ms


def serve_awhile(guest, number, seconds=2):
    """A good second and more: no crash loop, says the broker."""
    guest.demand(f"run probe load blk{number} {seconds}", ": success")


@twins
def test_hostile_disk(t):
    """A disk that lies in nine ways: served; a clean error where it says so."""
    with hostile(t) as (guest, disk, number):
        for name in LIES:
            t.say(f"the disk lies: {name}")
            if name == "never":
                serve_awhile(guest, number)
            disk.lie(name, TIMES)
            demand(lie_judge(guest, disk, name) or name in ONE_FAILS,
                   f"{name}: the client got an error")


def noticed(guest, number, stall_ms, timeout):
    """The driver ends for an answer that it has waited for so long."""
    guest.expect(rf"blk{number}/.* it has owed an answer for {stall_ms} ms",
                 timeout)
    guest.expect(rf"kaal: blk{number}/\w+ \(pid \d+\) serves again after")


@twins
def test_hostile_left_out(t):
    """One answer never comes: of a read while others' do; then of a flush."""
    with hostile(t) as (guest, disk, number):
        serve_awhile(guest, number)
        for _ in range(3):
            guest.start(f"start probe load blk{number} 4", "load: begins")
        disk.lie("never", after=30)
        noticed(guest, number, 1000, limit_ms(disk) / 1000)
        serve_awhile(guest, number, 5)      # longer than they
        disk.lie("never")
        guest.send(f"blk flush {number}\r")
        # The life after one that ended so waits half as long.
        noticed(guest, number, 5000, 5 + limit_ms(disk) / 1000)
        guest.expect("flush: done")
        sum_right(guest, disk)


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


@twins
def test_hostile_gone(t):
    """The disk's other end vanishes for good: an error, and others go on."""
    with hostile(t) as (guest, disk, number):
        disk.vanish()
        guest.demand(f"blk read {number} 0 1", CLEAN)
        guest.demand(*guest.witness)


@twins
def test_start_given_up(t):
    """A disk that hangs again is given up; when it is well, `start` it."""
    with hostile(t) as (guest, disk, number):
        disk.lie("never", 1 << 30, stubborn=True)
        guest.demand(disk.sum_command, CLEAN)
        guest.seen = 0
        guest.expect(rf"kaal: blk{number}/\w+ .* is given up")
        guest.demand(f"blk read {number} 0 1", "the other side has ended")
        disk.honest()
        guest.start(f"start blk{number}",
                    rf"kaal: blk{number}/\w+ \(pid \d+\) serves again after")
        sum_right(guest, disk)
        guest.demand(f"start blk{number}",
                     r"\(pid \d+\), ready: cannot be started: ")


@twins
def test_bad_sectors(t):
    """Reads and writes of some sectors fail on the host: exactly these."""
    bad = random.Random(6).sample(range(1, 8000, 3), 8)
    reads, writes = bad[:4], bad[4:]
    disk = t.disk("random", fault=",".join(
        f"inject-error.{n}.event=none,inject-error.{n}.sector={sector},"
        f"inject-error.{n}.iotype={'write' if sector in writes else 'read'}"
        for n, sector in enumerate(bad)))
    with t.guest(disk) as guest:
        guest.boot()
        for sector in bad:
            for near in (sector - 1, sector, sector + 1):
                fails = near in reads
                guest.demand(f"blk read 0 {near} 1", r"reports a failure "
                             r"\(error 6\)" if fails else f"^{near * 512:08x} ")
            fails = sector in writes
            guest.demand(f"blk fill 0 {sector - 1} 3 7", r"reports a failure "
                         r"\(error 6\)" if fails else "filled")
            guest.demand(f"blk fill 0 {sector + 1} 1 7", "filled")
        guest.finish()


ROUNDS = 60                      # about 3.5 writes each
TRIES = 3
DEADLY = ("bad_id", "other_id", "double", "jump", "never")


def acknowledged(guest, command, answer):
    """Type it until it is, if errors are: a client may try again."""
    for _ in range(TRIES):
        said = guest.run(command)
        if answer in said:
            return
        demand(re.search(CLEAN, said, re.M), f"{command}: {said}")
    guest.fail(f"{command}: {TRIES} times an error")


def rounds_write(guest, number, steps):
    """Fill and flush. All of it has been acknowledged then."""
    for step in steps:
        acknowledged(guest, f"blk fill {number} {step.first} {step.count} "
                     f"{step.seed}", "filled")
        acknowledged(guest, f"blk flush {number}", "flush: done")


def rounds_make(count, sectors, seed):
    """Where to write what, anywhere on a disk."""
    dice = random.Random(seed)
    sizes = [dice.randint(1, 768) for _ in range(count)]
    return [write_log.Round(seed * 1000 + n, dice.randint(0, sectors - size),
                            size) for n, size in enumerate(sizes)]


@twins
def test_power_cut(t):
    """Each prefix of the disk's write log holds what was flushed before."""
    image, log = t.image("random"), t.folder / "log"
    data = bytearray(image.read_bytes())
    with t.guest(extra=write_log.options(image, log)) as guest:
        guest.boot()
        rounds = rounds_make(ROUNDS, len(data) // SECTOR, 1)
        rounds_write(guest, 0, rounds)
        guest.finish()
    demand(write_log.judge(write_log.read(log), rounds) >= ROUNDS, "no writes")
    demand(write_log.replay(write_log.read(log), data) == image.read_bytes(),
           "the log is not all that happened to the disk")


@twins
def test_power_cut_hostile(t):
    """The same while the disk lies, drivers die and requests are repeated."""
    with hostile(t) as (guest, disk, number):
        rounds = rounds_make(ROUNDS, BYTES // SECTOR, 2)
        share = ROUNDS // len(DEADLY)
        for n, name in enumerate(DEADLY):
            if name == "never":
                serve_awhile(guest, number)
            disk.lie(name, after=n)
            rounds_write(guest, number, rounds[n * share:(n + 1) * share])
        sum_right(guest, disk)
    demand(write_log.judge(disk.log, rounds) >= ROUNDS, "no writes")
