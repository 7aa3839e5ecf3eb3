# SPDX-License-Identifier: BSD-2-Clause
"""test_nic.py - the net class with both virtio_net: exact frames on a wire.

The host's end is wire.py; the guest's is the nettest program (apps/nettest), a
client of the driver like any other. The IP stack of the system is there too:
it is the first client of the card, and its frames are not looked at here.
"""
import hashlib
import random
import re
import struct
import time

import wire
from harness import demand, twins
from test_config import told
from qmp import Qmp, socket_options

STATION = bytes.fromhex("020000000001")
KIND = bytes.fromhex("88b5")     # local experimental ethertype


def card(t, folder=None, options=()):
    """A machine with one card; return it and its wire."""
    cable = wire.Wire(str(folder or t.folder))
    return t.guest(extra=(*cable.arguments(), *options)), cable


def boot(guest):
    """Boot, until all has started and the IP stack has the card: then later
    clients are second."""
    guest.boot()
    told(guest, "kaal: ready, ")
    until = time.monotonic() + 30
    while "net0" not in guest.run("net list"):
        demand(time.monotonic() < until, "the IP stack has no card")
        time.sleep(0.1)


def start(guest, what, others=0):
    """Start nettest in the background, when only so many still run."""
    until = time.monotonic() + 30
    while len(re.findall(" nettest .* ready ", guest.run("ps"))) > others:
        demand(time.monotonic() < until, "an earlier nettest did not end")
        time.sleep(0.1)
    guest.start(f"start nettest net0 {what}", "nettest: ready")


def address(guest):
    """The address that the next nettest will have."""
    found = guest.demand("run nettest net0 info", r"nettest: ([0-9a-f:]{17}) ")
    return bytes.fromhex(found[1].replace(":", ""))


def frame_to(mac, length, seed):
    """A frame of exactly this length, header included."""
    body = random.Random(seed).randbytes(max(length - 14, 0))
    return (mac + STATION + KIND + body)[:length]


def heard(cable, count, timeout=20):
    """The next `count` frames of nettest's kind that come from the guest."""
    frames = []
    until = time.monotonic() + timeout
    while len(frames) < count and time.monotonic() < until:
        frame = cable.receive(1)
        if frame and frame[12:14] == KIND:
            frames.append(frame)
    return frames


@twins
def test_nic_frames(t):
    """Frames of every length, to the guest and back, to the byte in order."""
    guest, cable = card(t)
    with guest:
        boot(guest)
        mac = address(guest)
        frames = [frame_to(mac, 14 + n * 5, n) for n in range(301)]
        digest = hashlib.sha256()
        for frame in frames:
            digest.update(struct.pack("<I", len(frame)) + frame)
        start(guest, f"receive {len(frames)}")
        for at in range(0, len(frames), 50):
            for frame in frames[at:at + 50]:
                cable.send(frame)
            time.sleep(0.05)     # the wire holds more than the card has room
        guest.expect(f"nettest: {sum(map(len, frames))} bytes, "
                     f"sha256 {digest.hexdigest()}", 30)
        start(guest, "echo 100")
        for frame in frames[:100]:
            cable.send(frame)
            back = heard(cable, 1)
            demand(back == [STATION + mac + frame[12:]],
                   f"echo of {len(frame)} bytes: {back}")
        guest.finish()


@twins
def test_nic_send(t):
    """What the guest sends arrives: all of it, short, long and in bursts."""
    guest, cable = card(t)
    with guest:
        boot(guest)
        mac = address(guest)
        for length, count in ((14, 20), (60, 500), (300, 500), (1514, 500)):
            guest.send(f"run nettest net0 send {count} {length}\r")
            frames = heard(cable, count)
            guest.expect("ended with status 0")
            guest.expect("kaal> ")
            demand(len(frames) == count,
                   f"{len(frames)} of {count} frames of {length} bytes")
            demand(all(f[:14] == STATION + mac + KIND and len(f) == length
                       for f in frames), f"a frame of {length} bytes differs")
        guest.finish()


@twins
def test_nic_lengths(t):
    """Frames of 0, 13, 14, 1514, 1515 and 65,535 bytes, both ways.

    QEMU takes an empty datagram for the end of the wire, so none of 0 bytes
    can come from there; tests/unit/dddk_net_service.c has one.
    """
    guest, cable = card(t)
    with guest:
        boot(guest)
        output = guest.run("run nettest net0 sizes")
        for length in (0, 13):
            demand(f"send {length}: an argument makes no sense" in output,
                   output)
        for length in (14, 60, 1514):
            demand(f"send {length}: success" in output, output)
        for length in (1515, 65535):
            demand(f"send {length}: beyond the end" in output, output)
        demand([len(f) for f in heard(cable, 3)] == [14, 60, 1514],
               "other frames than those of 14, 60 and 1514 bytes were sent")
        mac = address(guest)
        start(guest, "receive 4")
        for length in (13, 14, 1514, 65535, 1, 3000, 1515):
            cable.send(frame_to(mac, length, length))
        cable.send(frame_to(mac, 60, 5))
        # nettest lends 2048 bytes for each frame.
        guest.expect(f"nettest: {14 + 1514 + 1515 + 60} bytes", 30)
        guest.expect("too long 2, refused 0")
        start(guest, "echo 1")
        cable.send(frame_to(mac, 60, 6))
        demand(len(heard(cable, 1)) == 1, "no echo after the odd lengths")
        guest.finish()


@twins
def test_nic_link(t):
    """The link goes down and up: clients are told, frames refused meanwhile."""
    path = t.folder / "qmp"
    guest, cable = card(t, options=socket_options(path))
    with guest, Qmp(path) as qmp:
        boot(guest)
        guest.start("start nettest net0 link 4", "nettest: link up")
        for _ in range(2):
            qmp.run("set_link", name="net0", up=False)
            guest.expect("link down: success, a frame: the other side has "
                         "ended", 30)
            qmp.run("set_link", name="net0", up=True)
            guest.expect("link up: success, a frame: success", 30)
        demand(len(heard(cable, 2)) == 2, "frames after the link came back")
        guest.finish()


@twins
def test_nic_link_down_at_boot(t):
    """A card without a link: the driver starts, clients wait for the wire."""
    path = t.folder / "qmp"
    guest, _ = card(t, options=(*socket_options(path), "-S"))
    with guest, Qmp(path) as qmp:
        qmp.run("set_link", name="net0", up=False)
        qmp.run("cont")
        boot(guest)
        guest.demand("run nettest net0 info", "link 0")
        guest.start("start nettest net0 link 1", "nettest: link down")
        qmp.run("set_link", name="net0", up=True)
        guest.expect("link up: success, a frame: success", 30)
        guest.finish()


def memory(guest):
    """What each process holds, from ps: name -> (ram, dma) KiB."""
    rows = re.findall(r"^ *\d+ (\S+) .*?(\d+) +(\d+) +\d+ +\d+ +\d+$",
                      guest.run("ps"), re.M)
    return {name: (ram, dma) for name, ram, dma in rows if name != "nettest"}


@twins
def test_nic_flood(t):
    """A host faster than its client: frames are dropped, nothing grows."""
    guest, cable = card(t)
    with guest:
        boot(guest)
        mac = address(guest)
        driver = t.pick("virtio_net", "native_virtio_net")
        # The driver's tables for lent memory come with the first client.
        guest.run("run nettest net0 idle 1 16")
        before = memory(guest)[driver]
        start(guest, "idle 4000 16")
        end = time.monotonic() + 3
        sent = 0
        while time.monotonic() < end:
            cable.send(frame_to(mac, 60 + sent % 1400, 1))
            sent += 1
        found = guest.expect(r"nettest: sent 0, received (\d+), no buffer "
                             r"(\d+), too long 0, refused 0", 60)
        demand(int(found[1]) == 16, f"{found[0]}: 16 buffers were lent")
        demand(int(found[2]) > 100, f"{found[0]}: {sent} frames were sent")
        guest.demand(f"counters {driver}", r"net dropped, no buffer +"
                     fr"{found[2]} events")
        guest.demand("net stats", r"net0 +dropped, no buffer +"
                     fr"{found[2]}$")
        after = memory(guest)[driver]
        demand(after == before, f"memory: {before} before, {after} after")
        start(guest, "echo 20")
        for n in range(20):
            cable.send(frame_to(mac, 100, n))
            demand(len(heard(cable, 1)) == 1, f"no echo of frame {n}")
        guest.finish()


class Flood(wire.Background):
    """Sends one frame again and again, as fast as the wire takes it."""

    def __init__(self, cable, frame):
        super().__init__()
        self.cable, self.frame, self.sent = cable, frame, 0

    def run(self):
        """Until told to end."""
        while not self.ending:
            self.cable.send(self.frame)
            self.sent += 1


@twins
def test_nic_load(t):
    """A client that reads under a flood gets on, and the shell does too."""
    guest, cable = card(t)
    with guest:
        boot(guest)
        mac = address(guest)
        start(guest, "receive 30000 1")
        with Flood(cable, frame_to(mac, 64, 1)) as flood:
            found = guest.expect(r"nettest: sent 0, received (\d+), no buffer "
                                 r"(\d+), too long 0", 60)
            guest.demand("net list", "net0")
        demand(30000 <= int(found[1]) <= flood.sent, found[0])
        guest.finish()


@twins
def test_nic_two_clients(t):
    """Two clients on one card: own addresses, no frame of the other's."""
    guest, cable = card(t)
    with guest:
        boot(guest)
        first = address(guest)
        start(guest, "receive 40")
        second = address(guest)
        demand(first != second, "two clients have one address")
        start(guest, "echo 40", others=1)
        digest = hashlib.sha256()
        for n in range(40):
            frame = frame_to(first, 60 + n * 30, n)
            digest.update(struct.pack("<I", len(frame)) + frame)
            cable.send(frame)
            other = frame_to(second, 90 + n * 30, n)
            cable.send(other)
            demand(heard(cable, 1) == [STATION + second + other[12:]],
                   "the second client's echo")
        for _ in range(2):       # one each, in any order
            guest.expect(f"sha256 {digest.hexdigest()}|echo: 40 frames", 30)
        guest.demand("run nettest net0 spoof",
                     "foreign source: not granted by the manifest")
        demand(cable.receive(0.2) is None or not heard(cable, 1, 1),
               "a frame with a foreign source left the card")
        guest.finish()


@twins
def test_nic_groups(t):
    """Multicasts come only to who joined the group."""
    group = bytes.fromhex("01005e000077")
    guest, cable = card(t)
    with guest:
        boot(guest)
        start(guest, "receive 1")
        cable.send(frame_to(group, 60, 1))
        guest.start("start nettest net0 groups", "nettest: joined: success")
        cable.send(frame_to(group, 90, 2))
        guest.expect("nettest: left: success", 30)
        # The other client has seen neither; this one is for all.
        cable.send(frame_to(b"\xff" * 6, 70, 3))
        guest.expect("nettest: 70 bytes", 30)
        guest.finish()


def test_nic_two_cards(t):
    """Two cards: Linux's driver has net0, the native one net1; both carry."""
    extra = []
    for name, transport in (("one", 16), ("two", 24)):
        extra += ["-netdev", f"user,id={name}", "-device",
                  f"virtio-net-device,netdev={name},"
                  f"bus=virtio-mmio-bus.{transport}"]
    with t.guest(extra=extra) as guest:
        guest.boot()
        told(guest, "kaal: ready, ")
        for number, driver in ((0, "linux"), (1, "native")):
            guest.demand("ps", rf"virtio_net +{driver} +net{number} +ready")
            guest.demand(f"net info {number}", f"driver +{driver} virtio_net")
            until = time.monotonic() + 30
            while not re.search(r"received +[1-9]",
                                guest.run(f"net info {number}")):
                demand(time.monotonic() < until, f"net{number} is silent")
        guest.finish()
