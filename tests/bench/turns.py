# SPDX-License-Identifier: BSD-2-Clause
"""turns.py - both kinds of driver in one booted machine, measured by turns.

A figure is the least of rounds that agree: they go on until the two least of
each figure of each kind are within AGREE of each other.
"""
ROUNDS = 8                       # of a figure, at most
AGREE = 1.02                     # so close are the two least
KINDS = ("dde", "native")


def ready_wait(guest):
    """Wait for the last driver; the shell may be there before it."""
    guest.boot(120)
    guest.seen = 0
    guest.expect("kaal: ready, ", 120)
    guest.run("mem")


def drivers(guest, service):
    """{kind: number} of two services of a class, one of each kind of driver."""
    found = {}
    for number in (0, 1):
        name = guest.demand("ps", rf"(\S+) +\w+ +{service}{number} +ready")[1]
        found["native" if name.startswith("native_") else "dde"] = number
    if set(found) != set(KINDS):
        guest.fail(f"of two {service} each kind of driver should have one")
    return found


def settled(rounds):
    """Has each figure of all rounds so far been there twice?"""
    for name in rounds[0]:
        least = sorted(each[name] for each in rounds)[:2]
        if len(least) < 2 or least[1] > least[0] * AGREE:
            return False
    return True


def rounds(measure, count=0):
    """measure(kind): {name: figure}, by turns. Return: {kind: a list of them}.

    count: so many rounds; 0: until they agree, ROUNDS at most.
    """
    found = {kind: [] for kind in KINDS}
    for _ in range(count or ROUNDS):
        for kind in KINDS:
            found[kind].append(measure(kind))
        if not count and all(settled(runs) for runs in found.values()):
            break
    return found


def figures(found, prefix, choose=min):
    """{PREFIX.KIND.NAME: one figure} of rounds."""
    return {f"{prefix}.{kind}.{name}": int(choose(each[name] for each in runs))
            for kind, runs in found.items() for name in runs[0]}
