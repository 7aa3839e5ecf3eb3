# SPDX-License-Identifier: BSD-2-Clause
"""test_hung.py - devices that stop answering, or lie: their drivers start again.

A source of random numbers and a card, each a vhost-user device in the test's own
process, that are mute, or lie, until their driver resets them. Disks: test_hostile.py;
an input device's LEDs: tests/unit/dde_emul (QEMU has no such device without KVM).
"""
import re

from harness import demand, twins
from vhost_net import VhostNet
from vhost_rng import VhostRng

STALL_MS = 100                   # of the drivers here; a wire may take 10 times
HUNG = f"it has owed an answer for {10 * STALL_MS} ms: the device has hung"
PATIENCE_S = 60


def impatient(t):
    """The system with drivers that do not wait for long."""
    return t.system(lambda text: re.sub(
        r"^(\S+ .*\bstart=device\b.*)$", rf"\1 stall_ms={STALL_MS}",
        text, flags=re.M))


def again(guest, service, device, said, times):
    """The driver has said this, and serves again, so many times in a row."""
    for left in reversed(range(times)):
        device.stubborn = left > 0
        guest.expect(rf"{service}/\w+: .*{said}", PATIENCE_S)
        guest.expect(rf"kaal: {service}/\w+ \(pid \d+\) serves again after",
                     PATIENCE_S)


def source_again(t, fault, said, times=1):
    """A source that does this; the next life answers the same read."""
    with VhostRng(t.folder) as source, \
            t.guest(extra=source.arguments(), initrd=impatient(t)) as guest:
        guest.boot()
        guest.demand("rng read 0 64", r"^00000020  (\w\w ){8}")
        source.stubborn = times > 1
        setattr(source, fault, True)
        guest.send("rng read 0 4096\r")   # more than Linux has asked for ahead
        again(guest, "rng0", source, said, times)
        guest.expect(r"^00000fe0  (\w\w ){8}", PATIENCE_S)
        guest.finish()


def test_hung_start(t):
    """A driver that turns in circles while it starts; then the shell comes."""
    line = ("wreck0 elf=probe.elf kind=native start=device class=rng "
            "stack_kib=16 device=/virtio_mmio@a001000 stall_ms=250 "
            "args=spin,99999\n")
    with t.guest(t.disk("random"),
                 initrd=t.system(lambda text: text + line)) as guest:
        for _ in range(3):
            found = guest.expect(r"wreck0 \(pid \d+\) has not answered for (\d+) ms "
                                 r"and is ended\n +pc  [0-9a-f]{16} ")
            demand(int(found[1]) <= 1500, found[0])
        guest.seen = 0           # the prompt may have come before
        guest.expect("wreck0 .*is given up", PATIENCE_S)
        guest.run("ps")
        guest.finish()


@twins
def test_hung_rng(t):
    """A source that does not answer; for two lives, where its driver starts then.

    Linux's rng core reads from its source before it serves.
    """
    source_again(t, "mute", HUNG, t.pick(1, 2))


@twins
def test_lying_rng(t):
    """A source that answers what it was not asked: no error for who reads."""
    source_again(t, "lies", t.pick(HUNG, "no such request"))


def card_again(t, fault, said, times=1):
    """A card that does this; after its reset frames go out again."""
    with VhostNet(t.folder) as card, \
            t.guest(extra=card.arguments(), initrd=impatient(t)) as guest:
        guest.boot()
        demand(card.receive(PATIENCE_S), "nothing was sent")
        card.stubborn = times > 1
        setattr(card, fault, True)
        again(guest, "net0", card, said, times)
        demand(card.receive(PATIENCE_S), "nothing was sent by the next life")
        guest.finish()


@twins
def test_hung_net(t):
    """A card that sends nothing, for two lives: its wire may be dead for long."""
    card_again(t, "mute", HUNG, 2)


@twins
def test_lying_net(t):
    """A card that has sent what it was not given."""
    card_again(t, "lies", t.pick("has broken its queue", "no such request"))
