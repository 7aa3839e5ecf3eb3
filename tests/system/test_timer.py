# SPDX-License-Identifier: BSD-2-Clause
"""test_timer.py - the timer service: a driver like others, that all wait for."""
import re
import socket

from harness import demand, twins
from test_ip import Net, boot, echo

ICOUNT = ("-icount", "shift=3")  # times are of the guest
ALARMS = 4000                    # 10 s
TICKS = r"ticks: (\d+) of (\d+) came, (\d+) ms(.*)$"


def counters(guest):
    """What the service has counted."""
    return {name: int(value) for name, value in re.findall(
        r"^([a-z ]+?) +(\d+) events", guest.run("counters timer0"), re.M)}


def ticks_end(guest, milliseconds, slack):
    """A probe's ticks come to their end: none early, few late."""
    found = guest.expect(TICKS, 60)
    came, wanted, took = (int(word) for word in found.groups()[:3])
    demand(wanted - slack <= came <= wanted and not found[4] and
           took >= milliseconds, f"{found[0]} (at least {milliseconds} ms)")


@twins
def test_timer_driver(t):
    """ps, devices and counters show it as a driver; idle, it does nothing."""
    with t.guest() as guest:
        guest.boot()
        guest.demand("ps", r"^ +\d+ native_timer_arm +native +timer0 +ready ")
        guest.demand("devices", r"^- +30 timer0/native_timer_arm +timer +of:")
        before = counters(guest)
        guest.demand("rtc alarm 3", "alarm after")
        after = counters(guest)
        # A tick of 100 Hz would be 300.
        demand(after["interrupts"] - before["interrupts"] < 30,
               f"{before} and 3 s later {after}: it ticks")
        guest.finish()


@twins
def test_timer_ticks(t):
    """Periods and deadlines of one process, without drift."""
    with t.guest() as guest:
        guest.boot()
        guest.send("run probe ticks 20 100\r")
        ticks_end(guest, 2000, 50)
        guest.expect("^kaal> ")
        guest.finish()


@twins
def test_timer_hostile(t):
    """Nonsense of one client, for ever: another's ticks are not disturbed.

    Time is counted in instructions, so that a slow host takes no ticks away.
    """
    with t.guest(extra=ICOUNT) as guest:
        guest.boot()
        guest.start("start probe timers 1000000", "started as pid")
        guest.send("run probe ticks 20 50\r")
        ticks_end(guest, 1000, 2)
        guest.expect("^kaal> ")
        guest.demand("ps", r"native_timer_arm .* ready")
        guest.finish()


@twins
def test_timer_killed(t):
    """Killed under load: ticks, an alarm, a disk, TCP and a ping go on."""
    net = Net()
    with t.guest(t.disk("random"), extra=net.extra) as guest:
        boot(guest)
        guest.start("start probe ticks 50 100", "ticks: begins")
        guest.start("start probe load blk0 4", "load: begins")
        with net.tcp(7) as stream:
            stream.settimeout(30)
            for turn in range(4):
                guest.demand("kill timer0",
                             r"kaal: timer0/\w+ \(pid \d+\) serves again")
                stream.sendall(b"turn %d" % turn)
                demand(stream.recv(6, socket.MSG_WAITALL) == b"turn %d" % turn,
                       "no echo")
                guest.demand("rtc alarm 1", "alarm after")
                guest.demand("net ping 10.0.2.2 1", "1 answered")
        for said in ("load: .* read: success$", TICKS):
            if not re.search(said, guest.text, re.M):
                guest.expect(said, 60)
        echo(net, 100_000)
        guest.demand("ps", r"native_timer_arm +native +timer0 +ready .* 4 +0$")
        guest.finish()


def ends_alone(guest, lives):
    """So many drivers have died, and all of them were the timer service."""
    rows = re.findall(r"^ *\d+ \S+ +(?:linux|native) +(\w+) +ready .* (\d+) +-?\d+$",
                      guest.run("ps"), re.M)
    demand(len(rows) >= 4 and dict(rows)["timer0"] == str(lives) and
           sum(int(times) for _, times in rows) == lives, f"{rows}")


@twins
def test_timer_hangs(t):
    """It never waits again: ended after a second; every alarm comes, once."""
    with t.guest(extra=(*ICOUNT, "-rtc", "clock=vm")) as guest:
        guest.boot()
        guest.start(f"start probe alarms timer0 {ALARMS} 1", "started as pid")
        for lives, fault in enumerate(("hang timer0", "fault timer0 storm"), 1):
            guest.demand("rtc alarm 1", "alarm after")  # it has begun by then
            guest.send(f"{fault}\r")
            guest.expect(r"kaal: fault: timer0/\w+ \(pid \d+\): ran for 100\d ms "
                         r"without a pause, pc 0x\w+\r?\n", 120)
            guest.expect(r"kaal: timer0/\w+ \(pid \d+\) serves again after "
                         r"\d{2,5} us", 20)
            ends_alone(guest, lives)
        late = guest.expect(rf"alarms: {ALARMS} of {ALARMS}, each once, at "
                            r"most (\d+) us late", 60)[1]
        demand(int(late) > 990_000, f"{late} us late, and it hung for a second")
        guest.finish()
