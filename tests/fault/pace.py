# SPDX-License-Identifier: BSD-2-Clause
"""pace.py - what one kill every two seconds costs: throughput, and neighbours.

The same two clients work on two disks for the same guest time, once in peace
and once while the driver of the first is killed. Published mark: MINIX 3 lost
about 10 % of throughput at that rate.
"""
import verified

LONG = 3                         # kills
EVERY_MS = 2000
LIMIT_PERCENT = 90               # of the undisturbed throughput
TIMEOUT_S = 900


def both(c, gap_us):
    """Both clients' reports, and how many kills there were."""
    ms = EVERY_MS * c.n + EVERY_MS // 2
    with c.guest(*verified.disks(c.t), limit_s=TIMEOUT_S) as guest:
        guest.boot()
        victim, witness, said = verified.chaos(guest, c.seed, ms,
                                               (gap_us, gap_us), TIMEOUT_S)
        guest.finish()
    for who, client in ("victim", victim), ("witness", witness):
        if client.wrong():
            c.miss(0, f"{who}: {client.wrong()}")
    return victim, witness, said.count("served after")


def run(c):
    """In peace, then killed; compare."""
    peace = both(c, EVERY_MS * 1000 * (c.n + 2))
    killed = both(c, EVERY_MS * 1000)
    c.tally.attempted = c.n
    c.tally.executed = c.tally.activated = killed[2]
    if killed[2] < c.n:
        c.miss(killed[2] + 1, "was not killed and served again")
    for who, one, other in ("victim", peace[0], killed[0]), \
                           ("witness", peace[1], killed[1]):
        percent = 100 * other.a_second // max(one.a_second, 1)
        c.tally.figures[f"{who} throughput percent"] = percent
        c.tally.figures[f"{who} pause us"] = f"{one.pause_us}->{other.pause_us}"
        if percent < LIMIT_PERCENT:
            c.miss("all", f"{who}: {percent} % of the undisturbed throughput")
