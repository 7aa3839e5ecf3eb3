# SPDX-License-Identifier: BSD-2-Clause
"""dde_barriers.py - the barriers in Linux's virtio code as arch/kaal made it.

QEMU's memory is always coherent, so a missing barrier never shows in a run.
Here the compiled modules are disassembled: what arch/kaal's barrier.h and io.h
promise must stand in the functions that talk to the device.
"""
import os
import pathlib
import re
import subprocess
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = (TOP / os.environ.get("B", "build")).resolve()
OBJDUMP = os.environ.get("CROSS", "aarch64-linux-gnu-") + "objdump"
FUNCTION = re.compile(r"^[0-9a-f]+ <(\w+)>:\n((?:.+\n)*)", re.M)
STEP = re.compile(r"^ +[0-9a-f]+:\t(\w+)[ \t]*(.*)$", re.M)
# virtio's shared ring: function -> barriers that must stand in it, and how
# often at least: once for the split ring, once for the packed one.
RING = {
    "virtqueue_add_split": {"dmb ishst": 1},        # virtio_wmb
    "virtqueue_add_packed": {"dmb ishst": 1},
    "virtqueue_get_buf_ctx": {"dmb ishld": 2,       # virtio_rmb
                              "dmb ish": 2},        # virtio_store_mb
    "virtqueue_kick_prepare": {"dmb ish": 2},       # virtio_mb
    "virtqueue_poll": {"dmb ish": 1},
    "virtqueue_enable_cb_delayed": {"dmb ish": 2},
}


def functions_of(name):
    """function -> [(instruction, operands)] of one object file."""
    done = subprocess.run(
        [OBJDUMP, "-d", "--no-show-raw-insn",
         BUILD / "linux/out/drivers/virtio" / name],
        stdout=subprocess.PIPE, check=True, text=True)
    return {function: STEP.findall(body)
            for function, body in FUNCTION.findall(done.stdout)}


def is_barrier(step, domain):
    """Is it a DMB of this domain?"""
    return step[0] == "dmb" and step[1].strip() == domain


def is_register(step, name):
    """A 32-bit load or store as readl and writel make it: base only."""
    return step[0] == name and re.match(r"w\w+, \[x\d+\]$", step[1].strip())


class Ring(unittest.TestCase):
    """virtio_wmb, virtio_rmb, virtio_mb towards the device."""

    def test_barriers(self):
        functions = functions_of("virtio_ring.o")
        for name, wanted in RING.items():
            steps = [f"{word} {rest.strip()}"
                     for word, rest in functions[name]]
            for barrier, least in wanted.items():
                self.assertGreaterEqual(steps.count(barrier), least,
                                        f"{name}: {barrier}")


class Registers(unittest.TestCase):
    """readl and writel of the virtio-mmio transport."""

    @classmethod
    def setUpClass(cls):
        cls.functions = functions_of("virtio_mmio.o")

    def test_the_bell_rings_after_the_ring_is_written(self):
        for name in ("vm_notify", "vm_set_status", "vm_reset"):
            steps = self.functions[name]
            stores = [n for n, s in enumerate(steps) if is_register(s, "str")]
            self.assertTrue(any(is_barrier(s, "oshst") for n in stores
                                for s in steps[max(n - 3, 0):n]),
                            f"{name}: {steps}")

    def test_memory_is_read_after_the_register(self):
        for name in ("vm_interrupt", "vm_get_status", "vm_generation"):
            steps = self.functions[name]
            loads = [n for n, s in enumerate(steps) if is_register(s, "ldr")]
            self.assertTrue(any(is_barrier(s, "oshld") for n in loads
                                for s in steps[n + 1:n + 4]),
                            f"{name}: {steps}")


if __name__ == "__main__":
    unittest.main()
