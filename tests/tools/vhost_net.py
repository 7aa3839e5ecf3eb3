# SPDX-License-Identifier: BSD-2-Clause
"""vhost_net.py - a virtio network card with offloads, for tests.

Behind vhost_user.py: queue 0 has buffers for frames to the guest, queue 1
frames from it. The card does what it has offered: it completes checksums and
cuts TCP frames into segments, so that `receive` gives what a real wire would
carry, and counts how often. To the guest it leaves checksums and merged frames
if the guest's driver took those features, and does the work itself if not.
The control queue and the link are QEMU's. A VhostNet stands for a wire.Wire.
Source: VIRTIO 1.2, section 5.1.6.
"""
import collections
import queue
import struct
import threading

import vhost_user
import wire
from vring import F_EVENT_IDX, F_INDIRECT, need

(F_CSUM, F_GUEST_CSUM, F_GUEST_TSO4, F_GUEST_TSO6, F_HOST_TSO4, F_HOST_TSO6,
 F_MRG_RXBUF, F_GUEST_ANNOUNCE) = (1 << b for b in (0, 1, 7, 8, 11, 12, 15, 21))
RING = F_INDIRECT | F_EVENT_IDX
OFFLOADS = (F_CSUM | F_GUEST_CSUM | F_GUEST_TSO4 | F_GUEST_TSO6 | F_HOST_TSO4
            | F_HOST_TSO6)
ALL = OFFLOADS | RING | F_MRG_RXBUF | F_GUEST_ANNOUNCE
NEEDS_CSUM, DATA_VALID = 1, 2
GSO_NONE, GSO_TCP4, GSO_TCP6 = 0, 1, 4
PENDING_MAX = 512                # frames that wait for the guest's buffers
SEND_S = 20

Header = collections.namedtuple(
    "Header", "flags gso_type hdr_len gso_size csum_start csum_offset buffers",
    defaults=(0,) * 7)
HEADER = struct.Struct("<BBHHHHH")
PLAIN = Header()


def is_tcp(frame):
    """Does it hold TCP, right behind its IP header?"""
    return len(frame) >= 54 and (frame[12:14], frame[23]) == (
        b"\x08\0", wire.TCP) or len(frame) >= 74 and (
        frame[12:14], frame[20]) == (b"\x86\xdd", wire.TCP)


def tcp_headers(frame):
    """(IP version, end of IP's header, end of TCP's) of a TCP frame."""
    need(is_tcp(frame), f"not a TCP frame: {frame[:54].hex()}")
    if frame[12] == 0x86:
        return 6, 54, 54 + (frame[66] >> 4) * 4
    at = 14 + (frame[14] & 15) * 4
    return 4, at, at + (frame[at + 12] >> 4) * 4


def pseudo_header(frame, version, at):
    """What TCP's checksum covers beside the segment. RFC 9293, 3.1."""
    addresses = frame[26:34] if version == 4 else frame[22:54]
    return addresses + struct.pack(">HI", wire.TCP, len(frame) - at)


def tcp_sum_good(frame):
    """Is a TCP frame's checksum right?"""
    version, at, _ = tcp_headers(frame)
    return wire.checksum(pseudo_header(frame, version, at) + frame[at:]) == 0


def completed(header, frame):
    """The frame with its checksum, which was left to the card."""
    if not header.flags & NEEDS_CSUM:
        return frame
    at = header.csum_start + header.csum_offset
    need(14 <= header.csum_start and at + 2 <= len(frame),
         f"the checksum's place {at} is not in {len(frame)} bytes")
    total = wire.checksum(frame[header.csum_start:])
    return frame[:at] + struct.pack(">H", total) + frame[at + 2:]


def _segment(headers, data, at, number, last):
    """One segment: lengths, number, flags and IP's checksum made right."""
    version, ip_end, end = headers
    head, piece = data[:end], data[end + at[0]:end + at[1]]
    sequence, = struct.unpack_from(">I", head, ip_end + 4)
    flags = head[ip_end + 13] & (0xff if last else 0xf6)     # FIN, PSH: last
    head = head[:ip_end + 4] + struct.pack(
        ">I", (sequence + at[0]) & 0xffffffff) + head[ip_end + 8:ip_end + 13] \
        + bytes([flags]) + head[ip_end + 14:]
    if version == 6:
        return head[:18] + struct.pack(">H", end - ip_end + len(piece)) \
            + head[20:] + piece
    name, = struct.unpack_from(">H", head, 18)
    ip = head[14:16] + struct.pack(
        ">HH", end - 14 + len(piece), (name + number) & 0xffff) \
        + head[20:24] + b"\0\0" + head[26:ip_end]
    ip = ip[:10] + struct.pack(">H", wire.checksum(ip)) + ip[12:]
    return head[:14] + ip + head[ip_end:] + piece


def segments(header, frame):
    """A frame that was left to the card to cut: what goes on the wire."""
    version, ip_end, end = headers = tcp_headers(frame)
    need(header.flags & NEEDS_CSUM and header.csum_start == ip_end
         and header.csum_offset == 16, f"{header}: no TCP checksum")
    # hdr_len is a hint: what the driver has in one piece. VIRTIO 5.1.6.2.1
    need(header.gso_type == (GSO_TCP4 if version == 4 else GSO_TCP6)
         and header.hdr_len >= end and header.gso_size > 0,
         f"{header} for IPv{version} with {end} bytes of headers")
    payload = len(frame) - end
    parts = []
    for number, start in enumerate(range(0, payload, header.gso_size)):
        stop = min(start + header.gso_size, payload)
        part = _segment(headers, frame, (start, stop), number, stop == payload)
        zero = part[:ip_end + 16] + b"\0\0" + part[ip_end + 18:]
        total = wire.checksum(pseudo_header(part, version, ip_end)
                              + zero[ip_end:])
        parts.append(part[:ip_end + 16] + struct.pack(">H", total)
                     + part[ip_end + 18:])
    return parts


def partial(frame, gso_size=0):
    """A TCP frame whose checksum, and cutting, is left to the receiver."""
    version, at, end = tcp_headers(frame)
    total = ~wire.checksum(pseudo_header(frame, version, at)) & 0xffff
    frame = frame[:at + 16] + struct.pack(">H", total) + frame[at + 18:]
    kind = GSO_TCP4 if version == 4 else GSO_TCP6
    merged = gso_size and len(frame) - end > gso_size
    return frame, Header(NEEDS_CSUM, kind if merged else GSO_NONE,
                         end if merged else 0, gso_size if merged else 0, at, 16)


class VhostNet:
    """The card. Give it to vhost_user.Backend; see `attached`."""

    name = "net0"
    queues = 2
    config = None
    mac = wire.GUEST_MAC

    def __init__(self, folder, features=ALL):
        self.features = features
        self.backend = vhost_user.Backend(self, str(folder))
        self.heard = queue.SimpleQueue()
        self.pending = collections.deque()   # (frame, header) to the guest
        self.room = threading.Semaphore(PENDING_MAX)
        self.count = collections.Counter()
        self.mute = False        # it sends nothing
        self.lies = False        # what it has sent has an id that no queue has
        self.stubborn = False    # a reset does not change that

    def __enter__(self):
        self.backend.__enter__()
        return self

    def __exit__(self, *exception):
        self.backend.__exit__(*exception)

    def arguments(self, mem="256M", options="", transport=16):
        """QEMU's options for a machine with this card."""
        mac = ":".join(f"{b:02x}" for b in self.mac)
        return (*self.backend.memory_arguments(mem), *self.backend.chardev(),
                "-netdev", f"vhost-user,id={self.name},chardev={self.name}",
                "-device", f"virtio-net-device,netdev={self.name},mac={mac},"
                f"id=card0,bus=virtio-mmio-bus.{transport}{options}")

    def has(self, feature):
        """Did the guest's driver take this feature?"""
        return bool(self.backend.acked & feature)

    def has_all(self, features):
        """Did it take all of these?"""
        return self.backend.acked & features == features

    def reset(self):
        """A queue has been stopped: from now on it sends again."""
        if not self.stubborn:
            self.mute = self.lies = False

    def kicked(self, ring):
        """The guest has given buffers (runs in the back end's thread)."""
        if ring.index == 0:
            self._deliver()
        elif not self.mute:
            self._drain(ring)

    # --- from the guest ----------------------------------------------------

    def _drain(self, ring):
        while True:
            for chain in iter(ring.take, None):
                self._sent(chain.read())
                chain.head += self.lies * ring.size
                ring.give((chain, 0))
            if not ring.listen():
                return

    def _sent(self, data):
        need(len(data) >= HEADER.size + 14, f"a frame of {len(data)} bytes")
        header = Header(*HEADER.unpack_from(data))
        frame = data[HEADER.size:]
        self.count["sent"] += 1
        self.count["partial"] += header.flags & NEEDS_CSUM
        need(not header.flags & NEEDS_CSUM or self.has(F_CSUM),
             "a checksum was left to a card that offers none")
        self.count["longest"] = max(self.count["longest"], len(frame))
        if header.gso_type == GSO_NONE:
            self.heard.put(completed(header, frame))
            return
        need(self.has(F_HOST_TSO4 if header.gso_type == GSO_TCP4
                      else F_HOST_TSO6), f"{header}: not offered")
        self.count[f"tso{header.gso_type}"] += 1
        for part in segments(header, frame):
            self.heard.put(part)

    def receive(self, timeout=5.0):
        """The next frame of the guest, as on a wire; None: none came."""
        self.backend.check()
        try:
            return self.heard.get(timeout=timeout)
        except queue.Empty:
            return None

    # --- to the guest ------------------------------------------------------

    def send(self, frame, header=None):
        """A frame; waits while too many wait for the guest.

        Without a header it is complete, and the card says so if it may.
        """
        if header is None:
            self._put(frame, Header(DATA_VALID if self.has(F_GUEST_CSUM)
                                    else 0))
        elif header.gso_type and not self.has(
                F_GUEST_TSO4 if header.gso_type == GSO_TCP4 else F_GUEST_TSO6):
            for part in segments(header, frame):
                self.send(part)
        elif header.flags & NEEDS_CSUM and not self.has(F_GUEST_CSUM):
            self.send(completed(header, frame))
        else:
            self._put(frame, header)

    def send_raw(self, frame, header):
        """A frame with any header, also one that makes no sense."""
        self._put(frame, header)

    def send_burst(self, frame, count):
        """One frame many times, at once, as long as they may wait."""
        for _ in range(count):
            self._queue(frame, PLAIN)
        self.backend.call(self._deliver)

    def send_length(self, written):
        """A buffer of the guest, empty, with a lie about what is in it."""
        ring = self.backend.rings[0]
        self.backend.call(lambda: ring.give((ring.take(), written)))

    def _put(self, frame, header):
        self._queue(frame, header)
        self.backend.call(self._deliver)

    def _queue(self, frame, header):
        if not self.room.acquire(timeout=SEND_S):
            self.backend.check()
            raise vhost_user.Error("the guest has lent no buffers for long")
        self.pending.append((frame, header))

    def _deliver(self):
        """Pending frames into the buffers that there are, and then tell once."""
        ring = self.backend.rings[0]
        done = []
        while self.pending and ring.ready():
            frame, header = self.pending[0]
            chains = self._chains(ring, HEADER.size + len(frame))
            if chains is None:
                ring.give(*done)
                done = []
                if not ring.listen():
                    return
                continue
            self.pending.popleft()
            self.room.release()
            done += self._fill(chains, frame, header)
        ring.give(*done)

    def _chains(self, ring, size):
        """Enough chains for so many bytes, or None."""
        chains = []
        while size > 0 and (not chains or self.has(F_MRG_RXBUF)):
            chain = ring.take()
            if not chain:
                for _ in chains:
                    ring.untake()
                return None
            chains.append(chain)
            size -= chain.room()
        need(size <= 0, f"{size} bytes too many for a buffer of the guest")
        return chains

    def _fill(self, chains, frame, header):
        self.count["received"] += 1
        self.count["merged"] += len(chains) > 1
        self.count["gso"] += header.gso_type != GSO_NONE
        buffers = header.buffers or len(chains)
        data = HEADER.pack(*header[:6], buffers) + frame
        done = []
        for chain in chains:
            part, data = data[:chain.room()], data[chain.room():]
            chain.write(part)
            done.append((chain, len(part)))
        return done
