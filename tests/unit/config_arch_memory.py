#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""config_arch_memory.py - memcpy, memmove, memset on a bare machine.

Of arch/kaal (in processes with Linux) and of glue (in all others).

Assembly for AArch64 cannot run on the host, so a program without a kernel runs
under QEMU and its exit status tells (tests/unit/arch_memory/check.c).
"""
import os
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
FOLDER = os.path.join(HERE, "arch_memory")
CROSS = os.environ.get("CROSS", "aarch64-linux-gnu-")
CFLAGS = ["-O1", "-ffreestanding", "-fno-builtin", "-fno-pie", "-Wall",
          "-fno-tree-loop-distribute-patterns", "-mgeneral-regs-only",
          "-D__ASSEMBLY__", "-I", FOLDER]
LINUX = ["dde-linux/arch/kaal/lib/memcpy.S", "dde-linux/arch/kaal/lib/memset.S"]
GLUE = ["glue/rt/copy.S", "glue/rt/memory.c"]


class Memory(unittest.TestCase):
    """Build, run, look at the exit status."""

    def run_variant(self, options, files=LINUX):
        """Build check.c with the real functions; return QEMU's status."""
        sources = [os.path.join(FOLDER, "start.S"),
                   os.path.join(FOLDER, "check.c"),
                   *(os.path.join(TOP, file) for file in files)]
        with tempfile.TemporaryDirectory() as work:
            elf = os.path.join(work, "memory.elf")
            subprocess.run([CROSS + "gcc", *CFLAGS, *options, "-nostdlib",
                            "-static", "-Wl,-Ttext=0x40100000",
                            "-Wl,--build-id=none", "-Wl,--no-warn-rwx-segments",
                            "-o", elf, *sources], check=True)
            return subprocess.run(
                ["qemu-system-aarch64", "-M", "virt", "-nic", "none",
                 "-cpu", "cortex-a72",
                 "-semihosting", "-nographic", "-kernel", elf],
                stdin=subprocess.DEVNULL, timeout=50, check=False).returncode

    def test_all_lengths_and_alignments(self):
        self.assertEqual(self.run_variant([]), 0)

    def test_glue(self):
        include = os.path.join(TOP, "glue", "include")
        self.assertEqual(self.run_variant(["-mstrict-align", "-I", include],
                                          GLUE), 0)

    def test_the_check_can_fail(self):
        """A memcpy in memmove's place must be caught: status 4."""
        self.assertEqual(self.run_variant(
            ["-Wl,--wrap=memmove", "-Wl,--defsym=__wrap_memmove=memcpy"]), 4)


if __name__ == "__main__":
    unittest.main()
