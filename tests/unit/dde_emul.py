#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""dde_emul.py - the emulated kernel (dde-linux/emul, class) on a bare machine.

The very objects that a driver links run in QEMU without a kernel: memory,
timers, fibers, work queues, interrupts, DMA and the block layer, over a kit
made for the test (dde_emul/fake_kit.c). One boot runs all groups of checks.
Needs what `make dde-linux` builds: $B/dde/emul.a, $B/linux/real.a.

  dde_emul.py trace DIR   leaves the program, its objects and QEMU's log of what
                          it executed in DIR, for make dde-report
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
FOLDER = HERE / "dde_emul"
sys.path.insert(0, str(TOP / "dde-linux/build"))
import elf_object  # noqa: E402
import report_tests  # noqa: E402

CROSS = os.environ.get("CROSS", "aarch64-linux-gnu-")
B = os.environ.get("B", "build")  # as it was typed: see flags_stamp
BUILD = (TOP / B).resolve()
GROUPS = sorted(name for source in FOLDER.glob("*.c") for name in
                re.findall(r"^CHECK_GROUP\((\w+)\);", source.read_text(), re.M))
CODE = "0x40100000"

CORE = ("drivers/amba/", "drivers/base/dd.c", "drivers/char/hw_random/",
        "drivers/clk/", "drivers/gpio/", "drivers/input/input.c",
        "drivers/rtc/class.c")  # whose initcalls the checks need
# Class glue compiled once more: undefined behaviour is an exception, status 70.
SANITIZED = [TOP / f"dde-linux/class/{name}.c" for name in
             ("ask", "gpio", "gpio_names", "input", "rng", "rtc", "watch")]
UBSAN = ["-fsanitize=undefined", "-fsanitize-undefined-trap-on-error"]


def tree_object(work):
    """The fake device's tree as an object that defines fake_tree."""
    blob, text = work / "tree.dtb", work / "tree.S"
    subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", blob,
                    FOLDER / "tree.dts"], check=True)
    text.write_text(f'.section .rodata\n.balign 8\n.globl fake_tree\n'
                    f'fake_tree: .incbin "{blob}"\n')
    return text


def core_inits(work, inits):
    """C text of the initcalls of Linux's core files, in order of levels."""
    sys.path.insert(0, str(TOP / "dde-linux/build"))
    import link_driver  # pylint: disable=import-outside-toplevel
    entries = [entry for entry in json.loads(inits.read_text())
               if entry["file"].startswith(CORE)]
    names = {name for entry in entries for name in entry["names"]}
    calls = link_driver.live_inits(names, entries)
    source = work / "core_inits.c"
    source.write_text("#include <dde.h>\n" + "".join(
        f"extern int (*{call.symbol})(void);\n" for call in calls) +
        "static const struct dde_core_init rows[] = {\n" + "".join(
        f'\t{{ "{call.file}", &{call.symbol} }},\n' for call in calls) +
        "\t{ 0, 0 },\n};\n"
        "const struct dde_core_init *const dde_core_inits = rows;\n")
    return source


def archives():
    """Bring the two archives up to date."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    subprocess.run(["make", "-s", f"B={B}", f"{B}/dde/emul.a"],
                   cwd=TOP, env=env, check=True, stdout=subprocess.DEVNULL)
    return [BUILD / "dde/emul.a", BUILD / "linux/real.a"]


def program(work):
    """Compile the checks with Linux's own flags, link them with the layer."""
    wanted = archives()
    flags = [f"@{BUILD}/linux/cflags", "-Werror", "-Idde-linux/kit",
             "-Idde-linux/emul", "-Idde-linux/class", f"-I{FOLDER}",
             "-idirafter", "glue/include", "-idirafter", "dde-linux/kit/plain",
             '-DKBUILD_MODNAME="check"', '-DKBUILD_MODFILE="check"',
             '-DKBUILD_BASENAME="check"', "-D__KBUILD_MODNAME=check"]
    sources = [*sorted(FOLDER.glob("*.c")),
               core_inits(work, BUILD / "linux/real.inits"), *SANITIZED]

    def compiled(source):
        made = work / (source.stem + ".o")
        extra = UBSAN if source in SANITIZED else []
        subprocess.run([CROSS + "gcc", *flags, *extra, "-c", source, "-o",
                        made], cwd=TOP, check=True)
        return made

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        objects = list(pool.map(compiled, sources))
    for source in [FOLDER / "start.S", tree_object(work), TOP / "dde-linux/kit/kit_fiber.S"]:
        objects.append(work / (source.stem + ".o"))
        subprocess.run([CROSS + "gcc", "-c", source, "-o", objects[-1]],
                       check=True)
    elf = work / "check.elf"
    subprocess.run([CROSS + "ld", "-static", "--gc-sections", "-e", "_start",
                    f"-Ttext={CODE}", f"--defsym=code_start={CODE}",
                    "--build-id=none",
                    "--no-warn-rwx-segments", "--defsym=__start_rodata=0",
                    "--defsym=__end_rodata=0", "-o", elf, *objects,
                    "--start-group", *wanted, "--end-group"], check=True)
    return elf


def names_of(archive):
    """Global names that the archive defines."""
    text = subprocess.run([CROSS + "nm", "-g", "--defined-only", "-j", archive],
                          stdout=subprocess.PIPE, check=True, text=True).stdout
    return {name for name in text.split() if not name.endswith(":")}


def marks_of(archive):
    """The marks in the archive's objects: (kind, name, file, reason)."""
    return [(mark.split(" ", 3) + [""])[:4]
            for obj in elf_object.read_file(archive) for mark in obj.marks]


class Marks(unittest.TestCase):
    """Each symbol says how it is met; the report relies on that."""

    @classmethod
    def setUpClass(cls):
        archive = archives()[0]
        cls.names, cls.marks = names_of(archive), marks_of(archive)

    def test_every_symbol_has_one_mark(self):
        marked = [name for _, name, _, _ in self.marks]
        ours = {n for n in self.names if not n.startswith("dde_")}
        self.assertEqual(sorted(ours - set(marked)), [])
        self.assertEqual(len(marked), len(set(marked)))

    def test_a_noop_has_a_reason(self):
        for kind, name, _, reason in self.marks:
            self.assertIn(kind, ("emulated", "noop"))
            self.assertEqual(bool(reason.strip()), kind == "noop", name)

    def test_each_file_names_the_linux_file_it_stands_for(self):
        for source in (TOP / "dde-linux/emul").rglob("*.c"):
            head = source.read_text()[:1500].replace("stands", "Stands")
            self.assertIn("Stands for", head, source)
            names = re.findall(r"[\w-]+(?:/[\w-]+)+\.c",
                               head.split("Stands for", 1)[1])
            self.assertTrue(
                source.name.startswith("dde_") or  # of no single file
                any((BUILD / "linux/src" / name).exists() for name in names),
                f"{source} names no file of Linux: {names}")


def boot(elf, *words, seconds=150):
    """Run the program in QEMU. Return: the finished process."""
    return subprocess.run(
        ["qemu-system-aarch64", "-M", "virt", "-nic", "none",
         "-cpu", "cortex-a72", "-m", "1G", "-semihosting", "-nographic",
         "-icount", "shift=5",  # time by instructions: no busy host
         *words, "-kernel", elf],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=seconds, check=False, text=True)


def traced(folder):
    """Leave check.elf and trace.log in a folder. Return: the finished process."""
    work = pathlib.Path(folder)
    work.mkdir(parents=True, exist_ok=True)
    return boot(program(work), "-d", "in_asm", "-D", work / "trace.log")


def trace(folder):
    """For make dde-report, which needs a run in which no check failed."""
    done = traced(folder)
    if done.returncode:
        sys.exit(f"the checks of the emulation fail:\n{done.stdout}")


class Emulation(unittest.TestCase):
    """One boot; each group of checks is a test."""

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            done = traced(folder)
            cls.tested = report_tests.by_checks(
                folder, [BUILD / "dde/emul.a", BUILD / "linux/real.a"], CROSS)
        cls.status, cls.output = done.returncode, done.stdout

    def test_groups(self):
        for name in GROUPS:
            with self.subTest(name):
                self.assertIn(f"ok {name}\n", self.output, self.output)

    def test_every_emulation_is_executed(self):
        names = {name for kind, name, _, _ in marks_of(BUILD / "dde/emul.a")
                 if kind == "emulated"}
        self.assertEqual(sorted(names - set(self.tested)), [],
                         "no check executes these: docs/decisions/0011")

    def test_status(self):
        self.assertEqual(self.status, 0, self.output)


if __name__ == "__main__":
    if sys.argv[1:2] == ["trace"]:
        trace(sys.argv[2])
    else:
        unittest.main()
