# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that die under load: their clients see a pause, and nothing else."""

import socket

from harness import demand, sha256, twins
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
        found = guest.expect(r"load: (\d+) pieces of 65536 bytes read: success")
        demand(int(found[1]) > 100, f"the load did not run: {found[0]}")
        guest.demand("ps", r"blk0 +ready .* 5 +0$")
        guest.finish()


@twins
def test_restart_net(t):
    """A card's driver is killed again and again under an open TCP stream."""
    net = Net()
    with t.guest(extra=net.extra) as guest:
        boot(guest)
        with net.tcp(7) as stream:
            stream.settimeout(60)
            for turn in range(5):
                stream.sendall(b"turn %d" % turn)
                guest.send("kill net0\r")
                guest.expect(r"kaal: net0/\w+ \(pid \d+\) serves again after")
                demand(stream.recv(6, socket.MSG_WAITALL) == b"turn %d" % turn,
                       "no echo")
                guest.demand("net ping 10.0.2.2 1", "1 answered")
        echo(net, 100_000)
        guest.demand("ps", r"net0 +ready .* 5 +0$")
        guest.finish()
