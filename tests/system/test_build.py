# SPDX-License-Identifier: BSD-2-Clause
"""test_build.py - what the build promises: Linux unmodified, clear messages."""
import json
import re
import shlex
import shutil
import subprocess
import sys

from harness import TOP, as_typed, demand, make


def test_verify_linux(t):
    """Every Linux file used is Debian's, byte for byte."""
    status, output = make(t, "verify-linux")
    demand(status == 0, output)
    listed = (t.build / "linux/verified.txt").read_text()
    for name in ("drivers/block/virtio_blk.c", "include/linux/virtio.h",
                 "scripts/dtc/libfdt/fdt_ro.c"):
        demand(f"  {name}\n" in listed, f"verified.txt lacks {name}")


def test_verify_linux_tampered(t):
    """One changed byte in a copy of a Linux file is found."""
    status, output = make(t, "verify-linux-tamper")
    demand(status == 0, output)


def test_verify_lwip(t):
    """Every lwIP file used is Debian's; one changed byte is found."""
    status, output = make(t, "verify-lwip")
    demand(status == 0, output)
    demand(int(output.split(" files in use")[0].split()[-1]) > 40, output)
    status, output = make(t, "verify-lwip-tamper")
    demand(status == 0, output)


def test_help(t):
    """`make help` names what a person types."""
    status, output = make(t, "help")
    demand(status == 0, output)
    for target in ("run", "demo", "test", "unit", "system", "verify-linux",
                   "qemu-gdb", "help", "bench"):
        demand(f"  {target} " in output, f"no {target} in:\n{output}")


def test_run_card(t):
    """`make run` has a card with the guest's services; NET= leaves it out."""
    status, output = make(t, "-n", "run")
    demand(status == 0, output)
    demand("-device virtio-net-device,netdev=net0,bus=virtio-mmio-bus.16"
           in output, output)
    demand(re.search(r"-netdev user,id=net0,hostfwd=tcp:127\.0\.0\.1:\d+-:7,"
                     r"hostfwd=udp:127\.0\.0\.1:\d+-:7", output), output)
    status, output = make(t, "-n", "run", "NET=")
    demand(status == 0 and "-netdev" not in output, output)


# A file of each room, and one of Linux's.
SAMPLES = ("kernel/object/cap.c", "kernel/boot/tree.c", "glue/ring/ring.c",
           "dddk/block/service.c", "broker/main.c", "apps/shell/main.c",
           "dde-linux/kit/kit_main.c", "dde-linux/class/block.c",
           "dde-linux/emul/mm/slub.c", "drivers/block/virtio_blk.c")


def test_compile_commands(t):
    """The commands in compile_commands.json are the ones that compile."""
    entries = json.loads((t.build / "compile_commands.json").read_text())
    for name in SAMPLES:
        found = [e for e in entries if e["file"].endswith(name)]
        demand(found, f"no {name}")
        words = [word for word in shlex.split(found[0]["command"])
                 if not word.startswith("-Wp,-M")]
        done = subprocess.run(
            [*words, "-fsyntax-only"], cwd=found[0]["directory"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False)
        demand(done.returncode == 0, f"{name}: {done.stdout}")


def test_incremental(t):
    """Nothing to do after a build: make says so within 5 seconds."""
    status, output = make(t, "-q", "all")
    demand(status == 0, f"make -q all: {status}\n{output}")


def test_other_flags(t):
    """Other flags on the command line are something to do."""
    folder = as_typed(t.build)
    for words in (("DEBUG=0",), ("CROSS=other-",), ("DRIVERS_CONFIG=x",)):
        status, _ = make(t, "-q", *words, f"{folder}/kernel.img",
                         f"{folder}/manifest.d/40-drivers")
        demand(status, f"make -q {words[0]}: nothing to do")


def resolve(t, symbol):
    """Ask Linux for one more driver, on a copy of its configuration."""
    linux, out = t.build / "linux", t.folder / "out"
    out.mkdir(exist_ok=True)
    shutil.copy(linux / "out/.config", out)
    config = t.folder / "drivers.config"
    config.write_text(f"DDE_VIRTIO_BLK=y\nDDE_{symbol}=y\n")
    done = subprocess.run(
        [sys.executable, TOP / "dde-linux/build/drivers_config.py", "resolve",
         config, "--src", linux / "src", "--out", out, "--need",
         linux / "kconfig_need", "--native", TOP / "drivers-native"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False, cwd=TOP)
    return done.returncode, done.stdout


def test_driver_without_class(t):
    """A driver of no class is refused by line, before it is compiled."""
    status, output = resolve(t, "SOFT_WATCHDOG")
    demand(status and "drivers.config:2: DDE_SOFT_WATCHDOG: calls no "
           "registration function" in output, output)


def test_driver_without_dependency(t):
    """A symbol that Linux cannot enable here: refused with what is unmet."""
    status, output = resolve(t, "E1000")
    demand(status and re.search(
        r"drivers.config:2: DDE_E1000: Linux cannot enable it on this machine; "
        r"it depends on: .*HAS_IOPORT \[=n\]", output), output)


def test_symbol_of_another_type(t):
    """Symbols of Linux that are no drivers: bool, number; and no symbol."""
    for symbol, why in (("PCI", "is a bool"), ("HZ", "is of type int"),
                        ("VIRTIO_BLC", "did you mean DDE_VIRTIO_BLK")):
        status, output = resolve(t, symbol)
        demand(status and f"drivers.config:2: DDE_{symbol}: " in output and
               why in output, output)


def test_driver_with_class(t):
    """A second block driver is let through to the compiler."""
    status, output = resolve(t, "BLK_DEV_LOOP")
    demand(status == 0, output)


def test_native_driver_unknown(t):
    """A native driver that does not exist is refused, though alone."""
    config = t.folder / "drivers.config"
    config.write_text("# none of Linux's\nNATIVE_NOSUCHTHING=y\n")
    status, output = make(t, f"B={t.folder}", f"LWIP={as_typed(t.build)}/lwip",
                          f"DRIVERS_CONFIG={config}",
                          f"{t.folder}/manifest.d/40-drivers")
    demand(status and ":2: NATIVE_NOSUCHTHING: there is no such" in output,
           output)
