# SPDX-License-Identifier: BSD-2-Clause
"""write_log.py - what reached a disk, in order: would a power cut lose data?

QEMU's blklogwrites keeps each write and flush of a disk in a second file. Each
prefix of that log is what a disk may hold after a power cut, if the cut came
there and the disk's cache was kept; so behind each flush that a client was
answered, all its answered writes must be in the log already.
Source: Linux, Documentation/admin-guide/device-mapper/log-writes.rst
"""
import collections
import struct

import pattern

MAGIC = 0x6a736677736872
FLUSH, DISCARD, MARK = 1, 4, 8
SECTOR = 512
LOG_BYTES = 256 << 20            # sparse; a log that needs more is an error

Entry = collections.namedtuple("Entry", "flags sector data")
# A client's step: a fill with `blk fill`, then a flush; both were answered.
Round = collections.namedtuple("Round", "seed first count")


class Lost(Exception):
    """Something acknowledged is not there; says after which write."""


def need(fact, why):
    """What must hold for the log."""
    if not fact:
        raise Lost(why)


def options(image, log, name="logged"):
    """QEMU's options for a disk whose writes go into a log as well."""
    with open(log, "wb") as file:
        file.truncate(LOG_BYTES)
    return ("-blockdev", f"file,filename={image},node-name={name}-image",
            "-blockdev", f"file,filename={log},node-name={name}-log",
            "-blockdev", f"blklogwrites,node-name={name},log-sector-size=512,"
            f"file={name}-image,log={name}-log", "-device",
            f"virtio-blk-device,drive={name},serial={name},"
            "bus=virtio-mmio-bus.16")


def read(log):
    """The entries of a log, in order."""
    with open(log, "rb") as file:
        magic, version, count, sector = struct.unpack("<QQQI", file.read(28))
        need((magic, version, sector) == (MAGIC, 1, SECTOR), "not a log")
        at = SECTOR
        for _ in range(count):
            file.seek(at)
            first, n, flags, _ = struct.unpack("<QQQQ", file.read(32))
            at += SECTOR
            size = 0 if flags & (DISCARD | MARK) else n * SECTOR
            file.seek(at)
            yield Entry(flags, first, file.read(size))
            at += size


def is_of(step, entry):
    """Is this write a part of that fill? By its ends of each sector."""
    count = len(entry.data) // SECTOR
    if entry.sector < step.first or \
            entry.sector + count > step.first + step.count:
        return False
    for n in range(count):
        place = (entry.sector + n) * pattern.WORDS
        found = struct.unpack_from("<Q496xQ", entry.data, n * SECTOR)
        if found != (pattern.word(step.seed, place),
                     pattern.word(step.seed, place + pattern.WORDS - 1)):
            return False
    return True


class Judge:
    """Reads entries in order, and holds what must be true of each prefix."""

    def __init__(self, rounds):
        self.rounds = rounds
        self.now = 0             # the round whose writes come
        self.missing = set(self._sectors(0))
        self.flushed = False     # there was a flush behind all of them
        self.writes = 0

    def _sectors(self, index):
        step = self.rounds[index]
        return range(step.first, step.first + step.count)

    def _next(self, entry):
        """A write of the next round: the last one has been acknowledged."""
        where = f"prefix of {self.writes} writes, round {self.now}"
        need(self.now + 1 < len(self.rounds)
             and is_of(self.rounds[self.now + 1], entry),
             f"{where}: sector {entry.sector} holds what nobody has written")
        need(self.flushed, f"{where}: acknowledged, but "
             f"{len(self.missing)} sectors missing or no flush behind them")
        self.now += 1
        self.missing, self.flushed = set(self._sectors(self.now)), False

    def take(self, entry):
        """One more entry."""
        if entry.data:
            if not is_of(self.rounds[self.now], entry):
                self._next(entry)
            self.writes += 1
            self.missing -= set(range(
                entry.sector, entry.sector + len(entry.data) // SECTOR))
        if entry.flags & FLUSH and not self.missing:
            self.flushed = True

    def end(self):
        """After the last entry: all rounds are there."""
        need(self.now == len(self.rounds) - 1 and self.flushed,
             f"the log ends in round {self.now} of {len(self.rounds)}")


def judge(entries, rounds):
    """Check each prefix. Return: how many writes there were."""
    judge_ = Judge(rounds)
    for entry in entries:
        judge_.take(entry)
    judge_.end()
    return judge_.writes


def replay(entries, data):
    """What a disk holds at the end of the log."""
    for entry in entries:
        data[entry.sector * SECTOR:entry.sector * SECTOR
             + len(entry.data)] = entry.data
    return data
