# SPDX-License-Identifier: BSD-2-Clause
"""test_ip.py - the IP stack in QEMU: ping, services, DHCP, two stacks, floods.

QEMU's user network (gateway 10.0.2.2, hostfwd to ports of this host) for what
real hosts do; wire.py's exact frames for the rest.
"""
import hashlib
import random
import re
import socket
import struct
import time

import pattern
import wire
from harness import demand, twins
from qmp import Qmp, socket_options

MAC = "52:54:00:12:34:56"
ADDRESS = r"net0 has 10\.0\.2\.15/24 from DHCP, gateway 10\.0\.2\.2"
PIECE = 1 << 16
LIMIT_S = 60


def port_free(kind):
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Net:
    """A guest's card on QEMU's user network, and the way to its services."""

    def __init__(self):
        self.port = {("tcp", 7): 0, ("udp", 7): 0, ("tcp", 9): 0,
                     ("tcp", 19): 0}
        for kind, guest in self.port:
            self.port[kind, guest] = port_free(
                socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
        forward = "".join(f",hostfwd={kind}:127.0.0.1:{host}-:{guest}"
                          for (kind, guest), host in self.port.items())
        self.extra = ("-netdev", "user,id=net0" + forward, "-device",
                      f"virtio-net-device,netdev=net0,mac={MAC},"
                      "bus=virtio-mmio-bus.16,id=card0")

    def tcp(self, port):
        """A connection to the guest."""
        return socket.create_connection(
            ("127.0.0.1", self.port["tcp", port]), LIMIT_S)

    def udp(self):
        """A socket that speaks to the guest's UDP echo."""
        ends = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        ends.connect(("127.0.0.1", self.port["udp", 7]))
        ends.settimeout(10)
        return ends


def boot(guest):
    """Boot, and wait until DHCP has given an address."""
    guest.boot()
    guest.seen = 0
    guest.expect(ADDRESS)
    return guest


def read_all(stream):
    """All bytes until the other side ends."""
    pieces = []
    while True:
        data = stream.recv(PIECE)
        if not data:
            return b"".join(pieces)
        pieces.append(data)


def stats(guest, stack=""):
    """`net stats` as {name: numbers in their order}."""
    found = {}
    for line in guest.run(f"net stats {stack}".strip()).splitlines():
        words = line.split()
        if len(words) > 1 and words[1].isdigit():
            found[words[0]] = [int(n) for n in re.findall(r"\d+", line)]
    demand("memory" in found, f"net stats {stack} shows no numbers")
    return found


@twins
def test_net_ping(t):
    """DHCP gives an address; 1,000 pings, 0 lost; lists show the card."""
    net = Net()
    with t.guest(extra=net.extra) as guest:
        boot(guest)
        guest.demand("net list", fr"^ 0 ip0 +net0 +up +10\.0\.2\.15/24 +by "
                     fr"DHCP +{MAC}$")
        guest.demand("net ping 10.0.2.2", "^4 sent, 4 answered, 0 lost")
        guest.demand("net ping 10.0.2.2 1000",
                     "^1000 sent, 1000 answered, 0 lost", 120)
        guest.demand("net arp", r"^10\.0\.2\.2 +[0-9a-f:]{17} net0$")
        guest.demand("net info 0", "driver +"
                     f"{t.pick('linux', 'native')} virtio_net")
        guest.demand("net info 1", '^no card "1": ')
        guest.demand("net resolve 10.0.2.2", r"^10\.0\.2\.2 is 10\.0\.2\.2$")
        guest.demand("net ping 10.0.2.2 x", "is not a number")
        demand(stats(guest)["ICMP"] == [1004, 1004], "pings were not counted")
        guest.finish()


def test_net_small_arena(t):
    """A driver whose receive ring takes all memory: slower, but it goes on."""
    net = Net()
    initrd = t.system(lambda text: re.sub(
        r"^(virtio_net .* dma_kib=)\d+", r"\g<1>512", text, flags=re.M),
        strictly=False)
    with t.guest(initrd=initrd, extra=net.extra) as guest:
        boot(guest)
        demand("its 512 KiB of DMA memory were used up: set "
               "DDE_VIRTIO_NET_DMA_KIB in drivers.config" in guest.text,
               guest.text)
        guest.demand("net ping 10.0.2.2 100", "^100 sent, 100 answered", 60)
        discard(net, 1_000_000)
        source_bytes(net, 1_000_000)
        guest.demand("net ping 10.0.2.2 100", "^100 sent, 100 answered", 60)
        guest.finish()


@twins
def test_net_ping_cancelled(t):
    """^C ends a ping of a host that is not there, at once."""
    net = Net()
    with t.guest(extra=net.extra) as guest:
        boot(guest)
        guest.send("net ping 10.0.2.99 100000\r")
        guest.expect("no answer to number 1")
        guest.send("\x03")
        start = time.monotonic()
        guest.expect("^[0-9]+ sent, 0 answered")
        demand(time.monotonic() - start < 5, "^C took too long")
        guest.expect("^kaal> ")
        guest.finish()


def test_no_card(t):
    """Without a card there is no stack, and the commands say so."""
    with t.guest() as guest:
        guest.boot()
        guest.demand("net list", "^no IP stack has a network card")
        guest.demand("net ping 10.0.2.2", "^ip0: no such service")
        demand("ip is not started: nobody offers what it needs" in guest.text,
               "nobody said why there is no IP stack")
        guest.finish()


# --- TCP -------------------------------------------------------------------

def discard(net, count):
    """Send `count` random bytes to port 9; both ends agree on SHA-256."""
    digest = hashlib.sha256()
    source = random.Random(count)
    with net.tcp(9) as stream:
        left = count
        while left:
            data = source.randbytes(min(PIECE, left))
            digest.update(data)
            stream.sendall(data)
            left -= len(data)
        stream.shutdown(socket.SHUT_WR)
        answer = read_all(stream).decode()
    demand(answer == f"{count} {digest.hexdigest()}\n",
           f"sent {count} bytes {digest.hexdigest()}, the guest says {answer}")


def source_bytes(net, count):
    """Get `count` bytes from port 19; both ends agree on SHA-256."""
    digest, got, tail = hashlib.sha256(), 0, b""
    head = b""
    with net.tcp(19) as stream:
        stream.sendall(f"{count}\n".encode())
        while True:
            data = stream.recv(PIECE)
            if not data:
                break
            head = head if len(head) >= 4096 else head + data
            tail += data[max(0, count - got):]
            digest.update(data[:max(0, count - got)])
            got += len(data)
    demand(got == count + 65, f"wanted {count} bytes and a sum, got {got}")
    demand(tail.decode() == digest.hexdigest() + "\n",
           f"got SHA-256 {digest.hexdigest()}, the guest says {tail}")
    some = min(count, 4096) // 512
    demand(head[:some * 512] == pattern.sectors(0, 0, some),
           "the bytes are not the pattern")


def echo(net, count):
    """Send random bytes to port 7 and get the same back."""
    data = random.Random(count).randbytes(count)
    came = b""
    with net.tcp(7) as stream:
        for at in range(0, count, PIECE):
            stream.sendall(data[at:at + PIECE])
            while len(came) < min(at + PIECE, count):
                came += stream.recv(PIECE)
        stream.shutdown(socket.SHUT_WR)
        came += read_all(stream)
    demand(came == data, f"echo of {count} bytes is not the same")


@twins
def test_net_tcp(t):
    """TCP echo, 8 MB to the guest and 8 MB from it, summed by both ends."""
    net = Net()
    with t.guest(extra=net.extra) as guest:
        boot(guest)
        for count in (0, 1, 1_000_000):
            echo(net, count)
        discard(net, 8_000_000)
        source_bytes(net, 8_000_001)
        before = stats(guest)["memory"][0]
        demand(before < 64 * 1024, f"{before} bytes are held after all ended")
        guest.finish()


@twins
def test_net_traffic(t):
    """100 MB over TCP each way, summed by both ends; MB/s are printed.

    The native driver: 10 MB here, 100 MB by `make traffic`.
    """
    traffic(t, t.pick(100, 10))


@twins
def long_net_traffic(t):
    """100 MB over TCP each way, also with the native driver."""
    traffic(t, 100)


def traffic(t, megabytes):
    """So many MB each way."""
    net = Net()
    with t.guest(extra=net.extra, limit_s=900) as guest:
        boot(guest)
        for name, move in (("to", discard), ("from", source_bytes)):
            start = time.monotonic()
            move(net, megabytes * 1_000_000)
            print(f"    {megabytes} MB {name} the guest: "
                  f"{megabytes / (time.monotonic() - start):.1f} MB/s",
                  flush=True)
        guest.demand("net ping 10.0.2.2 1000",
                     "^1000 sent, 1000 answered, 0 lost", 120)
        guest.finish()


@twins
def test_net_too_many(t):
    """Four connections are served; more are reset; then there is room."""
    net = Net()
    with t.guest(extra=net.extra) as guest:
        boot(guest)
        streams = [net.tcp(7) for _ in range(4)]
        for stream in streams:
            stream.sendall(b"x")
            demand(stream.recv(1) == b"x", "one of four is not served")
        with net.tcp(7) as fifth:
            try:
                fifth.sendall(b"x")
                demand(fifth.recv(1) == b"", "a fifth connection is served")
            except ConnectionResetError:
                pass
        for stream in streams:
            stream.close()
        until = time.monotonic() + 10
        while not served_again(net):
            demand(time.monotonic() < until, "no connection is free again")
        guest.finish()


def served_again(net):
    """Is a new connection served?"""
    try:
        with net.tcp(7) as stream:
            stream.sendall(b"y")
            return stream.recv(1) == b"y"
    except ConnectionResetError:
        return False


# --- UDP -------------------------------------------------------------------

@twins
def test_net_udp(t):
    """UDP echo through the user network, in one frame and in many."""
    net = Net()
    with t.guest(extra=net.extra) as guest:
        boot(guest)
        with net.udp() as ends:
            for size in (1, 2, 1471, 1472, 1473, 4000, 9000):
                data = random.Random(size).randbytes(size)
                ends.send(data)
                demand(ends.recv(65536) == data, f"{size} bytes differ")
        guest.finish()


# --- exact frames ----------------------------------------------------------

STATION = "10.9.0.1"


def udp_echoes(station, guest_ip, sizes):
    """Send datagrams of these sizes to the guest; each comes back."""
    for size in sizes:
        data = random.Random(size).randbytes(size)
        station.send_udp(wire.GUEST_MAC, guest_ip, (5000, 7), data)
        back = station.wait_for(lambda frame, wanted=data: (
            got := wire.datagram_read(frame)) and got.source_port == 7
            and got.data == wanted)
        demand(back is not None, f"no echo of {size} bytes")


@twins
def test_net_frames(t):
    """DHCP, DNS, and UDP of 0 to 1,472 bytes, frame by frame."""
    cable = wire.Wire(str(t.folder))
    names = {"there.test": "192.0.2.7"}
    with wire.Station(cable, STATION, "10.9.0.77", names) as station, \
            t.guest(extra=tuple(cable.arguments())) as guest:
        guest.boot()
        guest.seen = 0
        guest.expect(r"net0 has 10\.9\.0\.77/24 from DHCP")
        guest.demand("net resolve there.test", r"^there.test is 192\.0\.2\.7$")
        guest.demand("net resolve not.test", "^not.test: there is no such")
        udp_echoes(station, bytes([10, 9, 0, 77]), (0, 1, 17, 18, 1471, 1472))
        guest.finish()


@twins
def test_net_fixed_address(t):
    """When nobody answers DHCP, the manifest's address is used."""
    cable = wire.Wire(str(t.folder))
    with wire.Station(cable, STATION) as station, \
            t.guest(extra=tuple(cable.arguments())) as guest:
        guest.boot()
        guest.start("start ip2 nic=net0 address=10.9.0.5/24 gateway=10.9.0.1 "
                    "dns=10.9.0.1",
                    r"net0 has 10\.9\.0\.5/24, gateway 10\.9\.0\.1", 40)
        guest.demand("net ping 10.9.0.1 3 1", "^3 sent, 3 answered")
        demand(station.count["ping"] == 3, "the gateway heard no pings")
        guest.finish()


def flood(cable, station, guest_ip, count):
    """Many datagrams for a port without a service, as fast as QEMU takes."""
    packet = wire.ipv4(station.address, guest_ip, wire.UDP,
                       wire.udp(5000, 9999, bytes(64)))
    frame = wire.GUEST_MAC + station.MAC + struct.pack(">H", wire.ETH_IP) \
        + packet
    for _ in range(count):
        cable.send(frame)


def process_ram(guest):
    """RAM of the first stack's process in KiB, from ps."""
    return int(guest.demand("ps", r"ip +app +ip0 +ready +(\d+)")[1])


@twins
def test_net_flood(t):
    """A host faster than the stack: drops counted, no growth, then as before."""
    cable = wire.Wire(str(t.folder))
    with wire.Station(cable, STATION, "10.9.0.77") as station, \
            t.guest(extra=tuple(cable.arguments())) as guest:
        guest.boot()
        guest.seen = 0
        guest.expect(r"net0 has 10\.9\.0\.77/24 from DHCP")
        address = bytes([10, 9, 0, 77])
        stats(guest)             # the shell's channel costs a page or two
        before = process_ram(guest)
        flood(cable, station, address, 30_000)
        guest.demand("net ping 10.9.0.1 20", "^20 sent, ")
        udp_echoes(station, address, (100,))
        counted = stats(guest)
        demand(counted["frames"][0] + counted["dropped"][0] >= 30_000,
               f"30,000 frames were sent, the guest knows of {counted}")
        # The native driver keeps up with this host: test_nic_flood has drops.
        demand(t.native or counted["dropped"][0] > 0,
               "the host was not fast enough")
        demand(counted["memory"][1] < 256 * 1024,
               f"the stack grew: {counted['memory']}")
        after = process_ram(guest)
        demand(after == before, f"the stack grew from {before} to {after} KiB")
        guest.finish()


@twins
def test_net_announce(t):
    """The neighbours hear of a new address, a new link, a card that moved.

    An address of DHCP is asked for before it is used, and told twice: a fixed
    one is told once, so each time has its own cause.
    """
    cable = wire.Wire(str(t.folder))
    path = t.folder / "qmp"
    options = (*cable.arguments(), *socket_options(path))
    address = bytes([10, 9, 0, 5])

    def told(frame):
        """An ARP request of the guest to all for its own address."""
        return frame[:6] == wire.BROADCAST and frame[12:14] == b"\x08\x06" \
            and frame[28:32] == frame[38:42] == address
    with wire.Station(cable, STATION) as station, \
            t.guest(extra=options) as guest, Qmp(path) as qmp:
        guest.boot()
        guest.run("start ip2 nic=net0 dhcp=off address=10.9.0.5/24")
        demand(station.wait_for(told), "silence when the address was set")
        for command, values in (
                ("announce-self", {"initial": 50, "max": 50, "rounds": 1,
                                   "step": 0}),
                ("set_link", {"name": "net0", "up": False}),
                ("set_link", {"name": "net0", "up": True})):
            station.heard.clear()
            qmp.run(command, **values)
            if values.get("up", True):
                demand(station.wait_for(told), f"silence after {command}")
            else:
                guest.expect("ip: net0: link down")
        guest.finish()


# --- two stacks, link ------------------------------------------------------

@twins
def test_net_two_stacks(t):
    """Two stacks share a card by MAC, reach each other, see no other's frame."""
    net = Net()
    with t.guest(extra=net.extra) as guest:
        boot(guest)
        guest.start("start ip2 nic=net0",
                    r"net0 has 10\.0\.2\.16/24 from DHCP", 40)
        guest.demand("net ping 10.0.2.2 300", "^300 sent, 300 answered", 60)
        guest.demand("net ping 10.0.2.2 300 1", "^300 sent, 300 answered", 60)
        guest.demand("net ping 10.0.2.16 300", "^300 sent, 300 answered", 60)
        guest.demand("net ping 10.0.2.15 300 1", "^300 sent, 300 answered",
                     60)
        echo(net, 100_000)
        first, second = stats(guest), stats(guest, "1")
        demand(first["dropped"][3] == second["dropped"][3] == 0,
               "a stack saw frames of the other")
        demand(second["services"][0] == 0, "the wrong stack was connected to")
        guest.finish()


@twins
def test_net_link(t):
    """The link goes down and up again while a connection is open."""
    net = Net()
    path = t.folder / "qmp"
    with t.guest(extra=net.extra + socket_options(path)) as guest, \
            Qmp(path) as qmp, boot(guest) and net.tcp(7) as stream:
        stream.sendall(b"before")
        demand(stream.recv(16) == b"before", "no echo before")
        qmp.run("set_link", name="card0", up=False)
        guest.expect("ip: net0: link down")
        guest.demand("net list", "^ 0 ip0 +net0 +down ")
        guest.demand("net ping 10.0.2.2 1", "^not sent: no way there")
        qmp.run("set_link", name="card0", up=True)
        guest.expect("ip: net0: link up")
        guest.demand("net ping 10.0.2.2 3", "^3 sent, 3 answered", 20)
        stream.sendall(b"after")
        demand(stream.recv(16) == b"after", "no echo after")
        guest.finish()
