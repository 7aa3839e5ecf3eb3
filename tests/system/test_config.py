# SPDX-License-Identifier: BSD-2-Clause
"""test_config.py - from drivers.config to a process: settings, menu, stubs."""
import re
import shutil
import subprocess
import sys

from harness import TOP, as_typed, demand, make
from terminal import Terminal
from test_rng import rng

MENU = TOP / "dde-linux/build/menu.py"


def with_args(name, args):
    """An edit of the manifest that gives one driver arguments."""
    return lambda text: re.sub(rf"^({name} .*)$", rf"\1 args={args}", text,
                               flags=re.M)


def told(guest, pattern):
    """Wait until the console says this, before or after what has been read."""
    seen, guest.seen = guest.seen, 0
    guest.expect(pattern)
    guest.seen = max(seen, guest.seen)


def test_driver_args(t):
    """A module parameter reaches Linux's driver, and an impossible one stops it."""
    disk = t.disk("random")
    image = t.system(with_args("virtio_blk", "num_request_queues=1,queue_depth=4x"))
    with t.guest(disk, initrd=image) as guest:
        guest.boot()
        told(guest, "virtio_blk: `4x' invalid for parameter `queue_depth'")
        told(guest, "virtio_blk: driver start failed: error -22")
        guest.demand("blk list", "^blk0: cannot be opened")
        guest.finish()


def lacking(t):
    """Build the test's own driver. Return: its program, its manifest line."""
    folder = t.folder / "lacking"
    shutil.copytree(TOP / "tests/system/lacking", folder)
    status, output = make(t, "dde-module", f"MODULE={folder}/lacking")
    demand(status == 0, output)
    demand("is linked without 7 functions of Linux (current_time, d_alloc_name, "
           "filp_open, ...)" in output, output)
    return folder / "dde_lacking.elf", (folder / "lacking.line").read_text()


def instead(line):
    """An edit of the manifest: this line in place of Linux's virtio-rng."""
    return lambda text: re.sub(r"^hw_random_virtio .*\n", line, text,
                               flags=re.M)


def test_missing_functions(t):
    """A driver that lacks functions runs; each call is counted and told once."""
    elf, line = lacking(t)
    # Not strict: what happens to users, where such a driver goes on.
    image = t.system(instead(line), elf, strictly=False)
    with t.guest(extra=rng(), initrd=image) as guest:
        guest.boot()
        guest.demand("rng read 0 4 hex", "4c4c4c4c")
        guest.demand("dde stubs rng0", r"^kern_path +2 calls")
        guest.demand("dde stubs rng0", r"^filp_open +1 calls")
        guest.demand("dde stubs lacking", "^lacking: 7 functions of Linux are "
                     "missing, 7 of them have been called")
        for result in ("int -95", "unsigned 0", "bool 0", "struct 0",
                       "error pointer -95", "null pointer"):
            told(guest, f"lacking: {result}\n")
        calls = re.findall(r"kern_path, which dde-linux does not have, was "
                           r"called from lacking_probe\+0x", guest.text)
        demand(len(calls) == 1, guest.text)
        guest.finish()


def test_missing_strict(t):
    """In strict mode the first call ends the driver, by name."""
    elf, line = lacking(t)
    with t.guest(extra=rng(), initrd=t.system(instead(line), elf)) as guest:
        guest.boot()
        told(guest, r"kern_path, which dde-linux does not have, was called "
             r"from lacking_probe\+0x[0-9a-f]+; strict mode")
        told(guest, "lacking: the driver process ends")
        demand("lacking: int" not in guest.text, guest.text)
        guest.demand("dde stubs lacking", "has ended, and its counters with it")
        guest.finish()


def test_missing_strict_unused(t):
    """Strict mode lets a driver live that calls nothing that is missing."""
    elf, line = lacking(t)
    quiet = line.rstrip() + " args=quiet\n"
    with t.guest(extra=rng(), initrd=t.system(instead(quiet), elf)) as guest:
        guest.boot()
        guest.demand("rng read 0 4 hex", "4c4c4c4c")
        guest.demand("dde stubs lacking", "7 functions of Linux are missing, "
                     "0 of them have been called")
        guest.finish()


def test_nothing_missing(t):
    """The drivers of drivers.config lack nothing, so all tests run as strict."""
    names = subprocess.run(
        [sys.executable, TOP / "dde-linux/build/drivers_config.py", "names",
         TOP / "drivers.config"], stdout=subprocess.PIPE, text=True,
        check=True).stdout.split()
    demand(names, "no driver in drivers.config")
    for name in names:
        lacks = (t.build / f"dde/{name}/missing.txt").read_text()
        demand(not lacks, f"{name} lacks {lacks}")


def menu_files(t):
    """The tree of the menu, a drivers.config of the test's own."""
    tree = t.build / "menu/Kconfig"
    status, output = make(t, f"{as_typed(t.build)}/menu/Kconfig")
    demand(status == 0, output)
    config = t.folder / "drivers.config"
    config.write_text("# mine\nDDE_VIRTIO_BLK=y\nDDE_VIRTIO_BLK_STRICT=y\n"
                      "DDE_E1000E=y\n")
    return tree, config


def menu(*words):
    """Run menu.py; return what it printed."""
    done = subprocess.run([sys.executable, MENU, *map(str, words)], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    demand(done.returncode == 0, done.stdout)
    return done.stdout


def test_menu_tree(t):
    """Linux's own parser takes the tree; all asked-for drivers are in it."""
    tree, config = menu_files(t)
    answers = t.folder / ".config"
    answers.write_text(menu("load", config))
    subprocess.run([t.build / "linux/out/scripts/kconfig/conf",
                    "--olddefconfig", tree], check=True,
                   env={"KCONFIG_CONFIG": str(answers), "PATH": ""},
                   cwd=t.folder,  # it leaves a folder include/
                   stdout=subprocess.DEVNULL)
    text = answers.read_text()
    demand("CONFIG_DDE_VIRTIO_BLK=y" in text and
           "CONFIG_DDE_E1000E=y" in text, text[:2000])
    menu("save", config, answers, tree)
    demand(config.read_text().startswith("# mine\n"), config.read_text())
    whole = tree.read_text()
    for symbol in ("RTC_DRV_PL031", "HW_RANDOM_VIRTIO", "VIRTIO_INPUT",
                   "GPIO_PL061", "SERIAL_AMBA_PL011", "VIRTIO_NET"):
        demand(f"\nconfig DDE_{symbol}\n" in whole, symbol)
    demand("config DDE_SOFT_WATCHDOG\n" not in whole, "a driver without class")
    demand("Say Y" in whole, "no help text of Linux")


def test_menu_without_terminal(t):
    """Nothing to draw in: one message that says what to do instead."""
    status, output = make(t, "menuconfig")
    demand(status and "make menuconfig needs a terminal; without one edit "
           "drivers.config" in output, output)


def test_menu_by_hand(t):
    """A person switches a driver on in the menu; drivers.config has it."""
    subprocess.run([TOP / "mk/setup.sh", "menuconfig"], check=True)
    tool = shutil.which("kconfig-mconf")
    tree, config = menu_files(t)
    answers = t.folder / ".config"
    answers.write_text(menu("load", config))
    env = {"KCONFIG_CONFIG": str(answers), "CONFIG_": "CONFIG_"}
    with Terminal([tool, str(tree)], env) as screen:
        for wanted, keys in (("Exit", b"/"), ("Enter", b"DDE_RTC_DRV_PL031\n"),
                             ("(1)", b"1"), ("PL031", b"y")):
            demand(screen.step(wanted, keys), f"{wanted}: {screen.screen()}")
        status = screen.leave(b"\x1b\x1b", "save your new", b"\n")
    demand(status == 0, f"{tool}: {status}: {screen.screen()}")
    said = menu("save", config, answers, tree)
    demand(said.endswith("drivers.config: +DDE_RTC_DRV_PL031\n"), said)
    demand("\nDDE_RTC_DRV_PL031=y\n" in config.read_text(), said)

