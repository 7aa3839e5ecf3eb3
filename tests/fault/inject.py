# SPDX-License-Identifier: BSD-2-Clause
"""inject.py - a driver goes wrong on purpose under verified traffic.

apps/verify/vandal.c does it from inside: a case is one fault, whose kind and
place come from its seed, and begins with a new life of the driver. Executed: a
changed instruction was run (a breakpoint told), a register or word was changed.
Activated: the driver has ended of it, or its client has seen wrong data or an
error. A round is one boot. Of the disks one is broken and another has a witness;
of the two cards on one wire the other is the witness.

Not misses, as nothing in this system could prevent them, but counted:
untrue      the client was given wrong data, and believed it. A disk's client that
            keeps sums (glue/block_sums.h) gets an error instead, or the right data
            from the next life, so there it is a miss; with `--sums no`, and of
            cards, no check lies between a driver's word and its client
astray      the device was sent to an address that is nobody's memory
turned away the broken driver closed its client's channel: a clean error
mute        of cards only: no frame comes through. Nobody can tell that from a
            quiet wire; a disk owes answers, so there it is a miss

Drivers that are stuck are classes of their own, with a serial line's too: one loops
for ever, or acknowledges its interrupt for ever without looking at its device, or its
interrupt does not reach it any more. Each must have been noticed, and replaced.
"""
import collections
import contextlib
import re
import threading

import qemu
import test_serial
import test_serial_kills
import verified
from harness import demand

KINDS = ("instruction", "branch", "pointer", "stack", "heap", "register",
         "null", "hang", "storm", "deaf")
ROUND_CASES = 100                # about, in one boot
CASE_MS = 14                     # of guest time for each, about
KEY_S = 0.2
STUCK_MS = 1000                  # and of one that is to be noticed
ROUND_S = 600
STALL_MS = 100                   # a driver that hangs is noticed sooner
MISSES_MAX = 100                 # enough to look at
CASE = (r"vandal: case (\d+) kind (\d+): (.*) in (\d+) ms; "
        r"(\d+) wrong, (\d+) errors, (.*); witness (\d+), (\d+) wrong, "
        r"(\d+) errors\n")
TURNED_AWAY = r"(?:verify|frames): .*: the other side has ended\n"
# What QEMU logs of a queue or buffer outside of memory.
ASTRAY = (r"Invalid (?:read|write) at addr|pflash_write: |virtio: (?:bogus|zero sized|"
          r"error trying to map MMIO)|virtio_mmio_(?:read|write): |[Vv]irtqueue|Guest (?:says|moved)")


def executed(said, seed):
    """Did the fault of that seed come about?"""
    lines = re.findall(rf"injected into .*, seed {seed}: (.*)", said)
    if not lines or "no pointer" in lines[0]:
        return False
    return not lines[0].startswith("instruction") or len(lines) > 1


def case_judge(c, seed, kind, end, wrong, errors, served, said):
    """Was it a miss? Return whether anybody felt it."""
    case = f"{seed} ({KINDS[int(kind) - 1]}, it {end})"
    c.count["untrue"] += int(wrong) > 0
    if int(wrong) and c.client == "verify" and c.sums == "yes":
        c.miss(case, f"{wrong} sectors wrong, and the sums have not told")
    c.count["errors"] += int(errors) > 0
    if served != "served" and re.search(TURNED_AWAY, said):
        c.count["turned away"] += 1
    else:
        if end == "unnoticed" or end == "mute" and c.client != "frames":
            c.miss(case, "it served nobody and nobody noticed")
        if served != "served":
            c.miss(case, served)
    return end in ("died", "hung", "mute", "noticed") or int(wrong) + int(errors) > 0


def cases_count(c, said):
    """Tally what the vandal said; return how many cases there were."""
    cases = re.findall(CASE, said, re.M)
    for seed, kind, end, ms, wrong, errors, served, *witness in cases:
        c.tally.attempted += 1
        if end == "noticed":
            key = f"{KINDS[int(kind) - 1]} noticed in ms, at most"
            c.count[key] = max(c.count[key], int(ms))
        c.tally.executed += executed(said, seed)
        c.tally.activated += case_judge(c, seed, kind, end, wrong, errors,
                                        served, said)
        c.count[end] += 1
        if int(witness[1]) + int(witness[2]):
            c.miss(seed, "the witness: {} wrong, {} errors".format(*witness[1:]))
    return len(cases)


def others_judge(c, said, victim, first):
    """Has any other driver ended?"""
    for line in re.findall(r"kaal: ((?!" + victim + r"/)\w+\d/\w+ \(pid \d+\) "
                           r"(?:has|was) .*|fault: (?!" + victim + "/).*)",
                           said, re.M):
        c.miss(f"from {first}", f"another component: {line}")


def power_off(c, guest, first):
    """As guest.finish, but for accesses of a device that was led astray."""
    guest.send("poweroff\r")
    if guest.ended():
        c.miss(f"from {first}", "bad status at the end")
    try:
        guest.errors_demand_none()
    except qemu.Failure as failure:
        c.count["astray"] += 1
        if not re.search(ASTRAY, str(failure)):
            c.miss(f"from {first}", str(failure))


def victim_of(c, guest):
    """The service whose driver is broken."""
    if c.client == "frames":
        return verified.CARDS[0]
    if c.client == "probe":
        uart = test_serial.line_number(guest, test_serial.uart_name(c.t))
        return f"serial{uart}"
    return verified.names(guest)[0]


@contextlib.contextmanager
def typing(guest, wanted):
    """Somebody types as long as the line says something: its driver needs its
    interrupt then.
    """
    done = threading.Event()

    def keys():
        heard = 0
        while not done.wait(KEY_S):
            if len(guest.text) > heard:
                guest.send("\r")
            heard = len(guest.text)
    typist = threading.Thread(target=keys)
    if wanted:
        typist.start()
    try:
        yield
    finally:
        done.set()
        if wanted:
            typist.join()


def line_judge(c, said, first):
    """Of what went over the line no more is missing than a FIFO at each death."""
    said = said[:said.rindex("vandal: ended")].encode("latin-1")
    heard = test_serial_kills.LOG.sub(b"", said)
    demand(b"0000000" in heard, "nothing has come over the line")
    heard = heard[heard.index(b"0000000"):heard.rindex(b" ")]
    whole = test_serial_kills.stream(len(heard) // 8 + 64 * c.n)
    lost = test_serial_kills.gaps(heard, whole)[:-1]
    if max(lost, default=0) > test_serial_kills.FIFO:
        c.miss(f"from {first}", f"of the line's bytes are lost: {lost}")


def vandal_run(c, guest, first):
    """In a running guest, as many cases as one boot has."""
    ms = c.case_ms * min(c.n - first, ROUND_CASES)
    victim, witness = victim_of(c, guest), verified.names(guest)[1]
    peer = verified.CARDS[1] if c.client == "frames" else ""
    begin = len(guest.text)
    with typing(guest, c.client == "probe"):
        guest.run(f"run vandal {victim} {c.seed + first} {ms} {witness} "
                  f"{c.client} {c.kinds[0]} {c.kinds[1]} {peer}", ROUND_S)
    if c.client == "probe":
        line_judge(c, guest.text[begin:], c.seed + first)
    power_off(c, guest, c.seed + first)
    others_judge(c, guest.text, victim, c.seed + first)


def round_run(c, first):
    """One boot; return how many cases it had."""
    with c.round(first, *verified.disks(c.t), extra=verified.WIRE,
                 limit_s=ROUND_S) as guest:
        vandal_run(c, guest.boot(), first)
    return cases_count(c, guest.text)


def campaign_run(c):
    """Rounds until there were so many cases."""
    c.count = collections.Counter()
    c.sums = c.sums or "yes"
    c.edit = lambda text: re.sub(rf"^((?:{c.hasty}) .*)",
                                 rf"\1 stall_ms={STALL_MS}", text, flags=re.M)
    first = 0
    while first < c.n and len(c.tally.misses) < MISSES_MAX:
        count = round_run(c, first)
        if not count:
            c.miss(f"from {c.seed + first}", "no case was run")
        first += max(count, 1)
    c.tally.figures = dict(c.count)


class Inject:
    """A class: whose driver is broken, by its client, and by which faults.

    hasty: the drivers that are given STALL_MS.
    """

    def __init__(self, client, kinds=(1, 7), case_ms=CASE_MS, cases=2500,
                 hasty=r"\S*virtio_(?:blk|net)"):
        self.LONG = cases
        self.how = {"client": client, "kinds": kinds, "case_ms": case_ms,
                    "hasty": hasty}

    def run(self, c):
        """All cases."""
        vars(c).update(self.how)
        campaign_run(c)


def stuck(client):
    """A class of drivers that are stuck.

    While they are, QEMU has no time for other devices, so the native twin, which
    is the witness, keeps its second.
    """
    return Inject(client, (8, 3), STUCK_MS, 90, r"virtio_(?:blk|net)|\S+_pl011")


CLASSES = {"inject": Inject("verify"), "inject_net": Inject("frames"),
           "stuck": stuck("verify"), "stuck_net": stuck("frames"),
           "stuck_uart": stuck("probe")}
