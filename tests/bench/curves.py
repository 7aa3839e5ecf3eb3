# SPDX-License-Identifier: BSD-2-Clause
"""curves.py - what a request costs by depth, by size, and by clients.

usage: curves.py --build DIR [--docs] [--quick]

Clients are processes of apps/crowd in a system of its own (DIR/curves); both
drivers of a class are in it, each with a device, and take turns at each point.
A figure is the CPU time of all processes but the broker and the one that
measures, the kernel's work for them included, in a window of steady work, by
the requests that ended in it. `-icount shift=0` makes it instructions.
Machines: disks that answer inside the guest's own register write (prompt) or
after a millisecond (slow: clients really wait, and each depth is really reached);
cards whose frames end in a socket that nobody reads (sink), or that get bursts
of frames for all their clients in turn (bursts).
Prints a table, writes DIR/curves.json and DIR/curves-*.svg. Linux's own figures
are those of peers.txt, where it has such a point.
"""
import argparse
import contextlib
import dataclasses
import json
import pathlib
import re
import sys
import time

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests/tools"), str(TOP / "tests/bench")]

import bench  # noqa: E402
import figures  # noqa: E402
import lines  # noqa: E402
import net_rows  # noqa: E402
import qemu  # noqa: E402
import turns  # noqa: E402
import wire  # noqa: E402

KINDS = {"dde": "Linux's driver", "native": "native driver"}
COLOURS = {"dde": "#4063a8", "native": "#c5602b"}
# Limits: a client's ring has 128 requests, so 256 are two clients; a driver of
# a disk has 32 channels, the service of a card 8 clients.
RING = 128
DEPTHS = [1 << i for i in range(9)]
SIZES_KIB = [1 << i for i in range(2, 11)]
CLIENTS = [1 << i for i in range(6)]
NET_CLIENTS = CLIENTS[:4]
ROOM = 2048                      # of a buffer for a received frame
BUFFERS = 120                    # all clients' together
WINDOW_MS = {"prompt": 20, "slow": 400, "sink": 60, "bursts": 500}
SLOW_DISK = ",latency-ns=1000000"
CARDS = {"sink": "tx", "bursts": "rx"}   # machines of net_rows.py
FRAME = 64
RESULT = re.compile(r"crowd: \d+ clients, (\d+) done, (\d+) ns of CPU each, "
                    r"least (\d+), most (\d+)")


@dataclasses.dataclass
class Curve:
    """Points of one sort of work: work(x) is (what, bytes, depth, clients)."""
    name: str
    machine: str
    xs: list
    work: object


@dataclasses.dataclass
class Figure:
    """A question, and the curves that answer it."""
    title: str
    x_name: str
    curves: list
    peers: tuple = ()            # (x, instructions, words) of Linux itself
    rate_name: str = ""          # "": no second panel
    amount: object = None        # of work in an operation at x


def peer(row):
    """What Linux itself takes on a row of the benchmark."""
    return figures.peer(f"bench.{row}")[0]


def at_depth(x):
    """4 KiB reads, so many in flight; a client's ring has 128."""
    clients = -(-x // RING)
    return "read", 4096, x // clients, clients


FIGURES = {
    "depth": Figure(
        "A 4 KiB request by queue depth", "requests in flight", [
            Curve("read", "prompt", DEPTHS[:-1], at_depth),
            Curve("write", "prompt", DEPTHS[:-1],
                  lambda x: ("write", 4096, x, 1)),
            Curve("read, disk takes 1 ms", "slow", DEPTHS, at_depth)],
        peers=(
            (1, peer("blk.dde.randread_4k_qd1_noidle"), "Linux itself"),
            (1, peer("blk.dde.randread_4k_qd1_idle"), "Linux, idle first"),
            (32, peer("blk.dde.randread_4k_qd32"), "Linux, read"),
            (32, peer("blk.dde.randwrite_4k_qd32"), "")),
        rate_name="requests in a million instructions",
        amount=lambda x: 1),
    "size": Figure(
        "A read by its size", "KiB of a request", [
            Curve("1 in flight", "prompt", SIZES_KIB,
                  lambda x: ("read", x * 1024, 1, 1)),
            Curve("8 in flight", "prompt", SIZES_KIB,
                  lambda x: ("read", x * 1024, 8, 1))],
        peers=(
            (4, peer("blk.dde.randread_4k_qd1_noidle"), "Linux, 1 in flight"),
            (1024, peer("blk.dde.read_1m_qd1"), "Linux, 1 in flight")),
        rate_name="MiB in a million instructions",
        amount=lambda x: x / 1024),
    "clients": Figure(
        "A 4 KiB read by the number of clients", "clients", [
            Curve("1 in flight each", "slow", CLIENTS,
                  lambda x: ("read", 4096, 1, x)),
            Curve("8 in flight each", "slow", CLIENTS,
                  lambda x: ("read", 4096, 8, x)),
            Curve("32 in flight together", "slow", CLIENTS,
                  lambda x: ("read", 4096, 32 // x, x))],
        peers=(
            (1, peer("blk.dde.randread_4k_qd1_idle"), "Linux, 1 in flight"),
            (1, peer("blk.dde.randread_4k_qd32"), "Linux, 32 in flight"))),
    "net": Figure(
        "A 64-byte frame by the number of clients", "clients", [
            Curve("sent, 32 in flight each", "sink", NET_CLIENTS,
                  lambda x: ("send", FRAME, 32, x)),
            Curve("sent, 32 in flight together", "sink", NET_CLIENTS,
                  lambda x: ("send", FRAME, 32 // x, x)),
            Curve("received, bursts of 64 for all", "bursts", NET_CLIENTS,
                  lambda x: ("receive", ROOM, BUFFERS // x, x))],
        peers=((1, peer("net.dde.tx64"), "Linux, sent"),
               (1, peer("net.dde.rx64"), "Linux, received"))),
}


class Bursts(wire.Background):
    """Frames for so many addresses in turn, 64 at a time."""

    def __init__(self, cable, addresses):
        super().__init__()
        self.cable = cable
        self.frames = [mac + net_rows.STATION + net_rows.KIND
                       + bytes(FRAME - 14) for mac in addresses]

    def run(self):
        """Until told to end."""
        sent = 0
        while not self.ending:
            for _ in range(net_rows.BURST):
                self.cable.send(self.frames[sent % len(self.frames)])
                sent += 1
            time.sleep(net_rows.BURST_S)


class Place:
    """A booted machine, and which of its two devices each kind drives."""

    def __init__(self, guest, service, number, cables=()):
        self.guest, self.service = guest, service
        self.number, self.cables = number, cables

    def measure(self, kind, work, window_ms):
        """One point: {done, each, least, most}."""
        what, length, depth, clients = work
        number = self.number[kind]
        self.guest.send(f"run crowd {self.service}{number} {what} {length} "
                        f"{depth} {clients} {window_ms}\r")
        with contextlib.ExitStack() as stack:
            if what == "receive":
                addresses = [bytes.fromhex(self.guest.expect(
                    r"crowd_one: mac (\w{12})")[1]) for _ in range(clients)]
                stack.enter_context(Bursts(self.cables[number], addresses))
            status = self.guest.expect(r"^crowd: ended with status (\d+)")[1]
        self.guest.expect(f"^{qemu.PROMPT}")
        found = RESULT.findall(self.guest.text)
        if status != "0" or not found:
            self.guest.fail(f"crowd: {what} by {clients} clients: no figure")
        return dict(zip(("done", "each", "least", "most"),
                        map(int, found[-1])))


@contextlib.contextmanager
def booted(build, machine):
    """The Place of a machine."""
    if machine in CARDS:
        with net_rows.booted(build, CARDS[machine]) as (guest, number, ends):
            yield Place(guest, "net", number, ends)
        return
    image = build / "curves/system.elf"
    if machine == "prompt":
        booting = bench.icount(build, extra=bench.PROMPT_DISK, disks=2,
                               initrd=image)
    else:
        booting = bench.icount(build, backend=SLOW_DISK, sleep="on",
                               disks=2, initrd=image)
    with qemu.Guest(booting, limit_s=900) as guest:
        turns.ready_wait(guest)
        yield Place(guest, "blk", turns.drivers(guest, "blk"))
        guest.finish()


def measure(build, wanted, quick):
    """{figure: {kind.curve: {x: point}}}; quick: the ends of each curve."""
    found = {name: {} for name in wanted}
    for machine, window_ms in WINDOW_MS.items():
        mine = [(name, curve) for name, figure in wanted.items()
                for curve in figure.curves if curve.machine == machine]
        if not mine:
            continue
        with booted(build, machine) as place:
            for name, curve in mine:
                for x in (curve.xs[0], curve.xs[-1]) if quick else curve.xs:
                    for kind in KINDS:
                        row = found[name].setdefault(
                            f"{kind}.{curve.name}", {})
                        row[x] = place.measure(
                            kind, curve.work(x),
                            window_ms // 4 if quick else window_ms)
    return found


def show(wanted, found):
    """A table a figure; last: what the least served client of the most clients
    got, of what the best served got."""
    for name, figure in wanted.items():
        print(f"\n{figure.title}: instructions")
        xs = sorted({x for row in found[name].values() for x in row})
        print(f"{figure.x_name:48}" + "".join(f"{x:>8}" for x in xs)
              + "  served")
        for curve, row in found[name].items():
            last = row[max(row)]
            print(f"{curve:48}" + "".join(
                f"{row[x]['each'] if x in row else '-':>8}" for x in xs)
                + f"{last['least'] / last['most']:8.2f}")


def lines_of(figure, rows, value):
    """The curves of a figure; value(x, instructions) is drawn."""
    return [lines.Line(f"{KINDS[kind]}: {curve.name}",
                       [(x, value(x, point["each"])) for x, point in
                        sorted(rows[f"{kind}.{curve.name}"].items())],
                       COLOURS[kind], lines.DASHES[place])
            for place, curve in enumerate(figure.curves) for kind in KINDS]


def picture(figure, rows):
    """A figure as SVG: cost, and throughput where it says how much."""
    panels = [lines.Panel(figure.x_name, "instructions an operation",
                          lines_of(figure, rows, lambda x, each: each),
                          figure.peers)]
    if figure.amount:
        def rate(x, each):
            return figure.amount(x) * 1e6 / each
        panels.append(lines.Panel(
            figure.x_name, figure.rate_name, lines_of(figure, rows, rate),
            tuple((x, rate(x, each), words)
                  for x, each, words in figure.peers)))
    return lines.draw(figure.title, panels)


def write(build, found, folders):
    """JSON, and a picture of each figure into each folder."""
    (build / "curves.json").write_text(json.dumps(
        {f"curves.{name}": rows for name, rows in found.items()}, indent=1)
        + "\n")
    for name, rows in found.items():
        for folder in folders:
            (folder / f"curves-{name}.svg").write_text(
                picture(FIGURES[name], rows))


def main():
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--docs", action="store_true",
                        help="write docs/curves-*.svg too")
    parser.add_argument("--quick", action="store_true",
                        help="only the two ends of each curve")
    args = parser.parse_args()
    build = args.build.resolve()
    try:
        found = measure(build, FIGURES, args.quick)
    except qemu.Failure as failure:
        print(f"curves: {failure}")
        return 1
    show(FIGURES, found)
    write(build, found, [build] + [TOP / "docs"] * args.docs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
