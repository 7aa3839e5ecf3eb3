# SPDX-License-Identifier: BSD-2-Clause
"""kills.py - a disk's driver is killed at random times under verified I/O.

apps/verify/chaos.c does it from inside, at any instruction of the driver, one
time in eight while it is still starting; another disk has a witness. A case is
a kill; a round is one boot, its seed SEED + the round's number. Limits on the
restarts' time: LIMIT_US, of guest time.
"""
import re

import verified

LONG = 1000
ROUND_KILLS = 100                # about, in one boot
KILL_MS = 12                     # of guest time for each
GAP_US = 20_000                  # at most, from the first answer to a kill
LIMIT_US = {"linux": 200_000, "native": 50_000}
ROUND_S = 90
KILL = r"^chaos: kill (\d+) of blk\d+: (.*)"
ENDED = "has ended"              # before the kill
MISSES_MAX = 20                  # enough to look at
SERVED = r"served after (\d+) us"


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
    """One boot; return the times of its restarts and the witness's report."""
    clients = []
    with c.round(number, *verified.disks(c.t), limit_s=ROUND_S) as guest:
        guest.boot()
        ms = KILL_MS * min(c.n, ROUND_KILLS)
        *clients, _ = verified.chaos(guest, c.seed + number, ms, (0, GAP_US),
                                     ROUND_S)
        guest.finish()
    for who, client in zip(("client", "witness"), clients):
        if client.wrong():
            c.miss(f"round {number}", f"{who}: {client.wrong()}")
    return kills_count(c, guest.text), clients


def run(c):
    """Rounds until there were so many kills; then the restarts' times."""
    times, pauses, number = [], [], 0
    while c.tally.executed < c.n and len(c.tally.misses) < MISSES_MAX:
        found, clients = round_run(c, number)
        times += found
        pauses += [client.pause_us for client in clients[1:]]
        number += 1
        if not found:
            c.miss(f"round {number}", "nothing was killed and served again")
    if not times:
        return
    p99 = percentile(times, 99)
    c.tally.figures = {"restart p50 us": percentile(times, 50),
                       "restart p99 us": p99, "restart most us": max(times),
                       "witness pause most us": max(pauses, default=0)}
    if c.timed and p99 > LIMIT_US[c.driver]:
        c.miss("all", f"restart p99 {p99} us, above {LIMIT_US[c.driver]}")
