# SPDX-License-Identifier: BSD-2-Clause
"""test_footprint.py - what a driver's process takes stays within its budget.

Budgets: shared/baseline.md, KiB of image, stacks, page tables and kernel
objects after work. `ps` shows them without code and constants, which are pages
of the archive that all instances share; make footprint adds those.
"""
import sys

import quotas
from harness import TOP, demand

sys.path.append(str(TOP / "tests/bench"))
import footprint_static  # noqa: E402  (needs the path above)

BUDGETS = {"virtio_blk": 512, "virtio_net": 768, "serial_amba_pl011": 384}
NATIVE = 64
# Why these are larger: docs/performance.md.
NATIVE_LARGER = {"native_virtio_net": 92, "native_virtio_console": 72}
CARD = ("-netdev", "user,id=net0,net=10.9.0.0/24,host=10.9.0.1",
        "-device", "virtio-net-device,netdev=net0,bus=virtio-mmio-bus.16")


def held(t, native):
    """Work; {program: KiB} of all drivers, from ps."""
    with t.guest(t.disk("random"), extra=CARD,
                 initrd=t.build / ("native/system.elf" if native
                                   else "system.elf")) as guest:
        guest.boot()
        found = {}
        quotas.measure(guest, found)
        guest.run("blk bench 0 256")
        text = guest.run("ps")
        guest.finish()
    return {words[1]: int(words[5]) for words in map(str.split,
                                                     text.splitlines())
            if len(words) > 6 and words[2] in ("linux", "native")}


def test_footprint_linux(t):
    """Linux's drivers, with their code, are within their budgets."""
    found = held(t, False)
    for name, budget in BUDGETS.items():
        whole = found[name] + footprint_static.shared_kib(
            t.build / f"dde_{name}.elf")
        demand(whole <= budget, f"{name}: {whole} KiB, budget {budget}")


def test_footprint_native(t):
    """Native drivers, with their code, are within their budgets."""
    found = held(t, True)
    demand(len(found) >= 5, f"drivers: {found}")
    for name, own in found.items():
        whole = own + footprint_static.shared_kib(
            t.build / f"native/{name}.elf")
        budget = NATIVE_LARGER.get(name, NATIVE)
        demand(whole <= budget, f"{name}: {whole} KiB, budget {budget}")
