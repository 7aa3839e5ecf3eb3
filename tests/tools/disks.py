# SPDX-License-Identifier: BSD-2-Clause
"""disks.py - makes the disk images of make run, make demo and the tests.

usage: disks.py ext4|fat|random IMAGE

Both file systems are made without root and hold real files: this project's
texts and one larger file. The FAT disk has an odd number of sectors.
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
SECTOR = 512
EXT4_BYTES = 64 << 20
FAT_BYTES = (33 << 20) + 3 * SECTOR
RANDOM_BYTES = (5 << 20) + 7 * SECTOR
PATH = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}


def tool(*words):
    """Run one program; its output is shown only if it fails."""
    done = subprocess.run([str(w) for w in words], env=PATH, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    if done.returncode:
        raise SystemExit(f"disks.py: {words[0]} failed:\n{done.stdout}")


def files_collect(folder):
    """Put the files that go into a disk into `folder`; return their names."""
    for path in [TOP / "Makefile", *sorted(TOP.glob("*.md")),
                 *sorted((TOP / "docs").glob("*.md"))]:
        (folder / path.name.lower()).write_bytes(path.read_bytes())
    data = random.Random(2).randbytes(3_000_001)
    (folder / "big.bin").write_bytes(data)
    return sorted(folder.iterdir())


def empty_make(image, size):
    """A sparse file of the given size."""
    image.parent.mkdir(parents=True, exist_ok=True)
    image.unlink(missing_ok=True)
    with open(image, "wb") as file:
        file.truncate(size)


def ext4_make(image, size=EXT4_BYTES):
    """An ext4 disk with files."""
    empty_make(image, size)
    with tempfile.TemporaryDirectory() as folder:
        files_collect(pathlib.Path(folder))
        tool("mkfs.ext4", "-q", "-F", "-L", "kaal", "-d", folder, image)


def fat_make(image, size=FAT_BYTES):
    """A FAT disk with files and an odd number of sectors."""
    empty_make(image, size)
    with tempfile.TemporaryDirectory() as folder:
        files = files_collect(pathlib.Path(folder))
        tool("mkfs.vfat", "-n", "KAAL", image)
        tool("mcopy", "-i", image, *files, "::")


def random_make(image, size=RANDOM_BYTES):
    """A disk full of bytes that no one can guess, the same each time."""
    empty_make(image, size)
    image.write_bytes(random.Random(size).randbytes(size))


MAKERS = {"ext4": ext4_make, "fat": fat_make, "random": random_make}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in MAKERS:
        raise SystemExit(__doc__)
    MAKERS[sys.argv[1]](pathlib.Path(sys.argv[2]))
