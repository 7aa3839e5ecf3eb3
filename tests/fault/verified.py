# SPDX-License-Identifier: BSD-2-Clause
"""verified.py - runs apps/verify on two disks and reads what it says."""
import dataclasses
import re

import qemu
from harness import disk_numbers

DISK_BYTES = 8 << 20
WITNESS_MS = 600                 # of guest time, beyond that of the kills
REPORT = (r"^(?:kaal> )?{}: blk\d+: (\d+) requests, (\d+) stale, (\d+) foreign, "
          r"(\d+) torn, (\d+) errors, longest pause (\d+) us, "
          r"(\d+) requests a second: (.*)\n")


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


def report(guest, who, timeout):
    """Wait for the line of `verify` or `witness`; each says one in a boot."""
    guest.seen = 0               # it may have come before what was waited for
    *numbers, end = guest.expect(REPORT.format(who), timeout).groups()
    return Report(*map(int, numbers), end)


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


def chaos(guest, seed, ms, gap_us, timeout):
    """Verified traffic on both disks, and kills of the first one's driver.

    ms: guest time with kills; gap_us: (least, most). Return: (report of the
    first disk's client, of the witness, all that was said).
    """
    victim, witness = names(guest)
    guest.start(f"start witness {witness} {seed} {ms + WITNESS_MS}", "started")
    guest.send(f"run chaos {victim} {seed} {ms} {gap_us[0]} {gap_us[1]}\r")
    guest.expect(r"^chaos: ended with status (\d+)", timeout)
    reports = [report(guest, who, timeout) for who in ("verify", "witness")]
    return *reports, guest.text
