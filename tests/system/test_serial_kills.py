# SPDX-License-Identifier: BSD-2-Clause
"""test_serial_kills.py - a line's driver dies under a stream of numbers.

apps/verify/killer.c kills it at random instructions while apps/selftest/line.c
says or hears numbers: what is missing was in the device's FIFO or ring, and
nothing comes twice or in another order.
"""
import re
import sys
import threading
import time

from harness import TOP, demand, twins
from test_serial import console_arguments, console_connect, console_name, \
    line_number, uart_name

sys.path.append(str(TOP / "tests/fault"))
import verified  # noqa: E402  (needs the path above)

KILLS = 12
ICOUNT = ("-icount", "shift=0")  # times are of the guest
LIMIT_S = 300                    # on a busy host
GAP_US = 1200                    # of guest time between two kills, about
NUMBERS = 60_000                # enough for all kills
IN_GAP_US = 5000
# Linux's driver has 256 buffers of a page for input, and Linux's tty a buffer.
IN = (257 * 4096 + 65536, 4 * 4096 + 2048)
OUT = 4096, 16384                # the drivers' buffers: Linux's, the native one's
FIFO = 16                        # of QEMU's PL011, whose revision is below 3
MARK = b"!"
LOG = re.compile(rb"(?:kaal|killer|vandal|inject|witness|probe|serial\d+/\w+): "
                 rb"[^\n]*\n(?: {8}[^\n]*\n)*")
SURE = 16                        # so many bytes in a row are no accident


def stream(count):
    """What apps/selftest/line.c says."""
    return b"".join(b"%07d%c" % (number, b"\n" if number % 8 == 7 else b" ")
                    for number in range(count))


def gaps(heard, said):
    """Lengths of what is missing; fails if anything else is wrong."""
    found, at = [], 0
    i = 0
    while i < len(heard):
        same = min(len(heard) - i, 4096)
        if heard[i:i + same] == said[at:at + same]:
            i, at = i + same, at + same
            continue
        while i < len(heard) and heard[i] == said[at]:
            i, at = i + 1, at + 1
        if i == len(heard):
            break
        place = said.find(heard[i:i + SURE], at)
        demand(place > at, f"after {said[at - 16:at]} comes "
               f"{heard[i:i + 2 * SURE]}")
        found.append(place - at)
        at = place
    return found + [len(said) - at] * (at < len(said))


def lost_check(heard, most):
    """Up to the mark: in order, none twice, never more missing than that."""
    found = gaps(heard[:heard.index(MARK)], stream(NUMBERS))
    demand(len(found) <= KILLS and max(found, default=0) <= most,
           f"lost: {found}")


def numbers_send(end, said, done):
    """Numbers until that is set, as a person would, then the mark."""
    at = 0
    while not done.is_set() and at < len(said):
        end.sendall(said[at:at + 256])
        at += 256
        time.sleep(0.001)
    end.sendall(MARK * 65536)


def image(t):
    """The users' system with the killer in it."""
    lines = (t.build / "faults/lines.txt").read_text()
    return t.system(lambda text: text + lines, *verified.programs(t.build))


def kill(number, seed, what, count, gap_us=GAP_US):
    """The command that kills the line's driver meanwhile."""
    return (f"run killer serial{number} {seed} {KILLS} 0 {gap_us} line {what} "
            f"{count}\r")


def killed_all(guest):
    """All kills were made while the numbers went."""
    guest.expect(rf"killer: serial\d+: killed {KILLS} times",
                 LIMIT_S)
    guest.expect(r"line: (has said|heard) .*", LIMIT_S)
    guest.expect(r"killer: ended with status 0")


@twins
def test_uart_kills(t):
    """The console's UART: only what was in its FIFO is lost."""
    with t.guest(initrd=image(t), limit_s=LIMIT_S, extra=ICOUNT) as guest:
        guest.boot()
        number = line_number(guest, uart_name(t))
        begin = len(guest.text)
        guest.send(kill(number, 7, "say", NUMBERS))
        killed_all(guest)
        heard = guest.text[begin:].encode("latin-1")
        guest.finish()
    heard = LOG.sub(b"", heard)
    lost_check(heard[heard.index(b"0000000"):], FIFO)


@twins
def test_console_kills(t):
    """A virtual console: only what was in its ring is lost."""
    said = t.folder / "said"
    chardev = ("-chardev", f"file,id=vc0,path={said}")
    with t.guest(initrd=image(t), limit_s=LIMIT_S,
                 extra=(*ICOUNT, *console_arguments(chardev))) as guest:
        guest.boot()
        number = line_number(guest, console_name(t))
        guest.send(kill(number, 3, "say", NUMBERS))
        killed_all(guest)
        guest.finish()
    lost_check(said.read_bytes(), t.pick(*OUT))


@twins
def test_console_kills_in(t):
    """What comes over a virtual console: at most its rings are lost."""
    path = t.folder / "console"
    done = threading.Event()
    with t.guest(initrd=image(t), limit_s=LIMIT_S,
                 extra=(*ICOUNT, *console_arguments(path))) as guest:
        guest.boot()
        end = console_connect(path)
        number = line_number(guest, console_name(t))
        typist = threading.Thread(target=numbers_send,
                                  args=(end, stream(500_000), done))
        typist.start()
        guest.send(kill(number, 3, "hear", "", IN_GAP_US))
        guest.expect(rf"killer: serial\d+: killed {KILLS} times", LIMIT_S)
        done.set()
        found = guest.expect(r"line: heard (\d+) bytes, (\d+) gaps, (\d+) "
                             r"lost, at most (\d+): in order", LIMIT_S)
        demand(int(found[1]) and int(found[4]) <= t.pick(*IN),
               f"lost: {found[0]}")
        typist.join()
        guest.expect(r"killer: ended with status 0")
        guest.finish()
