# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that die under load: their clients see a pause, and nothing else."""

import re
import socket

import pattern
from harness import demand, disk_number, sha256, twins
from test_ip import Net, boot, echo


@twins
def test_restart_disk(t):
    """A disk driver is killed again and again while a client reads."""
    disk = t.disk("random")
    with t.guest(disk) as guest:
        guest.boot()
        guest.start("start probe load blk0 4", "load: begins")
        for _ in range(5):
            guest.send("kill blk0\r")
            guest.expect(r"kaal: blk0/\w+ \(pid \d+\) serves again after")
            guest.demand("blk sum blk0", sha256(disk.path))
        guest.seen = 0           # on a busy host it ends before the last sum
        found = guest.expect(r"load: (\d+) pieces of 65536 bytes read: success")
        demand(int(found[1]) > 100, f"the load did not run: {found[0]}")
        guest.demand("ps", r"blk0 +ready .* 5 +0$")
        guest.finish()


def card_counts(guest):
    """What net0's driver has counted, by name."""
    return {name: int(number) for name, number in re.findall(
        r"^net0 +(\S.*\S) +(\d+)$", guest.run("net stats"), re.M)}


@twins
def test_restart_net(t):
    """A card's driver is killed again and again under an open TCP stream."""
    net = Net()
    with t.guest(extra=net.extra) as guest:
        boot(guest)
        guest.demand("net ping 10.0.2.2 3", "3 answered")
        counts = card_counts(guest)
        with net.tcp(7) as stream:
            stream.settimeout(60)
            for turn in range(5):
                stream.sendall(b"turn %d" % turn)
                guest.send("kill net0\r")
                guest.expect(r"kaal: net0/\w+ \(pid \d+\) serves again after")
                demand(stream.recv(6, socket.MSG_WAITALL) == b"turn %d" % turn,
                       "no echo")
                guest.demand("net ping 10.0.2.2 1", "1 answered")
                before, counts = counts, card_counts(guest)
                for name in ("sent frames", "received frames"):
                    demand(counts[name] > before[name] > 0,
                           f"{name}: {before[name]}, then {counts[name]}")
        echo(net, 100_000)
        guest.demand("ps", r"net0 +ready .* 5 +0$")
        guest.finish()


@twins
def test_stop_disk(t):
    """A disk driver is asked to stop under load: what was written is there.

    Its clients get an error, another disk's client notices nothing.
    """
    disk, other = t.disk("random"), t.disk("random", "other")
    wanted = bytearray(disk.path.read_bytes())
    with t.guest(disk, other) as guest:
        guest.boot()
        mine, witness = (f"blk{disk_number(guest, name)}"
                         for name in ("random", "other"))
        guest.start(f"start probe load {mine} 60", "load: begins")
        guest.start(f"start probe load {witness} 60", "load: begins")
        guest.demand(f"blk fill {mine} 100 3000 7", "filled")
        guest.demand(f"blk flush {mine}", "flush: done")
        guest.start(f"stop {mine}",
                    rf"kaal: {mine}/\w+ \(pid \d+\) has ended with status 0")
        said = "load: .* pieces of 65536 bytes read: the other side has ended"
        if not re.search(said, guest.text):      # it may come before the prompt
            guest.expect(said)
        guest.demand("ps", rf"{mine} +ended .* 0 +0$")
        guest.demand(f"blk sum {mine}", "the other side has ended")
        guest.demand("ps", r"probe +test +ready")  # the witness reads on
        guest.demand("ps", rf"{witness} +ready .* 0 +0$")
        guest.demand(f"blk sum {witness}", sha256(other.path))
        guest.finish()
    wanted[100 * 512:3100 * 512] = pattern.sectors(7, 100, 3000)
    demand(disk.path.read_bytes() == wanted, "the medium differs")


@twins
def test_stop_net(t):
    """A card's driver is asked to stop: the rest of the system goes on."""
    disk, net = t.disk("random"), Net()
    with t.guest(disk, extra=net.extra) as guest:
        boot(guest)
        guest.demand("net ping 10.0.2.2 1", "1 answered")
        guest.start("stop net0",
                    r"kaal: net0/\w+ \(pid \d+\) has ended with status 0")
        guest.demand("ps", r"net0 +ended .* 0 +0$")
        guest.demand("stop net0", "cannot be ended: ")
        guest.demand("blk sum blk0", sha256(disk.path))
        guest.finish()


@twins
def test_start_again(t):
    """Drivers that were stopped come back in their place, and serve."""
    net, disk = Net(), t.disk("random")
    with t.guest(disk, extra=net.extra) as guest:
        boot(guest)
        for name in ("blk0", "net0", "rtc0"):
            guest.demand(f"start {name}", "ready: cannot be started: it runs$")
            guest.start(f"stop {name}", rf"kaal: {name}/\w+ \(pid \d+\) has "
                        "ended with status 0")
            guest.demand(f"stop {name}", "ended: cannot be ended: it has ended")
            guest.start(f"start {name}", rf"kaal: {name}/\w+ \(pid \d+\) "
                        "serves again after")
            guest.demand("ps", rf"{name} +ready .* 1 +0$")
        guest.demand("blk sum blk0", sha256(disk.path))
        guest.demand("date", "20")
        guest.seen = 0           # it looks with each heartbeat
        guest.expect("ip: net0 is back")
        guest.demand("net ping 10.0.2.2 1", "1 answered")
        echo(net, 100_000)
        guest.finish()


@twins
def test_restart_hung(t):
    """Drivers that run in circles are noticed; a console, a card and a disk."""
    net, disk = Net(), t.disk("random")
    with t.guest(disk, extra=net.extra) as guest:
        boot(guest)
        for name in ("blk0", "net0", "serial0", "rtc0"):
            guest.send(f"hang {name}\r")
            guest.expect(rf"kaal: {name}/\w+ \(pid \d+\) has not answered for "
                         r"1500 ms and is ended\n +pc  [0-9a-f]{16} ")
            found = guest.expect(rf"kaal: {name}/\w+ \(pid \d+\) serves again "
                                 r"after (\d+) us")
            demand(int(found[1]) < 200_000, f"too late: {found[0]}")
            guest.demand("blk sum blk0", sha256(disk.path))
            guest.demand("net ping 10.0.2.2 1", "1 answered")
        echo(net, 100_000)
        guest.finish()
