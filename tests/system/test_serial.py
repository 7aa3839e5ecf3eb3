# SPDX-License-Identifier: BSD-2-Clause
"""test_serial.py - serial lines: QEMU's virtual console, on a socket."""
import hashlib
import random
import re
import socket

import pattern
from harness import demand
from qemu import Failure

# The page of transports 24 to 31 is left to consoles (mk/run.mk).
CONSOLE_TRANSPORT = 24
SOCKET_S = 60
# QEMU throws away what its console cannot write at once; so much it can.
PIECE = 1 << 17


def console_arguments(path, ports=("virtconsole",)):
    """QEMU's options: a virtio serial device, its first port on a socket."""
    words = ["-device", "virtio-serial-device,bus="
             f"virtio-mmio-bus.{CONSOLE_TRANSPORT}",
             "-chardev", f"socket,id=vc0,path={path},server=on,wait=off"]
    for number, kind in enumerate(ports):
        chardev = "vc0" if not number else f"vc{number}"
        if number:
            words += ["-chardev", f"ringbuf,id={chardev}"]
        words += ["-device", f"{kind},chardev={chardev}"]
    return tuple(words)


def console_connect(path):
    """The host's end of the console."""
    end = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    end.settimeout(SOCKET_S)
    end.connect(str(path))
    return end


def bytes_take(end, count):
    """Exactly so many bytes from the guest."""
    data = bytearray()
    while len(data) < count:
        piece = end.recv(65536)
        if not piece:
            raise Failure(f"the console ended after {len(data)} bytes")
        data += piece
    return bytes(data)


def line_number(guest, name):
    """The number of the serial service with Linux's name for the line."""
    found = re.search(rf"^serial(\d+) +{name} ", guest.run("serial list"),
                      re.M)
    if not found:
        guest.fail(f"`serial list` shows no {name}")
    return int(found[1])


def test_virtio_console(t):
    """A text and 1 MB each way through a virtual console, checksummed."""
    path = t.folder / "console"
    data = random.Random(3).randbytes(1 << 20)
    with t.guest(extra=console_arguments(path)) as guest:
        guest.boot()
        end = console_connect(path)
        number = line_number(guest, "hvc0")
        guest.demand(f"serial write {number} 'over there'", "11 bytes written")
        demand(bytes_take(end, 11) == b"over there\n", "other text came")
        end.sendall(b"\0\xff and back")
        guest.demand(f"serial read {number}", r"00 ff 20 61 6e 64")
        guest.send(f"serial sum {number} {len(data)}\r")
        guest.expect("bytes now\n")
        end.sendall(data)
        guest.expect(f"^{hashlib.sha256(data).hexdigest()}  serial{number}",
                     120)
        for seed in range(len(data) // PIECE):
            guest.send(f"serial fill {number} {PIECE} {seed}\r")
            demand(bytes_take(end, PIECE) ==
                   pattern.sectors(seed, 0, PIECE // 512),
                   "other bytes came out")
            guest.expect("bytes written")
        guest.demand(f"serial set {number} 9600", "cannot do this")
        guest.demand(f"serial stats {number}", " 0 overruns")
        guest.finish()
