# SPDX-License-Identifier: BSD-2-Clause
"""ring_barriers.py - the memory order that glue/ring.h and dddk/virtqueue.h argue for.

QEMU's memory is always coherent, so a missing barrier never shows in a run.
Here the operations of both rings are compiled for AArch64, each as a function
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
GLUE = """
#include <glue/ring_ops.h>
void publish(struct glue_ring_producer *tx) { glue_ring_publish(tx); }
void release(struct glue_ring_consumer *rx) { glue_ring_release(rx); }
void sleep_begin(struct glue_ring_sleep *s) { glue_ring_sleep_begin(s); }
int peer_sleeps(struct glue_ring_sleep *s) { return glue_ring_peer_sleeps(s); }
"""
GLUE_ORDER = {
    # [A] [B]: the index becomes visible after the entries were written, read.
    "publish": ["stlr"],
    "release": ["stlr"],
    # [C]: store, fence, and only then the caller's last look at the ring.
    "sleep_begin": ["str", "dmb ish"],
    # [C]: fence, then the look at the peer's sleep word.
    "peer_sleeps": ["dmb ish", "ldr"],
}

# What a queue is like; each kind is compiled alone, so that the code of an
# operation is a straight line.
KINDS = {
    "event indices": {"queue->events)": "1)", "queue->doorbell_bytes == 2": "0"},
    "flags": {"queue->events)": "0)", "queue->doorbell_bytes == 2": "1"},
}
LOOK = ["ldrh", "dmb oshld"]                 # (c): the index, then its entries
ARM = ["strh", "dmb osh", "ldrh"]            # (d): our event, then one more look
# (a): the index after the entries; (b): then the look whether to tell; the
# doorbell is last, of 4 bytes or 2.
TELL = ["dmb osh", "strh", "dmb osh", "ldrh"]
VIRTQUEUE_ORDER = {
    "event indices": {"dddk_vq_tell": TELL + ["str"], "dddk_vq_look": LOOK,
                      "dddk_vq_arm": ARM, "dddk_vq_arm_last": ARM},
    "flags": {"dddk_vq_tell": TELL + ["strh"], "dddk_vq_look": LOOK,
              "dddk_vq_arm": ARM, "dddk_vq_arm_last": ARM},
}


def assembly(text):
    """The assembly text of a C program, by function."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "ops.c"
        source.write_text(text)
        done = subprocess.run(
            [CC, "-std=gnu11", "-O2", "-ffreestanding", "-mgeneral-regs-only",
             "-mcpu=cortex-a53", "-mno-outline-atomics", f"-I{TOP}",
             f"-I{TOP}/dddk/include", f"-I{TOP}/glue/include",
             f"-I{TOP}/kernel/include", "-S", "-o", "-", str(source)],
            stdout=subprocess.PIPE, check=True, text=True)
    parts = re.split(r"^(\w+):$", done.stdout, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def shared_steps(text):
    """Barriers, and loads and stores of the function, in order."""
    steps = re.findall(r"^\t(dmb\s+\w+|stlr|ldar|strh?|ldrh?)\b", text, re.M)
    return [re.sub(r"\s+", " ", step) for step in steps]


def written_out(text):
    """Those of them that are assembly in the source: no others meet a device."""
    return shared_steps("\n".join(re.findall(r"#APP\n(.*?)#NO_APP", text,
                                             re.S)))


class Glue(unittest.TestCase):
    """The rings between processes."""

    def test_inline_operations(self):
        functions = assembly(GLUE)
        for name, wanted in GLUE_ORDER.items():
            steps = iter(shared_steps(functions[name]))
            for step in wanted:
                self.assertIn(step, steps, f"{name}: {functions[name]}")

    def test_fence_comes_after_the_last_store(self):
        functions = assembly(GLUE)
        self.assertEqual(shared_steps(functions["sleep_begin"])[-1], "dmb ish")

    def test_refresh_acquires(self):
        functions = assembly('#include "glue/ring/ring.c"')
        for name in ("glue_ring_refresh_space", "glue_ring_refresh_ready"):
            self.assertIn("ldar", shared_steps(functions[name]), name)


class Virtqueue(unittest.TestCase):
    """The rings between a native driver and its device."""

    def test_operations(self):
        for kind, fields in KINDS.items():
            text = (TOP / "dddk/virtio/queue.c").read_text()
            for field, value in fields.items():
                self.assertIn(field, text)
                text = text.replace(field, value)
            functions = assembly(text)
            for name, wanted in VIRTQUEUE_ORDER[kind].items():
                self.assertEqual(written_out(functions[name]), wanted,
                                 f"{kind}, {name}: {functions[name]}")


if __name__ == "__main__":
    unittest.main()
