# SPDX-License-Identifier: BSD-2-Clause
"""vring.py - a virtio ring seen from the device: take buffers, give them back.

Split rings, with indirect descriptors and event index if the guest's driver
took them. All of a ring was written by a guest: each field is checked, each
chain is bounded, and what is wrong raises an Error that says which queue.
Source: VIRTIO 1.2, section 2.7. Read next: vhost_user.py
"""
import mmap
import os
import struct
import threading

F_INDIRECT, F_EVENT_IDX = 1 << 28, 1 << 29
REGIONS_MAX = 8                  # that QEMU shares at a time
RING_MAX = 32768                 # entries; VIRTIO 1.2, 2.7
DESC_NEXT, DESC_WRITE, DESC_INDIRECT = 1, 2, 4
AVAIL_NO_INTERRUPT = 1


class Error(Exception):
    """QEMU or the guest has broken a rule; says which."""


def need(fact, why):
    """Everything that another side has said goes through here."""
    if not fact:
        raise Error(why)


_fence = threading.Lock()


def fence():
    """A full barrier: taking a lock is one. Partner: virtio_mb of Linux."""
    with _fence:
        pass


class Memory:
    """The guest's memory, as QEMU has shared it."""

    def __init__(self):
        self.regions = []        # (guest address, QEMU's address, bytes)

    def map(self, regions, fds):
        """Replace all regions by (guest, size, user, offset in the file)."""
        need(len(regions) == len(fds) <= REGIONS_MAX,
             f"{len(regions)} regions with {len(fds)} files")
        self.regions = []
        for (guest, size, user, offset), fd in zip(regions, fds):
            whole = memoryview(mmap.mmap(fd, size + offset))
            self.regions.append((guest, user, whole[offset:offset + size]))

    def _at(self, which, address, size):
        for region in self.regions:
            at = address - region[which]
            if 0 <= at and at + size <= len(region[2]):
                return region[2][at:at + size]
        raise Error(f"{size} bytes at {address:#x} are not the guest's memory")

    def guest(self, address, size):
        """Bytes by the address that the guest uses."""
        return self._at(0, address, size)

    def user(self, address, size):
        """Bytes by the address that QEMU uses, as in messages."""
        return self._at(1, address, size)


class Chain:
    """Buffers that the guest has given together."""

    def __init__(self, head):
        self.head = head
        self.readable = []       # memoryviews, for the device to read
        self.writable = []       # and to fill

    def room(self):
        """Bytes that fit into it."""
        return sum(map(len, self.writable))

    def read(self):
        """All that it holds."""
        return b"".join(self.readable)

    def write(self, data):
        """Fill from the start; return how much did not fit."""
        data = memoryview(data)
        for buffer in self.writable:
            part = data[:len(buffer)]
            buffer[:len(part)] = part
            data = data[len(part):]
        return len(data)


class Ring:
    """One virtqueue. `calls` counts interrupts, `kicks` the guest's.

    What the guest reads at any time is written through views of 16-bit words:
    one store each. struct.pack_into clears the bytes first, and the guest has
    seen an index of 0. (Words are little-endian, as on every host we know.)
    """

    def __init__(self, memory, index):
        self.memory, self.index = memory, index
        self.size = self.next = self.used_next = 0
        self.desc = self.avail = self.used = self.used_words = None
        self.kick = self.call = -1
        self.enabled = False
        self.features = 0
        self.chains = self.calls = self.kicks = 0

    def ready(self):
        """May it be worked on?"""
        return self.enabled and self.kick >= 0 and self.desc is not None

    def place(self, desc, used, avail):
        """Where the parts lie, in QEMU's addresses."""
        need(0 < self.size <= RING_MAX and not self.size & self.size - 1,
             f"queue {self.index} has {self.size} entries")
        self.desc = self.memory.user(desc, 16 * self.size)
        self.avail = self.memory.user(avail, 6 + 2 * self.size).cast("H")
        self.used = self.memory.user(used, 6 + 8 * self.size)
        self.used_words = self.used.cast("H")

    def waiting(self):
        """How many chains the guest has given that were not taken."""
        count = (self.avail[1] - self.next) & 0xffff
        need(count <= self.size, f"queue {self.index}: {count} chains in "
             f"{self.size} entries")
        return count

    def _descriptors(self, head):
        """(address, length, flags) of a chain, following one indirection."""
        table, at, left = self.desc, head, self.size
        while True:
            need(left > 0, f"queue {self.index}: chain {head} has no end")
            need(at < len(table) // 16, f"queue {self.index}: descriptor {at}"
                 f" of {len(table) // 16}")
            address, size, flags, after = struct.unpack_from("<QIHH", table,
                                                             at * 16)
            left -= 1
            if flags & DESC_INDIRECT:
                need(self.features & F_INDIRECT and table is self.desc
                     and not flags & DESC_NEXT and size and size % 16 == 0,
                     f"queue {self.index}: a bad indirect descriptor")
                table, at, left = self.memory.guest(address, size), 0, size // 16
                continue
            yield address, size, flags
            if not flags & DESC_NEXT:
                return
            at = after

    def take(self):
        """The next chain, or None."""
        if not self.waiting():
            return None
        chain = Chain(self.avail[2 + self.next % self.size])
        for address, size, flags in self._descriptors(chain.head):
            buffer = self.memory.guest(address, size)
            if flags & DESC_WRITE:
                chain.writable.append(buffer)
            else:
                need(not chain.writable, f"queue {self.index}: a readable "
                     "buffer behind a writable one")
                chain.readable.append(buffer)
        self.next = (self.next + 1) & 0xffff
        self.chains += 1
        return chain

    def untake(self):
        """The chain taken last stays in the ring."""
        self.next = (self.next - 1) & 0xffff
        self.chains -= 1

    def give(self, *done):
        """Return chains: (chain, bytes written). The guest sees all at once.

        Without any there is nothing to see, and nobody is told.
        """
        if not done:
            return
        at = self.used_next
        for chain, written in done:
            struct.pack_into("<II", self.used, 4 + at % self.size * 8,
                             chain.head, written)
            at = (at + 1) & 0xffff
        fence()                  # the entries before the index
        self.used_words[1] = at
        before, self.used_next = self.used_next, at
        fence()                  # the index before what the guest wants
        if self._wants_call(before):
            self.interrupt()

    def _wants_call(self, before):
        if not self.features & F_EVENT_IDX:
            return not self.avail[0] & AVAIL_NO_INTERRUPT
        event = self.avail[2 + self.size]
        new = self.used_next
        return (new - event - 1) & 0xffff < (new - before) & 0xffff

    def interrupt(self):
        """Tell the guest."""
        self.calls += 1
        if self.call >= 0:
            os.write(self.call, struct.pack("=Q", 1))

    def listen(self):
        """Ask for a kick with the next chain. Return: has one come already?"""
        if self.features & F_EVENT_IDX:
            self.used_words[2 + self.size * 4] = self.next
        fence()                  # our wish before the last look
        return self.waiting() > 0
