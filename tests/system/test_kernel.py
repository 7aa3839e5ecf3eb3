# SPDX-License-Identifier: BSD-2-Clause
"""test_kernel.py - the kernel by itself: conformance to its ABI, gdb commands.

The conformance root tasks (tests/abi) know nothing but abi.md. They run under
icount: time is then counted in instructions, and checks of time slices and
of the latency of preemption do not depend on how busy the host is.
"""
import re
import shutil
import subprocess

from harness import TOP, demand

ICOUNT = ("-icount", "shift=0,sleep=off")
SUITE_S = 120
GDB_S = 60


def conforms(t, **machine):
    """Boot the conformance suite; every check must pass."""
    suite = t.build / "abi_suite.elf"
    demand(suite.exists(), f"{suite} is missing: make abi B={t.build}")
    with t.guest(initrd=suite, extra=ICOUNT, **machine) as guest:
        found = guest.expect(r"^abi: (\d+) passed, (\d+) failed", SUITE_S)
        wrong = re.findall(r"^abi .*", guest.text, re.M)
        demand(found[2] == "0", "\n".join(wrong))
        demand(int(found[1]) > 900, f"only {found[1]} checks ran")
        demand(guest.ended() == 0, "the status is not 0")
        guest.errors_demand_none()


def test_abi_suite(t):
    """The kernel does what abi.md says, section by section."""
    conforms(t)


def test_abi_suite_max(t):
    """The same with every CPU feature that QEMU has, and 1 GiB."""
    conforms(t, cpu="max", mem="1G")


def test_abi_suite_a53(t):
    """The same on the smallest CPU, and 128 MiB."""
    conforms(t, cpu="cortex-a53", mem="128M")


def test_abi_big(t):
    """A root task of 64 MiB, RWX, with a gap between its segments."""
    with t.guest(initrd=t.build / "abi_big.elf") as guest:
        guest.expect(r"^abi big: all passed")
        demand(guest.ended() == 0, "the status is not 0")
        guest.errors_demand_none()


def gdb(t, socket, *commands):
    """Run gdb on the guest; the text it prints."""
    line = ["gdb-multiarch", "-q", "-nx", "-batch",
            "-ex", f"file {t.build / 'kernel.elf'}",
            "-ex", f"source {TOP / 'kernel/gdb/kaal_gdb.py'}",
            "-ex", f"target remote {socket}"]
    for command in commands:
        line += ["-ex", command]
    done = subprocess.run(line + ["-ex", "detach"], text=True, timeout=GDB_S,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    demand("Error" not in done.stdout and "Traceback" not in done.stdout,
           done.stdout)
    return done.stdout


def test_gdb_commands(t):
    """kaal threads, queues, objects, caps, trace show a running system."""
    if not shutil.which("gdb-multiarch"):
        return                   # mk/setup.sh gdb installs it
    socket = t.folder / "gdb"
    stub = ("-chardev", f"socket,id=gdb,path={socket},server=on,wait=off",
            "-gdb", "chardev:gdb")
    with t.guest(t.disk("random"), extra=stub) as guest:
        guest.boot()
        text = gdb(t, socket, "kaal enter", "kaal threads", "kaal queues",
                   "kaal objects", "kaal trace")
        root = re.search(r"(0xffff\w+) root +255/255 receive", text)
        demand(root, f"kaal threads shows no root task:\n{text}")
        for pattern in (r"^in the kernel", r"^\* 0x\w+ idle ", r"^current: ",
                        r"^endpoint 0x\w+ \(receive\): root",
                        r"^thread +\d+ +\d+ +\d+", r"^cnode +\d+",
                        r"^ *\d+ (irq|syscall|switch) "):
            demand(re.search(pattern, text, re.M),
                   f"gdb printed no match for {pattern}:\n{text}")
        text = gdb(t, socket, "kaal enter", f"kaal caps {root[1]}")
        for pattern in (r"^cnode 0x\w+: 2\^\d+ slots", r"^ +1 thread ",
                        r"^ +4 IRQ control", r" untyped .* bytes, used "):
            demand(re.search(pattern, text, re.M),
                   f"kaal caps printed no match for {pattern}:\n{text}")
        guest.demand("blk read 0 0 1", "^00000000 ")
        guest.finish()
