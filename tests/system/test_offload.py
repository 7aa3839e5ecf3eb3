# SPDX-License-Identifier: BSD-2-Clause
"""test_offload.py - a virtio_net on a card that leaves it work and takes it.

The card is vhost_net.py, in the test's own process behind unmodified QEMU: it
sees each frame's header as the driver wrote it, completes checksums, cuts TCP
frames, and sends merged ones. tcp_peer.py is the host on the wire.
"""
import contextlib
import hashlib
import random
import re
import struct
import time

import qemu
import test_ip
import test_nic
import wire
from harness import demand, twins
from qmp import Qmp, socket_options
from tcp_peer import MSS, Sink, TcpStation
from vhost_net import (ALL, F_EVENT_IDX, GSO_TCP4, GSO_TCP6, Header,
                       NEEDS_CSUM, VhostNet, partial)
from vring import F_INDIRECT

STATION, GUEST = "10.9.0.1", "10.9.0.77"
BYTES = 4_000_000
NO_CONTROL = "".join(f",{name}=off" for name in (
    "ctrl_vq", "ctrl_rx", "ctrl_vlan", "ctrl_mac_addr", "guest_announce",
    "ctrl_guest_offloads"))


@contextlib.contextmanager
def machine(t, net, *disks, options="", extra=(), **more):
    """A booted guest with this card, and the host on its wire."""
    extra = (*net.arguments(options=options), *extra)
    with net, TcpStation(net, STATION, GUEST) as station, \
            t.guest(*disks, extra=extra, **more) as guest:
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


@twins
def test_offload_tcp(t):
    """TCP both ways: checksums left to the card, merged frames from it."""
    net = VhostNet(t.folder)
    with machine(t, net) as (guest, station):
        # A native driver's queues have fixed slots: nothing indirect in them.
        demand(net.has_all(ALL & ~t.pick(0, F_INDIRECT)), f"driver took {net.backend.acked:#x} only")
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


@twins
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


@twins
def test_offload_tso(t):
    """Frames of up to 64 KiB that the card must cut, IPv4 and IPv6."""
    net = VhostNet(t.folder)
    with machine(t, net) as (guest, station):
        for kind, gso in (("tso4", GSO_TCP4), ("tso6", GSO_TCP6)):
            sink, digest = Sink(station, 9), hashlib.sha256()
            guest.send(f"run nettest net0 {kind} 40 65400\r")
            while sink.at < 40 * 65400:
                digest.update(sink.recv())
            guest.expect("tso: 40 of 40 frames, 0 failed, success, "
                         f"sha256 {digest.hexdigest()}")
            guest.expect("ended with status 0")
            guest.expect("kaal> ")
            demand(net.count[f"tso{gso}"] == 40, f"{net.count}")
        demand(net.count["longest"] == 74 + 65400, f"{net.count}")
        guest.finish()


def tcp_frame(mac, payload, port=9):
    """A segment of no connection, to a client of the card."""
    tcp = struct.pack(">HHIIBBHHH", 5000, port, 1, 1, 0x50, 0x18, 999, 0, 0)
    return mac + TcpStation.MAC + b"\x08\0" + wire.ipv4(
        b"\x0a\x09\0\1", b"\x0a\x09\0\2", wire.TCP, tcp + payload)


@twins
def test_offload_merged(t):
    """A client that lends 64 KiB gets merged frames whole, to the byte."""
    net = VhostNet(t.folder)
    with machine(t, net) as (guest, _):
        mac = test_nic.address(guest)
        test_nic.start(guest, "merged 8")
        digest = hashlib.sha256()
        for size in (0, 1460, 1461, 3000, 17000, 33000, 64000, 65481):
            payload = random.Random(size).randbytes(size)
            frame, header = partial(tcp_frame(mac, payload), MSS)
            net.send(frame, header)
            digest.update(struct.pack("<I", len(frame)) + frame)
        guest.expect("merged 6, partial 8, checked 0")
        guest.expect("received 8, no buffer 0, too long 0")
        guest.expect("merged: 8 of 8 frames, 0 failed, success, "
                     f"sha256 {digest.hexdigest()}")
        guest.finish()


def flood(guest, net, mac):
    """Bursts until nettest has 4,000 frames; return how many came, interrupts."""
    test_nic.start(guest, "receive 4000 1")
    rx = net.backend.rings[0]
    before = net.count["received"], rx.calls
    frame = test_nic.frame_to(mac, 1514, 1)
    with Bursts(net, frame):
        guest.expect("nettest: sent 0, received", 60)
        return net.count["received"] - before[0], rx.calls - before[1]


class Bursts(test_nic.Flood):
    """As many frames at a time as the card has buffers."""

    def run(self):
        """Until told to end."""
        while not self.ending:
            self.cable.send_burst(self.frame, 200)


@twins
def test_offload_interrupts(t):
    """Under load NAPI polls: few interrupts, with event index and without."""
    for features in (ALL, ALL & ~F_EVENT_IDX):
        folder = t.folder / f"{features:x}"
        folder.mkdir()
        net = VhostNet(folder, features)
        with machine(t, net) as (guest, _):
            demand(net.has(F_EVENT_IDX) == bool(features & F_EVENT_IDX),
                   f"features {net.backend.acked:#x}")
            frames, calls = flood(guest, net, test_nic.address(guest))
            print(f"    event index {net.has(F_EVENT_IDX):d}: {frames} frames,"
                  f" {calls} interrupts", flush=True)
            demand(frames >= 4000 and calls <= frames // 4,
                   f"{calls} interrupts for {frames} frames")
            guest.finish()


def filters(qmp):
    """What the card was told over its control queue to let through."""
    return qmp.run("query-rx-filter", name="card0")[0]


def control_used(qmp):
    """How many commands the control queue has seen."""
    path = next(d["path"] for d in qmp.run("x-query-virtio")
                if d["name"] == "virtio-net")
    return qmp.run("x-query-virtio-queue-status", path=path,
                   queue=2)["used-idx"]


def until(true, what, limit_s=10):
    """Wait for what another process is about to do."""
    end = time.monotonic() + limit_s
    while not true():
        demand(time.monotonic() < end, what)
        time.sleep(0.05)


@twins
def test_offload_control(t):
    """The control queue: receive mode, address and group tables, announce."""
    path = t.folder / "qmp"
    net = VhostNet(t.folder)
    with machine(t, net, extra=socket_options(path)) as (guest, _), \
            Qmp(path) as qmp:
        found = filters(qmp)
        demand(not found["promiscuous"] and not found["unicast-table"]
               and found["main-mac"] == test_ip.MAC, f"at first: {found}")
        guest.start("start nettest net0 groups", "nettest: joined: success")
        found = filters(qmp)
        demand(found["multicast-table"] == ["01:00:5e:00:00:77"]
               and len(found["unicast-table"]) == 1, f"joined: {found}")
        net.send(bytes.fromhex("01005e000077") + bytes(60))
        guest.expect("nettest: left: success")
        until(lambda: not filters(qmp)["unicast-table"],
              "the address of a client that ended stays in the card")
        before = control_used(qmp)
        qmp.run("announce-self", initial=50, max=50, rounds=1, step=50)
        until(lambda: control_used(qmp) > before, "no answer to an announce")
        guest.finish()


@twins
def test_offload_link(t):
    """The link goes down, QEMU stops the rings; up again, all goes on."""
    path = t.folder / "qmp"
    net = VhostNet(t.folder)
    with machine(t, net, extra=socket_options(path)) as (guest, station), \
            Qmp(path) as qmp, station.tcp(7) as stream:
        for text in (b"before", b"after"):
            stream.sendall(text)
            demand(stream.recv(16) == text, "no echo")
            qmp.run("set_link", name="net0", up=False)
            guest.expect("ip: net0: link down")
            guest.demand("net ping 10.9.0.1 1", "^not sent: no way there")
            qmp.run("set_link", name="net0", up=True)
            guest.expect("ip: net0: link up")
        guest.demand("net ping 10.9.0.1 3", "^3 sent, 3 answered")
        guest.finish()


# What the card says of a frame of 1,000 bytes of payload, all of it wrong.
BAD = (
    Header(NEEDS_CSUM, GSO_TCP4, 54, 0, 34, 16),       # segments of nothing
    Header(NEEDS_CSUM, GSO_TCP4, 54, 0xffff, 34, 16),  # means another thing
    Header(NEEDS_CSUM, GSO_TCP4, 54, 1460, 5000, 16),  # beyond the frame
    Header(NEEDS_CSUM, GSO_TCP4, 54, 1460, 34, 60000),
    Header(NEEDS_CSUM, GSO_TCP4, 54, 1460, 34, 6),     # not TCP's checksum
    Header(NEEDS_CSUM, 0, 0, 0, 65535, 65535),
    Header(NEEDS_CSUM, 77, 54, 1460, 34, 16),          # no such kind
    Header(buffers=65535), Header(buffers=100),
)
# Linux does not use these fields, or takes them as they are.
ODD = (Header(NEEDS_CSUM, GSO_TCP4, 65535, 1460, 34, 16),
       Header(NEEDS_CSUM, GSO_TCP4, 54, 1, 34, 16),
       Header(NEEDS_CSUM, GSO_TCP4, 0, 60000, 34, 16))


def refused(guest):
    """Frames that the driver has dropped because they made no sense."""
    counts = re.findall(r"^net0 +(?:card rx_(?:frame|length)_errors|"
                        r"dropped, malformed) +(\d+)$",
                        guest.run("net stats"), re.M)
    return sum(map(int, counts))


def alive(guest):
    """A ping ends. Typed without a look at the echo: what the driver says of a
    bad frame may come in between."""
    guest.send("net ping 10.9.0.1 1\r")
    guest.expect("^1 sent")
    guest.expect(f"^{qemu.PROMPT}")


@twins
def test_offload_bad_card(t):
    """A card that writes nonsense: frames are dropped, counted; no more."""
    net = VhostNet(t.folder)
    with machine(t, net) as (guest, station), station.tcp(7) as stream:
        stream.sendall(b"before")
        demand(stream.recv(16) == b"before", "no echo before")
        frame = tcp_frame(net.mac, bytes(1000), 4444)
        for header in BAD + ODD:
            net.send_raw(frame, header)
            alive(guest)
        net.send_raw(b"", Header())
        for length in (0, 13, 100_000, 0xffffffff):
            net.send_length(length)
            alive(guest)
        found = refused(guest)
        # A length beyond the buffer makes the native driver reset the card.
        demand(found >= len(BAD) + t.pick(4, 2), f"{found} were counted")
        stream.sendall(b"after")
        demand(stream.recv(16) == b"after", "no echo after")
        streams(guest, station, 500_000)
        guest.finish()
