# SPDX-License-Identifier: BSD-2-Clause
"""guess.py - a driver with a device of its own tries all that is not its own.

Each round starts apps/burglar with another seed, once for each of its ways: all
slots with all invocations, all requests to the broker, forged fault messages,
addresses of others, garbage for its clients and for those that it is a client
of. A case is one attempt. Refused is counted where the attempt is answered; the
rest is judged by what is so afterwards: no capability or page more than the
books say, for any process, by the kernel's own list (test_capabilities.py); the
other disk's verified client has seen nothing; all memory is back.
"""
import random
import re
import sys

import exhaust
import qmp
import test_capabilities as capabilities
import verified
from harness import TOP, demand

sys.path.append(str(TOP / "tests/bench"))
import footprint  # noqa: E402  (needs the path above)
import memory_walk as walk  # noqa: E402

LONG = 500_000                 # attempts
ANSWER_S = 120
VERIFY_MS = 1000
TOUCHES = 24                     # a round
COUNTED = r"burglar: {}: (\d+) tried, (\d+) refused, allowed:(.*) that is all"
# What a driver's own capabilities let it do; all else is refused.
ALLOWED = {"slots": {27, 29},        # its interrupt: acknowledge, signal nobody
           "broker": {0x101, 0x102, 0x103, 0x112}}
OTHERS = ("blk0", "rtc0", "gpio0")  # whom it is a client of
FAULTED = r"kaal: fault: blk\d+/burglar \(pid \d+\): "
ENDED = r"burglar \(pid \d+\) has ended|burglar \(pid \d+\) has broken"
SERVE_MS = 400


def lines(c):
    """Manifest lines: the burglar has the second disk."""
    kind = "burglar" if c.driver == "native" else "burglar_dde"
    line = (c.t.build / f"faults/{kind}.txt").read_text()
    return lambda text: exhaust.spare_lines(c)(text) + line


def addresses(dice):
    """Places of others: the kernel's, devices', RAM, what is mapped elsewhere."""
    known = (0xffff000040080000, 0xffffffffffffffff, 0, 0x9000000, 0x8000000,
             0xa000000, 0x4010000000, 0x4040000000, 0x40000000, 0x211000,
             0x207000)
    areas = ((0x8000000, 1 << 27), (0x40000000, 1 << 28), (1 << 47, 1 << 47),
             (0xffff << 48, 1 << 40), (0x4000000000, 1 << 40))
    for _ in range(TOUCHES):
        start, span = dice.choice(areas)
        yield dice.choice(("read", "write", "jump")), dice.choice(
            (dice.choice(known), start + dice.randrange(span))) & ~3


class Round:
    """One boot."""

    def __init__(self, c, guest, path, seed):
        self.c, self.guest, self.path, self.seed = c, guest, path, seed
        guest.demand("run burglar slots 0", "ended with status 0")
        self.all_kib = exhaust.accounted(guest)

    def count(self, tried, refused):
        """For the report."""
        self.c.tally.attempted += tried
        self.c.tally.executed += tried
        self.c.tally.activated += refused

    def counted(self, way, seed):
        """A way that counts its own answers."""
        said = self.guest.run(f"run burglar {way} {seed}", ANSWER_S)
        found = re.search(COUNTED.format(way), said)
        if not found:
            self.guest.fail(f"{way} {seed} did not come to its end")
        allowed = re.findall(r"(\d+) times (\d+)", found[3])
        self.count(int(found[1]), int(found[2]))
        key = f"{way} allowed"
        self.c.tally.figures[key] = self.c.tally.figures.get(key, 0) + sum(
            int(times) for times, _ in allowed)
        beyond = {int(number) for _, number in allowed} - ALLOWED[way]
        if beyond:
            self.c.miss(f"{way} {seed}", f"was allowed {beyond}")

    def ends(self, command, pattern):
        """A way that must end the process."""
        said = self.guest.run(f"run burglar {command}", ANSWER_S)
        self.count(1, "got through" not in said)
        if "got through" in said or not re.search(pattern, said):
            self.c.miss(command, "got through")

    def serve(self, seed):
        """Its clients get errors, or nonsense, within their time."""
        guest = self.guest
        started = guest.start(f"start burglar serve {seed} {SERVE_MS}",
                              r"started as pid (\d+)")
        service = guest.demand("ps", rf"^ *{started[1]} \S+ +\w+ +(blk\d+)")[1]
        for command in (f"blk info {service[3:]}", f"blk sum {service[3:]}"):
            guest.run(command, ANSWER_S)
            self.count(1, 1)
        guest.seen = 0
        guest.expect(rf"{service}/(?:{ENDED})", ANSWER_S)

    def client(self, seed):
        """Whoever serves it closes the channel, and serves the others."""
        for service in OTHERS:
            said = self.guest.run(f"run burglar client {seed} {service}",
                                  ANSWER_S)
            self.count(1, 1)
            demand("burglar: client: of" in said, f"{service}: {said}")

    def judge(self):
        """Nobody has more than the books say; all memory is back."""
        with capabilities.still(self.c.t, self.guest, self.path) as (truth,
                                                                     held):
            for pid, book in held.items():
                capabilities.slots_agree(truth, pid, book)
                capabilities.pages_agree(truth, pid, book)
            kept = capabilities.keepers(truth)
            demand(kept["process"] == {walk.TAG_ENDPOINT, walk.TAG_NOTIFICATION,
                                       walk.TAG_IRQ_HANDLER}, f"{kept}")
        now = exhaust.accounted(self.guest, self.all_kib)
        if now != self.all_kib:
            self.c.miss(self.seed, f"{self.all_kib} KiB are {now} KiB now")


def round_run(c, seed):
    """All ways with one seed."""
    path = c.t.folder / "ram"
    with c.round(seed, *verified.disks(c.t), limit_s=900, extra=(
            *qmp.socket_options(c.t.folder / "qmp"),
            *walk.options(path, footprint.MEM_MIB))) as guest:
        guest.boot()
        this = Round(c, guest, path, seed)
        guest.start(f"start verify blk0 {seed} {VERIFY_MS}", "started")
        for way in ALLOWED:
            this.counted(way, seed)
        this.ends(f"forge {seed}", FAULTED)
        for how, address in addresses(random.Random(seed)):
            this.ends(f"touch {how} {address:#x}", FAULTED)
        this.serve(seed)
        this.client(seed)
        client = verified.report(guest, "verify", ANSWER_S)
        if client.wrong():
            c.miss(seed, client.wrong())
        guest.run("")
        this.judge()
        guest.finish()


def run(c):
    """Rounds until there were so many attempts."""
    c.edit = lines(c)
    seed = c.seed
    while c.tally.attempted < c.n and len(c.tally.misses) < 20:
        round_run(c, seed)
        seed += 1
