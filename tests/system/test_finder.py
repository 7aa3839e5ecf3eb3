# SPDX-License-Identifier: BSD-2-Clause
"""test_finder.py - the finder may fail in any way: the broker says so, and lives.

Another program (apps/selftest) takes the finder's place: it has what the finder has,
and does what a broken or hostile one could do. Without devices there is no console,
so each guest is judged by what it prints.
"""
from harness import demand

LINE = ("finder elf=probe.elf kind=test start=find allow=find priority=254 "
        "stall_ms=300 stack_kib=16 args={}\n")
GIC, RAM, UART, PAGE = 0x8000000, 0x40000000, 0x9000000, 4096
LOOK, PCI, BAR = 0x140, 0x141, 0x142
LOOKS = 0x10000000               # FIND_LOOK_VADDR of glue/found.h
TABLE, MANIFEST, TREE = LOOKS + 0x80000, LOOKS + 0xa0000, LOOKS + 0xc0000
EMPTY = r"^kaal: the finder's table of devices is wrong at 0: its size"
NO_DEVICES = r"^kaal: the finder has not done its work \(see above\)"


def replaced(t, args, *said):
    """Boot with another finder; each line must come, and then the rest starts."""
    initrd = t.system(lambda text: text + LINE.format(args.replace(" ", ",")))
    with t.guest(initrd=initrd, limit_s=60) as guest:
        for pattern in said:
            guest.expect(pattern)
        guest.expect(r"^kaal: memory \d+ KiB, devices 0$")
        guest.expect(r"^kaal: started shell")
        guest.expect(r"^kaal: ready, 0 drivers")
        demand("panic" not in guest.text, guest.text)


def test_finder_faults(t):
    """It writes what it may only read: one report, no devices."""
    for place in (MANIFEST, TREE, LOOKS, RAM):
        replaced(t, f"write {place}", r"^kaal: fault: finder \(pid 1\): write to",
                 NO_DEVICES)


def test_finder_hangs(t):
    """It runs for ever, or waits for ever: it is ended after its time."""
    for args in ("spin", "ask sleep 60000"):
        replaced(t, args, r"^kaal: finder \(pid 1\) has not answered for 300 ms",
                 NO_DEVICES)


def test_finder_writes_nothing(t):
    """A table without anything in it is refused, and so is a failure's."""
    replaced(t, "exit 0", EMPTY)
    replaced(t, "exit 2", r"^kaal: the finder has not done its work \(")


def test_finder_looks(t):
    """It is shown a device's registers, and nothing else."""
    parts = (f"ask {LOOK} {UART} 1", f"{LOOK} {UART + 4} 1", f"{LOOK} {UART} 128",
             f"{LOOK} {RAM} 1", f"{LOOK} {GIC} 1", f"{LOOK} {0xffffffffffff000} 1",
             f"{PCI} {RAM}", f"{PCI} {UART}", f"{BAR} 8 0")
    replaced(t, " / ".join(parts),
             *(rf"^finder: ask: {LOOK:#x}: {err}" for err in (0, 1, 1, 9, 9, 9)),
             *(rf"^finder: ask: {op:#x}: {err}"
               for op, err in ((PCI, 9), (PCI, 9), (BAR, 1))), EMPTY)
