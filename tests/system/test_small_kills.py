# SPDX-License-Identifier: BSD-2-Clause
"""test_small_kills.py - drivers of random numbers, clocks, pins, input, time die.

apps/verify/killer.c kills each 20 times at random instructions while
apps/selftest/uses.c uses it and checks every answer; the timer service while
several clients' alarms are out (apps/selftest/timer.c). Times are the guest's.
"""
import re
import threading
import time

from harness import demand, twins
from qmp import Qmp, socket_options
from test_input import TABLET
from test_rng import counted_file, rng
from test_serial_kills import ICOUNT, LIMIT_S, image

KILLS = 20
GAP_US = 5_000                   # from one kill to the next, at most
USE_MS = 150                     # longer than the kills: demanded below
FAR, END = 31_900, 32_000        # places of the tablet: before the end, and there


def kills(guest, service, case, how="", gap_us=GAP_US):
    """Kill it while it is used. Return: what was said by then."""
    begin = len(guest.text)
    guest.send(f"run killer {service} 5 {KILLS} 0 {gap_us} {case} {how}\r")
    guest.expect(rf"killer: {service}: killed {KILLS} times", LIMIT_S)
    return guest.text[begin:]


def undisturbed(guest, service):
    """It serves; it has died so often, and no other driver at all."""
    rows = re.findall(r"^ *\d+ \S+ +(?:linux|native) +(\w+) +(\w+) .* (\d+) +"
                      r"-?\d+$", guest.run("ps"), re.M)
    demand(len(rows) >= 4, f"{rows}")
    for name, state, restarts in rows:
        demand(state == "ready" and
               int(restarts) == (KILLS if name == service else 0),
               f"{name} is {state} after {restarts} deaths")


def used(guest, service, case):
    """Every answer was right, and some came after the last kill."""
    said = kills(guest, service, case, USE_MS)
    demand("use: begins" in said and " answers, " not in said,
           f"it was used too shortly: {said}")
    guest.expect(r"use: \d+ answers, all right", LIMIT_S)
    guest.expect("killer: ended with status 0", LIMIT_S)
    undisturbed(guest, service)
    guest.finish()


@twins
def test_rng_kills(t):
    """No byte of the source is given twice, and none is made up."""
    with t.guest(initrd=image(t), limit_s=LIMIT_S,
                 extra=(*ICOUNT, *rng(counted_file(t)))) as guest:
        guest.boot()
        used(guest, "rng0", "words")


@twins
def test_rtc_kills(t):
    """The time goes on."""
    with t.guest(initrd=image(t), limit_s=LIMIT_S,
                 extra=(*ICOUNT, "-rtc", "clock=vm")) as guest:
        guest.boot()
        used(guest, "rtc0", "clock")


@twins
def test_gpio_kills(t):
    """An output has the level that it was given last."""
    with t.guest(initrd=image(t), limit_s=LIMIT_S, extra=ICOUNT) as guest:
        guest.boot()
        used(guest, "gpio0", "pins")


def pen_move(qmp, killed, heard):
    """Farther and farther; when all kills are done, at the end until it is heard.

    A driver may still be away then, and what its tablet says is lost.
    """
    place = 0
    while not killed.is_set():
        if place < FAR:
            place += 1
            qmp.point(place, place)
        time.sleep(0.002)        # so that FAR lasts for a minute
    for place in range(END, 1 << 15):
        if heard.wait(0.02):
            return
        qmp.point(place, place)


def test_input_kills(t):
    """Places of a pen come in order, none twice; some may be missing."""
    path = t.folder / "qmp"
    killed, heard = threading.Event(), threading.Event()
    with t.guest(initrd=image(t), limit_s=LIMIT_S,
                 extra=(*ICOUNT, *TABLET, *socket_options(path))) as guest, \
            Qmp(path) as qmp:
        guest.boot()
        pen = threading.Thread(target=pen_move, args=(qmp, killed, heard))
        pen.start()
        try:
            said = kills(guest, "input0", "points")
            killed.set()
            demand("use: begins" in said and " answers, " not in said, said)
            guest.expect(r"use: \d+ answers, all right", LIMIT_S)
        finally:
            killed.set()
            heard.set()
            pen.join()
        guest.expect("killer: ended with status 0", LIMIT_S)
        undisturbed(guest, "input0")
        guest.finish()


@twins
def test_alarm_kills(t):
    """The timer service dies with alarms out: each comes, once, not early."""
    clients, count = 4, 200
    with t.guest(initrd=image(t), limit_s=LIMIT_S, extra=ICOUNT) as guest:
        guest.boot()
        for seed in range(clients):
            guest.send(f"start probe alarms timer0 {count} {seed}\r")
        said = kills(guest, "timer0", "alarms", f"{count} {clients}")
        demand("alarms: " not in said, f"alarms ended too early: {said}")
        guest.seen = 0
        for _ in range(clients + 1):
            guest.expect(rf"alarms: {count} of {count}, each once, at most "
                         r"\d+ us late", LIMIT_S)
        guest.seen = 0
        guest.expect("killer: ended with status 0", LIMIT_S)
        undisturbed(guest, "timer0")
        guest.finish()
