# SPDX-License-Identifier: BSD-2-Clause
"""exhaust.py - memory, slots, channels and rings run out.

Parts, each over a second driver (`spare`) of a disk that is started again and
again while another disk's client is verified:
  starts     a stranger leaves it 0, 4, 8 ... KiB to start in, until it serves
  inside     its first, second ... allocation of its own fails: one of Linux's by
             dde.fail_alloc, a native driver gets an arena of 0, 4, 8 ... KiB
  restarts   a stranger takes all there is, always, while it dies and lives again
  slots      the same in a machine that has more memory than capability slots
  rings      clients that never take an answer, and that ask without end
A case ends in a served disk or in a message that says why not; then the free
memory is what it was. With fewer cases than LONG only each so many-th is tried.
"""
import re
import time

import verified
from harness import demand

LONG = 1000
BOOT_S = 900
ANSWER_S = 60
PAGE_KIB = 4
START_KIB = 2400                 # more than any driver starts in
GREEDY_MS = 100_000_000          # for ever
ALLOCATIONS = 3000               # more than any driver makes to start
ARENA_KIB = {"linux": 4096, "native": 64}
FAIL_KIB = 4096                  # Linux's, where each object has a page
DEATHS = 12
LOOKS = 40
RESTARTS_MS = 800                # of guest time, all of them
RINGS_MS = 200
WHERE = ("/virtio_mmio@a000000", "/virtio_mmio@a001000")
VICTIM = "blk0"                  # whose driver the boot starts
DRIVER = {"linux": "virtio_blk", "native": "native_virtio_blk"}
STATE = r"^ *{} +\S+ +(?:linux|native) +(blk\d+)? +(\w+)"
FAULT = r"^kaal: fault: .*spare"
MEM = {"starts": "16M", "restarts": "16M"}  # runs out before slots do
SAID = (r"spare.*(?:not started: memory or quota|could not start|"
        r"has ended with status)|cannot connect to blk\d+/spare|"
        r"out of memory")


def spare_lines(c):
    """Manifest lines: the first disk as always, the second on demand."""
    def edit(text):
        line = re.search(rf"^{DRIVER[c.driver]} .*$", text, re.M)[0]
        mine = f"{line} device={WHERE[0]}"
        spare = line.replace("start=device", "start=demand") + \
            f" device={WHERE[1]}"
        spare = re.sub(r"^\S+", "spare", spare)
        more = [spare]
        for kib in range(0, ARENA_KIB["native"], PAGE_KIB):
            if c.driver == "native":
                more.append(re.sub("^spare", f"spare{kib}", re.sub(
                    r"dma_kib=\d+", f"dma_kib={kib}", spare)))
        if c.driver == "linux":
            more.append(re.sub("^spare", "spare_fail", re.sub(
                r"dma_kib=\d+", f"dma_kib={FAIL_KIB}", spare)))
        others = rf"^(?!{DRIVER[c.driver]} ).*virtio:d00000002.*\n"
        return re.sub(others, "", text.replace(line, mine), flags=re.M) + \
            "\n".join(more) + "\n"
    return edit


def accounted(guest, wanted=0):
    """KiB that are free or a running process's, at a moment of rest.

    A page that is first touched between the two would be in both, what ends in
    neither. Up to LOOKS for what is wanted.
    """
    found = 0
    for _ in range(LOOKS):
        free = free_kib(guest)
        held = re.findall(r"^ *[1-9]\d* .* ready +(\d+) +(\d+) ",
                          guest.run("ps"), re.M)
        if free_kib(guest) != free:
            continue
        found = free + sum(int(ram) + int(dma) for ram, dma in held)
        if wanted in (0, found):
            break
    demand(found, "memory does not come to rest")
    return found


def free_kib(guest):
    """One look."""
    return int(guest.demand("mem", r"(\d+) KiB free")[1])


class Spare:
    """The driver that is started for one case."""

    def __init__(self, guest, command):
        self.guest = guest
        self.mark = len(guest.text)
        self.service = None
        self.pid = re.search(r"started as pid (\d+)", guest.run(command))

    def served(self):
        """Does it serve? Else it must have said why not."""
        if self.pid:
            line = re.search(STATE.format(self.pid[1]), self.guest.run("ps"),
                             re.M)
            if line and line[1]:
                self.service = line[1]
                said = self.guest.run(f"blk info {self.service[3:]}")
                if "served by" in said:
                    return True
        text = self.guest.text[self.mark:]
        if re.search(FAULT, text, re.M):
            self.guest.fail("it faulted")
        if not re.search(SAID, text, re.M):
            self.guest.fail("no message says why it does not serve")
        return False

    def end(self):
        """It goes, if it is there."""
        if self.pid and re.search(STATE.format(self.pid[1]).replace(
                r"(\w+)", "(ready|starting)"), self.guest.run("ps"), re.M):
            self.guest.run(f"kill {self.pid[1]}")


class Part:
    """Cases in one boot."""

    def __init__(self, c, guest, wants_all):
        self.c = c
        self.guest = guest
        # What is made once for all is made before.
        if wants_all:
            greedy(guest, 0)
            guest.run("kill greedy")
        first = Spare(guest, "start spare")
        demand(first.served(), "it does not serve in peace")
        first.end()
        self.all_kib = accounted(guest)
        self.stride = max(1, LONG // c.n)

    def case(self, name, command, before=None, after=None):
        """One start. Return: did it serve?"""
        self.c.tally.attempted += 1
        if before:
            before()
        spare = Spare(self.guest, command)
        served = spare.served()
        spare.end()
        if after:
            after()
        self.c.tally.executed += 1
        self.c.tally.activated += not served
        key = f"{name} {'served' if served else 'refused'}"
        self.c.tally.figures[key] = self.c.tally.figures.get(key, 0) + 1
        self.settled(command)
        return served

    def settled(self, what):
        """Nobody runs who did not at first: all memory is back."""
        now = accounted(self.guest, self.all_kib)
        if now != self.all_kib:
            self.c.miss(what, f"{self.all_kib} KiB are {now} KiB now")
            self.all_kib = now


def greedy(guest, leave):
    """Let a stranger take all but so many KiB."""
    return guest.start(f"start greedy rtc0 {leave} {GREEDY_MS}",
                       r"greedy: holds: .* (\d+) KiB left")


def starts(part):
    """Less memory than the driver needs, up to enough."""
    guest, good = part.guest, 0
    for leave in range(0, START_KIB, PAGE_KIB * part.stride):
        good += part.case("starts", "start spare",
                          lambda leave=leave: greedy(guest, leave),
                          lambda: guest.run("kill greedy"))
        if good > 2:
            return
    demand(good, f"it needs more than {START_KIB} KiB to start")


def inside(part):
    """Each allocation of its own, until there is none left to refuse."""
    if part.c.driver == "native":
        for kib in range(0, ARENA_KIB["native"], PAGE_KIB):
            part.case("inside", f"start spare{kib}")
        return
    for k in range(1, ALLOCATIONS, part.stride):
        mark = len(part.guest.text)
        part.case("inside", f"start spare_fail dde.fail_alloc={k}")
        if "refused on purpose" not in part.guest.text[mark:]:
            return
    demand(False, f"more than {ALLOCATIONS} allocations in a start")


def verifying(guest, who):
    """Wait until it has been answered, so that it has all its memory."""
    until = time.monotonic() + ANSWER_S
    while not re.search(r"^verify\.at +[1-9]", guest.run(f"counters {who}"),
                        re.M):
        demand(time.monotonic() < until, f"{who} does not begin")


def clients_start(part, ms):
    """Verified traffic on both disks."""
    spare = Spare(part.guest, "start spare")
    demand(spare.served(), "it does not serve in peace")
    for who, disk in ("verify", VICTIM), ("witness", spare.service):
        part.guest.start(f"start {who} {disk} {part.c.seed} {ms}", "started")
        verifying(part.guest, who)
    return spare


def clients_end(part, spare):
    """They have seen nothing but pauses."""
    for who in ("verify", "witness"):
        client = verified.report(part.guest, who, ANSWER_S)
        if client.wrong():
            part.c.miss(who, client.wrong())
    part.guest.run("")           # a prompt behind what they said
    spare.end()


def restarts(part):
    """It dies while a stranger wants all there is; its clients see pauses.

    That it may also wait for its next life: tests/unit/broker_exhaust.c.
    """
    guest, tally = part.guest, part.c.tally
    spare = clients_start(part, RESTARTS_MS)
    greedy(guest, 0)
    for _ in range(DEATHS):
        tally.attempted += 1
        guest.run(f"kill {DRIVER[part.c.driver]}")
        guest.seen = guest.text.rindex("was killed by shell")
        guest.expect(rf"{VICTIM}/\S+ \(pid \d+\) serves again", ANSWER_S)
        tally.executed += 1
        tally.activated += 1
    clients_end(part, spare)
    demand("cannot be connected to" not in guest.text, "a channel was lost")
    left = guest.start("kill greedy", "greedy .* was killed")
    demand(left, "greedy has gone before")
    part.settled("restarts")


def rings(part):
    """Clients that do not take their answers, or ask without end."""
    guest = part.guest
    spare = clients_start(part, RINGS_MS)
    for kind in ("deaf", "flood"):
        part.c.tally.attempted += 1
        guest.start(f"start probe {kind} {VICTIM} {RINGS_MS}",
                    f"probe: {kind}")
    for kind in ("deaf", "flood"):
        guest.seen = 0
        guest.expect(rf"probe: {kind}: (.*) at the end", ANSWER_S)
        part.c.tally.executed += 1
    clients_end(part, spare)
    part.settled("rings")


PEACEFUL = ("inside", "rings")   # where nobody takes all memory
PARTS = {"starts": starts, "inside": inside, "restarts": restarts,
         "slots": restarts, "rings": rings}


def part_run(c, name):
    """One boot."""
    with c.round(name, *verified.disks(c.t), limit_s=BOOT_S,
                 mem=MEM.get(name, "256M")) as guest:
        guest.boot()
        guest.demand("blk list", "witness|victim")
        PARTS[name](Part(c, guest, name not in PEACEFUL))
        guest.finish()


def run(c):
    """All parts."""
    c.edit = spare_lines(c)
    for name in PARTS:
        part_run(c, name)
