# SPDX-License-Identifier: BSD-2-Clause
"""test_serial.py - serial lines: the console's UART, QEMU's virtual console."""
import hashlib
import random
import re
import socket
import threading

import pattern
from harness import demand, twins
from qemu import Failure
from qmp import Qmp, socket_options
from test_gpio import button_wait

# The page of transports 24 to 31 is left to consoles (mk/run.mk).
CONSOLE_TRANSPORT = 24
SOCKET_S = 60
# QEMU throws away what its console cannot write at once; so much it can.
PIECE = 1 << 17


def console_arguments(where, ports=("virtconsole",)):
    """QEMU's options: a virtio serial device, its first port there.

    where: a socket's path, or the options of another chardev named vc0.
    """
    words = ["-device", "virtio-serial-device,bus="
             f"virtio-mmio-bus.{CONSOLE_TRANSPORT}"]
    words += where if isinstance(where, tuple) else (
        "-chardev", f"socket,id=vc0,path={where},server=on,wait=off")
    for number, kind in enumerate(ports):
        chardev = "vc0" if not number else f"vc{number}"
        if number:
            words += ["-chardev", f"ringbuf,id={chardev}"]
        words += ["-device", f"{kind},chardev={chardev}"]
    return tuple(words)


def console_connect(path):
    """The host's end of the console."""
    end = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    end.settimeout(SOCKET_S)
    end.connect(str(path))
    return end


def bytes_take(end, count):
    """Exactly so many bytes from the guest."""
    data = bytearray()
    while len(data) < count:
        piece = end.recv(65536)
        if not piece:
            raise Failure(f"the console ended after {len(data)} bytes")
        data += piece
    return bytes(data)


def line_number(guest, name):
    """The number of the serial service with Linux's name for the line."""
    found = re.search(rf"^serial(\d+) +{name} ", guest.run("serial list"),
                      re.M)
    if not found:
        guest.fail(f"`serial list` shows no {name}")
    return int(found[1])


def uart_name(t):
    """What the driver of the console's UART calls the line."""
    return t.pick("ttyAMA0", "pl011@9000000")


def console_name(t):
    """What the virtual console's driver calls it."""
    return t.pick("hvc0", "virtio_mmio@a003000")


def uart_driver(t):
    """The manifest's name of the driver."""
    return t.pick("serial_amba_pl011", "native_serial_pl011")


def console_works(t, guest, path):
    """A text has gone out. Return: the host's end, the line's number."""
    end = console_connect(path)
    number = line_number(guest, console_name(t))
    guest.demand(f"serial write {number} 'over there'", "11 bytes written")
    demand(bytes_take(end, 11) == b"over there\n", "other text came")
    return end, number


@twins
def test_virtio_console(t):
    """A text and 1 MB each way through a virtual console, checksummed."""
    path = t.folder / "console"
    data = random.Random(3).randbytes(1 << 20)
    with t.guest(extra=console_arguments(path)) as guest:
        guest.boot()
        end, number = console_works(t, guest, path)
        end.sendall(b"\0\xff and back")
        guest.demand(f"serial read {number}", r"00 ff 20 61 6e 64")
        guest.send(f"serial sum {number} {len(data)}\r")
        guest.expect("bytes now\n")
        end.sendall(data)
        guest.expect(f"^{hashlib.sha256(data).hexdigest()}  serial{number}",
                     120)
        for seed in range(len(data) // PIECE):
            guest.send(f"serial fill {number} {PIECE} {seed}\r")
            demand(bytes_take(end, PIECE) ==
                   pattern.sectors(seed, 0, PIECE // 512),
                   "other bytes came out")
            guest.expect("bytes written")
        guest.demand(f"serial set {number} 9600", "cannot do this")
        guest.demand(f"serial stats {number}", " 0 overruns")
        guest.finish()


# What a person may paste: printable characters, no control keys.
PASTE_LETTERS = bytes(range(32, 127))


def paste(guest, data, timeout=120):
    """Type at full speed into a command that sums it; the sum must be right."""
    guest.send(f"console sum {len(data)}\r")
    guest.expect("bytes now\n")
    typist = threading.Thread(target=guest.send,
                              args=(data.decode("latin-1"),))
    typist.start()
    guest.expect(f"^{hashlib.sha256(data).hexdigest()}  console", timeout)
    typist.join()
    guest.expect("^kaal> ")


def letters(seed, count):
    """So many printable characters."""
    return bytes(random.Random(seed).choices(PASTE_LETTERS, k=count))


@twins
def test_console_paste(t):
    """100 KB pasted into the console: each byte comes, and in order."""
    with t.guest() as guest:
        guest.boot()
        number = line_number(guest, uart_name(t))
        paste(guest, letters(1, 100_000))
        guest.demand(f"serial stats {number}", " 0 overruns")
        guest.finish()


@twins
def test_console_paste_loaded(t):
    """The same while another program reads a disk all the time."""
    with t.guest(t.disk("ext4")) as guest:
        guest.boot()
        guest.start("start probe load blk0 8", "load: begins")
        paste(guest, letters(2, 100_000))
        found = guest.expect(r"load: (\d+) pieces of 65536 bytes read: (.*)\n")
        demand(int(found[1]) > 100 and found[2] == "success",
               f"the load did not run: {found[0]}")
        guest.finish()


@twins
def test_console_held_back(t):
    """A paste that nobody reads for seconds waits, and none of it is lost."""
    data = letters(3, 50_000)
    with t.guest(t.disk("random")) as guest:
        guest.boot()
        guest.send("run probe load blk0 3\r")
        guest.expect("load: begins")
        typist = threading.Thread(target=guest.send, args=(
            f"console sum {len(data)}\r{data.decode('latin-1')}",))
        typist.start()
        guest.expect(f"^{hashlib.sha256(data).hexdigest()}  console", 60)
        typist.join()
        guest.finish()


@twins
def test_serial_line(t):
    """Settings of a UART: what it can do is done, other things are refused."""
    with t.guest() as guest:
        guest.boot()
        number = line_number(guest, uart_name(t))
        guest.demand(f"serial info {number}", "^line: 115200 8n1$")
        guest.demand(f"serial set {number} 9600 7e2", ": set")
        guest.demand(f"serial info {number}", "^line: 9600 7e2$")
        guest.send(f"kill serial{number}\r")
        guest.expect("serves again after")
        guest.demand(f"serial info {number}", "^line: 9600 7e2$")
        guest.demand(f"serial set {number} 90000000", "cannot do this")
        guest.demand(f"serial info {number}", "^line: 9600 7e2$")
        guest.demand(f"serial set {number} 115200 9n1", "is written like 8n1")
        guest.demand(f"serial set {number} 115200 8n1", ": set")
        guest.demand(f"serial break {number} 20", "break of 20 ms sent")
        guest.demand("serial info 7", "serial7: no such service")
        guest.finish()


@twins
def test_virtio_console_among_ports(t):
    """The console is port 3 of a device that has others: it is served."""
    path = t.folder / "console"
    kinds = ("virtconsole,nr=3", "virtserialport", "virtserialport,name=agent")
    with t.guest(extra=console_arguments(path, kinds)) as guest:
        guest.boot()
        end, number = console_works(t, guest, path)
        end.sendall(b"and back")
        guest.demand(f"serial read {number}", "61 6e 64 20 62 61 63 6b")
        guest.finish()


@twins
def test_virtio_port_without_console(t):
    """A port that is no console is not served, and the driver says so."""
    path = t.folder / "port"
    with t.guest(extra=console_arguments(path, ("virtserialport",))) as guest:
        guest.boot()
        guest.expect("the device offers no console: .*give it a virtconsole")
        guest.expect("virtio_console .*could not start its device")
        guest.run("")
        demand(console_name(t) not in guest.run("serial list"),
               "it is served")
        guest.finish()


@twins
def test_serial_break(t):
    """Each break on the wire is counted, and none is taken for a byte."""
    with t.guest(serial="mon:stdio") as guest:
        guest.boot()
        number = line_number(guest, uart_name(t))
        guest.demand(f"serial stats {number}", "; 0 breaks$")
        for _ in range(3):
            guest.send("\x01b")          # QEMU's way to say break
        guest.demand(f"serial stats {number}",
                     "0 overruns; errors: 0 framing, 0 parity; 3 breaks$")
        guest.finish()


@twins
def test_serial_owner(t):
    """Who reads a line first owns its input and settings until it closes."""
    path = t.folder / "console"
    with t.guest(extra=console_arguments(path)) as guest:
        guest.boot()
        end = console_connect(path)
        uart = line_number(guest, uart_name(t))
        other = line_number(guest, console_name(t))
        for verb in ("read", "echo"):
            guest.demand(f"serial {verb} {uart}",
                         f"serial{uart}: a read refused: another program")
        guest.demand(f"run probe serial serial{uart} rob",
                     "whose line is it[^$]*ended with status 0")
        guest.demand(f"serial info {uart}", "^line: 115200 8n1$")
        guest.start(f"start probe serial serial{other} take", "serial: reads")
        guest.demand(f"serial read {other}", "a read refused")
        end.sendall(b"yours")
        guest.expect("serial: has read: success\n")
        end.sendall(b"mine")
        guest.demand(f"serial read {other}", "6d 69 6e 65")
        guest.finish()


def console_line_edited(t, edit):
    """A system whose manifest has another line for the console's driver."""
    return t.system(lambda text: re.sub(
        rf"^{uart_driver(t)} .*$", lambda line: edit(line[0]), text,
        count=1, flags=re.M))


@twins
def test_console_without_driver(t):
    """No serial driver: the shell drives the UART itself, as well."""
    initrd = console_line_edited(t, lambda line: "#" + line)
    with t.guest(initrd=initrd) as guest:
        guest.boot()
        guest.demand("devices", "^0x09000000 +33 shell ")
        guest.demand("serial list", "no serial line")
        paste(guest, letters(4, 20_000))
        guest.finish()


def test_console_driver_fails(t):
    """A driver that cannot start leaves the UART to the shell."""
    initrd = console_line_edited(t, lambda line: re.sub(
        r"dma_kib=\d+", "dma_kib=8", line))  # strict doubles it
    with t.guest(initrd=initrd) as guest:
        guest.expect(r"serial_amba_pl011 .* could not start its device .*"
                     "memory or quota used up")
        guest.boot()
        guest.demand("devices", "^0x09000000 +33 shell ")
        guest.demand("ps", "serial_amba_pl011 .* failed")
        guest.finish()


def test_console_driver_starved(t):
    """Memory for a fiber, but not for a work item's: told, and the same."""
    initrd = t.system(lambda text: re.sub(
        r"^(serial_amba_pl011 .* dma_kib=)\d+", r"\g<1>32", text, flags=re.M),
        strictly=False)
    with t.guest(initrd=initrd) as guest:
        guest.expect("its 32 KiB of DMA memory were used up: set "
                     "DDE_SERIAL_AMBA_PL011_DMA_KIB in drivers.config")
        guest.expect("kaal: serial0/serial_amba_pl011 has died too often .* and "
                     "is given up")
        guest.boot()
        guest.demand("devices", "^0x09000000 +33 shell ")
        guest.demand("ps", "serial_amba_pl011 .* ended")
        guest.finish()


@twins
def test_console_driver_killed(t):
    """The console's driver is killed, and the console goes on."""
    path = t.folder / "qmp"
    with t.guest(t.disk("random"), extra=socket_options(path)) as guest, \
            Qmp(path) as qmp:
        guest.boot()
        button_wait(guest)
        guest.demand("kill shell", "cannot be ended: it is this shell")
        guest.demand("kill nobody", "no process \"nobody\"")
        guest.start("start probe load blk0 3", "load: begins")
        for _ in range(5):
            guest.send("kill serial0\r")
            guest.expect(rf"kaal: serial0/{uart_driver(t)} \(pid \d+\) was "
                         "killed by shell")
            guest.expect(rf"kaal: serial0/{uart_driver(t)} \(pid \d+\) "
                         "serves again after")
            guest.demand("devices", "^0x09000000 ")
        found = guest.expect(r"load: (\d+) pieces of 65536 bytes read: success")
        demand(int(found[1]) > 100, f"the load did not run: {found[0]}")
        guest.demand("ps", r"serial0 +ready .* 5 +0$")
        qmp.run("system_powerdown")
        guest.expect("powerkey: power button: switching off")
        guest.ended()


@twins
def test_console_not_granted(t):
    """A shell that cannot open its console says why before it ends."""
    initrd = t.system(lambda text: re.sub(
        r"^(shell .*)$", r"\1 lend_kib=0", text, count=1, flags=re.M))
    with t.guest(initrd=initrd) as guest:
        guest.expect("shell: serial0 cannot be opened as the console: not "
                     "granted by the manifest")
        guest.expect("shell: no console")
