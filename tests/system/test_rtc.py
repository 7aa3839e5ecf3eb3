# SPDX-License-Identifier: BSD-2-Clause
"""test_rtc.py - Linux's PL031 driver: the time, setting it, alarms."""
import datetime
import re
import subprocess
import sys
import time

from harness import TOP, as_typed, demand, make, twins

BASE = ("-rtc", "base=2024-02-29T23:59:50,clock=vm")
SLACK_S = 3                      # a loaded host; the clock has whole seconds


def seconds_of(guest, command="date"):
    """What the guest's clock says, checked against its text."""
    found = guest.demand(command, r"(\w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC "
                                  r"\((\d+)\)")
    said = datetime.datetime.strptime(found[1] + " +0000",
                                      "%a %Y-%m-%d %H:%M:%S %z")
    demand(said.timestamp() == int(found[2]), f"{found[0]}: text and number "
           "differ")
    return int(found[2])


@twins
def test_rtc_host(t):
    """The clock agrees with the host's."""
    driver = t.pick("linux rtc_drv_pl031", "native rtc_pl031")
    with t.guest() as guest:
        guest.boot()
        before = int(time.time())
        now = seconds_of(guest)
        after = int(time.time())
        demand(before - 1 <= now <= after + 1,
               f"the guest says {now}, the host {before}..{after}")
        guest.demand("rtc", r"^rtc0 +\w{3} ")
        guest.demand("rtc", f"^ +{driver}, can be set, alarm, "
                            "until Sun 2106-02-07 06:28:15")
        guest.demand("ps", t.pick("rtc_drv_pl031 +linux", "native_rtc_pl031 +native")
                     + " +rtc0 +ready")
        guest.finish()


@twins
def test_rtc_set(t):
    """It starts where QEMU puts it, counts over a leap day, can be set."""
    with t.guest(extra=BASE) as guest:
        guest.boot()
        base = 1709251190
        now = seconds_of(guest)
        demand(base <= now <= base + SLACK_S + 5, f"it began at {now}")
        guest.demand("rtc alarm 12", r"^rtc0: alarm after 1[12]\.\d+ s$")
        guest.demand("date", r"^Fri 2024-03-01 00:00:\d\d UTC")
        set_to = seconds_of(guest, "rtc set 2038-01-19 03:14:07")
        demand(0 <= set_to - (2 ** 31 - 1) <= SLACK_S, f"set to {set_to}")
        guest.demand("rtc alarm 1", r"^Tue 2038-01-19 03:14:(0[89]|1\d) UTC")
        guest.demand("rtc set 2106-02-08 00:00:00",
                     "rtc0 cannot count as far as 2106-02-08")
        guest.demand("rtc set 2023-02-29 00:00:00", "is no date from 1970")
        guest.demand("rtc set tomorrow noon", "is no date from 1970")
        guest.finish()


@twins
def test_rtc_alarm(t):
    """An alarm comes by interrupt, in time; ^C ends it."""
    with t.guest() as guest:
        guest.boot()
        for seconds in (1, 3):
            found = guest.demand(f"rtc alarm {seconds}",
                                 r"^rtc0: alarm after (\d+\.\d+) s$")
            demand(seconds - 1 <= float(found[1]) <= seconds + SLACK_S,
                   f"{seconds} s took {found[1]}")
        guest.demand("rtc alarm 0", "SECONDS is 0: it must be 1 to")
        guest.send("rtc alarm 500\r")
        guest.expect("rtc alarm 500.*\n")
        guest.send("\x03")
        guest.expect(r"rtc0: stopped by \^C", 20)
        guest.expect("^kaal> ")
        guest.demand("rtc alarm 1", r"^rtc0: alarm after \d+\.\d+ s$")
        guest.demand("rtc alarm 5000000", "SECONDS is 5000000: it must be 1 to 1000000")
        # A quiet guest: while it waits its processes use no time.
        guest.demand("rtc alarm 3", "alarm after")
        cpu = int(re.search(r"rtc(?:_drv)?_pl031 .* (\d+) +\d+ +\d+\n",
                            guest.run("ps"))[1])
        demand(cpu < 2000, f"the driver has used {cpu} ms")
        guest.finish()


def example_clock(t):
    """A system whose clock is driven by the example of the document."""
    elf = t.build / "native_example_clock.elf"
    status, output = make(t, "NATIVE_NAMES=example_clock",
                          f"{as_typed(t.build)}/{elf.name}")
    demand(status == 0, output)
    config = t.folder / "drivers.config"
    config.write_text("NATIVE_EXAMPLE_CLOCK=y\n")
    line = subprocess.run(
        [sys.executable, TOP / "drivers-native/manifest_line.py",
         "example_clock", elf, "aarch64-linux-gnu-objcopy", config],
        stdout=subprocess.PIPE, text=True, check=True).stdout
    return t.system(lambda text: re.sub("^rtc_drv_pl031 .*\n", line, text,
                                        flags=re.M), elf)


def test_example_clock(t):
    """What docs/writing-a-driver.md builds reads the clock, and rings."""
    with t.guest(initrd=example_clock(t)) as guest:
        guest.boot()
        guest.demand("rtc", "native example_clock, alarm, until Sun 2106-")
        seconds_of(guest)
        found = guest.demand("rtc alarm 2", r"alarm after (\d+\.\d+) s$")
        demand(1 <= float(found[1]) <= 2 + SLACK_S, f"it took {found[1]} s")
        guest.demand("rtc set 2030-01-01 00:00:00", "cannot do this")
        guest.finish()
