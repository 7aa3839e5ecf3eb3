# SPDX-License-Identifier: BSD-2-Clause
"""stock.py - what Linux itself does on the disks that lie here: the mark to beat.

usage: stock.py --build DIR

Boots Debian's own arm64 kernel of the version that our drivers are from, with
busybox, on the disk of tests/tools/vhost_blk.py, once for each lie; and KaaL on
the same disk with Linux's driver and with ours. A client reads the whole disk
while it lies, and again when it is honest. Prints a table and writes
DIR/stock/stock.json; docs/reliability.md shows it. The kernel and busybox are
fetched by apt-get into DIR/stock, and nothing is installed.
"""
import argparse
import concurrent.futures
import hashlib
import json
import lzma
import pathlib
import random
import re
import stat
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE.parent / "system"), str(HERE.parent / "tools")]

import harness  # noqa: E402  (needs the paths above)
import qemu  # noqa: E402
import test_hostile  # noqa: E402
from vhost_blk import LIES, VhostBlk  # noqa: E402

FLAVOUR = "+deb12-cloud-arm64"
MODULES = ("virtio/virtio_mmio", "block/virtio_blk")
SOURCES = """\
deb [arch=arm64] http://deb.debian.org/debian bookworm main
deb [arch=arm64] http://deb.debian.org/debian-security bookworm-security main
"""
BYTES = 4 << 20
AFTER, TIMES = 5, 4              # as the lies are told to KaaL: some, then honest
BOOT_S, READ_S = 200, 30         # Linux answers a read at once, or not in minutes
READ = "dd if=/dev/vda bs=64k iflag=direct of=/disk; sha256sum /disk; rm /disk"
INIT = f"""\
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t devtmpfs none /dev
insmod /virtio_mmio.ko
insmod /virtio_blk.ko
printf '\\n{qemu.PROMPT}'
while read -r line; do eval "$line"; printf '{qemu.PROMPT}'; done
"""


def release_of(build):
    """What Debian calls the kernel of the source that our drivers are from."""
    head = (build / "linux/src/Makefile").read_text()
    return ".".join(re.search(rf"^{name} = (\d+)$", head, re.M)[1] for name in
                    ("VERSION", "PATCHLEVEL", "SUBLEVEL")) + FLAVOUR


def fetch(folder, release):
    """That kernel and busybox, unpacked below a folder."""
    root = folder / "root"
    if (root / "boot").exists():
        return root
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "sources.list").write_text(SOURCES)
    options = [word for option in (
        f"Dir::Etc::sourcelist={folder}/sources.list", "Dir::Etc::sourceparts=-",
        f"Dir::State::lists={folder}/lists", f"Dir::Cache={folder}/cache",
        "APT::Architecture=arm64", "APT::Architectures::=arm64",
        "APT::Sandbox::User=root") for word in ("-o", option)]
    subprocess.run(["apt-get", *options, "-qq", "update"], check=True)
    subprocess.run(["apt-get", *options, "-qq", "download", "busybox-static",
                    f"linux-image-{release}"], check=True, cwd=folder)
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, root], check=True)
    return root


def member(name, mode, data=b""):
    """One file of a cpio archive (newc)."""
    raw = name.encode() + b"\0"
    fields = (0, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(raw), 0)
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + raw
    return head.ljust(-(-len(head) // 4) * 4, b"\0") \
        + data.ljust(-(-len(data) // 4) * 4, b"\0")


def initrd_make(root, release, path):
    """busybox, two modules, and a shell that is only a loop."""
    drivers = root / f"lib/modules/{release}/kernel/drivers"
    run = stat.S_IFREG | 0o755
    parts = [member(name, stat.S_IFDIR | 0o755) for name in ("dev", "bin")]
    parts += [member("init", run, INIT.encode()),
              member("bin/busybox", run, (root / "bin/busybox").read_bytes())]
    for name in MODULES:
        data = lzma.decompress((drivers / f"{name}.ko.xz").read_bytes())
        parts.append(member(f"{name.split('/')[1]}.ko", run, data))
    path.write_bytes(b"".join(parts) + member("TRAILER!!!", 0))


def read_judge(guest, wanted):
    """One read of the whole disk: what came of it."""
    try:
        said = guest.run(READ, READ_S)
    except qemu.Failure:
        return "hangs"
    if wanted in said:
        return "data"
    return "error" if re.search(r"can't open|error|truncated", said, re.I) \
        else "wrong data"


def linux_try(folder, lie):
    """(while it lies, afterwards) of Linux itself."""
    data = random.Random(BYTES).randbytes(BYTES)
    wanted = hashlib.sha256(data).hexdigest()
    with tempfile.TemporaryDirectory(dir=folder) as socket, \
            VhostBlk(socket, data) as disk:
        machine = qemu.Machine(
            folder, kernel=next((folder / "root/boot").glob("vmlinuz-*")),
            initrd=folder / "initrd", extra=(
                *disk.arguments(transport=0), "-append",
                "console=ttyAMA0 rdinit=/init loglevel=3"))
        with qemu.Guest(machine, limit_s=BOOT_S + 4 * READ_S) as guest:
            guest.boot(BOOT_S)
            if read_judge(guest, wanted) != "data":
                guest.fail("an honest disk was not read")
            disk.lie(lie, TIMES, after=AFTER)
            first = read_judge(guest, wanted)
            if not disk.told:
                guest.fail(f"{lie}: nobody asked the disk")
            disk.honest()
            return first, first if first == "hangs" else \
                read_judge(guest, wanted)


def kaal_try(build, native, lie):
    """The same of KaaL with one kind of driver."""
    with harness.Test(build, native=native) as t, \
            test_hostile.hostile(t) as (guest, disk, number):
        if lie == "never":
            test_hostile.serve_awhile(guest, number)
        disk.lie(lie, TIMES, after=AFTER)
        served = test_hostile.lie_judge(guest, disk, lie)
    return "data" if served else "error", "data"


def main():
    """All lies, two machines at a time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build.resolve()
    folder, release = build / "stock", release_of(build)
    folder.mkdir(exist_ok=True)
    initrd_make(fetch(folder, release), release, folder / "initrd")
    tries = {"Linux": lambda lie: linux_try(folder, lie),
             "KaaL, Linux's driver": lambda lie: kaal_try(build, False, lie),
             "KaaL, native": lambda lie: kaal_try(build, True, lie)}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = {lie: {who: pool.submit(one, lie) for who, one in tries.items()}
                for lie in LIES}
        found = {lie: {who: job.result() for who, job in row.items()}
                 for lie, row in jobs.items()}
    print("| the disk | " + " | ".join(tries) + " |\n"
          + "|---" * (1 + len(tries)) + "|")
    for lie, row in found.items():
        print(f"| {lie} | " + " | ".join(
            f"{first}, then {then}" for first, then in row.values()) + " |")
    (folder / "stock.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
