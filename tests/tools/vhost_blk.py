# SPDX-License-Identifier: BSD-2-Clause
"""vhost_blk.py - a virtio disk for tests, which may lie or vanish.

Behind vhost_user.py: one queue, reads, writes and flushes of an image that is
in memory. Honest until `lie` names a way not to be; each lie is told a number
of times, or for as long as the driver does not reset the device, and the disk
is honest again. What it answers is always right where it answers honestly, so
a guest that sees other data has believed a lie.
Source: VIRTIO 1.2, section 5.2. Read next: vhost_user.py, test_hostile.py
"""
import os
import struct

import vhost_user
import write_log
from vring import F_EVENT_IDX, F_INDIRECT, fence, need

F_SEG_MAX, F_BLK_SIZE, F_FLUSH = 1 << 2, 1 << 6, 1 << 9
IN, OUT, FLUSH, GET_ID = 0, 1, 4, 8
OK, IOERR, UNSUPP = 0, 1, 2
SECTOR = 512
CONFIG_BYTES = 60                # up to and with virtio 1.2's secure erase
SEG_MAX = 126
ASTRAY = 1024                    # sectors, a power of two
STORM = 2000                     # interrupts without cause, of one lie


class VhostBlk:
    """The disk. Give QEMU `arguments()`, and use it as a context."""

    queues = 1

    def __init__(self, folder, data, name="hostile", features=0):
        self.name = name
        self.features = (F_INDIRECT | F_EVENT_IDX | F_SEG_MAX | F_BLK_SIZE
                         | F_FLUSH | features)
        self.data = bytearray(data)
        self.config = self.config_of(len(data) // SECTOR)
        self.backend = vhost_user.Backend(self, str(folder))
        self.lying = None        # a function of LIES
        self.left = 0            # chains that it still gets
        self.stubborn = False    # a reset does not cure it
        self.after = 0           # chains before them
        self.told = 0
        self.log = []            # write_log.Entry of what was done
        self.kept = []           # chains that never end

    def __enter__(self):
        self.backend.__enter__()
        return self

    def __exit__(self, *exception):
        self.backend.__exit__(*exception)

    @staticmethod
    def config_of(sectors, block=SECTOR):
        """The configuration space of a disk of so many sectors."""
        return struct.pack("<QIIHBBI", sectors, 0, SEG_MAX, 0, 0, 0,
                           block).ljust(CONFIG_BYTES, b"\0")

    def arguments(self, mem="256M", transport=16):
        """QEMU's options for a machine with this disk."""
        return (*self.backend.memory_arguments(mem), *self.backend.chardev(),
                "-device", f"vhost-user-blk,chardev={self.name},"
                f"num-queues=1,bus=virtio-mmio-bus.{transport}")

    # --- the test's side ---------------------------------------------------

    def lie(self, name, times=1, after=0, stubborn=False):
        """After some requests, so many times, or until the reset."""
        def begin():
            self.told, self.left = 0, times
            self.lying = getattr(VhostBlk, name)
            self.after, self.stubborn = after, stubborn
        self.backend.call(begin)

    def honest(self):
        """No more lies."""
        def end():
            self.lying = None
        self.backend.call(end)

    def resize(self, sectors):
        """The disk says it has another size."""
        def change():
            self.config = self.config_of(sectors)
            self.backend.config_changed()
        self.backend.call(change)

    def vanish(self):
        """The socket closes: QEMU has a device with nobody behind it."""
        self.backend.call(self.backend.hang_up)

    # --- the thread's side -------------------------------------------------

    def reset(self):
        """The driver has reset the device: nothing is left of the past."""
        if not self.stubborn:
            self.lying = None
        self.kept.clear()

    def kicked(self, ring):
        """Take what there is (runs in the back end's thread)."""
        while True:
            for chain in iter(ring.take, None):
                self._take(ring, chain)
            if not ring.listen():
                return

    def _take(self, ring, chain):
        self.after -= 1
        if not self.lying or self.after >= 0:
            ring.give((chain, self.answer(chain)))
            return
        self.told += 1
        self.left -= 1
        lying = self.lying
        if self.left == 0:
            self.lying = None
        lying(self, ring, chain)

    def answer(self, chain, status=OK, astray=0):
        """Do what a request asks, there or so far beside. Return: bytes written."""
        request = chain.read()
        need(len(request) >= 16, f"a request of {len(request)} bytes")
        kind, _, sector = struct.unpack_from("<IIQ", request)
        room, at = chain.room() - 1, (sector ^ astray) * SECTOR
        need(room >= 0, "a request without room for its status")
        data = b""
        if kind == IN and at + room <= len(self.data):
            data = self.data[at:at + room]
        elif kind == OUT and at + len(request) - 16 <= len(self.data):
            self.data[at:at + len(request) - 16] = request[16:]
            self.log.append(write_log.Entry(0, sector, request[16:]))
        elif kind == GET_ID:
            data = self.name.encode().ljust(room, b"\0")[:room]
        elif kind == FLUSH:
            self.log.append(write_log.Entry(write_log.FLUSH, 0, b""))
        else:
            status = IOERR if kind in (IN, OUT) else UNSUPP
        chain.write(bytes(data).ljust(room, b"\0") + bytes([status]))
        return room + 1

    # --- lies --------------------------------------------------------------

    def bad_id(self, ring, chain):
        """An id that no queue has."""
        chain.head = ring.size + 7
        ring.give((chain, self.answer(chain)))

    def other_id(self, ring, chain):
        """The id of a descriptor that begins no request."""
        chain.head = (chain.head + ring.size // 2 + 1) % ring.size
        ring.give((chain, self.answer(chain)))

    def double(self, ring, chain):
        """The same request ends twice."""
        written = self.answer(chain)
        ring.give((chain, written), (chain, written))

    def jump(self, ring, chain):
        """The used index is far beyond what was given."""
        ring.give((chain, self.answer(chain)))
        ring.used_next = (ring.used_next + ring.size // 2 + 3) & 0xffff
        fence()
        ring.used_words[1] = ring.used_next
        ring.interrupt()

    def too_short(self, ring, chain):
        """Says it wrote nothing, though it did."""
        self.answer(chain)
        ring.give((chain, 0))

    def too_long(self, ring, chain):
        """Says it wrote more than there is room for."""
        self.answer(chain)
        ring.give((chain, 0xfffffff0))

    def bad_status(self, ring, chain):
        """A verdict that no document knows."""
        ring.give((chain, self.answer(chain, 0xa5)))

    def never(self, _ring, chain):
        """No answer."""
        self.kept.append(chain)

    def storm(self, ring, chain):
        """Interrupts without cause, and then the answer."""
        for _ in range(STORM):
            ring.interrupt()
        ring.give((chain, self.answer(chain)))

    # Lies that no driver can notice: only who knows what must be there can.

    def astray(self, ring, chain):
        """Another place of the disk is read or written."""
        ring.give((chain, self.answer(chain, astray=ASTRAY)))

    def flipped(self, ring, chain):
        """A bit of what is read is not what it was, each time another one."""
        written = self.answer(chain)
        bit = self.told * 4093 % (SECTOR * 8)
        if len(chain.writable[0]) >= SECTOR:
            chain.writable[0][bit // 8] ^= 1 << bit % 8
        ring.give((chain, written))

    def lost(self, ring, chain):
        """A write is said to be done and is not."""
        before = bytes(self.data)
        written = self.answer(chain)
        self.data[:] = before
        ring.give((chain, written))


LIES = {name: getattr(VhostBlk, name) for name in (
    "bad_id", "other_id", "double", "jump", "too_short", "too_long",
    "bad_status", "never", "storm")}
SILENT_LIES = ("astray", "flipped", "lost")
FOR_EVER = -1
