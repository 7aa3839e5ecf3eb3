# SPDX-License-Identifier: BSD-2-Clause
"""hostile.py - a disk that lies at random times: served, or a clean error.

A case is one of the lies of tests/tools/vhost_blk.py, told a few times after some
honest answers while a client reads; test_hostile.lie_judge judges it. Between
two cases the disk serves for a good while, or the broker would rightly give it
up.
"""
import random

import test_hostile
from vhost_blk import LIES

LONG = 100
ROUND = 20                       # cases in one boot


def case_run(c, guest, disk, number, case):
    """One lie, and what became of its client."""
    dice = random.Random(f"{c.seed} {case}")
    name = dice.choice(sorted(LIES))
    c.tally.attempted += 1
    disk.lie(name, dice.randint(1, 8), after=dice.randint(0, 40))
    served = test_hostile.lie_judge(guest, disk, name)
    c.tally.executed += 1
    c.tally.activated += bool(disk.told)
    kind = "served" if served else "clean errors"
    c.tally.figures[kind] = c.tally.figures.get(kind, 0) + 1
    test_hostile.serve_awhile(guest, number)


def round_run(c, first):
    """One boot with up to ROUND cases."""
    with c.watched(f"from {first}"), \
            test_hostile.hostile(c.t, limit_s=600) as (guest, disk, number):
        for case in range(first, min(first + ROUND, c.n)):
            case_run(c, guest, disk, number, case)


def run(c):
    """All cases."""
    for first in range(0, c.n, ROUND):
        round_run(c, first)
