# SPDX-License-Identifier: BSD-2-Clause
"""test_boot.py - good and bad machines, initrds and manifests.

A machine that cannot run KaaL must say why in one line and switch off with a
status that is not 0; any other machine must serve a disk.
"""
import re

from harness import demand, make, sha256
from qemu import Disk

SMALL = 20                       # seconds for a boot that gives up


def served(t, **machine):
    """Boot, sum a disk, power off."""
    disk = t.disk("random")
    with t.guest(disk, **machine) as guest:
        guest.boot()
        guest.demand("blk sum 0", sha256(disk.path), 120)
        guest.finish()
        return guest.text


def refused(t, pattern, **machine):
    """The boot must give up with a message and a status above 0."""
    with t.guest(**machine) as guest:
        guest.expect(pattern, SMALL)
        demand(guest.ended(SMALL) > 0, "it gave up with status 0")
        guest.errors_demand_none()


def test_poweroff_status(t):
    """`poweroff N` ends with the kernel's last line saying N."""
    with t.guest() as guest:
        guest.boot()
        guest.finish(42)


def test_cpu_a53(t):
    """-cpu cortex-a53."""
    served(t, cpu="cortex-a53")


def test_cpu_a57(t):
    """-cpu cortex-a57."""
    served(t, cpu="cortex-a57")


def test_cpu_max(t):
    """-cpu max: every feature that QEMU has."""
    served(t, cpu="max")


def test_release_kernel(t):
    """A kernel built with DEBUG=0 serves a disk as well."""
    flags = (t.build / "release/kernel/core/.flags").read_text()
    demand("-DKAAL_DEBUG=0" in flags, flags)
    served(t, kernel=t.build / "release/kernel.img")


def test_smp_4(t):
    """-smp 4: runs on one core, the others stay parked."""
    served(t, smp=4)


def test_gic_2(t):
    """gic-version=2: refused in one clear line that says what to do."""
    with t.guest(gic="2") as guest:
        guest.expect(r"^KaaL: KaaL needs a GICv3 .*gic-version=3", SMALL)
        demand(guest.ended(SMALL) == 1, "it gave up with another status")
        guest.errors_demand_none()


def test_mem_64m(t):
    """64 MiB of RAM instead of 256."""
    served(t, mem="64M")


def test_mem_1g(t):
    """1 GiB of RAM."""
    served(t, mem="1G")


def test_mem_16m(t):
    """16 MiB of RAM are enough."""
    served(t, mem="16M")


def test_mem_too_little(t):
    """Disks that want more than there is: who gets nothing says so, the rest
    goes on."""
    attached = [Disk(None, f"d{n}", transport=4 * n, size=1 << 20)
                for n in range(8)]
    image = t.system(lambda manifest: re.sub(
        "(?m)^((?:native_)?virtio_blk .*dma_kib=)\\d+", "\\g<1>8192",
        manifest))
    with t.guest(*attached, mem="64M", initrd=image) as guest:
        guest.expect(r"^kaal: blk7/native_virtio_blk: not started: "
                     "memory or quota used up")
        guest.boot()
        guest.demand("blk read 0 0 1", "^00000000 ")
        guest.demand("blk read 7 0 1", "cannot be opened|no such disk")
        guest.demand("mem", "KiB free")
        guest.finish()


def test_initrd_missing(t):
    """No initrd: one line that says what to do."""
    refused(t, r"initrd", initrd="")


def test_initrd_truncated(t):
    """An initrd cut in the middle is refused."""
    whole = (t.build / "system.elf").read_bytes()
    cut = t.image_bytes("cut", whole[:len(whole) // 2])
    refused(t, r"initrd|ELF", initrd=cut)


def test_initrd_empty(t):
    """An initrd of a few bytes is refused."""
    refused(t, r"initrd|ELF", initrd=t.image_bytes("tiny", b"\x7fELF"))


def test_initrd_not_elf(t):
    """An initrd that is not an ELF is refused."""
    refused(t, r"ELF", initrd=t.image("random"))


def test_initrd_other_machine(t):
    """An ELF for another machine is refused."""
    data = bytearray((t.build / "system.elf").read_bytes())
    data[18] = 62                # e_machine: EM_X86_64
    refused(t, r"ELF|machine", initrd=t.image_bytes("x86", data))


def test_manifest_wrong(t):
    """A wrong line is told when the system is built, with file and line."""
    manifest = t.folder / "manifest.txt"
    text = (t.build / "archive/manifest.txt").read_text()
    manifest.write_text(text.replace("probe elf=probe.elf kind=test",
                                     "probe elf=probe.elf kidd=test"))
    status, output = make(t, f"IMAGE={t.folder}", f"MANIFEST={manifest}",
                          f"{t.folder}/system.elf")
    demand(status != 0 and re.search(
        r'manifest\.txt:\d+: unknown key "kidd"', output), output)


def test_archive_damaged(t):
    """A changed byte where the programs' records begin: one message, the end."""
    data = bytearray((t.build / "strict/system.elf").read_bytes())
    made = (t.build / "strict/archive.bin").read_bytes()
    at = data.find(made[:4096])
    demand(at > 0, "the archive is not in system.elf")
    data[at + 4] = 99            # as many programs
    refused(t, "^kaal: the archive in system.elf is damaged: build it again",
            initrd=t.image_bytes("damaged", data))


def test_two_drivers_for_one_device(t):
    """The first in drivers.config has it; one message names both."""
    initrd = t.system(lambda text: text.replace("virtio:d00000004v",
                                                "virtio:d00000002v"))
    with t.guest(t.disk("random", "one"), t.disk("random", "two"),
                 initrd=initrd) as guest:
        guest.boot()
        guest.demand("blk read 1 0 1", "^00000000 ")
        found = re.findall(r"(\w+) and (\w+) both match (\S+): \1 drives it",
                           guest.text)
        demand([names[:2] for names in found] ==
               [("virtio_blk", "hw_random_virtio")], f"messages: {found}")
        guest.finish()


def test_absent_device(t):
    """A driver without a device: one message, or clients wait, as configured.

    Idle time passes at once here, so the client's deadline is soon there.
    """
    waiting = t.system(lambda text: text.replace(
        "class=block match=", "class=block absent=wait match="))
    for initrd, said, answer in (
            (t.build / "strict/system.elf",
             "finder: virtio_blk has nothing to drive: no device matches",
             "blk0: no such disk"),
            (waiting, "finder: virtio_blk waits: no device matches",
             "blk0: .*(time|deadline)")):
        with t.guest(initrd=initrd,
                     extra=("-icount", "shift=0,sleep=off")) as guest:
            guest.boot()
            demand(guest.text.count(said) == 1, f"not once: {said}")
            guest.demand("blk read 0 0 1", answer)
            guest.finish()


def test_twins_side_by_side(t):
    """Of two disks each driver has one; each sees its own disk's data."""
    images = [t.disk("random", name) for name in ("one", "two")]
    images[0].transport, images[1].transport = 0, 8
    with t.guest(*images) as guest:
        guest.boot()
        for number, driver in ((0, "linux"), (1, "native")):
            guest.demand(f"blk info {number}",
                         f"served by +{driver} virtio_blk")
            guest.demand(f"blk sum {number}", sha256(images[number].path))
        guest.finish()


def test_shared_transport_page(t):
    """Two disks in one page of registers: one warning that names a way out."""
    first, second = t.disk("random", "one"), t.disk("random", "two")
    first.transport, second.transport = 0, 1
    with t.guest(first, second) as guest:
        guest.expect(r"virtio-mmio-bus\.")
        guest.boot()
        guest.demand("blk list", "one")
        guest.finish()


def test_many_disks(t):
    """Eight disks, two in each page: all are found and served."""
    attached = []
    for n in range(8):
        attached.append(t.disk("random", f"d{n}"))
        attached[-1].transport = 4 * n
    with t.guest(*attached) as guest:
        guest.boot()
        for n in range(8):
            guest.demand(f"blk read {n} 0 1", "^00000000 ")
        guest.finish()
