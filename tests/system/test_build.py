# SPDX-License-Identifier: BSD-2-Clause
"""test_build.py - what the build promises: Linux unmodified, clear messages."""
import json
import subprocess
import threading

from harness import TOP, demand


one_make = threading.Lock()      # two makes in one build folder would race


def make(t, *words):
    """Run make on the build under test; return (status, output)."""
    line = ["make", "--no-print-directory", f"B={t.build}", *words]
    with one_make:
        done = subprocess.run(line, cwd=TOP, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True,
                              timeout=300, check=False)
    return done.returncode, done.stdout


def test_verify_linux(t):
    """Every Linux file used is Debian's, byte for byte."""
    status, output = make(t, "verify-linux")
    demand(status == 0, output)


def test_verify_linux_tampered(t):
    """One changed byte in a copy of a Linux file is found."""
    status, output = make(t, "verify-linux-tamper")
    demand(status == 0, output)


def test_help(t):
    """`make help` names what a person types."""
    status, output = make(t, "help")
    demand(status == 0, output)
    for target in ("run", "demo", "test", "unit", "system", "verify-linux",
                   "qemu-gdb", "help", "bench"):
        demand(f"  {target} " in output, f"no {target} in:\n{output}")


def test_compile_commands(t):
    """compile_commands.json lists our files and Linux's driver."""
    entries = json.loads((t.build / "compile_commands.json").read_text())
    files = {entry["file"] for entry in entries}
    demand("apps/shell/main.c" in files, "no apps/shell/main.c")
    demand(any(f.endswith("drivers/block/virtio_blk.c") for f in files),
           "no virtio_blk.c")


def test_incremental(t):
    """Nothing to do after a build: make says so within 5 seconds."""
    status, output = make(t, "-q", "all")
    demand(status == 0, f"make -q all: {status}\n{output}")
