# SPDX-License-Identifier: BSD-2-Clause
"""vhost_user.py - a virtio device in a test's own process: QEMU's back end.

QEMU keeps the registers of the device and hands its rings and the guest's
memory to us over a unix socket (-chardev socket, memory-backend-memfd with
share=on). So a test decides what each descriptor gets: offloads that QEMU's
own back ends cannot have, answers in any order, and nonsense.

A Backend is one thread that sleeps in a selector: messages of QEMU, kicks of
the guest, and what other threads `call`. A `device` gives
`name`, `features`, `queues`, `config` (bytes or None), `kicked(ring)`, which
runs in the thread whenever the guest may have given buffers, and `reset()`: a
queue has been stopped.

What QEMU or the guest does wrong ends the thread with an Error that `check`
raises in the test.
Source: QEMU, docs/interop/vhost-user.rst. Read next: vring.py, vhost_net.py
"""
import collections
import functools
import os
import selectors
import socket
import struct
import threading

from vring import Error, Memory, REGIONS_MAX, Ring, need

F_PROTOCOL, F_VERSION_1 = 1 << 30, 1 << 32
P_MQ, P_REPLY_ACK, P_BACKEND, P_CONFIG = (1 << bit for bit in (0, 3, 5, 9))
VERSION, REPLY, NEED_REPLY = 1, 4, 8
GET_FEATURES, SET_FEATURES, SET_OWNER, RESET_OWNER, SET_MEM_TABLE = range(1, 6)
(SET_VRING_NUM, SET_VRING_ADDR, SET_VRING_BASE, GET_VRING_BASE, SET_VRING_KICK,
 SET_VRING_CALL, SET_VRING_ERR, GET_PROTOCOL_FEATURES, SET_PROTOCOL_FEATURES,
 GET_QUEUE_NUM, SET_VRING_ENABLE) = range(8, 19)
SET_BACKEND_FD, GET_CONFIG, SET_CONFIG = 21, 24, 25
BACKEND_CONFIG_CHANGED = 2       # what we may say to QEMU
NO_FD = 1 << 8                   # of a kick or call message: none came with it
MESSAGE_MAX = 4096


def set_fd(old, fds):
    """Take the one descriptor that came with a message, or none."""
    if old >= 0:
        os.close(old)
    return fds[0] if fds else -1


class Backend(threading.Thread):
    """The thread that is the device. Use `arguments`, then `with`."""

    def __init__(self, device, folder):
        super().__init__(daemon=True)
        self.device = device
        self.path = os.path.join(folder, device.name)
        self.memory = Memory()
        self.rings = [Ring(self.memory, n) for n in range(device.queues)]
        self.acked = 0           # features that the guest's driver took
        self.failure = None
        self.calls = collections.deque()
        self.ending = False
        self.stream = self.back = None
        self.wake = os.eventfd(0)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.wake, selectors.EVENT_READ, self._called)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(1)
        self.selector.register(self.listener, selectors.EVENT_READ,
                               self._connected)

    @staticmethod
    def memory_arguments(mem):
        """QEMU's options that let us see the guest's memory."""
        return ("-object", f"memory-backend-memfd,id=ram,size={mem},share=on",
                "-machine", "memory-backend=ram")

    def chardev(self):
        """QEMU's option for the socket."""
        return ("-chardev", f"socket,id={self.device.name},path={self.path}")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, *unused):
        self.call(self._end)
        self.join()
        if kind is None:
            self.check()

    def _end(self):
        self.ending = True

    def check(self):
        """Raise what has gone wrong in the thread."""
        if self.failure:
            raise self.failure

    def call(self, function):
        """Run a function in the thread, soon."""
        self.calls.append(function)
        os.eventfd_write(self.wake, 1)

    def run(self):
        """Until told to end, or until something is wrong."""
        try:
            while not self.ending:
                for key, _ in self.selector.select():
                    key.data()
        except (Error, OSError, ValueError, struct.error) as failure:
            self.failure = failure
        self.hang_up()
        self.listener.close()
        self.selector.close()

    def _called(self):
        os.eventfd_read(self.wake)
        while self.calls:
            self.calls.popleft()()

    def _connected(self):
        need(self.stream is None, "a second QEMU has connected")
        self.stream, _ = self.listener.accept()
        self.selector.register(self.stream, selectors.EVENT_READ, self._spoken)

    def hang_up(self):
        """QEMU has gone, or is to think that we have."""
        for ring in self.rings:
            self._ring_stop(ring)
        if self.stream:
            self.selector.unregister(self.stream)
            self.stream.close()
            self.stream = None
        if self.back:
            self.back.close()
            self.back = None

    def config_changed(self):
        """Tell QEMU, which reads `device.config` again and tells the guest."""
        need(self.back, "QEMU has given no way to tell it anything")
        self.back.sendall(struct.pack("=III", BACKEND_CONFIG_CHANGED, VERSION,
                                      0))

    # --- messages ----------------------------------------------------------

    def _spoken(self):
        head, fds, _, _ = socket.recv_fds(self.stream, 12, REGIONS_MAX)
        if not head:             # QEMU has ended
            self.hang_up()
            return
        need(len(head) == 12, "a message without a whole header")
        request, flags, size = struct.unpack("=III", head)
        need(flags & 3 == VERSION and size <= MESSAGE_MAX,
             f"message {request}: flags {flags:#x}, {size} bytes")
        body = self.stream.recv(size, socket.MSG_WAITALL) if size else b""
        need(len(body) == size, f"message {request} is cut off")
        need(request in self.HANDLERS, f"message {request} is not known")
        answer = self.HANDLERS[request](self, body, fds)
        if answer is None and flags & NEED_REPLY:
            answer = struct.pack("=Q", 0)
        if answer is not None:
            self.stream.sendall(struct.pack("=III", request, VERSION | REPLY,
                                            len(answer)) + answer)

    def _get_features(self, _body, _fds):
        return struct.pack("=Q", self.device.features | F_PROTOCOL
                           | F_VERSION_1)

    def _set_features(self, body, _fds):
        self.acked, = struct.unpack("=Q", body)
        for ring in self.rings:
            ring.features = self.acked

    def _get_protocol_features(self, _body, _fds):
        config = P_CONFIG | P_BACKEND if self.device.config is not None else 0
        return struct.pack("=Q", P_MQ | P_REPLY_ACK | config)

    def _set_backend_fd(self, _body, fds):
        need(fds, "no descriptor for what we have to say")
        self.back = socket.socket(fileno=fds[0])

    def _get_queue_num(self, _body, _fds):
        return struct.pack("=Q", len(self.rings))

    def _ignore(self, _body, _fds):
        """Nothing to do: one owner, no log, no error channel."""

    def _set_mem_table(self, body, fds):
        count, _ = struct.unpack_from("=II", body)
        need(len(body) == 8 + 32 * count, f"{count} regions in {len(body)}")
        self.memory.map([struct.unpack_from("=QQQQ", body, 8 + 32 * n)
                         for n in range(count)], fds)
        for fd in fds:
            os.close(fd)

    def _ring(self, body, form="=II"):
        index, *rest = struct.unpack(form, body)
        need(index < len(self.rings), f"queue {index} of {len(self.rings)}")
        return self.rings[index], *rest

    def _set_vring_num(self, body, _fds):
        ring, ring.size = self._ring(body)

    def _set_vring_base(self, body, _fds):
        ring, base = self._ring(body)
        ring.next = ring.used_next = base

    def _set_vring_addr(self, body, _fds):
        ring, _, desc, used, avail, _ = self._ring(body, "=IIQQQQ")
        ring.place(desc, used, avail)

    def _get_vring_base(self, body, _fds):
        ring, _ = self._ring(body)
        self._ring_stop(ring)
        self.device.reset()
        return struct.pack("=II", ring.index, ring.next)

    def _ring_stop(self, ring):
        """Until the next kick descriptor comes."""
        if ring.kick >= 0:
            self.selector.unregister(ring.kick)
        ring.kick, ring.call = set_fd(ring.kick, ()), set_fd(ring.call, ())
        ring.desc = None

    def _set_vring_kick(self, body, fds):
        ring, = self._ring(struct.pack("=Q", struct.unpack("=Q", body)[0]
                                       & ~NO_FD), "=Q")
        need(fds, f"queue {ring.index}: polling instead of kicks is not known")
        if ring.kick >= 0:
            self.selector.unregister(ring.kick)
        ring.kick = set_fd(ring.kick, fds)
        self.selector.register(ring.kick, selectors.EVENT_READ,
                               functools.partial(self._kicked, ring))
        self._look(ring)

    def _set_vring_call(self, body, fds):
        ring, = self._ring(struct.pack("=Q", struct.unpack("=Q", body)[0]
                                       & ~NO_FD), "=Q")
        ring.call = set_fd(ring.call, fds)

    def _set_vring_enable(self, body, _fds):
        ring, on = self._ring(body)
        ring.enabled = bool(on)
        self._look(ring)

    def _get_config(self, body, _fds):
        offset, size, flags = struct.unpack_from("=III", body)
        data = (self.device.config or b"")[offset:offset + size]
        return struct.pack("=III", offset, size, flags) + data.ljust(size, b"\0")

    HANDLERS = {
        GET_FEATURES: _get_features, SET_FEATURES: _set_features,
        SET_OWNER: _ignore, RESET_OWNER: _ignore, SET_CONFIG: _ignore,
        SET_MEM_TABLE: _set_mem_table, SET_VRING_NUM: _set_vring_num,
        SET_VRING_ADDR: _set_vring_addr, SET_VRING_BASE: _set_vring_base,
        GET_VRING_BASE: _get_vring_base, SET_VRING_KICK: _set_vring_kick,
        SET_VRING_CALL: _set_vring_call, SET_VRING_ERR: _ignore,
        GET_PROTOCOL_FEATURES: _get_protocol_features,
        SET_PROTOCOL_FEATURES: _ignore, GET_QUEUE_NUM: _get_queue_num,
        SET_VRING_ENABLE: _set_vring_enable, GET_CONFIG: _get_config,
        SET_BACKEND_FD: _set_backend_fd,
    }

    # --- kicks -------------------------------------------------------------

    def _kicked(self, ring):
        os.read(ring.kick, 8)
        ring.kicks += 1
        self._look(ring)

    def _look(self, ring):
        if ring.ready():
            self.device.kicked(ring)
