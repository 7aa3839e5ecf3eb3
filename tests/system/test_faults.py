# SPDX-License-Identifier: BSD-2-Clause
"""test_faults.py - short runs of the campaign's classes (tests/fault)."""
import sys

from harness import TOP, demand, make, twins

sys.path.append(str(TOP / "tests/fault"))
import campaign  # noqa: E402  (needs the path above)
import verified  # noqa: E402

KILLS = 50                       # with each kind of driver
CYCLES = 200                     # started and stopped, and killed; disk and card
CASES = 75                       # the same, of disks and of cards: 300 in all
STUCK = 3                        # one of each kind
EXHAUST = 40
GUESSES = 10_000                 # a round makes more
SLACK = 4                        # for limits of time, on a busy host


def short(t, name, cases):
    """So many cases of a class; none may miss."""
    c = campaign.Campaign(t, name, cases, slack=SLACK)
    campaign.CLASSES[name].run(c)
    demand(not c.tally.misses, "\n".join(c.tally.misses))
    return c.tally


def kills_judge(t, name):
    """KILLS random kills: nobody's data suffer, and all are served again."""
    tally = short(t, name, KILLS)
    demand(tally.executed >= KILLS and tally.activated >= KILLS // 2,
           f"few kills: {tally.line()}")


@twins
def test_faults_kills(t):
    """A disk's driver is killed at random times under verified I/O."""
    kills_judge(t, "kills")


@twins
def test_faults_kills_net(t):
    """A card's driver is killed while verified frames go both ways."""
    kills_judge(t, "kills_net")


@twins
def test_faults_exhaust(t):
    """Memory, slots, allocations and rings run out: a clear error, no loss."""
    tally = short(t, "exhaust", EXHAUST)
    demand({"starts refused", "starts served", "inside refused",
            "inside served"} <= tally.figures.keys(), tally.line())


@twins
def test_faults_guess(t):
    """A driver tries all slots, requests and addresses that are not its own."""
    tally = short(t, "guess", 1)
    demand(tally.attempted > GUESSES and tally.figures["broker allowed"] > 0,
           tally.line())


def inject_judge(t, name):
    """CASES software faults: nobody else notices, and the driver comes back."""
    tally = short(t, name, CASES)
    demand(tally.attempted >= CASES and tally.executed >= CASES // 2
           and tally.activated >= CASES // 10, f"few cases: {tally.line()}")
    demand(tally.figures.get("untrue", 0) <= CASES // 10,
           f"many lies: {tally.line()}")  # of a disk each is a miss


@twins
def test_faults_inject(t):
    """A disk's driver goes wrong at random under verified I/O."""
    inject_judge(t, "inject")


@twins
def test_faults_inject_net(t):
    """A card's driver goes wrong at random under verified traffic."""
    inject_judge(t, "inject_net")


def stuck_judge(t, name):
    """One of each kind, at least: all were noticed, and each was served again."""
    tally = short(t, name, STUCK)
    demand(tally.activated >= STUCK, f"few cases: {tally.line()}")


@twins
def test_faults_stuck(t):
    """A disk's driver hangs, turns in circles, loses its interrupt."""
    stuck_judge(t, "stuck")


@twins
def test_faults_stuck_net(t):
    """A card's driver hangs, turns in circles, loses its interrupt."""
    stuck_judge(t, "stuck_net")


@twins
def test_faults_stuck_uart(t):
    """The console's driver hangs, turns in circles, loses its interrupt."""
    stuck_judge(t, "stuck_uart")


@twins
def test_faults_cycles(t):
    """Drivers that come and go leave memory and slots as they were."""
    c = campaign.Campaign(t, "cycles", CYCLES)
    campaign.CLASSES[c.name].run(c)
    demand(not c.tally.misses, "\n".join(c.tally.misses))
    demand(c.tally.executed == 4 * CYCLES, f"few cycles: {c.tally.line()}")


def test_faults_command(t):
    """`make faults` as it is typed, with one case."""
    status, output = make(t, "faults", "CLASS=inject", "DRIVER=native", "N=1")
    demand(status == 0 and "faults inject native: " in output, output)
    status, output = make(t, "faults", "CLASS=inject", "N=0")
    demand(status != 0 and "at least 1" in output, output)


def test_faults_seen(t):
    """A sector that is stale, one that is foreign, one that is torn: all seen."""
    c = campaign.Campaign(t, "seen", 1)
    with c.guest(*verified.disks(t)) as guest:
        guest.boot()
        guest.demand(f"run verify {verified.names(guest)[0]} 1 20 break",
                     "verify: ended with status 1")
        seen = verified.report(guest, "verify", 60)
        demand((seen.stale, seen.foreign, seen.torn) == (1, 1, 1), f"{seen}")
        guest.finish()
