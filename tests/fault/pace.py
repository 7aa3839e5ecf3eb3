# SPDX-License-Identifier: BSD-2-Clause
"""pace.py - what one kill every two seconds costs: throughput, and neighbours.

Two clients work on two disks, the second one at its ease. apps/verify/pace.c kills
the driver of the first at the begin of each second window of two seconds; the
windows between are in peace. A case is a kill. What counts is the median of all
kills, each compared with the two windows beside it: in one boot and with the disks in
memory, so that a host's other work comes and goes in both. Published mark: MINIX 3
lost about 10 % of throughput at that rate.
"""
import re
import statistics

import verified
from harness import demand

LONG = 10                        # kills
EVERY_MS = 2000
LIMIT_PERCENT = 90               # of the undisturbed throughput
TIMEOUT_S = 3600                 # a busy host takes minutes for a guest's one
WINDOW = (r"pace: window (\d+) (?:killed|in peace): (\d+) and (\d+) requests in "
          r"(\d+) us: success")


def windows_run(c):
    """One boot; return [(requests a second of victim and witness) per window]."""
    count = 2 * c.n + 1
    with c.round(0, *verified.disks(c.t), limit_s=TIMEOUT_S) as guest:
        guest.boot()
        victim, witness = verified.names(guest)
        guest.run(f"run pace {victim} {c.seed} {count} {EVERY_MS} {witness}",
                  TIMEOUT_S)
        for who in "verify", "witness":
            client = verified.report(guest, who, TIMEOUT_S)
            if client.wrong():
                c.miss(0, f"{who}: {client.wrong()}")
            c.tally.figures[f"{who} pause us"] = client.pause_us
        guest.finish()
        found = [tuple(map(int, w)) for w in re.findall(WINDOW, guest.text)]
        demand([n for n, *_ in found] == list(range(count)),
               f"{len(found)} of {count} windows")
    return [(10**6 * one / us, 10**6 * other / us)
            for _, one, other, us in found]


def percents(rates):
    """Each killed window's throughput, of that of the two beside it."""
    return [200 * killed / (before + after) for before, killed, after
            in zip(rates[::2], rates[1::2], rates[2::2])]


def run(c):
    """In peace and killed by turns; compare."""
    c.tally.attempted = c.n
    with c.watched("all"):
        windows = windows_run(c)
        c.tally.executed = c.tally.activated = c.n
        for who, rates in zip(("victim", "witness"), zip(*windows)):
            found = percents(rates)
            middle = statistics.median(found)
            c.tally.figures[f"{who} throughput percent"] = \
                f"{middle:.1f} ({min(found):.0f} to {max(found):.0f})"
            if middle < LIMIT_PERCENT:
                c.miss("all", f"{who}: {middle:.1f} % of the undisturbed "
                       "throughput")
