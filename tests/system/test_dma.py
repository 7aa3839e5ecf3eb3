# SPDX-License-Identifier: BSD-2-Clause
"""test_dma.py - virtio drivers under the checker of DMA.

Linux's virtio drivers pass the DMA API by, unless the device says that its
addresses are translated: QEMU's iommu_platform=on. Then the checker sees each
buffer. The tests are those of the classes, with such devices and a look whether
the checker was there; a rule broken would have ended the driver.
"""
import pattern
import test_disks
import test_input
import test_ip
import test_rng
import test_serial
from harness import demand

DEVICES = "blk", "net", "rng", "serial", "keyboard", "tablet"
# For every device of these kinds that a test attaches.
DMA_API = tuple(word for kind in DEVICES for word in
                ("-global", f"virtio-{kind}-device.iommu_platform=on"))


def with_dma_api(t, test):
    """Run another test with devices that make its drivers use the DMA API."""
    t.extra = DMA_API
    test(t)


def checked_demand(guest, process, least):
    """The checker has judged so many mappings of a process, each by a copy."""
    found = guest.demand(f"counters {process}",
                         r"^DMA mappings checked +(\d+) ")
    demand(int(found[1]) >= least, f"{process}: only {found[1]} mappings seen")
    text = guest.run(f"counters {process}")
    demand("DMA mappings without a copy" not in text, text)


def test_dma_block(t):
    """A disk over the DMA API: pattern, digest, requests in flight."""
    t.extra = DMA_API
    disk = t.disk("random")
    with t.guest(disk) as guest:
        guest.boot()
        guest.demand("blk fill 0 777 3001 0xfeed", "filled")
        guest.demand("blk check 0 777 3001 0xfeed", "hold the pattern")
        guest.demand("blk flush 0", "flush: done")
        guest.demand("blk bench 0 500", "bench randread_4k_qd32: 500")
        checked_demand(guest, "blk0", 4000)
        guest.finish()
    data = disk.path.read_bytes()
    demand(data[777 * 512:3778 * 512] == pattern.sectors(0xfeed, 777, 3001),
           "other bytes arrived")


def test_dma_net(t):
    """A card over the DMA API: DHCP, pings, TCP both ways."""
    t.extra = DMA_API
    net = test_ip.Net()
    with t.guest(extra=net.extra) as guest:
        test_ip.boot(guest)
        guest.demand("net ping 10.0.2.2 200", "^200 sent, 200 answered", 60)
        test_ip.discard(net, 4_000_000)
        test_ip.source_bytes(net, 4_000_001)
        found = guest.demand("counters net0", r"^DMA mappings checked +(\d+) ")
        demand(int(found[1]) > 5000, f"only {found[1]} mappings seen")
        guest.finish()


def test_dma_rng(t):
    """Random bytes over the DMA API."""
    t.extra = DMA_API
    with t.guest(extra=test_rng.rng()) as guest:
        guest.boot()
        guest.demand("rng read 0 4000", "^00000f90  ")
        checked_demand(guest, "rng0", 50)
        guest.finish()


def test_dma_traffic(t):
    """100 MB over TCP each way, a card over the DMA API."""
    with_dma_api(t, test_ip.test_net_traffic)


def test_dma_input(t):
    """Keys over the DMA API."""
    with_dma_api(t, test_input.test_input_keys)


def test_dma_console(t):
    """virtio_console over the DMA API."""
    with_dma_api(t, test_serial.test_virtio_console)


def long_dma_block(t):
    """1 GiB of writes and reads, a disk over the DMA API."""
    with_dma_api(t, test_disks.long_block_gigabyte)
