# SPDX-License-Identifier: BSD-2-Clause
"""cycles.py - drivers that come and go leave nothing behind.

apps/verify/cycles.c starts and stops a disk's and a card's driver n times each,
in a system where they start on demand, and kills them as often where they are
started again. Free memory is then what it was, to the byte, and so are the
broker's capability slots. A case is a cycle.
"""
import re

import verified

LONG = 10_000
CYCLE_S = 0.2                    # at most, for the limit
SAID = (r"cycles: \w+ \w+ (\d+) times: (.*)\n"
        r"cycles: (\d+) bytes free, then (\d+); (\d+) slots free, then (\d+)")
CARD = ("-netdev", "hubport,hubid=0,id=wire", "-device",
        "virtio-net-device,netdev=wire,bus=virtio-mmio-bus.16")


def on_demand(text):
    """The manifest with disks' and cards' drivers that wait to be run."""
    return re.sub(r"^((?:native_)?virtio_(?:blk|net) .*)start=device",
                  r"\1start=demand", text, flags=re.M)


def cycles(c, guest, what, name):
    """All of one kind."""
    c.tally.attempted += c.n
    said = guest.run(f"run cycles {what} {name} {c.n}", 60 + c.n * CYCLE_S)
    found = re.search(SAID, said)
    if not found or found[2] != "success" or \
            (found[3], found[5]) != (found[4], found[6]):
        c.miss(f"{what} {name}", found[0] if found else said[-200:])
        return
    c.tally.executed += c.n
    c.tally.activated += c.n
    c.tally.figures[f"{what} {name} bytes, slots free"] = \
        f"{found[3]}, {found[5]}"


def boot_run(c, what, names, edit):
    """One boot."""
    c.initrd = None
    c.edit = edit
    with c.round(what, verified.disks(c.t)[0], extra=CARD,
                 limit_s=120 + 2 * c.n * CYCLE_S) as guest:
        guest.boot()
        for name in names:
            cycles(c, guest, what, name)
        guest.finish()


def run(c):
    """Started and stopped, then killed."""
    prefix = c.t.pick("", "native_")
    boot_run(c, "start", [prefix + "virtio_blk", prefix + "virtio_net"],
             on_demand)
    boot_run(c, "kill", ["blk0", "net0"], lambda text: text)
