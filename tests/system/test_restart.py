# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that die under load: their clients see a pause, and nothing else."""

import re

from harness import demand, sha256, twins


@twins
def test_restart_disk(t):
    """A disk driver is killed again and again while a client reads."""
    disk = t.disk("random")
    with t.guest(disk) as guest:
        guest.boot()
        guest.start("start probe load blk0 4", "load: begins")
        for _ in range(5):
            guest.demand("kill blk0", r"^kaal: started blk0/\w+ again \(pid")
            guest.demand("blk sum blk0", sha256(disk.path))
        found = guest.expect(r"load: (\d+) pieces of 65536 bytes read: success")
        demand(int(found[1]) > 100, f"the load did not run: {found[0]}")
        guest.demand("ps", r"blk0 +ready .* 5 +0$")
        guest.finish()
