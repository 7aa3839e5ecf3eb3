# SPDX-License-Identifier: BSD-2-Clause
"""verified.py - runs apps/verify on disks and cards, and reads what it says."""
import dataclasses
import re

import qemu
from harness import disk_numbers

DISK_BYTES = 8 << 20
WITNESS_MS = 600                 # of guest time, beyond that of the kills
REPORT = (r"^(?:kaal> )?{}: blk\d+: (\d+) requests, (\d+) stale, (\d+) foreign, "
          r"(\d+) torn, (\d+) errors, longest pause (\d+) us, "
          r"(\d+) requests a second: (.*)\n")
FRAMES = (r"frames: net\d+: (\d+) frames out, (\d+) in, (\d+) wrong, (\d+) lost, "
          r"(\d+) again, (\d+) errors: (.*)\n")
# Beside the network cards of one wire: a hub of QEMU's.
WIRE = sum((["-netdev", f"hubport,hubid=0,id=wire{i}", "-device",
             f"virtio-net-device,netdev=wire{i},mac=52:54:00:12:34:0{i},"
             f"bus=virtio-mmio-bus.{16 + 8 * i}"] for i in range(2)), [])
# Somebody always listens, or a card that takes no frame would hold up the other.
WIRE += ["-netdev", "user,id=sink,restrict=on,ipv6=off", "-netdev",
         "hubport,hubid=0,id=wire2,netdev=sink"]
CARDS = "net0", "net1"           # the one that is broken, and its peer


def programs(build):
    """Those that faults/lines.txt names."""
    return [build / f"{name}.elf" for name in ("verify", "greedy", "burglar")]


@dataclasses.dataclass
class Report:
    """One line of apps/verify."""
    requests: int
    stale: int
    foreign: int
    torn: int
    errors: int
    pause_us: int
    a_second: int
    end: str

    def wrong(self):
        """What was wrong, or None."""
        if self.stale or self.foreign or self.torn:
            return f"{self.stale} stale, {self.foreign} foreign, " \
                   f"{self.torn} torn sectors"
        if self.errors or self.end != "success":
            return f"{self.errors} requests failed, the last: {self.end}"
        return None


@dataclasses.dataclass
class FramesReport:
    """The line of `frames`: what went between two cards."""
    out: int
    into: int
    wrongs: int
    lost: int
    again: int
    errors: int
    end: str

    def wrong(self):
        """What was wrong, or None. Frames may be lost and come again."""
        if self.wrongs:
            return f"{self.wrongs} wrong frames"
        if self.errors or self.end != "success":
            return f"{self.errors} frames failed, at the end: {self.end}"
        return None


def report(guest, who, timeout):
    """Wait for the line of `verify` or `witness`; each says one in a boot."""
    guest.seen = 0               # it may have come before what was waited for
    kind, line = (FramesReport, FRAMES) if who == "frames" else \
                 (Report, REPORT.format(who))
    *numbers, end = guest.expect(line, timeout).groups()
    return kind(*map(int, numbers), end)


def disks(t):
    """The disk whose driver is broken, and the one that must not notice.

    A flush does not wait for the host's own disk: guest time would pass.
    """
    return [qemu.Disk(t.image_bytes(name, bytes(DISK_BYTES)), name,
                      backend=",cache.no-flush=on")
            for name in ("victim", "witness")]


def names(guest):
    """The services of those two."""
    numbers = disk_numbers(guest)
    return f"blk{numbers['victim']}", f"blk{numbers['witness']}"


def chaos(guest, seed, ms, gap_us, timeout, cards=()):
    """Verified traffic, and kills of a driver: the first disk's, or of the first
    of two `cards`; another disk's client is the witness.

    ms: guest time with kills; gap_us: (least, most). Return: (report of the
    victim's client, of the witness, all that was said).
    """
    victim, witness = names(guest)
    guest.start(f"start witness {witness} {seed} {ms + WITNESS_MS}", "started")
    victim, *peer = cards or [victim]
    guest.send(" ".join(["run chaos", victim, f"{seed} {ms}",
                         f"{gap_us[0]} {gap_us[1]}", *peer]) + "\r")
    guest.expect(r"^chaos: ended with status (\d+)", timeout)
    clients = "frames" if cards else "verify", "witness"
    return *(report(guest, who, timeout) for who in clients), guest.text
