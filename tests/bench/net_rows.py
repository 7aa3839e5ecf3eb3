# SPDX-License-Identifier: BSD-2-Clause
"""net_rows.py - the network rows of the benchmark table.

usage: net_rows.py --build DIR [--profile ROW [--top N]]

One client (apps/nettest) on Linux's virtio_net (net.dde) or on our own driver
(net.native, in DIR/native), on the benchmark kernel, under `-icount shift=0`;
the IP stack is switched off, so the card has no other client. Counted is the
CPU time of all processes, the kernel's work for them included, per frame: what
the guest does, not what it waits for.
Sent frames go to a UDP socket of the host that nobody reads, where they end.
Received frames come from the host over -netdev dgram in bursts of 64, as many
as one NAPI poll takes: QEMU's filter-buffer lets them through together, so that
a busy host makes no difference. For the echo the host returns each frame, and
there is one on the way at a time; whether the interrupt that the frame has left
comes with the answer or before it depends on the host, so this is the median
of three runs.
Each row is run once more, shorter and traced (guest_profile.py), which says how many
switches, system calls, signals and interrupts a frame takes; --profile prints
where its instructions go.
"""
import argparse
import pathlib
import re
import socket
import statistics
import sys
import tempfile
import time

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests/tools"), str(TOP / "tests/bench")]

import figures  # noqa: E402
import guest_profile  # noqa: E402
import kernel_rows  # noqa: E402
import qemu  # noqa: E402
import wire  # noqa: E402

FRAMES = 20000
TRACED = 2000
BURST = 64
BURST_S = 0.01
ECHOES = 10000
ROWS = tuple(f"net.{kind}.{row}" for kind in ("dde", "native")
             for row in ("tx64", "tx1514", "rx64", "rx1514", "echo64"))
PROGRAMS = {
    "dde": ("nettest", "dde_virtio_net", "broker", "shell",
            "dde_serial_amba_pl011"),
    "native": ("nettest", "native_virtio_net", "broker", "shell"),
}
STATION = bytes.fromhex("020000000001")
KIND = bytes.fromhex("88b5")
CARD_BUS = 16                    # the first card's transport; 8 share a page


def system(build, drivers):
    """The folder of the system with Linux's drivers, or with our own."""
    return build / "native" if drivers == "native" else build


def alone(folder_of_system, folder):
    """A system.elf whose IP stack starts only on demand."""
    data = (folder_of_system / "system.elf").read_bytes()
    old, new = b"start=boot needs=net", b"start=demand        "
    if old not in data:
        raise qemu.Failure("no IP stack to switch off in system.elf")
    path = pathlib.Path(folder) / "system.elf"
    path.write_bytes(data.replace(old, new, 1))
    return path


def figure(guest, what, frames):
    """CPU ns a frame from nettest's line, if all frames were dealt with."""
    found = guest.expect(rf"nettest: {what}: (\d+) frames, \d+ ns each, "
                         r"(\d+) ns of CPU", 120)
    if int(found[1]) < frames:
        guest.fail(f"{found[0]}: {frames} were to come")
    return int(found[2])


def sink(number=0):
    """A socket that is never read, and QEMU's options for a card on it."""
    end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    end.bind(("127.0.0.1", 0))
    return end, (
        "-netdev", f"dgram,id=net{number},local.type=inet,"
        "local.host=127.0.0.1,local.port=0,remote.type=inet,"
        f"remote.host=127.0.0.1,remote.port={end.getsockname()[1]}",
        "-device", f"virtio-net-device,netdev=net{number},"
        f"bus=virtio-mmio-bus.{CARD_BUS + 8 * number}")


class Host(wire.Background):
    """The other end: sends `frame` in bursts, or returns what comes."""

    def __init__(self, cable, frame=None):
        super().__init__()
        self.cable, self.frame = cable, frame

    def run(self):
        """Until told to end."""
        while not self.ending:
            if self.frame:
                for _ in range(BURST):
                    self.cable.send(self.frame)
                time.sleep(BURST_S)
                continue
            frame = self.cable.receive(0.1)
            if frame and frame[12:14] == KIND:
                self.cable.send(frame[6:12] + STATION + frame[12:])


def send_run(guest, length, frames):
    """Frames into nowhere."""
    guest.send(f"run nettest net0 send {frames} {length}\r")
    return figure(guest, "send", frames)


def receive_run(guest, cable, length, frames):
    """Frames from the host."""
    guest.send(f"run nettest net0 receive {frames} 1\r")
    guest.expect("nettest: ready")
    with Host(cable, cable.mac + STATION + KIND + bytes(length - 14)):
        return figure(guest, "receive", frames)


def echo_run(guest, cable, length, frames):
    """Round trips."""
    guest.send(f"run nettest net0 ping {frames} {length}\r")
    with Host(cable):
        return figure(guest, "ping", frames)


def cord(folder, bursts, number=0):
    """A wire, and QEMU's options for a card on it; frames come in bursts?"""
    mac = wire.GUEST_MAC[:5] + bytes([wire.GUEST_MAC[5] + number])
    end = wire.Wire(folder, f"net{number}", mac, CARD_BUS + 8 * number)
    return end, end.arguments() + ([
        "-object", f"filter-buffer,id=burst{number},netdev=net{number},"
        f"queue=tx,interval={int(BURST_S * 1e6)}"] if bursts else [])


def row_measure(build, key, folder, frames, extra=()):
    """Boot, run one row of `frames` frames; instructions a frame."""
    drivers, kind, length = re.fullmatch(r"net\.(\w+)\.([a-z]+)(\d+)",
                                         key).groups()
    end, card = sink() if kind == "tx" else cord(folder, kind == "rx")
    machine = qemu.Machine(build, kernel=build / "bench/kernel.img",
                           initrd=alone(system(build, drivers), folder),
                           extra=("-icount", "shift=0,sleep=on",
                                  *card, *extra))
    with qemu.Guest(machine, limit_s=300) as guest:
        guest.boot(120)
        guest.seen = 0           # the shell is there before the last driver,
        guest.expect("kaal: ready, ", 120)  # whose start would be counted
        guest.run("ps")
        if kind == "tx":
            found = send_run(guest, length, frames)
        elif kind == "rx":
            found = receive_run(guest, end, int(length), frames)
        else:
            found = echo_run(guest, end, length, frames)
        guest.expect(f"^{qemu.PROMPT}")
        guest.finish()
    end.close()
    return found


def measure(build):
    """All rows: key -> instructions a frame."""
    rows = {}
    for key in ROWS:
        echo = "echo" in key
        runs = []
        for _ in range(3 if echo else 1):
            with tempfile.TemporaryDirectory(prefix="kaal-net-") as folder:
                runs.append(row_measure(build, key, folder,
                                        ECHOES if echo else FRAMES))
        rows[key] = int(statistics.median(runs))
    return rows


def trace(build, key):
    """The profile of a row, from its first frame to its last."""
    drivers = key.split(".")[1]
    with tempfile.TemporaryDirectory(prefix="kaal-net-") as folder:
        found = guest_profile.Profile(
            folder, build / "bench/kernel.elf",
            [system(build, drivers) / f"{name}.elf"
             for name in PROGRAMS[drivers]],
            ("nettest", "clock_mark", "nettest_clock_print"))
        found.start()
        row_measure(build, key, folder, TRACED, found.arguments)
        found.join()
    return found


def notes(build):
    """What explains a row, a frame."""
    return {key: trace(build, key).rates(TRACED) for key in ROWS}


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--profile", choices=ROWS)
    parser.add_argument("--top", type=int, default=40)
    args = parser.parse_args()
    build = args.build.resolve()
    try:
        if args.profile:
            trace(build, args.profile).show(args.profile, TRACED, args.top)
            return 0
        return figures.report("net_rows", kernel_rows.show(measure(build),
                                                           notes(build)))
    except qemu.Failure as failure:
        print(f"net_rows: {failure}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
