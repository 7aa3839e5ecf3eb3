# SPDX-License-Identifier: BSD-2-Clause
"""tcp_peer.py - a host on a card of vhost_net.py that speaks TCP.

Enough of RFC 9293 for a test: connections that this side opens, over a wire
that loses nothing, so a segment that comes out of order is a failure. Each
received segment's checksums are verified. What is sent leaves checksums and
cutting to the receiver, as a virtual machine's neighbour does.
A Connection has the methods of a socket that the tests use.
"""
import queue
import struct
import time

import vhost_net
import wire
from vring import need

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
MSS = 1460
MERGED_MAX = 64000               # payload of a frame that we send
MERGED_LEAST = 16000             # wait for so much room, if there is so much
LIMIT_S = 20
ACK_EVERY = 8                    # segments, while more of them wait


class TcpStation(wire.Station):
    """A station whose connections get the segments that are for them."""

    def __init__(self, net, address, dhcp):
        super().__init__(net, address, dhcp)
        self.guest = self.dhcp
        self.connections = {}    # by our port
        self.port = {}           # as test_ip.Net: what is not forwarded

    def answer(self, frame):
        """TCP to a connection, or what any station answers."""
        if not vhost_net.is_tcp(frame):
            return super().answer(frame)
        _, at, _ = vhost_net.tcp_headers(frame)
        port, = struct.unpack_from(">H", frame, at + 2)
        if port in self.connections:
            self.connections[port].inbox.put(frame)
        return port in self.connections

    def tcp(self, port):
        """A new connection to a service of the guest."""
        return Connection(self, 40000 + len(self.connections), port)


class Sink:
    """Takes segments of no connection for a port, and keeps their order."""

    def __init__(self, station, port):
        self.inbox = queue.SimpleQueue()
        self.at = 0
        station.connections[port] = self

    def recv(self):
        """The payload of the next segment, whose checksum must be right."""
        frame = self.inbox.get(timeout=LIMIT_S)
        _, at, end = vhost_net.tcp_headers(frame)
        sequence, = struct.unpack_from(">I", frame, at + 4)
        need(vhost_net.tcp_sum_good(frame), "a TCP checksum is wrong")
        need(sequence == self.at & 0xffffffff, f"segment {sequence:#x} came "
             f"instead of {self.at:#x}")
        self.at += len(frame) - end
        return frame[end:]


class Connection:
    """One connection; used by one thread."""

    def __init__(self, station, port, guest_port):
        self.station, self.ports = station, (port, guest_port)
        self.inbox = queue.SimpleQueue()
        self.sequence = self.acked = 0x7ffffff0      # wraps to "negative"
        self.expected = self.window = self.unanswered = 0
        self.came = bytearray()
        self.ended = False
        station.connections[port] = self
        self._put(SYN, options=struct.pack(">BBH", 2, 4, MSS))
        self.sequence += 1
        self._wait(lambda: self.acked == self.sequence)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        del self.station.connections[self.ports[0]]

    def _put(self, flags, data=b"", options=b""):
        tcp = struct.pack(">HHIIBBHHH", *self.ports, self.sequence & 0xffffffff,
                          self.expected, (20 + len(options)) << 2, flags,
                          0xffff, 0, 0) + options
        packet = wire.ipv4(self.station.address, self.station.guest, wire.TCP,
                           tcp + data)
        frame = wire.GUEST_MAC + self.station.MAC + b"\x08\0" + packet
        self.station.wire.send(*vhost_net.partial(frame, MSS))
        self.unanswered = 0

    def _wait(self, done):
        """Take segments in until done() is true."""
        until = time.monotonic() + LIMIT_S
        while not done():
            need(time.monotonic() < until, f"TCP to port {self.ports[1]}: "
                 f"nothing more for {LIMIT_S} s")
            try:
                self._take(self.inbox.get(timeout=0.5))
            except queue.Empty:
                self.station.wire.backend.check()

    def _take(self, frame):
        need(vhost_net.tcp_sum_good(frame), "a TCP checksum is wrong")
        _, at, end = vhost_net.tcp_headers(frame)
        sequence, acked = struct.unpack_from(">II", frame, at + 4)
        flags = frame[at + 13]
        if flags & RST:
            raise ConnectionResetError("the guest has reset the connection")
        total, = struct.unpack_from(">H", frame, 16)
        data = frame[end:14 + total]
        if flags & SYN:
            self.expected = sequence
        need(sequence == self.expected or not data,
             f"segment {sequence:#x} came instead of {self.expected:#x}")
        self.acked += (acked - self.acked) & 0xffffffff
        self.window, = struct.unpack_from(">H", frame, at + 14)
        self.came += data
        length = len(data) + bool(flags & SYN) + bool(flags & FIN)
        self.expected = (self.expected + length) & 0xffffffff
        self.ended = self.ended or bool(flags & FIN)
        self.unanswered += length > 0
        if self.unanswered >= ACK_EVERY or \
                self.unanswered and self.inbox.empty():
            self._put(ACK)

    def sendall(self, data):
        """Send all, as the guest's window opens."""
        data = memoryview(data)
        while data:
            least = min(len(data), MERGED_LEAST)
            self._wait(lambda wanted=least: self._room() >= wanted)
            part = data[:min(self._room(), MERGED_MAX)]
            self._put(ACK | PSH, bytes(part))
            self.sequence += len(part)
            data = data[len(part):]

    def _room(self):
        return self.acked + self.window - self.sequence

    def shutdown(self, _how):
        """No more data from this side, and all of it has arrived."""
        self._put(FIN | ACK)
        self.sequence += 1
        self._wait(lambda: self.acked == self.sequence)

    def recv(self, size):
        """Some bytes; none: the guest has ended."""
        self._wait(lambda: self.came or self.ended)
        data = bytes(self.came[:size])
        del self.came[:size]
        return data
