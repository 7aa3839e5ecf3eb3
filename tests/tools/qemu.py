# SPDX-License-Identifier: BSD-2-Clause
"""qemu.py - boots KaaL in QEMU and talks to its console, within time limits.

A Guest is one QEMU process. Its console is a pair of pipes; `expect` waits
for text, `run` types a shell command and returns what it printed. Leaving the
`with` block always ends QEMU. `finish` checks what every good boot must show:
the kernel's last line, and not one line in QEMU's guest_errors log.
"""
import ctypes
import dataclasses
import os
import pathlib
import re
import select
import signal
import subprocess
import tempfile
import time

import code_seen

PROMPT = "kaal> "
PANIC = r"^KaaL: kernel panic: .*\n"
# Transports whose registers lie in 4 KiB pages of their own (512 bytes each).
TRANSPORTS = (0, 8, 16, 24)
BOOT_S = 60
COMMAND_S = 60
PANIC_REPORT_S = 1               # for the lines that follow a panic's first
PR_SET_PDEATHSIG = 1             # prctl(2)
PRCTL = ctypes.CDLL(None).prctl


def echoed(command):
    """A pattern for a typed command's echo at the end of the prompt's line.

    A driver's message may cut it in one place: the rest is on a later line.
    """
    shown = command[:60]
    cut = [r"\A" + re.escape(shown[:at]) + r".*\n(?:.*\n)*?"
           + re.escape(shown[at:]) for at in range(1, len(shown))]
    return rf"(?:{'|'.join([re.escape(shown), *cut])}).*\n"


class Failure(Exception):
    """The guest did not do what the test demands."""


@dataclasses.dataclass
class Disk:
    """One virtio-blk disk. path None makes it a null-co disk of `size`."""
    path: object
    serial: str
    readonly: bool = False
    transport: int = -1          # -1: the next free one of TRANSPORTS
    size: int = 0
    options: str = ""            # added to -device
    backend: str = ""            # added to -blockdev
    fault: str = ""              # blkdebug options: errors from below

    def arguments(self, index):
        """QEMU's options for this disk."""
        name = f"disk{index}"
        bus = self.transport if self.transport >= 0 else TRANSPORTS[index]
        if self.path is None:
            drive = ["-blockdev", f"null-co,read-zeroes=on,size={self.size},"
                     f"node-name={name}{self.backend}"]
        else:
            mode = "on" if self.readonly else "off"
            drive = ["-blockdev", f"file,filename={self.path},"
                     f"node-name={name},read-only={mode},auto-read-only=off"
                     + self.backend]
        if self.fault:
            drive += ["-blockdev", f"blkdebug,node-name={name}-faulty,"
                      f"image={name},{self.fault}"]
            name += "-faulty"
        return drive + ["-device", f"virtio-blk-device,drive={name},"
                        f"serial={self.serial},bus=virtio-mmio-bus.{bus}"
                        + self.options]


@dataclasses.dataclass
class Machine:
    """What QEMU is told to be."""
    build: pathlib.Path
    disks: tuple = ()
    cpu: str = "cortex-a72"
    mem: str = "256M"
    smp: int = 1
    gic: str = "3"
    serial: str = "stdio"        # mon:stdio: ^A is QEMU's own
    kernel: object = None        # default: build/kernel.img
    initrd: object = None        # default: build/system.elf; "" for none
    extra: tuple = ()

    def arguments(self, log):
        """QEMU's whole command line."""
        initrd = self.build / "system.elf" if self.initrd is None \
            else self.initrd
        line = ["qemu-system-aarch64", "-M", f"virt,gic-version={self.gic}",
                "-cpu", self.cpu, "-m", self.mem, "-smp", str(self.smp),
                "-display", "none", "-monitor", "none", "-serial", self.serial,
                "-no-reboot", "-nodefaults",
                "-global", "virtio-mmio.force-legacy=false",
                "-d", "guest_errors,unimp" + code_seen.classes(),
                "-D", str(log),
                "-kernel", str(self.kernel or self.build / "kernel.img")]
        if initrd:
            line += ["-initrd", str(initrd)]
        for index, disk in enumerate(self.disks):
            line += disk.arguments(index)
        return line + list(self.extra)


def die_with_parent():
    """In QEMU, before it starts: a killed test run leaves no QEMU behind."""
    PRCTL(PR_SET_PDEATHSIG, signal.SIGKILL)


class Guest:
    """A running machine and its console."""

    def __init__(self, machine, limit_s=180, show=False):
        self.machine = machine
        self.deadline = time.monotonic() + limit_s
        self.show = show
        self.text = ""           # the console since the start
        self.seen = 0            # how much of it expect has used up
        self.qemu = None
        self.folder = None

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="kaal-")
        log = pathlib.Path(self.folder.name) / "errors"
        self.qemu = subprocess.Popen(
            self.machine.arguments(log), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent)
        return self

    def __exit__(self, *unused):
        if self.qemu.poll() is None:
            self.qemu.kill()
        self.qemu.wait()
        self.qemu.stdin.close()
        self.qemu.stdout.close()
        code_seen.keep(pathlib.Path(self.folder.name) / "errors")
        self.folder.cleanup()

    def fail(self, why):
        """Raise a Failure that carries the last console lines."""
        tail = "\n".join(self.text.splitlines()[-25:])
        raise Failure(f"{why}\n--- last console lines ---\n{tail}")

    def _read(self, until):
        """Take in console text. Return False at its end or at `until`."""
        wait = min(until, self.deadline) - time.monotonic()
        ready, _, _ = select.select([self.qemu.stdout], [], [], max(wait, 0))
        data = os.read(self.qemu.stdout.fileno(), 65536) if ready else b""
        text = data.decode("latin-1").replace("\r", "")
        if self.show:
            print(text, end="", flush=True)
        self.text += text
        return bool(data)

    def _panic_demand_none(self):
        """After a panic nothing that a test waits for can come."""
        panic = re.search(PANIC, self.text, re.M)
        if panic:
            until = time.monotonic() + PANIC_REPORT_S
            while self._read(until):
                pass
            self.fail(panic[0])

    def expect(self, pattern, timeout=BOOT_S, name=""):
        """Wait for a regular expression after what was already matched.

        name: what a failure calls it (default: the pattern).
        """
        until = time.monotonic() + timeout
        while True:
            found = re.search(pattern, self.text[self.seen:], re.M)
            if found:
                self.seen += found.end()
                return found
            self._panic_demand_none()
            if not self._read(until):
                gone = time.monotonic() < min(until, self.deadline)
                self.fail(f"{'QEMU ended' if gone else 'time is up'} while "
                          f"waiting for: {name or pattern}")

    def send(self, text):
        """Type characters."""
        try:
            self.qemu.stdin.write(text.encode("latin-1"))
            self.qemu.stdin.flush()
        except BrokenPipeError:
            self.fail(f"QEMU has ended, cannot type {text!r}")

    def boot(self, timeout=BOOT_S):
        """Wait for the first prompt."""
        self.expect(f"^{PROMPT}", timeout)
        return self

    def run(self, command, timeout=COMMAND_S):
        """Type a shell command; return its output, without echo, prompt."""
        self.send(command + "\r")
        self.expect(echoed(command), timeout, f"the echo of `{command}`")
        start = self.seen
        end = self.expect(f"^{PROMPT}", timeout)
        return self.text[start:self.seen - len(end[0])]

    def demand(self, command, pattern, timeout=COMMAND_S):
        """Run a command; its output must match. Return the match."""
        output = self.run(command, timeout)
        found = re.search(pattern, output, re.M)
        if not found:
            self.fail(f"`{command}` printed no match for: {pattern}")
        return found

    def start(self, command, pattern, timeout=BOOT_S):
        """Start a program that says `pattern`, before the prompt or after it.

        Return: the match.
        """
        said = self.run(command)
        return re.search(pattern, said, re.M) or self.expect(pattern, timeout)

    def ended(self, timeout=30):
        """Wait for QEMU's end; return the status of the kernel's last line."""
        until = time.monotonic() + timeout
        while self._read(until):
            pass
        try:
            self.qemu.wait(max(min(until, self.deadline) - time.monotonic(),
                               1))
        except subprocess.TimeoutExpired:
            self.fail("the machine did not switch itself off")
        last = re.findall(r"^KaaL: power off, status (\d+)", self.text, re.M)
        if not last:
            self.fail("the kernel did not say `KaaL: power off, status N`")
        return int(last[-1])

    def finish(self, status=0):
        """Power off from the shell; demand the status and a clean log."""
        self.send(f"poweroff {status}\r")
        got = self.ended()
        if got != status:
            self.fail(f"power off with status {got}, asked for {status}")
        self.errors_demand_none()

    def errors_demand_none(self):
        """QEMU must not have seen a bad access by the guest."""
        log = pathlib.Path(self.folder.name) / "errors"
        lines = log.read_text().splitlines() if log.exists() else []
        lines = [line for line in lines
                 if not (code_seen.folder() and code_seen.LINE.match(line))]
        if lines:
            self.fail(f"{len(lines)} guest errors, first: {lines[0]}")
