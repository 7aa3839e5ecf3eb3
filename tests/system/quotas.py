# SPDX-License-Identifier: BSD-2-Clause
"""quotas.py - how much memory each Linux driver really needs, under load.

usage: quotas.py --build DIR > dde-linux/build/quotas.txt     (make quotas)

Boots both systems, drivers.config's and wide.config's, with a device for each
driver, makes every service work (the network card with merged frames, which take the most memory),
and reads the peaks that the processes count themselves (arena: all of Linux's
memory; stack: that of the loop). The link step adds a margin.
"""
import argparse
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(HERE.parent / "tools")]

import harness  # noqa: E402  (needs the paths above)
import test_offload  # noqa: E402
import vhost_net  # noqa: E402
from test_config import told  # noqa: E402

HEAD = """\
# SPDX-License-Identifier: GPL-2.0-only
# quotas.txt - peaks measured under load by make quotas, in KiB; do not edit.
#
# A driver that is listed here gets these and a margin (link_driver.py), another
# one what its class says (classes.txt); drivers.config overrides both.
#
# driver  arena  stack
"""
# With as many ports as QEMU gives a virtio-serial-device that is told nothing.
DEVICES = (
    "-object", "rng-builtin,id=rng0",
    "-device", "virtio-rng-device,rng=rng0,bus=virtio-mmio-bus.17",
    "-chardev", "null,id=hvc0",
    "-device", "virtio-serial-device,bus=virtio-mmio-bus.24",
    "-device", "virtconsole,chardev=hvc0",
    "-device", "virtio-keyboard-device,bus=virtio-mmio-bus.25",
    "-device", "virtio-tablet-device,bus=virtio-mmio-bus.26")
WIDE_DEVICES = (
    "-blockdev", "null-co,size=67108864,read-zeroes=on,node-name=n0",
    "-device", "nvme,serial=N1,drive=n0,addr=1",
    "-netdev", "user,id=net0,net=10.9.0.0/24,host=10.9.0.1",
    "-device", "e1000e,netdev=net0,addr=2",
    "-netdev", "user,id=net1,net=10.9.0.0/24,host=10.9.0.1",
    "-device", "vmxnet3,netdev=net1,romfile=,addr=3",
    "-netdev", "user,id=net2,net=10.9.0.0/24,host=10.9.0.1",
    "-device", "i82559c,netdev=net2,romfile=,addr=4")
# What a service is asked to do; N is its number. Answers are not judged.
LOAD = {"blk": ("blk fill N 0 8M 7", "blk check N 0 8M 7", "blk bench N 512",
                "blk sum N"),
        "rng": ("rng read N 4096",), "net": ("net ping 10.9.0.1 20",),
        "serial": ("serial info N", "serial write N hello", "serial bench N"),
        "input": ("input info N", "input watch N 1"),
        "rtc": ("rtc",), "gpio": ("gpio list",)}
PROCESS = re.compile(r"^ *(\d+) +(\S+) +linux +([a-z]+)(\d+) +ready", re.M)
PEAK = re.compile(r"^(arena|stack) peak KiB +(\d+)", re.M)


def measure(guest, found):
    """Note {driver: {"arena": KiB, "stack": KiB}}, the most of its processes."""
    processes = PROCESS.findall(guest.run("ps"))
    for _, _, service, number in processes:
        for command in LOAD.get(service, ()):
            guest.run(command.replace("N", number), 120)
    for pid, driver, _, _ in processes:
        peaks = found.setdefault(driver, {"arena": 0, "stack": 0})
        for key, value in PEAK.findall(guest.run(f"counters {pid}")):
            peaks[key] = max(peaks[key], int(value))


def listed():
    """The drivers of both lists."""
    lines = (harness.TOP / "drivers.config").read_text() + \
        (HERE / "wide.config").read_text()
    return {name.lower() for name in re.findall(r"^DDE_(\w+)=y$", lines, re.M)}


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    args = parser.parse_args()
    found = {}
    with harness.Test(args.build.resolve()) as t:
        disk = t.disk("random")
        net = vhost_net.VhostNet(t.folder)
        # Not strict: the checker of DMA has needs of its own.
        with test_offload.machine(t, net, disk, extra=DEVICES,
                                  limit_s=400,
                                  strictly=False) as (guest, station):
            test_offload.streams(guest, station, 8_000_000)
            measure(guest, found)
            guest.finish()
        with t.guest(t.disk("fat"), initrd=t.build / "wide/system.elf",
                     extra=WIDE_DEVICES, limit_s=400) as guest:
            guest.boot()
            told(guest, "^kaal: ready, ")
            measure(guest, found)
            guest.finish()
    if listed() - found.keys():
        sys.exit(f"not measured: {' '.join(sorted(listed() - found.keys()))}; "
                 f"quotas.py gives no device that it drives")
    print(HEAD, end="")
    for driver, peaks in sorted(found.items()):
        print(f"{driver:<24} {peaks['arena']:>5} {peaks['stack']:>3}")


if __name__ == "__main__":
    main()
