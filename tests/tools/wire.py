# SPDX-License-Identifier: BSD-2-Clause
"""wire.py - the host's end of a guest's network cable: exact frames.

A Wire is QEMU's -netdev dgram on unix sockets: what the guest sends is read
here frame by frame, and what is sent here arrives there as it is. A Station
is a host on that wire which answers ARP and ping, and DHCP and DNS if told to.
"""
import collections
import dataclasses
import ipaddress
import os
import select
import socket
import struct
import threading
import time

GUEST_MAC = bytes.fromhex("525400123456")
BROADCAST = b"\xff" * 6
ETH_IP, ETH_ARP = 0x0800, 0x0806
ICMP, TCP, UDP = 1, 6, 17


class Wire:
    """One cable. Use `arguments` for QEMU, then send and receive."""

    def __init__(self, folder, name="net0", mac=GUEST_MAC, transport=16):
        self.name, self.mac, self.transport = name, mac, transport
        self.guest = os.path.join(folder, f"{name}.guest")
        self.host = os.path.join(folder, f"{name}.host")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.host)

    def arguments(self, options=""):
        """QEMU's options for the card at this end."""
        mac = ":".join(f"{b:02x}" for b in self.mac)
        return ["-netdev", f"dgram,id={self.name},local.type=unix,"
                f"local.path={self.guest},remote.type=unix,"
                f"remote.path={self.host}",
                "-device", f"virtio-net-device,netdev={self.name},mac={mac},"
                f"bus=virtio-mmio-bus.{self.transport}{options}"]

    def send(self, frame):
        """Put a frame on the wire; waits while QEMU does not take it."""
        self.socket.sendto(frame, self.guest)

    def receive(self, timeout=5.0):
        """The next frame of the guest, or None."""
        ready, _, _ = select.select([self.socket], [], [], timeout)
        return self.socket.recv(65536) if ready else None

    def close(self):
        """Unplug."""
        self.socket.close()


def checksum(data):
    """The Internet checksum of RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ipv4(source, target, protocol, payload):
    """An IPv4 packet in one piece."""
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64,
                       protocol, 0, source, target)
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def udp(source, target, data):
    """A UDP datagram without a checksum, which IPv4 allows."""
    return struct.pack(">HHHH", source, target, 8 + len(data), 0) + data


@dataclasses.dataclass
class Datagram:
    """What a frame with UDP inside says."""
    mac: bytes                   # of the sender
    source: bytes
    target: bytes
    source_port: int
    target_port: int
    data: bytes


def datagram_read(frame):
    """A frame's UDP datagram, or None if it holds no whole one."""
    if len(frame) < 42 or struct.unpack(">H", frame[12:14])[0] != ETH_IP or \
            frame[23] != UDP or struct.unpack(">H", frame[20:22])[0] & 0x3fff:
        return None
    at = 14 + (frame[14] & 15) * 4
    source, target, length, _ = struct.unpack(">HHHH", frame[at:at + 8])
    return Datagram(frame[6:12], frame[26:30], frame[30:34], source, target,
                    frame[at + 8:at + length])


class Background(threading.Thread):
    """Something that goes on while a test runs: use `with`, which ends it.

    Its run() is to look at `ending`.
    """

    def __init__(self):
        super().__init__(daemon=True)
        self.ending = False

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *unused):
        self.ending = True
        self.join()


class Station(Background):
    """A host on a wire. `heard` has the frames that it did not answer."""

    MAC = bytes.fromhex("020000000001")

    def __init__(self, wire, address="10.9.0.1", dhcp=None, names=None):
        super().__init__()
        self.wire = wire
        self.address = ipaddress.IPv4Address(address).packed
        self.dhcp = dhcp and ipaddress.IPv4Address(dhcp).packed
        self.names = {n: ipaddress.IPv4Address(a).packed
                      for n, a in (names or {}).items()}
        self.heard = collections.deque(maxlen=10_000)
        self.count = {"arp": 0, "ping": 0, "dhcp": 0, "dns": 0}

    def run(self):
        """Answer until told to end."""
        while not self.ending:
            frame = self.wire.receive(0.1)
            if frame and not self.answer(frame):
                self.heard.append(frame)

    def wait_for(self, what, timeout=20.0):
        """The first frame for which what(frame) is true; None: none came."""
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            for frame in list(self.heard):
                if what(frame):
                    return frame
            time.sleep(0.01)
        return None

    def send_ip(self, mac, packet):
        """A packet to a station."""
        self.wire.send(mac + self.MAC + struct.pack(">H", ETH_IP) + packet)

    def send_udp(self, mac, address, ports, data):
        """A datagram to a station; ports are (source, target)."""
        self.send_ip(mac, ipv4(self.address, address, UDP, udp(*ports, data)))

    def answer(self, frame):
        """Answer what is asked of this station. False: it is not."""
        if struct.unpack(">H", frame[12:14])[0] == ETH_ARP:
            return self.answer_arp(frame)
        if frame[23] == ICMP and frame[30:34] == self.address:
            return self.answer_ping(frame)
        asked = datagram_read(frame)
        if asked and self.dhcp and asked.target_port == 67:
            return self.answer_dhcp(asked)
        if asked and self.names and asked.target_port == 53:
            return self.answer_dns(asked)
        return False

    def answer_arp(self, frame):
        """RFC 826: who has our address?"""
        if frame[38:42] != self.address or frame[21] != 1:
            return False
        self.count["arp"] += 1
        self.wire.send(frame[6:12] + self.MAC + frame[12:20] + b"\0\2"
                       + self.MAC + self.address + frame[22:32])
        return True

    def answer_ping(self, frame):
        """RFC 792: an echo reply for an echo request in one piece."""
        at = 14 + (frame[14] & 15) * 4
        length = struct.unpack(">H", frame[16:18])[0]
        if frame[at] != 8:
            return False
        self.count["ping"] += 1
        body = b"\0\0\0\0" + frame[at + 4:14 + length]
        body = body[:2] + struct.pack(">H", checksum(body)) + body[4:]
        self.send_ip(frame[6:12],
                     ipv4(self.address, frame[26:30], ICMP, body))
        return True

    def answer_dhcp(self, asked):
        """RFC 2131: an offer for a discover, an ack for a request."""
        kind = asked.data[asked.data.index(b"\x35\x01") + 2]
        self.count["dhcp"] += 1
        head = b"\2\1\6\0" + asked.data[4:8] + bytes(8) + self.dhcp \
            + self.address + bytes(4) + asked.data[28:44] + bytes(192)
        options = b"\x63\x82\x53\x63\x35\1" + bytes([2 if kind == 1 else 5]) \
            + b"\x36\4" + self.address + b"\x33\4\0\0\x0e\x10" \
            + b"\1\4\xff\xff\xff\0" + b"\3\4" + self.address \
            + b"\6\4" + self.address + b"\xff"
        self.send_udp(BROADCAST, BROADCAST[:4], (67, 68), head + options)
        return True

    def answer_dns(self, asked):
        """RFC 1035: one address, or no such name."""
        labels, at = [], 12
        while asked.data[at]:
            labels.append(asked.data[at + 1:at + 1 + asked.data[at]])
            at += 1 + asked.data[at]
        found = self.names.get(b".".join(labels).decode())
        self.count["dns"] += 1
        head = asked.data[:2] + struct.pack(
            ">HHHHH", 0x8180 if found else 0x8183, 1, 1 if found else 0, 0, 0)
        reply = b"" if not found else b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + found
        self.send_udp(asked.mac, asked.source, (53, asked.source_port),
                      head + asked.data[12:at + 5] + reply)
        return True
