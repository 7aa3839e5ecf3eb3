# SPDX-License-Identifier: BSD-2-Clause
"""test_offload.py - Linux's virtio_net on a card that leaves it work and takes it.

The card is vhost_net.py, in the test's own process behind unmodified QEMU: it
sees each frame's header as the driver wrote it, completes checksums, cuts TCP
frames, and sends merged ones. tcp_peer.py is the host on the wire.
"""
import contextlib

import test_ip
from harness import demand
from tcp_peer import TcpStation
from vhost_net import VhostNet

STATION, GUEST = "10.9.0.1", "10.9.0.77"
BYTES = 4_000_000
NO_CONTROL = "".join(f",{name}=off" for name in (
    "ctrl_vq", "ctrl_rx", "ctrl_vlan", "ctrl_mac_addr", "guest_announce",
    "ctrl_guest_offloads"))


@contextlib.contextmanager
def machine(t, net, *disks, options="", extra=(), limit_s=120):
    """A booted guest with this card, and the host on its wire."""
    extra = (*net.arguments(options=options), *extra)
    with net, TcpStation(net, STATION, GUEST) as station, \
            t.guest(*disks, extra=extra, limit_s=limit_s) as guest:
        guest.boot()
        guest.seen = 0
        guest.expect(rf"net0 has {GUEST}/24 from DHCP")
        yield guest, station


def features(guest):
    """What the IP stack was told that the card can do (GLUE_NET_F_*)."""
    return int(guest.demand("net info", r"offloads +0x([0-9a-f]+)")[1], 16)


def streams(guest, station, count):
    """`count` bytes each way over TCP, summed by both ends, none sent again."""
    test_ip.discard(station, count)
    test_ip.source_bytes(station, count)
    found = test_ip.stats(guest)
    demand(found["TCP"][2] == 0 and found["dropped"][2] == 0,
           f"bad checksums or repeated segments: {found}")


def test_offload_tcp(t):
    """TCP both ways: checksums left to the card, merged frames from it."""
    net = VhostNet(t.folder)
    with machine(t, net) as (guest, station):
        demand(features(guest) == 0x1f, "CSUM, TSO4, TSO6, RXCSUM, LRO")
        streams(guest, station, BYTES)
        net.backend.check()
        seen, rx, tx = net.count, *net.backend.rings
        print(f"    {seen['received']} frames in, {rx.calls} interrupts; "
              f"{seen['sent']} out, {tx.calls} interrupts, {tx.kicks} kicks",
              flush=True)
        demand(seen["partial"] > BYTES // 1460, f"checksums: {seen}")
        demand(min(seen["gso"], seen["merged"]) >= BYTES // 64000,
               f"merged frames: {seen}")
        guest.finish()


def test_offload_none(t):
    """A card without any offload, event index or merging: all still works."""
    net = VhostNet(t.folder, features=0)
    with machine(t, net, options=NO_CONTROL) as (guest, station):
        # A virtio card may always say that it has checked.
        demand(features(guest) in (0, 8), "features that the card has not")
        streams(guest, station, 1_000_000)
        demand(net.count["partial"] == net.count["gso"] == 0
               and net.count["longest"] <= 1514, f"offloads: {net.count}")
        guest.finish()
