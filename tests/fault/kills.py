# SPDX-License-Identifier: BSD-2-Clause
"""kills.py - a disk's or card's driver is killed at random times under traffic.

apps/verify/chaos.c does it from inside, at any instruction of the driver, one
time in eight while it is still starting; another disk has a witness, and so is the
card at the other end of the wire. A case is a kill; a round is one boot, its seed
SEED + the round's number. Limits on the restarts' time: LIMIT_US, of guest time.
"""
import re

import inject
import verified

ROUND_KILLS = 100                # about, in one boot
KILL_MS = 12                     # of guest time for each
GAP_US = 20_000                  # at most, from the first answer to a kill
LIMIT_US = {"linux": 200_000, "native": 50_000}
ROUND_S = 90
KILL = r"^chaos: kill (\d+) of \w+: (.*)"
ENDED = "has ended"              # before the kill
MISSES_MAX = 20                  # enough to look at
SERVED = r"served after (\d+) us"
FREE = r"chaos: (\d+ bytes) free, then (.*); (\d+ slots) free, then (.*)"


def percentile(values, percent):
    """The smallest value that so many are not above."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def kills_count(c, said):
    """Tally the kills of a round; return the times of its restarts."""
    times = []
    for number, what in re.findall(KILL, said, re.M):
        c.tally.attempted += 1
        c.tally.executed += ENDED not in what
        served = re.match(SERVED, what)
        if served:
            times.append(int(served[1]))
        elif "serves nobody" in what:
            c.miss(number, what)
    c.tally.activated += len(times)
    return times


def round_run(c, number):
    """One boot; return the times of its restarts, and both clients' reports."""
    clients = []
    with c.round(number, *verified.disks(c.t), limit_s=ROUND_S,
                 extra=verified.WIRE if c.cards else ()) as guest:
        guest.boot()
        ms = KILL_MS * min(c.n, ROUND_KILLS)
        *clients, _ = verified.chaos(guest, c.seed + number, ms, (0, GAP_US),
                                     ROUND_S, c.cards)
        victim = (c.cards or verified.names(guest))[0]
        guest.finish()
        inject.others_judge(c, guest.text, victim, f"round {number}")
    for bytes_free, bytes_then, slots, slots_then in re.findall(FREE, guest.text):
        if (bytes_free, slots) != (f"{bytes_then} bytes", f"{slots_then} slots"):
            c.miss(f"round {number}", f"{bytes_free} free, then {bytes_then}; "
                   f"{slots}, then {slots_then}")
    for who, client in zip(("client", "witness"), clients):
        if client.wrong():
            c.miss(f"round {number}", f"{who}: {client.wrong()}")
    return kills_count(c, guest.text), clients


def times_judge(c, times, witnesses):
    """The restarts' times, and the other disk's client's longest pause."""
    p99 = percentile(times, 99)
    c.tally.figures |= {
        "restart p50 us": percentile(times, 50), "restart p99 us": p99,
        "restart most us": max(times),
        "witness pause most us": max((w.pause_us for w in witnesses),
                                     default=0)}
    if p99 > LIMIT_US[c.driver] * c.slack:
        c.miss("all", f"restart p99 {p99} us, above {LIMIT_US[c.driver]}")


def campaign_run(c):
    """Rounds until there were so many kills; then the restarts' times."""
    times, reports, number = [], [], 0
    while c.tally.executed < c.n and len(c.tally.misses) < MISSES_MAX:
        found, clients = round_run(c, number)
        times += found
        reports += [clients] if clients else []
        number += 1
        if not found:
            c.miss(f"round {number}", "nothing was killed and served again")
    if c.cards:
        for what in "out", "into", "lost", "again":
            c.tally.figures[f"frames {what}"] = sum(
                getattr(client, what) for client, _ in reports)
    if times:
        times_judge(c, times, [witness for _, witness in reports])


class Kills:
    """A class: kills of a disk's driver, or of one of two cards'."""

    def __init__(self, cards=(), cases=1000):
        self.LONG = cases
        self.cards = cards

    def run(self, c):
        """All cases."""
        c.cards = self.cards
        campaign_run(c)


CLASSES = {"kills": Kills(), "kills_net": Kills(verified.CARDS)}
