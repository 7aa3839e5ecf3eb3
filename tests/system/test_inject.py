# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that go wrong in each way there is, while clients read.

They get what is there, or an error, and that until the driver is another one.
"""

import re

from harness import demand, sha256, twins
from symbolize import REPORT

KINDS = ("instruction", "branch", "pointer", "stack", "heap", "register",
         "null")
WHAT = {
    "instruction": r"instruction 0x\w{8} at 0x\w+ becomes 0x\w{8}",
    "branch": r"instruction 0x\w{8} at 0x\w+ becomes 0x\w{8}",
    "pointer": r"(word 0x\w+ at 0x\w+ becomes 0x\w+|no pointer up to 0x\w+)",
    "stack": r"word 0x\w+ at 0x\w+ becomes 0x\w+",
    "heap": r"word 0x\w+ at 0x\w+ becomes 0x\w+",
    "register": r"at pc 0x\w+, (x\d+|sp) becomes 0x\w+",
    "null": r"at pc 0x\w+ it calls address 0",
}


def fault(guest, disk, kind, seed):
    """Put one in, read the disk. Return: what the broker said."""
    start = guest.seen
    guest.send(f"fault blk0 {kind} {seed}\r")
    guest.expect(rf"{REPORT}, seed {seed}: {WHAT[kind]}\r?\n")
    found = guest.run("blk sum blk0")
    if not re.search(r"(failed|cannot be opened): .* \(error \d+\)", found):
        demand(sha256(disk.path) in found, found)
        return guest.text[start:guest.seen]
    guest.run("kill blk0")       # it lives on as it is, and says no
    guest.demand("blk sum blk0", sha256(disk.path))
    return guest.text[start:guest.seen]


@twins
def test_inject(t):
    """Faults of each kind in a disk's driver: clients read what is there."""
    disk = t.disk("random")
    for kind in KINDS:
        with t.guest(disk) as guest:
            guest.boot()
            for seed in range(3):
                fault(guest, disk, kind, seed)
            guest.finish()


@twins
def test_inject_executed(t):
    """A changed instruction is announced again when it is run; a death shows."""
    disk = t.disk("random")
    with t.guest(disk) as guest:
        guest.boot()
        said = ""
        for seed in range(200):
            said = fault(guest, disk, "instruction", seed)
            if "is run now" in said:
                break
        at = re.search(r"instruction 0x\w+ at (0x\w+) becomes", said)[1]
        demand(f"the instruction at {at} is run now" in said, said)
        said = fault(guest, disk, "null", 0)
        demand(re.search(r"fault: blk0/\w+ \(pid \d+\): instruction fetch "
                         r"from unmapped address 0x0", said), said)
        guest.demand("fault blk0 nonsense", "no kind .nonsense.")
        guest.demand("fault shell null", "it is this shell")
        guest.finish()
