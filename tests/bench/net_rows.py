# SPDX-License-Identifier: BSD-2-Clause
"""net_rows.py - the network rows of the benchmark table.

usage: net_rows.py --build DIR

One client (apps/nettest) on Linux's virtio_net, on the benchmark kernel, under
`-icount shift=0`; the IP stack is switched off, so the card has no other
client. Counted is the CPU time of all processes, the kernel's work for them
included, per frame: what the guest does, not what it waits for.
Sent frames go to a UDP socket of the host that nobody reads, where they end.
Received frames come from the host over -netdev dgram, as fast as QEMU takes
them, so the driver polls; for the echo the host returns each frame, and there
is one on the way at a time.
"""
import argparse
import pathlib
import re
import socket
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests/tools"), str(TOP / "tests/bench")]

import kernel_rows  # noqa: E402
import qemu  # noqa: E402
import wire  # noqa: E402

FRAMES = 20000
ECHOES = 2000
# key -> (what Linux costs, our budget); baseline.md, 2026-11-20
PEERS = {
    "net.dde.tx64": (4690, 1800),
    "net.dde.tx1514": (5430, 2000),
    "net.dde.rx64": (3610, 1700),
    "net.dde.rx1514": (3905, 1900),
    "net.dde.echo64": (12400, 5500),
}
STATION = bytes.fromhex("020000000001")
KIND = bytes.fromhex("88b5")


def alone(build, folder):
    """A system.elf whose IP stack starts only on demand."""
    data = (build / "system.elf").read_bytes()
    old, new = b"start=boot needs=net", b"start=demand        "
    if old not in data:
        raise qemu.Failure("no IP stack to switch off in system.elf")
    path = pathlib.Path(folder) / "system.elf"
    path.write_bytes(data.replace(old, new, 1))
    return path


def machine(build, initrd, extra):
    """The benchmark machine with the given card."""
    return qemu.Machine(build, initrd=initrd,
                        kernel=build / "bench/kernel.img",
                        extra=("-icount", "shift=0,sleep=on", *extra))


def figure(guest, what, frames):
    """CPU ns a frame from nettest's line, if all frames were dealt with."""
    found = guest.expect(rf"nettest: {what}: (\d+) frames, \d+ ns each, "
                         r"(\d+) ns of CPU", 120)
    if int(found[1]) < frames:
        guest.fail(f"{found[0]}: {frames} were to come")
    return int(found[2])


def sink():
    """A socket that is never read, and QEMU's options for a card on it."""
    end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    end.bind(("127.0.0.1", 0))
    return end, (
        "-netdev", "dgram,id=net0,local.type=inet,local.host=127.0.0.1,"
        "local.port=0,remote.type=inet,remote.host=127.0.0.1,"
        f"remote.port={end.getsockname()[1]}",
        "-device", "virtio-net-device,netdev=net0,bus=virtio-mmio-bus.16")


def send_measure(build, initrd):
    """Frames into nowhere."""
    end, card = sink()
    rows = {}
    with qemu.Guest(machine(build, initrd, card), limit_s=300) as guest:
        guest.boot(120)
        for length in (64, 1514):
            guest.send(f"run nettest net0 send {FRAMES} {length}\r")
            rows[f"net.dde.tx{length}"] = figure(guest, "send", FRAMES)
            guest.expect(f"^{qemu.PROMPT}")
        guest.finish()
    end.close()
    return rows


class Host(threading.Thread):
    """The other end: sends `frame` without end, or returns what comes."""

    def __init__(self, cable, frame=None):
        super().__init__(daemon=True)
        self.cable, self.frame, self.ending = cable, frame, False

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *unused):
        self.ending = True
        self.join()

    def run(self):
        """Until told to end."""
        while not self.ending:
            if self.frame:
                self.cable.send(self.frame)
                continue
            frame = self.cable.receive(0.1)
            if frame and frame[12:14] == KIND:
                self.cable.send(frame[6:12] + STATION + frame[12:])


def receive_measure(build, initrd, folder):
    """Frames from the host, and the round trip."""
    cable = wire.Wire(folder)
    rows = {}
    with qemu.Guest(machine(build, initrd, cable.arguments()),
                    limit_s=300) as guest:
        guest.boot(120)
        for length in (64, 1514):
            frame = cable.mac + STATION + KIND + bytes(length - 14)
            guest.send(f"run nettest net0 receive {FRAMES} 1\r")
            guest.expect("nettest: ready")
            with Host(cable, frame):
                rows[f"net.dde.rx{length}"] = figure(
                    guest, "receive", FRAMES)
            guest.expect(f"^{qemu.PROMPT}")
        guest.send(f"run nettest net0 ping {ECHOES} 64\r")
        with Host(cable):
            rows["net.dde.echo64"] = figure(guest, "ping", ECHOES)
        guest.expect(f"^{qemu.PROMPT}")
        guest.finish()
    cable.close()
    return rows


def measure(build):
    """All rows: key -> instructions a frame."""
    with tempfile.TemporaryDirectory(prefix="kaal-net-") as folder:
        initrd = alone(build, folder)
        return {**send_measure(build, initrd),
                **receive_measure(build, initrd, folder)}


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build.resolve()
    try:
        found = measure(build)
    except qemu.Failure as failure:
        print(f"net_rows: {failure}")
        return 1
    kernel_rows.show(found, PEERS, {})
    return 0


if __name__ == "__main__":
    sys.exit(main())
