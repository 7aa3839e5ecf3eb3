# SPDX-License-Identifier: BSD-2-Clause
"""test_sums.py - a disk's client that remembers what each sector must hold.

The disk (vhost_blk.py) lies in ways that no driver can notice, in the middle of
what apps/verify asks of it. Without sums verify finds wrong data; with them it
gets the right data from the driver's next life, or an error.
"""
import re
import sys
import tempfile

from harness import TOP, demand, disk_number, twins
from vhost_blk import FOR_EVER, SILENT_LIES, VhostBlk

sys.path.append(str(TOP / "tests/fault"))
import campaign  # noqa: E402  (needs the path above)
import verified  # noqa: E402

BYTES = 4 << 20                  # all that verify writes to
MS = 20                          # of random requests
# Requests of a run: 64 write everything, 8 or more are random, 64 read everything.
HONEST = 32                      # the first ones
TIMES = 96                       # the next ones: writes and reads, at any speed
DOUBTED = "has brought other data than are there, says verify"


def verify(guest, disk, seed):
    """A run of it. Return: (report, all that was said)."""
    start = guest.seen
    guest.run(f"run verify blk{disk.number} {seed} {MS}", 120)
    said = guest.text[start:guest.seen]
    *numbers, end = re.search(verified.REPORT.format("verify"), said,
                              re.M).groups()
    report = verified.Report(*map(int, numbers), end)
    demand(report.end == "success", said)
    return report, said


def lie_told(guest, disk, name, seed, times=TIMES, **how):
    """The same while the disk lies."""
    disk.lie(name, times, after=HONEST, **how)
    report, said = verify(guest, disk, seed)
    demand(disk.told, f"{name}: not told: {said}")
    disk.honest()
    return report, said


def lies(t, sums):
    """A booted guest for each of the lies, and what is to be done in it."""
    image = campaign.Campaign(t, "sums", 1, sums=sums).image()
    for name in SILENT_LIES:
        t.say(f"the disk lies: {name}")
        disk = VhostBlk(tempfile.mkdtemp(dir=t.folder), bytes(BYTES))
        with disk, t.guest(initrd=image,
                           extra=disk.arguments(transport=0)) as guest:
            guest.boot()
            disk.number = disk_number(guest, disk.name)
            yield name, guest, disk
            guest.finish()


def wrong(report):
    """Sectors that verify was given and that are not right."""
    return report.stale + report.foreign + report.torn


@twins
def test_sums(t):
    """A disk that lies a few times, then for ever: never wrong data."""
    for name, guest, disk in lies(t, "yes"):
        for seed, how in enumerate(({}, {"times": FOR_EVER,
                                         "stubborn": True}), 1):
            report, said = lie_told(guest, disk, name, seed, **how)
            demand(not wrong(report), f"{name}: wrong data: {said}")
            demand(DOUBTED in said, f"{name}: nobody complained: {said}")
            demand(report.errors or not how, f"{name}: no error: {said}")
        report, said = verify(guest, disk, 3)
        demand(not report.wrong(), f"an honest disk: {said}")
        demand(DOUBTED not in said, f"an honest disk: {said}")


@twins
def test_sums_none(t):
    """The same without sums: the wrong data shows, so the lies are lies."""
    for name, guest, disk in lies(t, "no"):
        report, said = lie_told(guest, disk, name, 1)
        demand(wrong(report), f"{name}: nothing wrong: {said}")
        demand(DOUBTED not in said, said)
