# SPDX-License-Identifier: BSD-2-Clause
"""powercut.py - what a disk holds if the power goes after any of its writes.

A case is a prefix of the log of all writes: it must contain each write that
was flushed and acknowledged before (tests/tools/write_log.py).
"""
import test_hostile
import write_log

LONG = 1000
WRITES_A_ROUND = 3               # at least, on average


def run(c):
    """One boot; as many rounds as make so many writes."""
    image, log = c.t.image("random"), c.t.folder / "log"
    c.tally.attempted = c.n
    rounds = test_hostile.rounds_make(-(-c.n // WRITES_A_ROUND),
                                      image.stat().st_size // write_log.SECTOR,
                                      c.seed)
    with c.watched("all"):
        with c.t.guest(extra=write_log.options(image, log),
                       limit_s=600) as guest:
            guest.boot()
            test_hostile.rounds_write(guest, 0, rounds)
            guest.finish()
        c.tally.executed = c.tally.activated = write_log.judge(
            write_log.read(log), rounds)
    if c.tally.executed < c.n:
        c.miss("all", f"only {c.tally.executed} writes")
