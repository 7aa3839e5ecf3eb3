# SPDX-License-Identifier: BSD-2-Clause
"""test_hung.py - devices that stop answering: their drivers are started again.

A source of random numbers and a card, each a vhost-user device in the test's own
process, that are mute until their driver resets them. Disks: test_hostile.py;
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


def hung(guest, service):
    """The driver has said so, and serves again."""
    guest.expect(rf"{service}/\w+: .*{HUNG}", PATIENCE_S)
    guest.expect(rf"kaal: {service}/\w+ \(pid \d+\) serves again after",
                 PATIENCE_S)


@twins
def test_hung_rng(t):
    """A source that does not answer; the next life answers the same read."""
    with VhostRng(t.folder) as source, \
            t.guest(extra=source.arguments(), initrd=impatient(t)) as guest:
        guest.boot()
        guest.demand("rng read 0 64", r"^00000020  (\w\w ){8}")
        source.mute = True
        guest.send("rng read 0 4096\r")   # more than Linux has asked for ahead
        hung(guest, "rng0")
        guest.expect(r"^00000fe0  (\w\w ){8}", PATIENCE_S)
        guest.finish()


@twins
def test_hung_net(t):
    """A card that sends nothing; after its reset frames go out again."""
    with VhostNet(t.folder) as card, \
            t.guest(extra=card.arguments(), initrd=impatient(t)) as guest:
        guest.boot()
        demand(card.receive(PATIENCE_S), "nothing was sent")
        card.mute = True
        hung(guest, "net0")
        demand(card.receive(PATIENCE_S), "nothing was sent by the next life")
        guest.finish()
