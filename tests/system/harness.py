# SPDX-License-Identifier: BSD-2-Clause
"""harness.py - what a system test works with: guests, disks, comparisons.

Everything a test makes lies in a temporary folder that vanishes with it.
"""
import hashlib
import os
import pathlib
import subprocess
import tempfile
import threading

import disks
import qemu
import strict

TOP = pathlib.Path(__file__).resolve().parents[2]
SECTOR = 512


def sha256(path):
    """The digest that sha256sum prints."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def demand(condition, why):
    """Fail the test with a reason."""
    if not condition:
        raise qemu.Failure(why)


def twins(function):
    """Mark a test: it runs also with the native drivers of native.config."""
    function.twins = True
    return function


one_make = threading.Lock()      # two makes in one build folder would race


def as_typed(build):
    """The build folder as a person has named it: make's B.

    Another spelling of the same folder counts as other compiler flags.
    """
    typed = os.environ.get("B", "")
    if typed and (TOP / typed).resolve() == build.resolve():
        return typed
    return build.relative_to(TOP) if build.is_relative_to(TOP) else build


def make(t, *words):
    """Run make on the build under test; return (status, output)."""
    line = ["make", "--no-print-directory", f"B={as_typed(t.build)}", *words]
    with one_make:
        done = subprocess.run(line, cwd=TOP, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True,
                              timeout=300, check=False)
    return done.returncode, done.stdout


class Test:
    """One test's surroundings."""

    def __init__(self, build, show=False, native=False):
        self.build = build
        self.show = show
        self.native = native
        self.extra = ()          # options for QEMU in all guests
        self.temporary = tempfile.TemporaryDirectory(prefix="kaal-test-")
        self.folder = pathlib.Path(self.temporary.name)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.temporary.cleanup()

    def say(self, text):
        """A line for the person who watches `make demo`."""
        if self.show:
            print(f"\n=== {text}", flush=True)

    def guest(self, *attached, limit_s=180, strictly=True, **machine):
        """A machine with the given disks, not yet started (use `with`).

        strictly: Linux drivers end at the first call of a missing function and
        at the first broken rule of DMA. False: they run as for users.
        """
        if self.native:
            machine.setdefault("initrd", self.build / "native/system.elf")
        elif strictly:
            machine.setdefault("initrd", self.build / "strict/system.elf")
        machine["extra"] = (*self.extra, *machine.get("extra", ()))
        return qemu.Guest(qemu.Machine(self.build, attached, **machine),
                          limit_s, self.show)

    def pick(self, linux, native):
        """What differs between a test's two runs: a driver's name."""
        return native if self.native else linux

    def image(self, kind, name=None):
        """Make a disk image: ext4, fat or random (tests/tools/disks.py)."""
        path = self.folder / f"{name or kind}.img"
        disks.MAKERS[kind](path)
        return path

    def image_bytes(self, name, data):
        """Make a disk image that holds `data`."""
        path = self.folder / f"{name}.img"
        path.write_bytes(data)
        return path

    def system(self, edit, *elves, strictly=True):
        """A system of the same programs and more, with another manifest.

        edit: text of the manifest -> text. Return: the file for guest(initrd=).
        """
        folder = self.folder / "image"
        folder.mkdir(exist_ok=True)
        manifest = folder / "manifest.txt"
        text = edit((self.build / self.pick("", "native")
                     / "archive/manifest.txt").read_text())
        manifest.write_text(strict.strict(text) if strictly else text)
        status, output = make(self, f"IMAGE={folder}", f"MANIFEST={manifest}",
                              f"MORE_ELFS={' '.join(map(str, elves))}",
                              self.pick(f"{folder}/system.elf", "native-image"))
        demand(status == 0, output)
        return folder / "system.elf"

    def disk(self, kind, serial=None, **options):
        """A new image of a kind as a disk, its serial the kind's name."""
        name = serial or kind
        return qemu.Disk(self.image(kind, name), name, **options)


def disk_numbers(guest):
    """Map each disk's serial to its number, from `blk list`.

    QEMU's order of disks is no promise; the serial is.
    """
    numbers = {}
    for line in guest.run("blk list").splitlines():
        words = line.split()
        if words and words[0].startswith("blk") and len(words) > 6:
            numbers[words[6]] = int(words[0][3:])
    return numbers


def disk_number(guest, serial):
    """The number of one disk, by its serial."""
    numbers = disk_numbers(guest)
    if serial not in numbers:
        guest.fail(f"no disk with serial {serial}; blk list has {numbers}")
    return numbers[serial]
