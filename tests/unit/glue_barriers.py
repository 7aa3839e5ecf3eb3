# SPDX-License-Identifier: BSD-2-Clause
"""glue_barriers.py - the memory-order instructions that glue/ring.h argues for.

QEMU's memory is always coherent, so a missing barrier never shows in a run.
Here the ring's inline operations are compiled for AArch64, each as a function
of its own, and the order of stores, loads and barriers is read from the code.
"""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
CC = os.environ.get("CROSS", "aarch64-linux-gnu-") + "gcc"
SOURCE = """
#include <glue/ring_ops.h>
void publish(struct glue_ring_producer *tx) { glue_ring_publish(tx); }
void release(struct glue_ring_consumer *rx) { glue_ring_release(rx); }
void sleep_begin(struct glue_ring_sleep *s) { glue_ring_sleep_begin(s); }
int peer_sleeps(struct glue_ring_sleep *s) { return glue_ring_peer_sleeps(s); }
"""
ORDER = {
    # [A] [B]: the index becomes visible after the entries were written, read.
    "publish": ["stlr"],
    "release": ["stlr"],
    # [C]: store, fence, and only then the caller's last look at the ring.
    "sleep_begin": ["str", "dmb ish"],
    # [C]: fence, then the look at the peer's sleep word.
    "peer_sleeps": ["dmb ish", "ldr"],
}


def assembly(source):
    """The assembly text of one C file, by function."""
    done = subprocess.run(
        [CC, "-std=gnu11", "-O2", "-ffreestanding", "-mgeneral-regs-only",
         "-mcpu=cortex-a53", "-mno-outline-atomics",
         f"-I{TOP}/glue/include", f"-I{TOP}/kernel/include",
         "-S", "-o", "-", str(source)],
        stdout=subprocess.PIPE, check=True, text=True)
    parts = re.split(r"^(\w+):$", done.stdout, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def shared_steps(text):
    """Barriers, and loads and stores of the function, in order."""
    steps = re.findall(r"^\t(dmb\s+\w+|stlr|ldar|str|ldr)\b", text, re.M)
    return [re.sub(r"\s+", " ", step) for step in steps]


class Barriers(unittest.TestCase):
    """One check for each operation."""

    def test_inline_operations(self):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "ops.c"
            source.write_text(SOURCE)
            functions = assembly(source)
        for name, wanted in ORDER.items():
            steps = iter(shared_steps(functions[name]))
            for step in wanted:
                self.assertIn(step, steps, f"{name}: {functions[name]}")

    def test_fence_comes_after_the_last_store(self):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "ops.c"
            source.write_text(SOURCE)
            functions = assembly(source)
        self.assertEqual(shared_steps(functions["sleep_begin"])[-1], "dmb ish")

    def test_refresh_acquires(self):
        functions = assembly(TOP / "glue/ring/ring.c")
        for name in ("glue_ring_refresh_space", "glue_ring_refresh_ready"):
            self.assertIn("ldar", shared_steps(functions[name]), name)


if __name__ == "__main__":
    unittest.main()
