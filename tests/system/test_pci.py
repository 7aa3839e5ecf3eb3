# SPDX-License-Identifier: BSD-2-Clause
"""test_pci.py - PCI functions: Linux's NVMe and e1000e drivers, each one line
more in a drivers.config (wide.config), and what is wrong with functions."""
import re
import time

import pattern
import test_ip
import test_nic
import wire
from harness import SECTOR, demand, sha256

NVME = "-device", "nvme,serial=N1,drive=d0,addr="
NAMES = "^blk0 .* linux blk_dev_nvme$"


def nvme(image, slot="1", backend="", options=""):
    """QEMU's options for an NVMe disk over an image."""
    return ("-blockdev", f"file,filename={image},node-name=f0",
            "-blockdev", f"raw,file=f0,node-name=d0{backend}",
            NVME[0], NVME[1] + slot + options)


def wide(t, *extra):
    """A machine with the drivers of wide.config."""
    return t.guest(initrd=t.build / "wide/strict/system.elf", extra=extra)


def test_nvme(t):
    """An NVMe disk: its digest is the host's, written bytes arrive."""
    image = t.image("random")
    before = image.read_bytes()
    with wide(t, *nvme(image)) as guest:
        guest.boot()
        guest.demand("blk list", NAMES)
        guest.demand("blk sum 0", f"^{sha256(image)}  blk0$", 100)
        guest.demand("blk fill 0 777 3001 0xfeed", "filled")
        guest.demand("blk check 0 777 3001 0xfeed", "hold the pattern")
        guest.demand("blk flush 0", "flush: done")
        guest.demand("blk bench 0 200", "bench randread_4k_qd32: 200")
        guest.finish()
    wanted = bytearray(before)
    wanted[777 * SECTOR:3778 * SECTOR] = pattern.sectors(0xfeed, 777, 3001)
    demand(image.read_bytes() == wanted, "other bytes changed")


def test_nvme_and_virtio(t):
    """Two disks, two drivers, two buses; each slot has its interrupt."""
    image, other = t.image("random"), t.disk("fat")
    with t.guest(other, initrd=t.build / "wide/strict/system.elf",
                 extra=nvme(image, "7")) as guest:
        guest.boot()
        listing = guest.run("blk list")
        demand("linux blk_dev_nvme" in listing and "linux virtio_blk" in
               listing, listing)
        guest.demand("devices", "^0x1.* 38 blk[01]/blk_dev_nvme +pci@00:07.0 +pci:v00001")
        for number in (0, 1):
            digest = sha256(image if f"blk{number}" in
                            [line.split()[0] for line in listing.splitlines()
                             if "nvme" in line] else other.path)
            guest.demand(f"blk sum {number}", f"^{digest}", 100)
        guest.finish()


def card_works(t, model):
    """A network card: DHCP, pings, TCP both ways."""
    net = test_ip.Net()
    card = ("-device", f"{model},netdev=net0,romfile=,addr=4,id=card0,mac="
            + test_ip.MAC)
    with wide(t, *net.extra[:2], *card) as guest:
        test_ip.boot(guest)
        guest.demand("net info 0", f"driver +linux {model}")
        guest.demand("net ping 10.0.2.2 200", "^200 sent, 200 answered", 60)
        test_ip.discard(net, 4_000_000)
        test_ip.source_bytes(net, 4_000_001)
        guest.finish()


def test_e1000e(t):
    """An Intel network card."""
    card_works(t, "e1000e")


def test_e100(t):
    """An old card: its driver hands frames up one by one, not by NAPI's GRO.

    Not strict: it writes the link of a descriptor that the device owns. And
    QEMU's log is not looked at: its card notes reads of bad addresses.
    """
    card = ("-netdev", "user,id=net0", "-device",
            "i82559c,netdev=net0,romfile=,addr=4")
    with t.guest(initrd=t.build / "wide/system.elf", extra=card) as guest:
        test_ip.boot(guest)
        guest.demand("net info 0", "driver +linux e100")
        guest.demand("net ping 10.0.2.2 200", "^200 sent, 200 answered", 60)
        guest.send("poweroff\r")
        demand(guest.ended() == 0, "it ended badly")


def test_card_counts(t):
    """What the card counts in its own registers is shown, and only if asked."""
    cable = wire.Wire(t.folder)
    with wide(t, *cable.arguments()[:2], "-device",
              "e1000e,netdev=net0,romfile=,addr=4") as guest:
        guest.boot()
        guest.seen = 0
        guest.expect("ip: net0: link up")
        demand(" card " not in guest.run("net stats"), "errors at the start")
        for _ in range(3):
            cable.send(test_nic.frame_to(wire.BROADCAST, 3000, 1))
        until = time.monotonic() + 20
        found = []
        while found != [("errors", "3"), ("length_errors", "3")]:
            demand(time.monotonic() < until, f"three long frames: {found}")
            found = re.findall(r"^net0 +card rx_(\w+) +(\d+)$",
                               guest.run("net stats"), re.M)
        guest.finish()


def test_vmxnet3(t):
    """A card whose Kconfig entry changes all: its core has page pools then."""
    card_works(t, "vmxnet3")


def test_pci_nobody_drives(t):
    """Functions without a driver, behind a bridge, or without registers."""
    with t.guest(extra=("-device", "e1000e,addr=2,romfile=",
                        "-device", "pcie-root-port,addr=3,id=p0",
                        "-device", "nvme,serial=x,bus=p0")) as guest:
        guest.boot()
        demand("pci@00:03.0 is a bridge: what is behind it is not searched"
               in guest.text, guest.text)
        guest.demand("devices", " - +pci@00:02.0 +pci:v00008086d000010D3sv")
        guest.finish()
