# SPDX-License-Identifier: BSD-2-Clause
"""net_rows.py - the network rows of the benchmark table.

usage: net_rows.py --build DIR [--profile ROW [--top N]]

One client (apps/nettest) on Linux's virtio_net (net.dde) or on our own driver
(net.native), on the benchmark kernel, under `-icount shift=0`. A machine has two
cards, one for each driver, which take turns (turns.py); its IP stack is not started
(DIR/curves), so a card has no other client. Counted is the CPU time of all
processes, the kernel's work for them included, per frame: what the guest does, not
what it waits for.
Sent frames go to a UDP socket of the host that nobody reads, where they end.
Received frames come from the host over -netdev dgram in bursts of 64, as many
as one NAPI poll takes: QEMU's filter-buffer lets them through together, so that
a busy host makes no difference. For the echo the host returns each frame, and
there is one on the way at a time; whether the interrupt that the frame has left
comes with the answer or before it depends on the host, so this is the median
of five rounds.
Each row is run once more, shorter and traced (guest_profile.py), which says how many
switches, system calls, signals and interrupts a frame takes; --profile prints
where its instructions go.
"""
import argparse
import contextlib
import pathlib
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
import turns  # noqa: E402
import wire  # noqa: E402

TRACED = 2000
BURST = 64
BURST_S = 0.01
# what is done -> lengths, frames, rounds (0: until they agree)
RUNS = {"tx": ((64, 1514), 20000, 0), "rx": ((64, 1514), 20000, 0),
        "echo": ((64,), 10000, 5)}
ROWS = tuple(f"net.{kind}.{what}{length}" for kind in turns.KINDS
             for what, (lengths, _, _) in RUNS.items() for length in lengths)
PROGRAMS = {
    "dde": ("nettest", "dde_virtio_net", "broker", "shell",
            "dde_serial_amba_pl011"),
    "native": ("nettest", "native_virtio_net", "broker", "shell"),
}
STATION = bytes.fromhex("020000000001")
KIND = bytes.fromhex("88b5")
CARD_BUS = 16                    # the first card's transport; 8 share a page


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


def cord(folder, bursts, number=0):
    """A wire, and QEMU's options for a card on it; frames come in bursts?"""
    mac = wire.GUEST_MAC[:5] + bytes([wire.GUEST_MAC[5] + number])
    end = wire.Wire(folder, f"net{number}", mac, CARD_BUS + 8 * number)
    return end, end.arguments() + ([
        "-object", f"filter-buffer,id=burst{number},netdev=net{number},"
        f"queue=tx,interval={int(BURST_S * 1e6)}"] if bursts else [])


def cards(what, folder):
    """Both cards' ends at the host, and QEMU's options for the cards."""
    pairs = [sink(number) if what == "tx" else
             cord(folder, what == "rx", number) for number in (0, 1)]
    return [end for end, _ in pairs], [word for _, card in pairs
                                       for word in card]


@contextlib.contextmanager
def booted(build, what, extra=()):
    """A machine with two cards: the guest, {kind of driver: its card's number},
    the cards' ends."""
    with tempfile.TemporaryDirectory(prefix="kaal-net-") as folder, \
            contextlib.ExitStack() as stack:
        ends, options = cards(what, folder)
        for end in ends:
            stack.callback(end.close)
        machine = qemu.Machine(build, kernel=build / "bench/kernel.img",
                               initrd=build / "curves/system.elf",
                               extra=("-icount", "shift=0,sleep=on",
                                      *options, *extra))
        with qemu.Guest(machine, limit_s=900) as guest:
            turns.ready_wait(guest)
            yield guest, turns.drivers(guest, "net"), ends
            guest.finish()


def row_run(guest, what, card, length, frames):
    """One row through one card (its number, its end): instructions a frame."""
    number, end = card
    case = {"tx": f"send {frames} {length}", "rx": f"receive {frames} 1",
            "echo": f"ping {frames} {length}"}[what]
    guest.send(f"run nettest net{number} {case}\r")
    with contextlib.ExitStack() as stack:
        if what == "rx":
            guest.expect("nettest: ready")
            stack.enter_context(Host(end, end.mac + STATION + KIND
                                     + bytes(length - 14)))
        elif what == "echo":
            stack.enter_context(Host(end))
        found = figure(guest, case.split()[0], frames)
    guest.expect(f"^{qemu.PROMPT}")
    return found


def measure(build):
    """All rows: key -> instructions a frame."""
    rows = {}
    for what, (lengths, frames, count) in RUNS.items():
        with booted(build, what) as (guest, numbers, ends):
            def round_of(kind):
                card = numbers[kind], ends[numbers[kind]]
                return {f"{what}{length}": row_run(guest, what, card, length,
                                                   frames)
                        for length in lengths}

            found = turns.rounds(round_of, count)
        rows.update(turns.figures(found, "net",
                                  statistics.median if count else min))
    return {key: rows[key] for key in ROWS}


def trace(build, key):
    """The profile of a row, from its first frame to its last."""
    _, kind, row = key.split(".")
    what = row.rstrip("0123456789")
    with tempfile.TemporaryDirectory(prefix="kaal-net-") as folder:
        found = guest_profile.Profile(
            folder, build / "bench/kernel.elf",
            [build / f"{name}.elf" for name in PROGRAMS[kind]],
            ("nettest", "clock_mark", "nettest_clock_print"))
        found.start()
        with booted(build, what, found.arguments) as (guest, numbers, ends):
            row_run(guest, what, (numbers[kind], ends[numbers[kind]]),
                    int(row[len(what):]), TRACED)
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
