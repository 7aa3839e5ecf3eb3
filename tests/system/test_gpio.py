# SPDX-License-Identifier: BSD-2-Clause
"""test_gpio.py - the PL061's drivers: lines, and QEMU's power button."""
import re

from harness import demand, disk_number, twins
from qmp import Qmp, socket_options

BUTTON = 3   # the line that QEMU's device tree gives to gpio-keys


def button_wait(guest):
    """Until powerkey, which starts beside the shell, has taken its line."""
    for _ in range(50):
        shown = guest.run("gpio list")
        if re.search(rf"^ +{BUTTON} input +0 taken .*\(key 116\)$", shown, re.M):
            return
    demand(False, f"nobody waits for the power button: {shown}")


@twins
def test_gpio_lines(t):
    """Eight lines; an output keeps what it is told; a taken line is refused."""
    with t.guest() as guest:
        guest.boot()
        guest.demand("gpio list", r"^gpio0 +8 lines, "
                     + t.pick("linux", "native") + " gpio_pl061, ")
        button_wait(guest)
        for level in (1, 0, 1):
            guest.demand(f"gpio set 0 6 {level}", f"line 6: output, {level}$")
            guest.demand("gpio get 0 6", f"line 6: {level}$")
        guest.demand("gpio list", r"^ +6 output 1 free")
        guest.demand("gpio watch 0 6", "watch failed: an argument makes no")
        guest.demand(f"gpio set 0 {BUTTON} 1", "another program has it")
        guest.demand(f"gpio watch 0 {BUTTON} 1", "another program has it")
        guest.demand("gpio get 0 8", "get failed: ")
        guest.demand("gpio set 0 1 2", "LEVEL is 2: it must be 0 to 1")
        guest.finish()


@twins
def test_gpio_watch(t):
    """Watching a line that does not move ends when the time is over."""
    with t.guest() as guest:
        guest.boot()
        shown = guest.run("gpio watch 0 5 1")
        demand(" ms: " not in shown, f"an edge from nowhere: {shown}")
        guest.demand("gpio list", r"^ +5 input +0 free")
        guest.finish()


@twins
def test_gpio_power_button(t):
    """The button raises its line; disks are flushed and the machine goes off."""
    path = t.folder / "qmp"
    with t.guest(t.disk("ext4"), extra=socket_options(path)) as guest, \
            Qmp(path) as qmp:
        guest.boot()
        disk_number(guest, "ext4")
        button_wait(guest)
        qmp.run("system_powerdown")
        guest.expect("powerkey: power button: switching off")
        guest.ended()
