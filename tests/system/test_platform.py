# SPDX-License-Identifier: BSD-2-Clause
"""test_platform.py - platform devices: made of a node that drivers.config names,
or by the driver itself."""
import re
import shutil

from harness import TOP, demand, make
from test_config import told
from test_rtc import seconds_of

NODE = "/pl031@9010000"


def board(t):
    """Build the test's own driver. Return: program, manifest line, output."""
    folder = t.folder / "board"
    shutil.copytree(TOP / "tests/system/board", folder)
    status, output = make(t, "dde-module", f"MODULE={folder}/board")
    demand(status == 0, output)
    return folder / "dde_board.elf", (folder / "board.line").read_text(), output


def system(t, words, keep=False):
    """A system with the driver, in place of pl031's or beside it."""
    elf, line, output = board(t)
    demand('DDE_BOARD knows its device only by the name platform:board-clock, '
           'which no device tree has: give it a node by DDE_BOARD_DEVICE='
           in output, output)
    line = f"{line.rstrip()} {words}\n"
    return t.system(lambda text: re.sub(
        "^(rtc_drv_pl031 .*\n)", rf"\1{line}" if keep else line, text,
        flags=re.M), elf)


def test_platform_node(t):
    """A driver without a device tree gets a node's registers and interrupt."""
    with t.guest(initrd=system(t, f"device={NODE}")) as guest:
        guest.boot()
        told(guest, "board: board board-clock: board's variant 1")
        demand(seconds_of(guest) > 1_700_000_000, "not the host's time")
        guest.demand("rtc alarm 1", r"^rtc0: alarm after [01]\.\d+ s$")
        guest.demand("devices", "34 rtc0/board +pl031@9010000")
        guest.finish()


def test_platform_id(t):
    """By another of its names; and by one that it does not have."""
    for name, said in (("board-clock,,2", "board board-clock,2: board's variant 2"),
                       ("stranger", "driver start failed: error -19")):
        with t.guest(initrd=system(t, f"device=/pl031 args=dde.id={name}")
                     ) as guest:
            guest.boot()
            told(guest, "board: " + said)
            guest.finish()
        shutil.rmtree(t.folder / "board")
        shutil.rmtree(t.folder / "image")


def test_platform_node_taken(t):
    """The node has a driver: the first in drivers.config keeps it."""
    with t.guest(initrd=system(t, f"device={NODE}", keep=True)) as guest:
        guest.boot()
        told(guest, "rtc_drv_pl031 and board both match pl031@9010000: "
             "rtc_drv_pl031 drives it")
        guest.demand("rtc", "linux rtc_drv_pl031")
        guest.finish()


def test_platform_node_absent(t):
    """No such node, or one without registers: one message."""
    with t.guest(initrd=system(t, "device=/nonesuch:/psci")) as guest:
        guest.boot()
        told(guest, "board has nothing to drive: no device with registers is "
             "at /nonesuch:/psci")
        guest.finish()


def test_platform_timer_taken(t):
    """Nobody takes the timer from the service that all others need."""
    with t.guest(initrd=system(t, "device=/timer")) as guest:
        guest.boot()
        told(guest, "native_timer_arm and board both match timer: "
             "native_timer_arm drives it")
        guest.finish()


def test_platform_own_device(t):
    """Linux's rtc-test makes its own clocks: served without any device.

    In wide.config pl031's driver is told its node.
    """
    with t.guest(initrd=t.build / "wide/strict/system.elf") as guest:
        guest.boot()
        for clock in ("rtc1", "rtc2"):
            told(guest, f"rtc: {clock} is not served: this process serves rtc0")
        guest.demand("rtc", "^ +linux rtc_drv_pl031")
        guest.demand("rtc", "^ +linux rtc_drv_test, can be set, until")
        guest.demand("rtc set 2030-01-02 03:04:05 1",
                     r"^Wed 2030-01-02 03:04:0[5-9] UTC \(18935\d+\)")
        guest.demand("rtc", r"^rtc1 +Wed 2030-01-02 03:04:")
        guest.demand("rtc alarm 1 1", "^rtc1: alarm failed")
        guest.finish()


def test_platform_no_device(t):
    """A driver that was given nothing and makes nothing says what to do."""
    elf, line, _ = board(t)
    line = re.sub("start=device (class=rtc) match=[^ ]+", r"start=boot \1", line)
    image = t.system(lambda text: text + line, elf)
    with t.guest(initrd=image) as guest:
        guest.boot()
        told(guest, "board: it was given no device and has made none itself: "
             "DDE_..._DEVICE in drivers.config names one")
        guest.demand("rtc", "^rtc0 ")
        guest.finish()
