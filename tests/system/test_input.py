# SPDX-License-Identifier: BSD-2-Clause
"""test_input.py - Linux's virtio input driver: keyboard and tablet, exactly."""
import re
import socket
import struct

from harness import demand
from qmp import Qmp, socket_options

KEYBOARD = ("-device", "virtio-keyboard-device,bus=virtio-mmio-bus.25")
TABLET = ("-device", "virtio-tablet-device,bus=virtio-mmio-bus.26")
# Names that QEMU takes and evdev's codes for them.
KEYS = {"a": 30, "z": 44, "1": 2, "spc": 57, "ret": 28, "shift": 42,
        "ctrl": 29, "f12": 88, "left": 105, "esc": 1}
CORNERS = ((32767, 32767), (1, 32766), (16384, 12345))
VNC_LED_STATE = -261             # a pseudo-encoding of the RFB protocol
NUM, CAPS, SCROLL = 0, 1, 2      # evdev's LEDs
VNC_BIT = {SCROLL: 1, NUM: 2, CAPS: 4}


def number_of(guest, name):
    """The number of an input device, by its name."""
    return int(guest.demand("input list", rf"^input(\d) +{name} ")[1])


class Watch:
    """`input watch` on a device, from the first event on until its end."""

    def __init__(self, guest, number):
        self.guest = guest
        guest.send(f"input watch {number}\r")
        guest.expect(rf"input{number}: \^C ends this\n")

    def next(self, count):
        """The next events: (type, code, value)."""
        found = [self.guest.expect(
            r"^ *\d+\.\d{3}  (\w+) (\d+) (-?\d+)\n", 20)
            for _ in range(count)]
        return [(f[1], int(f[2]), int(f[3])) for f in found]

    def end(self):
        """Nothing else has come."""
        start = self.guest.seen
        self.guest.send("\x03")
        end = self.guest.expect("^kaal> ")
        rest = self.guest.text[start:self.guest.seen - len(end[0])]
        demand(not re.search(r"^ *\d+\.\d{3}", rest, re.M),
               f"more events: {rest}")


def test_input_keys(t):
    """Each key arrives once down and once up, in order."""
    path = t.folder / "qmp"
    with t.guest(extra=KEYBOARD + TABLET + socket_options(path)) as guest, \
            Qmp(path) as qmp:
        guest.boot()
        number = number_of(guest, "QEMU Virtio Keyboard")
        guest.demand(f"input info {number}", r"^key +\d+ codes")
        watch = Watch(guest, number)
        for name, code in KEYS.items():
            qmp.keys((name, True), (name, False))
            got = watch.next(2)
            demand(got == [("key", code, 1), ("key", code, 0)],
                   f"{name}: {got}")
        watch.end()
        guest.finish()


def test_input_tablet(t):
    """Absolute positions arrive exactly, and the axis tells the last one."""
    path = t.folder / "qmp"
    with t.guest(extra=KEYBOARD + TABLET + socket_options(path)) as guest, \
            Qmp(path) as qmp:
        guest.boot()
        number = number_of(guest, "QEMU Virtio Tablet")
        guest.demand(f"input info {number}", "^axis 1 +0 to 32767, now 0")
        watch = Watch(guest, number)
        qmp.point(0, 0)                  # where it is already: no event
        for x, y in CORNERS:
            qmp.point(x, y)
            got = watch.next(2)
            demand(got == [("abs", 0, x), ("abs", 1, y)], f"{x},{y}: {got}")
        watch.end()
        guest.demand(f"input info {number}",
                     f"^axis 0 +0 to 32767, now {CORNERS[-1][0]}\n"
                     f"axis 1 +0 to 32767, now {CORNERS[-1][1]}$")
        guest.finish()


def test_input_overflow(t):
    """Who does not read loses whole reports, and is told at the next one."""
    path = t.folder / "qmp"
    with t.guest(extra=KEYBOARD + socket_options(path)) as guest, \
            Qmp(path) as qmp:
        guest.boot()
        guest.send("start probe input input0\r")
        guest.expect("input: deaf")
        for _ in range(40):              # 8 keys and their end: a report of 9
            qmp.keys(*[("a", i % 2 == 0) for i in range(8)])
        guest.expect(r"input: lost \d+", 40)
        kept = guest.expect(r"input: kept (\d+) events, no gap, whole")
        demand(int(kept[1]) == 256 // 9 * 9, f"{kept[1]} events were kept")
        qmp.keys(("b", True))
        guest.expect(r"input: then \d+ events, a gap first, whole")
        guest.demand("counters virtio_input", r"input events dropped +[1-9]")
        guest.finish()


class Vnc:
    """Just enough of RFB (RFC 6143) to be told about a keyboard's LEDs."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(str(path))
        self.socket.sendall(self.read(12))           # the same version
        self.read(self.read(1)[0])                   # kinds of security
        self.socket.sendall(b"\x01")                 # none
        self.read(4)
        self.socket.sendall(b"\x01")                 # share the screen
        head = self.read(24)
        self.read(struct.unpack(">I", head[20:])[0])
        self.socket.sendall(struct.pack(">BxHi", 2, 1, VNC_LED_STATE))

    def read(self, count):
        """Exactly so many bytes."""
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            demand(part, "QEMU closed the VNC connection")
            data += part
        return data

    def leds(self):
        """Wait for the next message; it must be one rectangle of LEDs."""
        message = self.read(16)
        demand(struct.unpack(">i", message[12:])[0] == VNC_LED_STATE,
               f"VNC sent {message.hex()}")
        return self.read(1)[0]


def test_input_leds(t):
    """A LED that a client switches lights at the device."""
    path = t.folder / "vnc"
    with t.guest(extra=KEYBOARD + ("-vnc", f"unix:{path}")) as guest:
        guest.boot()
        guest.demand("input info 0", r"^led +3 codes")
        vnc = Vnc(path)
        demand(vnc.leds() == 0, "a LED is on before anybody switched it")
        lit = 0
        for led, on in ((CAPS, 1), (NUM, 1), (CAPS, 0), (SCROLL, 1)):
            guest.run(f"input led 0 {led} {on}")
            lit = lit | VNC_BIT[led] if on else lit & ~VNC_BIT[led]
            got = vnc.leds()
            demand(got == lit, f"LED {led} {on}: {got:#x}, not {lit:#x}")
        guest.demand("input led 0 9 1", "input0: led failed: the device cannot")
        guest.finish()
